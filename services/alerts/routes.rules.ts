import { fits, type Matcher, matchersText, type Subject } from '../core/matchers.rules.ts';
import type { Route } from '../core/organisation.noise.ts';
import type { Signal } from './signal.ts';

/** How often a route speaks, in milliseconds. */
export interface Pace {
  wait: number;
  interval: number;
  repeat: number;
}

/** What is decided for one alert by its route, `default` and the rules made in chat. */
export interface Routing
  extends Omit<Route, 'id' | 'match' | 'groupWait' | 'groupInterval' | 'repeat' | 'sendResolved'> {
  /** The route's name; undefined when no route fits. */
  route?: string;
  /** Undefined: a card at once that is edited in place, and no further messages. */
  pace?: Pace;
  sendResolved: boolean;
  /** A rule made in chat says that nobody is told. */
  mute?: { rule: string };
  /** Rules made in chat that had a say. */
  rules: readonly string[];
}

/** A rule made in chat: what it changes for the alerts that fit. */
export interface ChatRule {
  id: string;
  matchers: readonly Matcher[];
  effect: RuleEffect;
}
export type RuleEffect = Partial<Pick<Route, 'firingFor' | 'moreThan' | 'flapping' | 'groupBy' | 'repeat'>> & {
  mute?: true;
};

/** Alertmanager's own defaults, for a paced route that leaves some out. */
const PACE: Pace = { wait: 30_000, interval: 300_000, repeat: 14_400_000 };
const DEFAULT = 'default';
/** Between the values of a group key; no text from outside can hold it. */
const BETWEEN = '\u001f';

/** An alert as matchers see it: its labels, and our own words for it. Where a label has the name of one of ours, ours counts. */
export function subjectOf(signal: Signal): Subject {
  const { labels, details } = signal;
  return {
    ...details.dimensions,
    ...labels,
    severity: labels['severity'] ?? String(signal.severity),
    sev: String(signal.severity),
    alertname: labels['alertname'] ?? signal.rule,
    rule: signal.rule,
    kind: signal.kind,
    source: signal.source,
    ...(signal.endpoint ? { endpoint: signal.endpoint } : {}),
    ...(signal.workspace ? { workspace: signal.workspace } : {}),
    ...(signal.deployment ? { deployment: signal.deployment } : {}),
    ...(signal.team ? { team: signal.team } : {}),
  };
}

/** The first route that fits, completed by `default`, changed by the rules made in chat, the latest last. */
export function routingOf(routes: readonly Route[], rules: readonly ChatRule[], signal: Signal): Routing {
  const subject = subjectOf(signal);
  const base = routes.find(({ id }) => id === DEFAULT);
  const own = routes.find(({ id, match }) => id !== DEFAULT && fits(match, subject));
  const fitting = rules.filter(({ matchers }) => fits(matchers, subject));
  const { mute, ...changed } = Object.assign({}, ...fitting.map(({ effect }) => effect)) as RuleEffect;
  const muting = mute && fitting.findLast(({ effect }) => effect.mute)?.id;
  const merged: Partial<Route> = { ...base, ...defined(own ?? {}), ...changed };
  const { id: _id, match: _match, groupWait, groupInterval, repeat, sendResolved = true, ...rest } = merged;
  const paced = [merged.groupBy, groupWait, groupInterval, repeat].some((each) => each !== undefined);
  const route = own?.id ?? base?.id;
  return {
    ...rest,
    ...(route ? { route } : {}),
    ...(paced
      ? {
          pace: {
            wait: groupWait ?? PACE.wait,
            interval: groupInterval ?? PACE.interval,
            repeat: repeat ?? PACE.repeat,
          },
        }
      : {}),
    sendResolved,
    ...(muting ? { mute: { rule: muting } } : {}),
    rules: fitting.map(({ id }) => id),
  };
}

const defined = (route: Partial<Route>): Partial<Route> =>
  Object.fromEntries(Object.entries(route).filter(([, value]) => value !== undefined));

/**
 * Alerts with the same key become one incident, however far apart they are; undefined when the route groups by nothing
 * and the house's own correlation (one endpoint, near in time) decides.
 */
export function groupKeyOf({ route = '', groupBy }: Routing, signal: Signal): string | undefined {
  if (!groupBy) return undefined;
  if (groupBy[0] === '...') return [route, signal.dedupKey].join(BETWEEN);
  const subject = subjectOf(signal);
  return [route, ...groupBy.map((name) => `${name}=${subject[name] ?? ''}`)].join(BETWEEN);
}

/** "endpoint = ep-fraud, kind = latency", for people. */
export const groupWords = (key: string): string => {
  const [, ...values] = key.split(BETWEEN);
  return values.join(', ') || 'everything of its route';
};

/** How a route speaks, for `explain`. */
export function routeWords({ route, pace, rules, groupBy }: Routing): { what: string; why: string } {
  const by = rules.length > 0 ? `, changed by ${rules.join(', ')}` : '';
  const grouped = groupBy
    ? `grouped by ${groupBy.join(', ') || 'nothing: all in one'}`
    : 'by the house’s own correlation';
  if (!route && rules.length === 0) return { what: 'the house’s own way', why: 'no route of wardroom.yaml fits' };
  const speed = pace
    ? `first after ${secondsOf(pace.wait)}, then every ${secondsOf(pace.interval)} at most, again after ${secondsOf(pace.repeat)}`
    : 'at once';
  return { what: `${route ?? 'the house’s own way'}${by}`, why: `${grouped}; it speaks ${speed}` };
}

/** "30 s", "5 min", "4 h" */
export function secondsOf(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000} d`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return `${ms / 1_000} s`;
}

/** Each route of wardroom.yaml in one line, for people. */
export const routesInWords = (routes: readonly Route[]): { id: string; words: string }[] =>
  routes.map((route) => {
    const merged = { ...routes.find(({ id }) => id === DEFAULT), ...defined(route) };
    const says = [
      route.id === DEFAULT ? 'what the others leave out' : matchersText(route.match) || 'every alert',
      merged.groupBy && `grouped by ${merged.groupBy.join(', ') || 'nothing'}`,
      merged.groupWait !== undefined && `first after ${secondsOf(merged.groupWait)}`,
      merged.groupInterval !== undefined && `then every ${secondsOf(merged.groupInterval)}`,
      merged.repeat !== undefined && `again after ${secondsOf(merged.repeat)}`,
      merged.firingFor !== undefined && `fires for ${secondsOf(merged.firingFor)}`,
      merged.moreThan && `more than ${merged.moreThan.times} in ${secondsOf(merged.moreThan.within)}`,
      merged.flapping && `flaps after ${merged.flapping.starts} in ${secondsOf(merged.flapping.within)}`,
      merged.resolveTimeout !== undefined && `over when silent for ${secondsOf(merged.resolveTimeout)}`,
      merged.closeAfter !== undefined && `closed after ${secondsOf(merged.closeAfter)} that nobody took it`,
    ];
    return { id: route.id, words: says.filter(Boolean).join('; ') };
  });
