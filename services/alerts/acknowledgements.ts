import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import type { Escalations } from './escalations.ts';
import { type IncidentRow, lockIncident, planOf, updateIncident } from './incidents.store.ts';
import { neededOpen } from './open-incident.ts';
import { story } from './story.ts';

/** Timers of an acknowledgement: ask whether they are still at it, take it back, end a snooze. */
export const HOLD = 'alerts-hold';
/** Longer than this is not a snooze. */
const LONGEST_SNOOZE_DAYS = 7;

const cardOf = (id: string) => `incident:${id}`;

export interface Acknowledged {
  /** Nobody had before. */
  first: boolean;
  by: string;
  at: string;
  /** They had been asked whether they are still at it. */
  confirmed: boolean;
}

/** Who takes care of an incident, and whether they still do. */
export function acknowledgements(deps: AlertsDeps, pages: Escalations) {
  const { clock, audit, outbox, jobs, people } = deps;
  const tell = story(deps);

  const timer = (tx: Tx, id: string, generation: number, at: Temporal.Instant) =>
    jobs.enqueue(tx, HOLD, { incident: id, generation }, { at });

  /** Makes this person the one who takes care of it, and stops the escalation. */
  async function hold(tx: Tx, incident: IncidentRow, who: string, until?: Temporal.Instant): Promise<void> {
    const now = clock.now();
    const { id, escalation } = incident;
    const generation = escalation.generation + 1;
    const ask = until === undefined ? planOf(incident).acknowledgement : undefined;
    const remindAt = ask && now.add({ minutes: ask.remindAfter });
    const { hold: _before, ...rest } = escalation;
    const others = (escalation.acks ?? []).filter(({ person }) => person !== who);
    await updateIncident(tx, id, {
      state: 'acknowledged',
      acknowledged_at: now.toString(),
      acknowledged_by: who,
      snoozed_until: until?.toString() ?? null,
      ...(incident.first_acknowledged_at ? {} : { first_acknowledged_at: now.toString() }),
      escalation: {
        ...rest,
        state: { ...escalation.state, acknowledged: true },
        generation,
        acks: [{ person: who, at: now.toString() }, ...others],
        ...(remindAt ? { hold: { remindAt: remindAt.toString(), asked: 0 } } : {}),
      },
    });
    await pages.withdraw(tx, id);
    await outbox.refresh(tx, cardOf(id));
    const next = until ?? remindAt;
    if (next) await timer(tx, id, generation, next);
  }

  /** The answer to “are you still at it”: the next question comes a full time later. */
  async function confirm(tx: Tx, incident: IncidentRow): Promise<boolean> {
    const { escalation, id } = incident;
    const ask = planOf(incident).acknowledgement;
    if (!ask || !escalation.hold?.confirmBy) return false;
    const remindAt = clock.now().add({ minutes: ask.remindAfter });
    const generation = escalation.generation + 1;
    const kept = { remindAt: remindAt.toString(), asked: escalation.hold.asked ?? 0 };
    await updateIncident(tx, id, { escalation: { ...escalation, generation, hold: kept } });
    await timer(tx, id, generation, remindAt);
    await outbox.refresh(tx, cardOf(id));
    return true;
  }

  return {
    /** Stops the escalation. A second person is noted and told who was first; the first one again confirms. */
    async acknowledge(tx: Tx, id: string, who: { id: string }): Promise<Acknowledged> {
      const incident = await neededOpen(tx, id);
      const { acknowledged_by: by, acknowledged_at: at, escalation } = incident;
      if (incident.state === 'acknowledged' && by && at) {
        const confirmed = by === who.id && (await confirm(tx, incident));
        if (by !== who.id && !(escalation.acks ?? []).some(({ person }) => person === who.id)) {
          const acks = [...(escalation.acks ?? [{ person: by, at }]), { person: who.id, at: clock.now().toString() }];
          await updateIncident(tx, id, { escalation: { ...escalation, acks } });
          await outbox.refresh(tx, cardOf(id));
        }
        return { first: false, by, at, confirmed };
      }
      const now = clock.now().toString();
      await hold(tx, incident, who.id);
      await tell(tx, incident, { what: 'acknowledged', key: `acknowledged:${id}:${now}`, by: who.id });
      return { first: true, by: who.id, at: now, confirmed: false };
    },

    /** Nobody is called until then; then whoever snoozed it is told again, and the escalation goes on. */
    async snooze(tx: Tx, id: string, who: { id: string }, until: Temporal.Instant): Promise<void> {
      const incident = await neededOpen(tx, id);
      const now = clock.now();
      if (Temporal.Instant.compare(until, now) <= 0)
        throw new Refused('That is over already.', `Say “snooze ${id} for 30 minutes”.`);
      if (until.epochMilliseconds - now.epochMilliseconds > LONGEST_SNOOZE_DAYS * 86_400_000)
        throw new Refused(
          `An incident sleeps for ${LONGEST_SNOOZE_DAYS} days at most.`,
          `Resolve it, or say “snooze ${id} for 2 days”.`,
        );
      await hold(tx, incident, who.id, until);
      const key = `snoozed:${id}:${now}`;
      await tell(tx, incident, { what: 'snoozed', key, by: who.id, ids: { who: who.id, until: until.toString() } });
    },

    /** Asks somebody by name. They are paged, and while they do not acknowledge the escalation goes on. */
    async assign(tx: Tx, id: string, to: string, by: { id: string }): Promise<void> {
      const incident = await neededOpen(tx, id);
      const person = people.byId(to);
      if (!person?.active) throw new Refused(`${people.nameOf(to)} is not here any more.`, 'Name somebody else.');
      const now = clock.now();
      await updateIncident(tx, id, { assignee: to });
      if (to === by.id) await hold(tx, { ...incident, assignee: to }, to);
      else {
        // An acknowledgement of somebody else ends with it: now it waits for the one who was asked.
        await pages.reopen(tx, { ...incident, assignee: to }, { what: 'assigned', who: to }, 'later');
        const open = await lockIncident(tx, id);
        if (open) {
          await pages.tell.page(tx, open, to, `assigned:${clock.ms()}`);
          const entry = { person: to, step: 0, at: now.toString(), via: `asked by ${people.nameOf(by.id)}` };
          const escalation = { ...open.escalation, told: [...open.escalation.told, entry] };
          await updateIncident(tx, id, { escalation });
        }
      }
      await outbox.refresh(tx, cardOf(id));
      const key = `assigned:${id}:${now}`;
      await tell(tx, incident, { what: 'assigned', key, by: by.id, ids: { who: to, asker: by.id } });
    },

    /** It got worse after somebody took it: they are told again, and the escalation goes on unless they answer. */
    async worse(tx: Tx, id: string): Promise<void> {
      const incident = await lockIncident(tx, id);
      if (incident?.state !== 'acknowledged') return;
      const holders = (incident.escalation.acks ?? []).map(({ person }) => person);
      const before = incident.acknowledged_by ?? '';
      await pages.reopen(tx, incident, { what: 'worse' }, 'later');
      const open = await lockIncident(tx, id);
      if (!open) return;
      for (const person of new Set(holders.length > 0 ? holders : [before]))
        if (people.byId(person)?.active) await pages.tell.page(tx, open, person, `worse:${clock.ms()}`);
      await audit.append(tx, { actor: 'wardroom', action: 'alerts.reopened', objects: [id], why: 'it got worse' });
      const ids = { who: before, severity: String(open.severity) };
      await tell(tx, open, { what: 'graver', key: `graver:${id}:${clock.ms()}`, ids, priority: open.severity - 1 });
    },

    /** A timer: what is due of an acknowledgement. One that comes twice finds nothing to do. */
    async due(tx: Tx, { incident: id, generation }: { incident: string; generation: number }): Promise<void> {
      const incident = await lockIncident(tx, id);
      if (incident?.state !== 'acknowledged' || incident.escalation.generation !== generation) return;
      const now = clock.now();
      const passed = (at: string | null | undefined) =>
        at !== null && at !== undefined && Temporal.Instant.compare(Temporal.Instant.from(at), now) <= 0;
      const { hold: held } = incident.escalation;
      const by = incident.acknowledged_by ?? '';
      if (incident.snoozed_until) {
        if (!passed(incident.snoozed_until)) return;
        await audit.append(tx, { actor: 'wardroom', action: 'alerts.woken', objects: [id], why: 'the snooze is over' });
        await pages.reopen(tx, incident, { what: 'snooze', who: by }, 'later');
        const open = await lockIncident(tx, id);
        if (open && people.byId(by)?.active) await pages.tell.page(tx, open, by, `woken:${clock.ms()}`);
        await tell(tx, incident, { what: 'woken', key: `woken:${id}:${clock.ms()}`, ids: { who: by } });
        return;
      }
      if (held?.confirmBy) {
        if (!passed(held.confirmBy)) return;
        const why = `${people.nameOf(by)} did not say whether they are still at it`;
        await audit.append(tx, { actor: 'wardroom', action: 'alerts.lapsed', objects: [id], why });
        await pages.reopen(tx, incident, { what: 'lapsed', who: by }, 'now');
        return;
      }
      if (!passed(held?.remindAt)) return;
      const { confirmWithin = 5 } = planOf(incident).acknowledgement ?? {};
      const confirmBy = now.add({ minutes: confirmWithin });
      const asked = (held?.asked ?? 0) + 1;
      const escalation = { ...incident.escalation, hold: { ...held, confirmBy: confirmBy.toString(), asked } };
      await updateIncident(tx, id, { escalation });
      await outbox.show(tx, {
        card: cardOf(id),
        kind: 'alerts.reminder',
        ids: { incident: id, person: by, asked: String(asked), at: incident.acknowledged_at ?? '' },
        conversation: `person:${by}`,
        as: `reminder:${clock.ms()}`,
        priority: incident.severity - 1,
      });
      await audit.append(tx, { actor: 'wardroom', action: 'alerts.reminded', objects: [id], detail: { people: [by] } });
      await timer(tx, id, generation, confirmBy);
    },
  };
}

export type Acknowledgements = ReturnType<typeof acknowledgements>;
