import { Temporal } from 'temporal-polyfill';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { episodesOf, isOpen } from './episodes.rules.ts';
import { settle, takeNew } from './hooks.store.ts';
import { PROCESS } from './hooks.ts';
import { type Correlation, correlate } from './incidents.rules.ts';
import * as rows from './incidents.store.ts';
import { judge, type Step } from './muting.rules.ts';
import * as noise from './noise.store.ts';
import {
  type ChatRule,
  groupKeyOf,
  groupWords,
  type Routing,
  routeWords,
  routingOf,
  subjectOf,
} from './routes.rules.ts';
import type { Signal, UpstreamFact } from './signal.ts';
import { onEstate } from './signal-place.ts';
import { staleness } from './staleness.ts';

export const RECHECK = 'alerts-recheck';
/** Few enough that a delivery that waits for the only connection of PGlite is committed within a second or two. */
const MOST_AT_ONCE = 40;

const KEPT = { action: 'kept', reason: 'It says what changed; it alerts nobody.' };

/** What incidents do with a signal; incidents.ts is the book. */
export interface Book {
  open(tx: Tx, signal: Signal, reason: string, place: { routing: Routing; group: string | undefined }): Promise<string>;
  join(tx: Tx, incident: string, signal: Signal, reason: string): Promise<void>;
  /** The same alert was heard again, perhaps with other words. */
  renew(tx: Tx, incident: string, signal: Signal, startedAt: Temporal.Instant): Promise<void>;
  end(tx: Tx, incident: string, signal: Signal, at: Temporal.Instant, reason: string): Promise<void>;
}

/** What is the same for all signals of one batch. */
interface World {
  quiets: Awaited<ReturnType<typeof noise.quietsOf>>;
  rules: readonly ChatRule[];
}

