import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { EscalationPolicy } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Escalation } from '../store/tables.ts';
import type { AlertsDeps } from './deps.ts';
import {
  dueSteps,
  type Escalated,
  escalate,
  type Plan,
  type PlannedStep,
  plan,
  restarted,
  resume,
  started,
  stepAt,
} from './escalation.rules.ts';
import { episodesOf, type IncidentRow, lockIncident, planOf, updateIncident } from './incidents.store.ts';
import { neededSchedule } from './oncall.rules.ts';
import { withPlans } from './oncall-rotations.store.ts';
import { neededOpen } from './open-incident.ts';
import { neededPolicy } from './policy-calls.rules.ts';
import { recipients } from './recipients.rules.ts';
import { conditionWords, holds } from './step-condition.rules.ts';
import { type Because, telling } from './telling.ts';
import { GRACE_MINUTES, WATCH } from './watch.ts';

export const ESCALATE = 'alerts-escalate';
const CARD = (id: string) => `incident:${id}`;

const timerOf = (next: PlannedStep | undefined) => (next ? { timer: next.due } : {});

/** What a person may escalate to; nothing means the next step. */
export interface EscalateTo {
  step?: number;
  policy?: string;
  /** Whoever is on call in it now, of wardroom.yaml or made in chat; the plan goes on after its usual gap. */
  schedule?: string;
}

