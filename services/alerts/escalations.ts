import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { onCall } from '../core/schedule.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Escalation } from '../store/tables.ts';
import type { AlertsDeps } from './deps.ts';
import { dueSteps, escalate, type PlannedStep } from './escalation.rules.ts';
import { type IncidentRow, lockIncident, planOf, updateIncident } from './incidents.store.ts';
import { cardOf } from './incidents.ts';
import { effectiveSchedules } from './oncall.store.ts';
import { type Directory, recipients } from './recipients.rules.ts';

export const ESCALATE = 'alerts-escalate';

/** Carries out the escalation plan: who is told now, and the timer for the next step. */
export function escalations(deps: AlertsDeps) {
  const { clock, audit, outbox, jobs, organisation, people } = deps;

  async function directory(db: Db | Tx): Promise<Directory> {
    const schedules = await effectiveSchedules(db, organisation.schedules, clock.now());
    // Rights that cannot be looked up reach nobody by role; the fallback channel then hears of it.
    const members = (await people.members()) ?? [];
    return {
      onCall: (schedule, at) => {
        const found = schedules.find(({ id }) => id === schedule);
        return found ? onCall(found, at).people : [];
      },
      withRole: (role) =>
        members.filter((member) => member.active && member.roles.some((own) => own === role)).map(({ id }) => id),
      reachable: (person) => people.byId(person)?.active ?? false,
      channelExists: (channel) => organisation.channels.some(({ id }) => id === channel),
      fallbackChannel: organisation.fallbackChannel,
    };
  }

  /** Tells everybody who is due and sets the next timer. A timer that came too late or twice finds nothing due. */
  async function run(tx: Tx, id: string): Promise<void> {
    const incident = await lockIncident(tx, id);
    if (!incident) return;
    const now = clock.now();
    const { due, next, state } = dueSteps(planOf(incident), incident.escalation.state, now);
    const told = due.length > 0 ? await tell(tx, incident, due, now) : incident.escalation.told;
    const escalation = { ...incident.escalation, state, told };
    if (due.length > 0) await updateIncident(tx, id, { escalation });
    if (next) await setTimer(tx, id, escalation, next);
  }

  const setTimer = async (tx: Tx, id: string, { generation }: Escalation, next: PlannedStep) => {
    const at = clock.now().add({ milliseconds: Math.max(0, next.due - clock.ms()) });
    await jobs.enqueue(tx, ESCALATE, { incident: id, generation, step: next.index }, { at });
  };

  /**
   * The first step speaks in the channel: its people are mentioned on the incident's card. Later steps page one to one
   * and say so in the thread, so that the channel knows who was woken.
   */
  async function tell(tx: Tx, incident: IncidentRow, due: readonly PlannedStep[], now: Temporal.Instant) {
    const found = recipients(due, now, await directory(tx));
    const told = [...incident.escalation.told];
    const priority = incident.severity - 1;
    const { id } = incident;
    for (const { person, step, via } of found.people) {
      const known = told.some((entry) => entry.person === person);
      told.push({ person, step, via, at: now.toString() });
      if (due.every(({ index }) => index === 0)) continue;
      if (known) continue;
      await outbox.show(tx, {
        card: cardOf(id),
        kind: 'alerts.page',
        ids: { incident: id, person },
        conversation: `person:${person}`,
        priority,
      });
    }
    for (const { channel } of found.channels) {
      await outbox.show(tx, {
        card: cardOf(id),
        kind: 'alerts.incident',
        ids: { incident: id },
        conversation: `channel:${channel}`,
        priority,
      });
    }
    const last = due.at(-1);
    const later = last !== undefined && last.index > 0;
    if (later || found.problems.length > 0) {
      await outbox.say(tx, {
        key: `told:${id}:${incident.escalation.generation}:${last?.index ?? 0}`,
        kind: 'alerts.said',
        ids: {
          incident: id,
          what: 'escalated',
          step: String(last?.number ?? 1),
          people: found.people.map(({ person }) => person).join(','),
          problems: found.problems.join('; ').slice(0, 300),
        },
        conversation: incident.channel,
        under: cardOf(id),
        priority,
      });
    }
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'alerts.told',
      objects: [id],
      why: [...found.people, ...found.channels].map(({ via }) => via).join('; ') || 'nobody could be reached',
      detail: {
        step: last?.number,
        people: found.people.map(({ person }) => person),
        channels: found.channels.map(({ channel }) => channel),
        problems: found.problems,
      },
    });
    await outbox.refresh(tx, cardOf(id));
    return told;
  }

  return {
    run,

    /** Who is called next and when, as it looks now; `undefined` when nobody is. */
    async next(
      db: Db | Tx,
      incident: IncidentRow,
    ): Promise<{ people: string[]; channels: string[]; at: Temporal.Instant } | undefined> {
      const { state } = incident.escalation;
      const step = planOf(incident).steps[state.next];
      if (!step || state.acknowledged || state.closed) return undefined;
      const at = Temporal.Instant.fromEpochMilliseconds(step.due);
      const found = recipients([step], at, await directory(db));
      return {
        people: found.people.map(({ person }) => person),
        channels: found.channels.map(({ channel }) => channel),
        at,
      };
    },

    /** A timer: void when the escalation moved on since it was set. */
    async due(tx: Tx, timer: { incident: string; generation: number }): Promise<void> {
      const incident = await lockIncident(tx, timer.incident);
      if (incident?.escalation.generation === timer.generation) await run(tx, timer.incident);
    },

    /** The next step now, by a person; takes an acknowledgement back. */
    async byHand(tx: Tx, id: string): Promise<{ step: number; people: string[] }> {
      const incident = await lockIncident(tx, id);
      if (!incident) throw new Refused(`There is no incident ${id}.`, 'Say “incidents” for the list.');
      const now = clock.now();
      const result = escalate(planOf(incident), incident.escalation.state, now);
      if (!result.ok)
        throw new Refused(`${id} cannot be escalated further: ${result.reason}`, 'Call somebody directly.');
      const generation = incident.escalation.generation + 1;
      const moved = { ...incident.escalation, plan: result.plan, state: result.state, generation };
      const told = await tell(tx, { ...incident, escalation: moved }, [result.step], now);
      const escalation = { ...moved, told };
      await updateIncident(tx, id, {
        escalation,
        ...(incident.state === 'acknowledged' ? { state: 'open', acknowledged_at: null, acknowledged_by: null } : {}),
      });
      const next = result.plan.steps[result.state.next];
      if (next) await setTimer(tx, id, escalation, next);
      await outbox.refresh(tx, cardOf(id));
      const people = told.filter(({ at }) => at === now.toString()).map(({ person }) => person);
      return { step: result.step.number, people };
    },

    /** Pages that were not sent yet are taken back: nobody is woken for what is taken care of. */
    async withdraw(tx: Tx, id: string): Promise<void> {
      await tx
        .updateTable('outbox')
        .set({ state: 'gone', last_error: 'withdrawn: somebody takes care of it' })
        .where('card', '=', cardOf(id))
        .where('kind', '=', 'alerts.page')
        .where('activity_id', 'is', null)
        .where('creating', '=', false)
        .execute();
    },
  };
}
