import { fits, type Matcher } from '../core/matchers.rules.ts';

/** A silence is for a while: what should never be told is a rule or a route, and those are reviewed. */
export const LONGEST_DAYS = 90;
const DAY_MS = 86_400_000;
/** Ahead of the end of a silence that lasted longer than half an hour, whoever made it hears what will be told then. */
const NOTICE_MS = 15 * 60_000;
const WORTH_A_NOTICE_MS = 30 * 60_000;

export type SilenceState = 'ahead' | 'in force' | 'over' | 'ended';

export function stateOf(now: number, silence: { from: number; until: number; endedBy?: string | null }): SilenceState {
  if (silence.endedBy) return 'ended';
  if (silence.until <= now) return 'over';
  return silence.from > now ? 'ahead' : 'in force';
}

/** Why this silence may not be, or undefined. */
export function faultOf(now: number, from: number, until: number, matchers: readonly Matcher[]): string | undefined {
  if (until <= now) return 'it would be over already';
  if (until <= from) return 'it would end before it begins';
  if (until - Math.max(from, now) > LONGEST_DAYS * DAY_MS) return `it may last ${LONGEST_DAYS} days at most`;
  // What fits an alert without any label fits every alert there is (Alertmanager refuses the same).
  if (fits(matchers, {})) return 'it would silence everything';
  return undefined;
}

/** When its maker is told that it is about to end. */
export const noticeAt = (from: number, until: number): number | undefined =>
  until - from > WORTH_A_NOTICE_MS ? until - NOTICE_MS : undefined;

/** What the alerts of an incident have in common: enough to silence these and not their neighbours. */
export function common(subjects: readonly Readonly<Record<string, string>>[]): Matcher[] {
  const [first, ...others] = subjects;
  if (!first) return [];
  const shared = Object.entries(first).filter(
    ([name, value]) => NAMING.has(name) && value !== '' && others.every((subject) => subject[name] === value),
  );
  const rules = [...new Set(subjects.map(({ rule }) => rule ?? ''))].sort();
  const kinds = [...new Set(subjects.map(({ kind }) => kind ?? ''))].sort();
  const found: Matcher[] = shared.map(([name, value]) => ({ name, op: '=', value }));
  if (rules.length > 1 && kinds.length > 1) found.push({ name: 'kind', op: '=~', value: kinds.join('|') });
  return found;
}
/** Names that say which alert it is; a severity or a source would miss the next one of the same trouble. */
const NAMING = new Set(['endpoint', 'rule', 'kind', 'workspace', 'hook', 'job', 'instance', 'namespace', 'service']);
