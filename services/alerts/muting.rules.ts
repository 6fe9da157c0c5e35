import type { Temporal } from 'temporal-polyfill';
import { fits, type Matcher, type Subject } from '../core/matchers.rules.ts';
import type { Inhibition } from '../core/organisation.noise.ts';
import { episodesOf, type Marks } from './episodes.rules.ts';
import { type Routing, secondsOf } from './routes.rules.ts';

/**
 * What keeps an alert that fires from being told, as small stages in a fixed order. Each looks at the alert alone and
 * says that it passes, or that it waits, with the reason and, where that is known, until when. Nothing is lost: what
 * waits is kept and looked at again (holds.ts), and what still fires then is told.
 */
export type StageName =
  | 'Route'
  | 'Group'
  | 'Condition'
  | 'Flapping'
  | 'Inhibition'
  | 'Silence'
  | 'Maintenance'
  | 'Rule'
  | 'Released';

export interface Step {
  rule: StageName;
  what: string;
  why: string;
}

export interface Hold extends Step {
  /** Milliseconds since the epoch; left out when it ends by an event and not by time. */
  until?: number;
  /** What holds it: SIL-3, MNT-2, RUL-1, the dedup key of the alert that inhibits it. */
  by?: string;
}

/** A silence or a maintenance that is in force or ahead. */
export interface Quiet {
  id: string;
  kind: 'silence' | 'maintenance';
  matchers: readonly Matcher[];
  from: number;
  until: number;
  by: string;
  reason: string;
}

/** An alert that fires, as an inhibition looks at it. */
export interface Firing {
  key: string;
  subject: Subject;
  rule: string;
}

export interface Candidate {
  key: string;
  subject: Subject;
  marks: Marks;
  routing: Routing;
  /** Under this name alerts are counted together with this one. */
  countKey: string;
  /** Instants at which those arrived, this one included. */
  arrivals: readonly number[];
  quiets: readonly Quiet[];
  inhibitions: readonly Inhibition[];
  /** Alerts firing now that may inhibit this one. */
  firing: readonly Firing[];
}

type Stage = (now: number, alert: Candidate) => Hold | Step | undefined;

/** In this order; all are asked, so that `explain` tells everything that holds an alert and not only the first. */
const STAGES: readonly Stage[] = [
  muted,
  firingFor,
  moreThan,
  flapping,
  inhibited,
  quiet('maintenance'),
  quiet('silence'),
];

export interface Verdict {
  holds: readonly Hold[];
  steps: readonly Step[];
  /** When to look again, the earliest of what is known. */
  again?: number;
}

export function judge(now: Temporal.Instant, alert: Candidate): Verdict {
  const at = now.epochMilliseconds;
  const said = STAGES.flatMap((stage) => stage(at, alert) ?? []);
  const holds = said.filter((step): step is Hold => 'until' in step || 'by' in step);
  const times = holds.flatMap(({ until }) => until ?? []);
  return { holds, steps: said, ...(times.length > 0 ? { again: Math.min(...times) } : {}) };
}

function muted(_now: number, { routing }: Candidate): Hold | undefined {
  if (!routing.mute) return undefined;
  return {
    rule: 'Rule',
    what: 'nobody is told',
    why: `${routing.mute.rule}, made in chat, says so`,
    by: routing.mute.rule,
  };
}

function firingFor(now: number, { routing, marks }: Candidate): Hold | Step | undefined {
  const { firingFor: needed } = routing;
  if (needed === undefined) return undefined;
  const since = episodesOf(marks).at(-1)?.startedAt ?? now;
  const until = since + needed;
  const why = `its route waits until it has been firing for ${secondsOf(needed)}`;
  return until > now
    ? { rule: 'Condition', what: `waits until ${hour(until)}`, why, until }
    : { rule: 'Condition', what: 'passed', why: `it has been firing for ${secondsOf(needed)} and longer` };
}

function moreThan(now: number, { routing, arrivals, countKey }: Candidate): Hold | Step | undefined {
  const { moreThan: needed } = routing;
  if (!needed) return undefined;
  const recent = arrivals.filter((at) => at > now - needed.within).length;
  const words = `${recent} within ${secondsOf(needed.within)}, and its route tells more than ${needed.times}`;
  return recent > needed.times
    ? { rule: 'Condition', what: 'passed', why: words }
    : { rule: 'Condition', what: 'waits for more of them', why: words, by: countKey };
}

function flapping(now: number, { routing, marks }: Candidate): Hold | undefined {
  const { flapping: limit } = routing;
  if (!limit) return undefined;
  const episodes = episodesOf(marks);
  const starts = episodes.filter(({ startedAt }) => startedAt > now - limit.within);
  const last = episodes.at(-1)?.startedAt ?? now;
  if (starts.length < limit.starts || now - last >= limit.calm) return undefined;
  const why = `it began ${starts.length} times within ${secondsOf(limit.within)}; it is told when it has stayed for ${secondsOf(limit.calm)}`;
  return { rule: 'Flapping', what: `damped until ${hour(last + limit.calm)}`, why, until: last + limit.calm };
}

/** As Alertmanager's: what fits both sides of a rule is not muted by another one that does. */
function inhibited(_now: number, alert: Candidate): Hold | undefined {
  for (const rule of alert.inhibitions) {
    if (!fits(rule.target, alert.subject)) continue;
    const both = fits(rule.source, alert.subject);
    const source = alert.firing.find(
      (other) =>
        other.key !== alert.key &&
        fits(rule.source, other.subject) &&
        rule.equal.every((name) => (other.subject[name] ?? '') === (alert.subject[name] ?? '')) &&
        !(both && fits(rule.target, other.subject)),
    );
    if (!source) continue;
    const what = `inhibited by ${source.rule}, which fires`;
    return { rule: 'Inhibition', what, why: `the rule ${rule.id}${equalWords(rule.equal)}`, by: source.key };
  }
  return undefined;
}

const equalWords = (equal: readonly string[]): string => (equal.length > 0 ? ` (same ${equal.join(', ')})` : '');

function quiet(kind: Quiet['kind']): Stage {
  const [rule, word] =
    kind === 'silence' ? (['Silence', 'silenced by'] as const) : (['Maintenance', 'muted by'] as const);
  return (now, { quiets, subject }) => {
    const found = quiets
      .filter((each) => each.kind === kind && each.from <= now && now < each.until && fits(each.matchers, subject))
      .sort((a, b) => b.until - a.until)[0];
    if (!found) return undefined;
    return {
      rule,
      what: `${word} ${found.id} until ${hour(found.until)}`,
      why: `${found.by}: ${found.reason}`,
      until: found.until,
      by: found.id,
    };
  };
}

/** "2026-11-23 14:05 UTC": what is kept is read later, by people in other zones. */
export const hour = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
