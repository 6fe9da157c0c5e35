import { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { AlertsDeps } from './deps.ts';
import { ESCALATE, escalations } from './escalations.ts';
import { type Explained, explain, latest } from './explain.ts';
import { HEARTBEAT, heartbeats } from './heartbeats.ts';
import { countRejection, rejections } from './hooks.store.ts';
import { type HookSource, PROCESS, type Received, receive } from './hooks.ts';
import * as rows from './incidents.store.ts';
import { cardOf, INVESTIGATE, incidents } from './incidents.ts';
import { investigate } from './investigate.ts';
import { noiseRules } from './noise-rules.ts';
import { notificationOf } from './notifications.store.ts';
import { FLUSH } from './notifications.ts';
import { oncall } from './oncall.ts';
import { HANDOFF, handoffs } from './oncall-handoffs.ts';
import { overrides } from './oncall-overrides.ts';
import { rotations } from './oncall-rotations.ts';
import { SWAP_EXPIRY, swaps } from './oncall-swaps.ts';
import { policyCalls } from './policy-calls.ts';
import { type OwnAlarm, raise } from './raise.ts';
import { responding } from './response.ts';
import { type DriftFeature, type Signal, storedFact, type UpstreamFact, withDrift } from './signal.ts';
import { RECHECK, signals } from './signals.ts';
import { SILENCE, silences } from './silences.ts';
import { STOPPED } from './staleness.ts';
import { UNATTENDED, unattended } from './unattended.ts';

export type { AlertsDeps } from './deps.ts';
export { MOST_STEPS } from './escalation.rules.ts';
export type { Explained } from './explain.ts';
export type { Feed } from './feeds.ts';
export type { HeartbeatState } from './heartbeats.rules.ts';
export { inWords } from './heartbeats.rules.ts';
export type { HeartbeatStanding } from './heartbeats.ts';
export type { HookSource, Received } from './hooks.ts';
export type { EndpointChange } from './incidents.rules.ts';
export type { EpisodeRow, IncidentRow } from './incidents.store.ts';
export { cardOf } from './incidents.ts';
export type { DriftLook, DriftReading, EndpointFacts, Findings, Investigator } from './investigate.ts';
export { wayBack } from './investigate.ts';
export type { NoiseRule, Tried } from './noise-rules.ts';
export { MOST_REPLAYED, TRIAL_DAYS } from './noise-rules.ts';
export type { Scope, Stretch } from './oncall.rules.ts';
export type { StoredOverride } from './oncall.store.ts';
export type { ScheduleStanding } from './oncall.ts';
export {
  hoursWords,
  type RotationWish,
  readClock,
  readDay,
  readHours,
  rotationWords,
  scheduleName,
} from './oncall-rotations.rules.ts';
export type { RotationChange, RotationLook } from './oncall-rotations.ts';
export type { Swap } from './oncall-swaps.store.ts';
export { swapCardOf } from './oncall-swaps.ts';
export type { OwnRules } from './personal.ts';
export { quotaChange, volumeChange } from './pressure.rules.ts';
export type { OwnAlarm } from './raise.ts';
export type { Page } from './replay.rules.ts';
export { routesInWords } from './routes.rules.ts';
export type { Search } from './search.store.ts';
export { impact } from './severity.rules.ts';
export type { DriftFeature } from './signal.ts';
export type { SilenceState } from './silences.rules.ts';
export type { Silence } from './silences.ts';
export { silenceCardOf } from './silences.ts';
export type { Statistics } from './statistics.ts';
export type { TaskRow } from './tasks.store.ts';
export { taskName } from './tasks.ts';
export type { UpstreamChange } from './upstream.rules.ts';

/** After 2, 4, 8, 16 and 32 minutes. */
const MOST_LOOKS = 6;

/** Everything the house can do with alerts and incidents. */
export function alerts(deps: AlertsDeps) {
  const { store, clock, jobs } = deps;
  const book = incidents(deps);
  const pages = escalations(deps);
  const watch = handoffs(deps);
  const made = overrides(deps, watch);
  const exchanges = swaps(deps, made);
  const turns = rotations(deps, watch);

  const pulse = heartbeats(deps);
  jobs.handle(HEARTBEAT, async (tx, batch) => {
    for (const timer of batch) await pulse.due(tx, timer as { id: string });
  });
  const desk = signals(deps, book.book);
  const idle = unattended(deps, book.closeByRule);
  jobs.handle(PROCESS, (tx) => desk.processNew(tx));
  jobs.handle(RECHECK, (tx) => desk.recheck(tx));
  const quiet = silences(deps, book.hushed, book.speech.stir);
  const rules = noiseRules(deps, book.speech.stir);
  jobs.handle(SILENCE, async (tx, batch) => {
    for (const timer of batch) await quiet.due(tx, timer as { silence: string; generation: number });
  });
  jobs.handle(UNATTENDED, (tx) => idle.due(tx));
  jobs.handle(STOPPED, async (tx, batch) => {
    for (const { key } of batch as { key: string }[]) await desk.stale.due(tx, key);
  });
  jobs.handle(FLUSH, async (tx, batch) => {
    for (const timer of batch) await book.speech.due(tx, timer as { incident: string; generation: number });
  });
  jobs.handle(ESCALATE, async (tx, batch) => {
    for (const timer of batch) await pages.due(tx, timer as { incident: string; generation: number });
  });
  jobs.handle(HANDOFF, async (tx, batch) => {
    for (const timer of batch) await watch.due(tx, timer as { schedule: string; generation: number });
  });
  jobs.handle(SWAP_EXPIRY, async (tx, batch) => {
    for (const { swap } of batch as { swap: number }[]) await exchanges.expire(tx, swap);
  });
  jobs.handleOutside(INVESTIGATE, 30, async (data) => {
    const { incident: id, look = 1 } = data as { incident: string; look?: number };
    const incident = await rows.findIncident(store.db, id);
    if (!incident || (look > 1 && incident.state === 'resolved')) return async () => undefined;
    const episodes = await rows.episodesOf(store.db, id);
    const signals = episodes.map(({ signal }) => signal);
    const startedAt = Temporal.Instant.from(incident.opened_at);
    const facts = await factsOf(store.db, incident.workspace, startedAt);
    const others = await rows.signalsBefore(store.db, id, startedAt, 24);
    const about = { ...incident, startedAt };
    const findings = await investigate(deps.investigate, about, signals, facts, clock.now(), others);
    const drifting = signals.find(({ kind }) => kind === 'drift');
    const headline = drifting && headlineOf(drifting, findings.drift);
    return async (tx) => {
      await book.keepFindings(tx, id, findings, headline);
      // What Azure did not tell is asked again: the way back may be among it.
      if (findings.gaps.length === 0 || look >= MOST_LOOKS) return;
      await jobs.enqueue(
        tx,
        INVESTIGATE,
        { incident: id, look: look + 1 },
        { at: clock.now().add({ minutes: 2 ** look }) },
      );
    };
  });

  const response = responding(deps, pages);

  return {
    receive: (source: HookSource, body: unknown): Promise<Received | undefined> => receive(deps, source, body),
    reject: (hook: string, reason: string) => countRejection(store.db, clock, hook, reason),
    explain: (db: Db, event: string): Promise<Explained | undefined> => explain(db, deps.organisation, event),
    events: (db: Db, options: { most: number; incident?: rows.IncidentRow }): Promise<Explained[]> =>
      latest(db, deps.organisation, options),
    rejections: (db: Db, most: number) => rejections(db, most),
    /** More is known about a run: the incidents it is part of are drawn anew. */
    lookAgain: async (tx: Tx, run: string): Promise<void> => {
      for (const incident of await rows.incidentsOfRun(tx, run)) await deps.outbox.refresh(tx, cardOf(incident));
    },
    /** An alarm of our own: `raise.ts`. */
    raise: (tx: Tx, alarm: OwnAlarm) => raise(deps, tx, alarm),
    beat: pulse.beat,
    heartbeats: pulse.standing,
    ...response,
    silences: quiet,
    noiseRules: rules,
    resolve: book.resolve,
    oncall: oncall(deps),
    overrides: made,
    rotations: turns,
    policyCalls: policyCalls(deps),
    swaps: exchanges,
    /** Begins what goes on by itself: the watch over hand-offs. */
    async begin(): Promise<void> {
      await watch.begin();
      await response.watch.begin();
      await inTransaction(store.db, idle.begin);
    },
    closeIfOver: book.closeIfOver,
    /** What the monitors of an endpoint said last; asks Azure. */
    drift: (workspace: string, endpoint: string) => deps.investigate.latestDrift(workspace, endpoint),
    find: (db: Db, id: string) => rows.findIncident(db, id),
    list: (db: Db, options: { open: boolean; most: number }) => rows.listIncidents(db, options),
    /** How a paced incident speaks and what it said last; undefined for one that has its card at once. */
    speech: (db: Db, id: string) => notificationOf(db, id),
    episodes: (db: Db, id: string) => rows.episodesOf(db, id),
    /** Open incidents of an endpoint, for what is decided about it. */
    /** How many incidents of this endpoint are over. */
    countOver: async (db: Db | Tx, endpoint: string): Promise<number> =>
      Number(
        (
          await db
            .selectFrom('incidents')
            .select(({ fn }) => fn.countAll().as('count'))
            .where('endpoint', '=', endpoint)
            .where('state', '=', 'resolved')
            .executeTakeFirst()
        )?.count ?? 0,
      ),
    openOn: (db: Db | Tx, endpoint: string) =>
      db
        .selectFrom('incidents')
        .select('id')
        .where('endpoint', '=', endpoint)
        .where('state', '<>', 'resolved')
        .execute(),
  };
}

const headlineOf = (signal: Signal, drift: readonly DriftFeature[]): string | undefined =>
  drift.length > 0 ? withDrift(signal, drift).headline : undefined;

async function factsOf(db: Db, workspace: string | null, before: Temporal.Instant): Promise<UpstreamFact[]> {
  const rows = await db
    .selectFrom('upstream_facts')
    .select('fact')
    .where('at', '>=', before.subtract({ hours: 24 * 14 }).toString())
    .where('at', '<=', before.add({ minutes: 5 }).toString())
    .where((e) => (workspace ? e.or([e('workspace', 'is', null), e('workspace', '=', workspace)]) : e.lit(true)))
    .limit(200)
    .execute();
  return rows.map(({ fact }) => storedFact.parse(fact) as UpstreamFact);
}

export type Alerts = ReturnType<typeof alerts>;
