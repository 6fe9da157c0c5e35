import type { Temporal } from 'temporal-polyfill';
import { onCall } from '../core/schedule.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import type { PlannedStep } from './escalation.rules.ts';
import { type IncidentRow, lockIncident } from './incidents.store.ts';
import { effectiveSchedules } from './oncall.store.ts';
import { withPlans } from './oncall-rotations.store.ts';
import { mayTell, rulesFor, silenced, type Wanted } from './personal.rules.ts';
import { ruleRows, settingsOf, wantedOf } from './personal.store.ts';
import { type Directory, recipients } from './recipients.rules.ts';
import { story } from './story.ts';

export const CALL = 'alerts-call';

/** A later call of one person's own rules, or one that their quiet hours held back. */
interface Call {
  incident: string;
  person: string;
  how: Wanted['how'] | 'page';
  schedule?: string;
  /** A new message, although one of this incident stands there: the instant at which they were told. */
  told: string;
}

const MOST_SAID = 300;

/** What brought a step about, when it was not time alone. */
export interface Because {
  what: string;
  who?: string;
}

/** Turns due steps into messages: who is told where, by their own rules or the usual way. */
export function telling(deps: AlertsDeps) {
  const { clock, audit, outbox, jobs, organisation, people } = deps;
  const say = story(deps);

  async function directory(db: Db | Tx): Promise<Directory> {
    const { schedules: planned } = await withPlans(db, organisation);
    const schedules = await effectiveSchedules(db, planned, clock.now());
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

  /** One to one. `again` makes it a message of its own beside an earlier one: an edit of that would wake nobody. */
  async function page(tx: Tx, incident: IncidentRow, person: string, again?: string): Promise<void> {
    await outbox.show(tx, {
      card: `incident:${incident.id}`,
      kind: 'alerts.page',
      ids: { incident: incident.id, person },
      conversation: `person:${person}`,
      priority: incident.severity - 1,
      ...(again === undefined ? {} : { as: again }),
    });
  }

  /** Carries one call out now, or when the person's quiet hours end; says when it has to wait. */
  async function call(tx: Tx, incident: IncidentRow, wish: Call): Promise<Temporal.Instant | undefined> {
    const { person, how } = wish;
    const quiet = await settingsOf(tx, person);
    const zone = people.byId(person)?.zone ?? organisation.zone;
    const later = mayTell(quiet, incident.severity, zone, clock.now());
    if (later) {
      await jobs.enqueue(tx, CALL, wish, { at: later });
      return later;
    }
    if (how === 'channel') {
      await outbox.say(tx, {
        key: `mention:${incident.id}:${person}:${wish.told}:${clock.ms()}`,
        kind: 'alerts.mention',
        ids: { incident: incident.id, person },
        conversation: incident.channel,
        under: `incident:${incident.id}`,
        priority: incident.severity - 1,
      });
    } else if (how === 'schedule') {
      const { onCall: there, reachable } = await directory(tx);
      for (const other of there(wish.schedule ?? '', clock.now()).filter(reachable))
        await page(tx, incident, other, `${wish.told}:${person}`);
    } else {
      // The first page of an incident is one message; whatever comes after something was taken back has to wake again.
      const { generation } = incident.escalation;
      const first = how === 'page' && generation === 0;
      await page(tx, incident, person, first ? undefined : `${generation}:${wish.told}:${clock.ms()}`);
    }
    return undefined;
  }

  /**
   * One person, by their own rules for this severity. Without any, the first step speaks in the channel, where the
   * incident's card mentions them, and later ones page one to one.
   */
  async function person(
    tx: Tx,
    incident: IncidentRow,
    id: string,
    { first, again, now }: { first: boolean; again: boolean; now: Temporal.Instant },
  ): Promise<Temporal.Instant | undefined> {
    const { since = '', told: before } = incident.escalation;
    const known = before.some((entry) => entry.person === id && entry.at >= since);
    const told = now.toString();
    const own = rulesFor((await ruleRows(tx, id)).map(wantedOf), incident.severity);
    const base = { incident: incident.id, person: id, told };
    if (known && !again) return undefined;
    if (own.length === 0 || known) {
      if (first && !known) return undefined;
      return call(tx, incident, { ...base, how: known ? 'direct' : 'page' });
    }
    let held: Temporal.Instant | undefined;
    for (const { after, how, schedule } of own) {
      const wish = { ...base, how, ...(schedule ? { schedule } : {}) };
      if (after === 0) held = (await call(tx, incident, wish)) ?? held;
      else await jobs.enqueue(tx, CALL, wish, { at: now.add({ minutes: after }) });
    }
    return held;
  }

  return {
    directory,
    page,

    /** A later call comes due: void when the incident is over or they have it. */
    async due(tx: Tx, wish: Call): Promise<void> {
      const incident = await lockIncident(tx, wish.incident);
      if (!incident) return;
      const { until } = await settingsOf(tx, wish.person);
      const acks = incident.escalation.acks ?? [];
      if (silenced({ state: incident.state, acks }, wish.person, until)) return;
      const held = await call(tx, incident, wish);
      if (held) return;
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'alerts.called',
        objects: [incident.id],
        why: 'by their own rule',
        detail: { people: [wish.person], how: wish.how },
      });
    },

    /** Tells these steps now and says so in the thread; returns everybody told so far. */
    async steps(
      tx: Tx,
      incident: IncidentRow,
      due: readonly PlannedStep[],
      passed: readonly { step: PlannedStep; why: string }[],
      how: { because?: Because | undefined; quiet?: boolean } = {},
    ): Promise<IncidentRow['escalation']['told']> {
      const now = clock.now();
      const { because, quiet = false } = how;
      const found = recipients(due, now, await directory(tx));
      const told = [...incident.escalation.told];
      const priority = incident.severity - 1;
      const { id } = incident;
      const problems = [...found.problems, ...passed.map(({ step, why }) => `step ${step.number} passed over: ${why}`)];
      // Later the card stands in the channel already, and an edit calls nobody.
      const first = incident.escalation.generation === 0 && due.every(({ index }) => index === 0);
      const again = due.some(({ repeat, round }) => repeat || round > 0) || because !== undefined;
      let reached = found.channels.length;
      for (const { person: who, step, via } of found.people) {
        const held = await person(tx, incident, who, { first, again, now });
        if (held) problems.push(`${people.nameOf(who)} has quiet hours`);
        else reached += 1;
        told.push({ person: who, step, via, at: now.toString() });
      }
      const channels = found.channels.map(({ channel }) => channel);
      // Whoever has quiet hours is not reached: somebody has to know.
      if (reached === 0 && due.length > 0) channels.push(organisation.fallbackChannel);
      for (const channel of channels) {
        await outbox.show(tx, {
          card: `incident:${id}`,
          kind: 'alerts.incident',
          ids: { incident: id },
          conversation: `channel:${channel}`,
          priority,
        });
      }
      const last = due.at(-1);
      // Repeats are between the bot and whom it calls: a reply each time would call everybody.
      const loud = because !== undefined || (!first && due.some(({ repeat }) => !repeat));
      if (last && ((loud && !quiet) || problems.length > 0)) {
        const ids = {
          step: String(last.number),
          channels: channels.join(','),
          // Where the card has just come to stand it mentions people itself, and pages nobody.
          ...(first ? { first: 'yes' } : {}),
          people: found.people.map((one) => one.person).join(','),
          problems: problems.join('; ').slice(0, MOST_SAID),
          ...(because ? { because: because.what, ...(because.who ? { who: because.who } : {}) } : {}),
        };
        const key = `told:${id}:${incident.escalation.generation}:${last.index}`;
        await say(tx, incident, { what: 'escalated', key, ids, priority });
      }
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'alerts.told',
        objects: [id],
        why: [...found.people, ...found.channels].map(({ via }) => via).join('; ') || 'nobody could be reached',
        detail: { step: last?.number, people: found.people.map((one) => one.person), channels, problems },
      });
      await outbox.refresh(tx, `incident:${id}`);
      return told;
    },
  };
}

export type Telling = ReturnType<typeof telling>;