/** What becomes of each signal: recorded, held back, or told as part of an incident. */
export function signals(deps: AlertsDeps, book: Book) {
  const { clock, jobs, organisation } = deps;
  const stale = staleness(deps);

  /** Looks at every new event, oldest first; one transaction for the whole batch. */
  async function processNew(tx: Tx): Promise<void> {
    await rows.lockAlerts(tx);
    const events = await takeNew(tx, MOST_AT_ONCE);
    const world = await worldOf(tx);
    const results = new Map<string, object>();
    const facts = events.flatMap((event) => (event.type === 'fact' ? event.fact : []));
    await rows.keepFacts(tx, facts);
    for (const fact of facts) await tell(tx, fact);
    for (const event of events) {
      results.set(event.id, event.type === 'fact' ? KEPT : await apply(tx, world, event.signal, event.id));
    }
    await settle(tx, results);
    if (events.length === MOST_AT_ONCE) await jobs.enqueue(tx, PROCESS, {});
  }

  const worldOf = async (tx: Tx): Promise<World> => {
    const now = clock.now();
    const planned = await deps.maintenance(tx, now);
    return { quiets: [...(await noise.quietsOf(tx, now)), ...planned], rules: await noise.rulesInForce(tx) };
  };

  /** Others may act on what was learnt, in the same transaction. */
  async function tell(tx: Tx, fact: UpstreamFact): Promise<void> {
    const { runId, experiment, workspace, endpoint } = fact;
    if (fact.kind === 'run-completed' && runId && experiment) {
      const ended = { workspace, experiment, runId, endpoint, failed: false, drift: false, at: fact.at.toString() };
      await deps.onRun?.(tx, ended);
    }
    await deps.learned?.(tx, fact);
  }

  async function apply(tx: Tx, world: World, received: Signal, event: string): Promise<object> {
    const now = clock.now();
    const signal = onEstate(received, organisation.endpoints);
    if (signal.runId && (signal.kind === 'drift' || signal.kind === 'failed-run')) {
      const { workspace, rule: experiment, runId, endpoint } = signal;
      const at = signal.startedAt.toString();
      await deps.onRun?.(tx, {
        workspace,
        experiment,
        runId,
        endpoint,
        failed: true,
        drift: signal.kind === 'drift',
        at,
      });
    }
    const routing = routingOf(organisation.routes, world.rules, signal);
    const group = groupKeyOf(routing, signal);
    const decision = await decide(tx, signal, group);
    await rows.keepMarks(tx, signal.dedupKey, decision.marks, now);
    const route: Step[] = [{ rule: 'Route', ...routeWords(routing) }];
    if (signal.condition === 'resolved') {
      const ended = await over(tx, signal, decision);
      return { ...ended, steps: route };
    }
    await stale.heard(tx, signal, routing);
    const { action, incident, reason } = decision;
    if (action === 'record') return { action, reason, steps: route };
    if (routing.moreThan) {
      await noise.arrived(tx, countKey(routing, group, signal), clock.ms(), clock.ms() - routing.moreThan.within);
    }
    if (action === 'update' && incident && !(await noise.isHeld(tx, signal.dedupKey))) {
      const started = episodesOf(decision.marks).at(-1)?.startedAt ?? signal.startedAt.epochMilliseconds;
      await book.renew(tx, incident, signal, Temporal.Instant.fromEpochMilliseconds(started));
      return { action, incident, reason, steps: route };
    }
    const told = await tellOrHold(tx, world, { signal, event, routing, group, decision: toPlace(decision) });
    return { ...told, steps: [...route, ...told.steps] };
  }

  async function decide(tx: Tx, signal: Signal, group: string | undefined): Promise<Correlation> {
    const open = await rows.candidates(tx, signal, group);
    const marks = await rows.marksOf(tx, signal.dedupKey);
    return correlate(clock.now(), signal, open, {
      ...(marks ? { marks } : {}),
      ...(group === undefined ? {} : { group }),
    });
  }

  /** An end: of an episode of an incident, of an alert that is held, or of something that nobody was told. */
  async function over(
    tx: Tx,
    signal: Signal,
    decision: Correlation,
  ): Promise<{ action: string; incident?: string; reason: string }> {
    const { incident, changed, marks, reason } = decision;
    if (!isOpen(marks)) {
      const held = await noise.drop(tx, signal.dedupKey);
      if (held) {
        await freed(tx, signal);
        const why = held.steps.map(({ what }) => what).join('; ');
        return { action: 'record', reason: `It was held back (${why}) and is over now: nobody was told.` };
      }
    }
    if (!incident) return { action: 'record', reason };
    const end = episodesOf(marks).at(-1)?.endedAt;
    if (changed && end !== undefined) {
      await book.end(tx, incident, signal, Temporal.Instant.fromEpochMilliseconds(end), reason);
      await freed(tx, signal);
    }
    return { action: 'update', incident, reason };
  }

  /** What this alert inhibited may be told now. */
  async function freed(tx: Tx, signal: Signal): Promise<void> {
    if ((await noise.wakeHeldBy(tx, clock.now(), [signal.dedupKey])) > 0) await jobs.enqueue(tx, RECHECK, {});
  }

  async function tellOrHold(
    tx: Tx,
    world: World,
    one: { signal: Signal; event: string | null; routing: Routing; group: string | undefined; decision: Correlation },
  ): Promise<{ action: string; incident?: string; reason: string; steps: readonly Step[] }> {
    const { signal, event, routing, group, decision } = one;
    const now = clock.now();
    const subject = subjectOf(signal);
    const counted = countKey(routing, group, signal);
    const verdict = judge(now, {
      key: signal.dedupKey,
      subject,
      marks: decision.marks,
      routing,
      countKey: counted,
      arrivals: routing.moreThan ? await noise.arrivalsOf(tx, counted) : [],
      quiets: world.quiets,
      inhibitions: organisation.inhibitions,
      firing: await noise.firingSources(tx, organisation.inhibitions, subject),
    });
    const { holds, again, steps } = verdict;
    if (holds.length > 0) {
      if (again !== undefined && !(await noise.timerAt(tx, again))) {
        await jobs.enqueue(tx, RECHECK, {}, { at: Temporal.Instant.fromEpochMilliseconds(again) });
      }
      await noise.hold(tx, { signal, event, at: now, again, steps: holds });
      return { action: 'held', reason: `Nobody is told: ${holds.map(({ what }) => what).join('; ')}.`, steps };
    }
    const waited = await noise.drop(tx, signal.dedupKey);
    const grouped: Step[] =
      group === undefined
        ? []
        : [{ rule: 'Group', what: groupWords(group), why: `the route ${routing.route ?? ''} groups so` }];
    const all = [...grouped, ...steps, ...(waited ? [released(waited)] : [])];
    const { reason } = decision;
    if (decision.action === 'join' && decision.incident) {
      await book.join(tx, decision.incident, signal, reason);
      return { action: 'join', incident: decision.incident, reason, steps: all };
    }
    const incident = await book.open(tx, signal, reason, { routing, group });
    // The one that was one too many speaks for those that came before it and wait.
    if (routing.moreThan && (await noise.wakeHeldBy(tx, now, [counted])) > 0) await jobs.enqueue(tx, RECHECK, {});
    return { action: 'open', incident, reason, steps: all };
  }

  const released = (held: noise.Held): Step => ({
    rule: 'Released',
    what: 'told now',
    why: `it was held back since ${held.heldAt.slice(0, 16).replace('T', ' ')} UTC: ${held.steps.map(({ what }) => what).join('; ')}`,
  });

  /** Looks again at what was held back and may be told now. */
  async function recheck(tx: Tx): Promise<void> {
    await rows.lockAlerts(tx);
    const world = await worldOf(tx);
    const due = await noise.dueHeld(tx, clock.now(), MOST_AT_ONCE);
    for (const held of due) {
      const routing = routingOf(organisation.routes, world.rules, held.signal);
      const group = groupKeyOf(routing, held.signal);
      const marks = (await rows.marksOf(tx, held.key)) ?? { fired: [], ended: [] };
      if (!isOpen(marks)) {
        await noise.drop(tx, held.key);
        continue;
      }
      const decision = await decide(tx, held.signal, group);
      const { signal, event } = held;
      const told = await tellOrHold(tx, world, { signal, event, routing, group, decision: toPlace(decision) });
      if (held.event) await noise.resettle(tx, held.event, told);
    }
    if (due.length === MOST_AT_ONCE) await jobs.enqueue(tx, RECHECK, {});
  }

  return { processNew, recheck, stale };
}

/** An alert that was held back is new to its incident, also where the incident knew an earlier episode of it. */
const toPlace = (decision: Correlation): Correlation =>
  decision.action === 'update' ? { ...decision, action: 'join' } : decision;

/** What "more than X in Y" counts: alerts of one group, or one alert's own beginnings. */
const countKey = ({ route = '' }: Routing, group: string | undefined, signal: Signal): string =>
  `${route}|${group ?? signal.dedupKey}`;
