/**
 * Which alerts a silence, a route or a rule is about: `kind = latency, endpoint = ep-fraud`. All matchers of a list must
 * fit. Written as Prometheus writes them (prometheus.io/docs/alerting/latest/configuration/#matcher), so that whoever
 * knows those can type these; a bare word is a name of any kind: an endpoint, a rule, a hook or a team.
 */
export interface Matcher {
  name: string;
  op: (typeof OPS)[number];
  value: string;
}

/** What is matched: an alert's own words and its labels. What an alert does not have is the empty text. */
export type Subject = Readonly<Record<string, string>>;

const OPS = ['=', '!=', '=~', '!~', '<=', '>=', '<', '>'] as const;
/** The name behind a bare word. */
export const ABOUT = 'about';
/** The places in which a bare word is looked for. */
const NAMES = ['endpoint', 'rule', 'alertname', 'team', 'hook', 'workspace', 'deployment'] as const;
const MOST_MATCHERS = 20;
const LONGEST = 300;
const NAME = /^[A-Za-z_][A-Za-z0-9_.:-]{0,119}$/;
/** One matcher at the start of the text: name, operator, and a value that is quoted or one word. */
const ONE =
  /^\s*([^\s=!<>~,"']+)\s*(=~|!~|!=|<=|>=|=|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,"'{}]+))\s*(?:,|\s|$)/;
const BARE = /^\s*(?:"([^"]+)"|'([^']+)'|([^\s,"'{}=~!<>]+))\s*(?:,|\s|$)/;

export type Read<T> = { ok: true; value: T } | { ok: false; why: string };

/** Reads `kind=latency endpoint=ep-fraud`, with commas or without, in braces or not. */
export function readMatchers(text: string): Read<readonly Matcher[]> {
  let rest = text
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .trim();
  const found: Matcher[] = [];
  if (text.length > LONGEST * 2) return no('it is too long to be a list of matchers');
  while (rest !== '') {
    const one = ONE.exec(rest);
    const bare = one ? undefined : BARE.exec(rest);
    const whole = one ?? bare;
    if (!whole) return no(`“${rest.slice(0, 60)}” cannot be read; write name = value, such as kind = latency`);
    const quoted = one?.[3]?.replaceAll(/\\(.)/g, '$1');
    const matcher: Matcher = one
      ? { name: one[1] ?? '', op: one[2] as Matcher['op'], value: quoted ?? one[4] ?? one[5] ?? '' }
      : { name: ABOUT, op: '=', value: bare?.[1] ?? bare?.[2] ?? bare?.[3] ?? '' };
    const wrong = faultOf(matcher);
    if (wrong) return no(wrong);
    found.push(matcher);
    rest = rest.slice(whole[0].length).trim().replace(/^,\s*/, '');
  }
  if (found.length === 0) return no('it names nothing; write name = value, such as endpoint = ep-fraud');
  if (found.length > MOST_MATCHERS) return no(`it has more than ${MOST_MATCHERS} matchers`);
  return { ok: true, value: found };
}

function faultOf({ name, op, value }: Matcher): string | undefined {
  if (!NAME.test(name)) return `“${name.slice(0, 60)}” is no name of a label`;
  if (value.length > LONGEST) return `the value of ${name} is longer than ${LONGEST} characters`;
  if (op === '=~' || op === '!~') return faultOfPattern(value);
  if (op !== '=' && op !== '!=' && !Number.isFinite(Number(value)))
    return `${name} ${op} needs a number, not “${value}”`;
  return undefined;
}

/**
 * JavaScript's expressions can take for ever on a text that somebody else wrote, and labels are. What makes them do so,
 * a repeated group and many open ends, is refused; what people match labels with has neither.
 */
function faultOfPattern(pattern: string): string | undefined {
  if (pattern.length > 100) return 'a pattern has at most 100 characters';
  if (/\)[*+{?]/.test(pattern) || /\\[1-9k]/.test(pattern) || /\(\?[=!<]/.test(pattern)) {
    return `“${pattern}” repeats a group or looks around; alternatives and .* are understood, such as drift|latency.*`;
  }
  if ((pattern.match(/[*+]|\{\d*,\d*\}/g) ?? []).length > 3) return `“${pattern}” has more than three open ends`;
  try {
    compiled(pattern);
    return undefined;
  } catch (error) {
    return `“${pattern}” is no pattern: ${(error as Error).message}`;
  }
}

const compiled = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'su');

/** Whether every matcher fits. A list without matchers fits everything, as Alertmanager's does. */
export const fits = (matchers: readonly Matcher[], subject: Subject): boolean =>
  matchers.every((matcher) => fitsOne(matcher, subject));

function fitsOne({ name, op, value }: Matcher, subject: Subject): boolean {
  if (name === ABOUT) {
    const wanted = value.toLowerCase();
    return NAMES.some((place) => subject[place]?.toLowerCase() === wanted);
  }
  const is = subject[name] ?? '';
  switch (op) {
    case '=':
      return same(name, is, value);
    case '!=':
      return !same(name, is, value);
    case '=~':
      return compiled(value).test(is.slice(0, LONGEST));
    case '!~':
      return !compiled(value).test(is.slice(0, LONGEST));
    default:
      return is !== '' && compared(op, Number(is), Number(value));
  }
}

/** Azure's names know no case; labels do. */
const same = (name: string, a: string, b: string): boolean =>
  name === 'endpoint' || name === 'workspace' || name === 'kind' ? a.toLowerCase() === b.toLowerCase() : a === b;

function compared(op: '<=' | '>=' | '<' | '>', a: number, b: number): boolean {
  if (!Number.isFinite(a)) return false;
  return op === '<=' ? a <= b : op === '>=' ? a >= b : op === '<' ? a < b : a > b;
}

/** As a person would type it again. */
export const matchersText = (matchers: readonly Matcher[]): string =>
  matchers
    .map(({ name, op, value }) => {
      const text = /^[^\s,"'{}]+$/.test(value) ? value : `"${value.replaceAll(/(["\\])/g, '\\$1')}"`;
      return name === ABOUT ? text : `${name}${op}${text}`;
    })
    .join(', ');

const no = (why: string): { ok: false; why: string } => ({ ok: false, why });
