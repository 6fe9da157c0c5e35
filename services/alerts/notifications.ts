import type { Temporal } from 'temporal-polyfill';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import type { escalations } from './escalations.ts';
import * as rows from './incidents.store.ts';
import { cardOf } from './incidents.ts';
import { judge } from './muting.rules.ts';
import * as noise from './noise.store.ts';
import { beatAt, firstLook, GROUP_LIVES_MS, toSay } from './notifications.rules.ts';
import * as said from './notifications.store.ts';
import { type Routing, routingOf, subjectOf } from './routes.rules.ts';

export const FLUSH = 'alerts-flush';

/**
 * Groups that speak at a pace: a card when the group wait is over, a reply under it at later beats when there is
 * something to say. What was said, and when it looks next, stands in the database, so that of several processes one
 * speaks, and a process that dies loses nothing.
 */
export function notifications(
  deps: AlertsDeps,
  book: { pages: ReturnType<typeof escalations>; closeIfOver: (tx: Tx, id: string) => Promise<boolean> },
) {
  const { clock, outbox, jobs, organisation, audit } = deps;

  /** When a new incident of this group speaks first. */
  async function firstBeat(tx: Tx, routing: Routing, group: string | undefined): Promise<Temporal.Instant> {
    const { pace } = routing;
    if (!pace) return clock.now();
    const since = clock.now().subtract({ milliseconds: GROUP_LIVES_MS });
    const before = group === undefined ? undefined : await said.beatBefore(tx, group, since);
    return said.instantOf(firstLook(clock.ms(), pace, before));
  }

  /** The incident's route has a pace: nobody is told before its first beat. */
  async function begin(
    tx: Tx,
    incident: string,
    routing: Routing,
    channels: readonly string[],
    first: Temporal.Instant,
  ): Promise<void> {
    if (!routing.pace) return;
    await said.begin(tx, { incident, pace: routing.pace, sendResolved: routing.sendResolved, channels, first });
    await jobs.enqueue(tx, FLUSH, { incident, generation: 1 }, { at: first });
  }

  /** Something about the incident has changed: it looks at itself at its next beat. False when it has no pace. */
  async function touch(tx: Tx, incident: string): Promise<boolean> {
    const row = await said.locked(tx, incident);
    if (!row) return false;
    await planAt(tx, row, beatAt(Date.parse(row.first_at), row.pace.interval, clock.ms() + 1));
    return true;
  }

  async function planAt(tx: Tx, row: said.NotificationRow, at: number): Promise<void> {
    const planned = said.beatOf(row);
    if (planned !== undefined && planned <= at) return;
    const generation = row.generation + 1;
    await said.plan(tx, row.incident, said.instantOf(at), generation);
    await jobs.enqueue(tx, FLUSH, { incident: row.incident, generation }, { at: said.instantOf(at) });
  }

  /** A beat: says what there is to say, closes what is over, and plans the next look. */
  async function due(tx: Tx, timer: { incident: string; generation: number }): Promise<void> {
    const { incident: id } = timer;
    const incident = await rows.lockIncident(tx, id);
    const row = await said.locked(tx, id);
    if (!row || !incident || row.generation !== timer.generation) return;
    await said.plan(tx, id, undefined, row.generation);
    if (incident.state === 'resolved') return;
    const now = clock.ms();
    const standing = await standingOf(tx, id);
    const speech = toSay(now, row.told ?? undefined, standing, {
      repeat: row.pace.repeat,
      sendResolved: row.send_resolved,
    });
    const told = { ...standing, at: now };
    if (speech.speak)
      await said.said(tx, id, { firing: told.firing, resolved: told.resolved, at: now }, row.messages + 1);
    if (speech.speak && speech.reason === 'first') await first(tx, id, row, incident.severity);
    const over = standing.open === 0 && (await book.closeIfOver(tx, id));
    if (speech.speak && speech.reason !== 'first' && !over) {
      const fresh = standing.resolved.filter((key) => !row.told?.resolved.includes(key));
      await reply(tx, id, row, speech.reason, fresh);
    }
    if (speech.speak) {
      const detail = { firing: standing.firing.length, over: standing.resolved.length, muted: standing.muted };
      await audit.append(tx, { actor: 'wardroom', action: 'alerts.notified', objects: [id], why: speech.why, detail });
    }
    if (over) return;
    const last = speech.speak ? now : row.told?.at;
    if (last === undefined || standing.firing.length === 0) return;
    const again = await said.locked(tx, id);
    const beat = beatAt(Date.parse(row.first_at), row.pace.interval, Math.max(now + 1, last + row.pace.repeat));
    if (again) await planAt(tx, again, beat);
  }

  async function first(tx: Tx, id: string, row: said.NotificationRow, severity: number): Promise<void> {
    for (const conversation of row.channels) {
      const priority = severity - 1;
      const place = { card: cardOf(id), kind: 'alerts.incident', ids: { incident: id }, conversation };
      await outbox.show(tx, { ...place, priority, ...retryOf(row) });
    }
    await book.pages.run(tx, id);
  }

  /** Under the card where it stands; where it does not stand yet, the card itself will show how things are. */
  async function reply(
    tx: Tx,
    id: string,
    row: said.NotificationRow,
    what: string,
    over: readonly string[],
  ): Promise<void> {
    await outbox.refresh(tx, cardOf(id));
    const n = String(row.messages + 1);
    for (const conversation of await said.standing(tx, cardOf(id), row.channels)) {
      await outbox.say(tx, {
        key: `group:${id}:${n}@${conversation}`,
        kind: 'alerts.group',
        ids: { incident: id, what, over: over.slice(0, MOST_NAMED).join(' ') },
        conversation,
        under: cardOf(id),
        ...retryOf(row),
      });
    }
  }

  /** Keys of what fires and may be told, of what is over, and how many keep quiet. */
  async function standingOf(tx: Tx, id: string) {
    const now = clock.now();
    const episodes = await rows.episodesOf(tx, id);
    const latest = new Map(episodes.map((episode) => [episode.signal.dedupKey, episode]));
    const quiets = [...(await noise.quietsOf(tx, now))].filter(({ kind }) => kind === 'silence');
    const rules = await noise.rulesInForce(tx);
    const firing: string[] = [];
    const resolved: string[] = [];
    let open = 0;
    let muted = 0;
    for (const [key, { signal, endedAt }] of latest) {
      if (endedAt) {
        resolved.push(key);
        continue;
      }
      open += 1;
      const subject = subjectOf(signal);
      const { mute } = routingOf(organisation.routes, rules, signal);
      const { holds } = judge(now, {
        key,
        subject,
        marks: { fired: [], ended: [] },
        // Its conditions were met when it was told first; what may still keep it quiet is what others do.
        routing: { sendResolved: true, rules: [], ...(mute ? { mute } : {}) },
        countKey: '',
        arrivals: [],
        quiets,
        inhibitions: organisation.inhibitions,
        firing: await noise.firingSources(tx, organisation.inhibitions, subject),
      });
      if (holds.length === 0) firing.push(key);
      else muted += 1;
    }
    return { firing, resolved, open, muted };
  }

  return {
    firstBeat,
    begin,
    touch,
    due,
    /** Whether people were told of it, and where: an end that nobody heard the beginning of is not told. */
    async places(tx: Tx, id: string): Promise<{ paced: boolean; told: boolean; channels: readonly string[] }> {
      const row = await said.notificationOf(tx, id);
      if (!row) return { paced: false, told: true, channels: [] };
      const told = row.told !== null && row.send_resolved;
      return { paced: true, told, channels: told ? await said.standing(tx, cardOf(id), row.channels) : [] };
    },
    /** Silences or inhibitions changed: every group that speaks at a pace looks at its next beat. */
    async stir(tx: Tx): Promise<void> {
      for (const id of await said.openPaced(tx)) await touch(tx, id);
    },
  };
}

/** A group that speaks every few seconds tries again at its own beat; for a slow one that would be too long. */
const SLOWEST_RETRY_MS = 10_000;
const retryOf = ({ pace }: said.NotificationRow): { retryMs?: number } =>
  pace.interval <= SLOWEST_RETRY_MS ? { retryMs: pace.interval } : {};

/** Of what is over a message names so many; the card has the rest. */
const MOST_NAMED = 40;

export type Notifications = ReturnType<typeof notifications>;