/** Carries out the escalation plan: who is told now, and the timer for the next step. */
export function escalations(deps: AlertsDeps) {
  const { clock, outbox, jobs, organisation } = deps;
  const tell = telling(deps);

  /**
   * Tells everybody who is due and sets the next timer. A timer that came too late or twice finds nothing due. `quiet`:
   * the thread hears otherwise that people are called.
   */
  async function run(tx: Tx, id: string, now = clock.now(), quiet = false): Promise<void> {
    const incident = await lockIncident(tx, id);
    if (!incident || incident.silenced_by !== null) return;
    const current = planOf(incident);
    const begun = current.steps.some(({ when }) => when?.moreThan !== undefined)
      ? (await episodesOf(tx, id)).map(({ startedAt }) => startedAt.epochMilliseconds)
      : [];
    const seen = { severity: incident.severity, begun, zone: organisation.zone };
    const found = dueSteps(current, incident.escalation.state, now, ({ when }) => holds(when, seen, now));
    const { due, next, state } = found;
    const passed = found.passed.filter(({ step }) => !state.held || step.index !== state.next);
    const told = due.length > 0 ? await tell.steps(tx, incident, due, passed, { quiet }) : incident.escalation.told;
    const { timer: before, ...rest } = incident.escalation;
    const escalation = { ...rest, plan: found.plan, state, told, ...timerOf(next) };
    const changed = JSON.stringify(state) !== JSON.stringify(incident.escalation.state) || before !== next?.due;
    if (due.length > 0 || changed) await updateIncident(tx, id, { escalation });
    if (next) await setTimer(tx, id, escalation, next);
  }

  const setTimer = async (tx: Tx, id: string, { generation }: Escalation, next: PlannedStep) => {
    const at = clock.now().add({ milliseconds: Math.max(0, next.due - clock.ms()) });
    await jobs.enqueue(tx, ESCALATE, { incident: id, generation, step: next.index }, { at });
    // Another one a little later looks whether this one has done its work.
    await jobs.enqueue(tx, WATCH, { incident: id }, { at: at.add({ minutes: GRACE_MINUTES, seconds: 5 }) });
  };

  /** The incident is open again, whatever it was. */
  const REOPENED = { state: 'open' as const, acknowledged_at: null, acknowledged_by: null, snoozed_until: null };

  /** One step now, the rest after it; an acknowledgement is taken back. */
  async function tellNow(
    tx: Tx,
    incident: IncidentRow,
    result: Extract<Escalated, { ok: true }>,
    because?: Because,
  ): Promise<{ step: number; people: string[] }> {
    const now = clock.now();
    const generation = incident.escalation.generation + 1;
    const { hold: _over, acks: _gone, ...rest } = incident.escalation;
    const since = incident.state === 'acknowledged' || because ? { since: now.toString() } : {};
    const moved = { ...rest, ...since, plan: result.plan, state: result.state, generation };
    const told = await tell.steps(tx, { ...incident, escalation: moved }, [result.step], [], { because });
    const next = stepAt(result.plan, result.state.next);
    const { timer: _old, ...others } = moved;
    const escalation = { ...others, told, ...timerOf(next) };
    await updateIncident(tx, incident.id, { escalation, ...(incident.state === 'acknowledged' ? REOPENED : {}) });
    if (next) await setTimer(tx, incident.id, escalation, next);
    await outbox.refresh(tx, CARD(incident.id));
    const people = told.filter(({ at }) => at === now.toString()).map(({ person }) => person);
    return { step: result.step.number, people };
  }

  /** Whoever is on call in a schedule, beside the plan: no step of it is spent. */
  async function callSchedule(tx: Tx, incident: IncidentRow, name: string) {
    const schedule = neededSchedule(await withPlans(tx, organisation), name);
    const directory = await tell.directory(tx);
    const now = clock.now();
    if (!directory.onCall(schedule.id, now).some(directory.reachable))
      throw new Refused(
        `Nobody who can be reached is on call in ${schedule.id} now.`,
        `Say “override ${schedule.id} with” and a person, or “escalate ${incident.id} to” one.`,
      );
    const back = resume(planOf(incident), incident.escalation.state, now);
    const index = Math.max(0, back.state.next - 1);
    const { number = 1, policy = '' } = stepAt(back.plan, index) ?? {};
    const notify = [{ schedule: schedule.id }];
    const step = { index, number, policy, round: 0, gap: 0, due: now.epochMilliseconds, notify };
    const result = { ok: true as const, ...back, step, reason: '' };
    return tellNow(tx, incident, result, { what: 'schedule', who: schedule.id });
  }

  /** A policy as it is now, and the plan that it makes. */
  async function planned(tx: Tx, name: string): Promise<{ policy: EscalationPolicy; made: Plan }> {
    const { escalationPolicies: all } = await withPlans(tx, organisation);
    const policy = neededPolicy(all, name);
    return { policy, made: plan(policy, clock.now(), { policy: (id) => all.find((one) => one.id === id) }) };
  }

  return {
    run,
    tell,

    /** Who is called next and when, as it looks now; `undefined` when nobody is. */
    async next(
      db: Db | Tx,
      incident: IncidentRow,
    ): Promise<{ people: string[]; channels: string[]; at: Temporal.Instant; provided?: string } | undefined> {
      const { state } = incident.escalation;
      const step = stepAt(planOf(incident), state.next);
      if (!step || state.acknowledged || state.closed) return undefined;
      const at = Temporal.Instant.fromEpochMilliseconds(step.due);
      const found = recipients([step], at, await tell.directory(db));
      const provided = conditionWords(step.when);
      return {
        people: found.people.map(({ person }) => person),
        channels: found.channels.map(({ channel }) => channel),
        at,
        ...(provided ? { provided } : {}),
      };
    },

    /** A timer: void when the escalation moved on since it was set. */
    async due(tx: Tx, timer: { incident: string; generation: number; step?: number }): Promise<void> {
      const incident = await lockIncident(tx, timer.incident);
      if (incident?.escalation.generation !== timer.generation) return;
      // The database has said that it is time. A process whose clock is slow believes it, instead of asking again and again.
      const said = timer.step === undefined ? undefined : stepAt(planOf(incident), timer.step)?.due;
      const at = Math.max(clock.ms(), said ?? 0);
      await run(tx, timer.incident, Temporal.Instant.fromEpochMilliseconds(at));
    },

    /** The next step, another one or another policy now, by a person; takes an acknowledgement back. */
    async byHand(tx: Tx, id: string, to: EscalateTo = {}): Promise<{ step: number; people: string[] }> {
      const incident = await neededOpen(tx, id);
      if (to.schedule !== undefined) return callSchedule(tx, incident, to.schedule);
      const other = to.policy === undefined ? undefined : await planned(tx, to.policy);
      const [current, state] = other ? [other.made, started] : [planOf(incident), incident.escalation.state];
      const result = escalate(current, state, clock.now(), other ? undefined : to.step);
      if (!result.ok)
        throw new Refused(
          `${id} cannot be escalated further: ${result.reason}`,
          `Say “escalate ${id} to” and a person, or call somebody directly.`,
        );
      // It was just told: whoever hears it twice hears that it was meant.
      return tellNow(tx, incident, result, {
        what: other ? 'policy' : 'hand',
        ...(other ? { who: other.policy.id } : {}),
      });
    },

    /** Another policy from now on. What is acknowledged stays so; otherwise its first steps are told as they come due. */
    async swap(tx: Tx, id: string, name: string): Promise<EscalationPolicy> {
      const incident = await neededOpen(tx, id);
      const { policy, made } = await planned(tx, name);
      const { escalation } = incident;
      const { acknowledged } = escalation.state;
      await updateIncident(tx, id, {
        escalation: {
          ...escalation,
          plan: made,
          since: clock.now().toString(),
          state: { ...started, acknowledged },
          generation: escalation.generation + 1,
        },
      });
      await outbox.refresh(tx, CARD(id));
      await run(tx, id);
      return policy;
    },

    /**
     * An acknowledgement does not hold any more. `now`: the next step at once, or from the first one when all were told;
     * otherwise it waits its usual gap.
     */
    async reopen(tx: Tx, incident: IncidentRow, because: Because, when: 'now' | 'later'): Promise<void> {
      const { id, escalation } = incident;
      const current = planOf(incident);
      if (when === 'now') {
        const result = escalate(current, escalation.state, clock.now());
        if (result.ok) return void (await tellNow(tx, incident, result, because));
        const round = restarted(current, clock.now());
        const step = stepAt(round.plan, round.state.next);
        if (step) {
          const state = { ...round.state, next: step.index + 1 };
          return void (await tellNow(tx, incident, { ok: true, plan: round.plan, state, step, reason: '' }, because));
        }
      }
      const { hold: _over, acks: _gone, ...rest } = escalation;
      const back = resume(current, escalation.state, clock.now());
      const since = clock.now().toString();
      const moved = { ...rest, since, plan: back.plan, state: back.state, generation: escalation.generation + 1 };
      const next = stepAt(back.plan, back.state.next);
      const { timer: _old, ...others } = moved;
      await updateIncident(tx, id, { ...REOPENED, escalation: { ...others, ...timerOf(next) } });
      if (next) await setTimer(tx, id, moved, next);
      await outbox.refresh(tx, CARD(id));
    },

    /** Pages that were not sent yet are taken back: nobody is woken for what is taken care of. */
    async withdraw(tx: Tx, id: string): Promise<void> {
      await tx
        .updateTable('outbox')
        .set({ state: 'gone', last_error: 'withdrawn: somebody takes care of it' })
        .where('card', '=', CARD(id))
        .where('kind', '=', 'alerts.page')
        .where('activity_id', 'is', null)
        .where('creating', '=', false)
        .execute();
    },
  };
}

export type Escalations = ReturnType<typeof escalations>;
