import { Temporal } from 'temporal-polyfill';

/**
 * What a reader makes of a person's words. `impossible` tells "this is clearly a time, but no such time exists"
 * (25:00) from "this is no time at all" (tea): only the first may overrule a phrase that would take the words as text.
 */
export type Read = { value: string } | { why: string; impossible: boolean };

const UNITS: Readonly<Record<string, Unit>> = units({
  seconds: 's sec secs second seconds',
  minutes: 'm min mins minute minutes',
  hours: 'h hr hrs hour hours',
  days: 'd day days',
  weeks: 'w wk wks week weeks',
  months: 'mo month months',
  years: 'y yr yrs year years',
});
type Unit = 'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years';

/** What a fraction of a unit is counted in; a fraction of a month has no fixed length and is refused. */
const FINER: Partial<Record<Unit, [Unit, number]>> = {
  minutes: ['seconds', 60],
  hours: ['minutes', 60],
  days: ['hours', 24],
  weeks: ['days', 7],
};

const COUNTS: Readonly<Record<string, number>> = Object.fromEntries(
  'a an one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, index) => [word, Math.max(1, index - 1)]),
);

const COUNT = `\\d{1,9}(?:[.,]\\d{1,4})?|half an?|${Object.keys(COUNTS).reverse().join('|')}`;
const UNIT = Object.keys(UNITS)
  .sort((a, b) => b.length - a.length)
  .join('|');
/** One "2 hours", with what may stand before it; sticky, and every branch consumes, so it runs in linear time. */
const PIECE = new RegExp(`(?:,? ?and |, ?| )?(${COUNT}) ?(?:(${UNIT})(?![a-z])|$)( and a half)?`, 'y');

const MOST: Readonly<Record<Unit, number>> = {
  years: 100,
  months: 1200,
  weeks: 5200,
  days: 36_600,
  hours: 900_000,
  minutes: 9_999_999,
  seconds: 99_999_999,
};

/**
 * "90m", "2 hours", "1h30", "1.5 h", "an hour and a half", "half an hour", "2 days", "PT30M" → ISO 8601 duration.
 * Weeks come back as days, because the ISO grammar (and zod) does not mix W with other units.
 */
export function readDuration(words: string): Read {
  const text = tidy(words).replace(/^for /, '');
  if (/^p[\dt]/.test(text)) return isoDuration(text);
  const sum: Record<Unit, number> = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };
  let last: Unit | undefined;
  let at = 0;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(text);
    if (!piece) return notADuration(words);
    at = PIECE.lastIndex;
    // "1h30": a last number without a unit counts in minutes, and only after hours.
    const unit: Unit | undefined = piece[2] ? UNITS[piece[2]] : last === 'hours' ? 'minutes' : undefined;
    if (!unit) return notADuration(words);
    const said = piece[1] ?? '';
    const count =
      (said.startsWith('half') ? 0.5 : (COUNTS[said] ?? Number(said.replace(',', '.')))) + (piece[3] ? 0.5 : 0);
    if (!add(sum, unit, count)) return { why: `write ${said} ${unit} in whole ${unit}, or in days`, impossible: true };
    last = unit;
  }
  if (!last) return notADuration(words);
  const tooMuch = (Object.keys(sum) as Unit[]).find((unit) => sum[unit] > MOST[unit]);
  if (tooMuch) return { why: `"${tidy(words)}" is more than anybody can wait for`, impossible: true };
  const { weeks, ...rest } = sum;
  return positive(Temporal.Duration.from({ ...rest, days: sum.days + weeks * 7 }), words);
}

function add(sum: Record<Unit, number>, unit: Unit, count: number): boolean {
  const whole = Math.floor(count);
  sum[unit] += whole;
  const rest = count - whole;
  if (rest < 1e-9) return true;
  const finer = FINER[unit];
  if (!finer) {
    if (unit !== 'years') return unit === 'seconds';
    sum.months += Math.round(rest * 12);
    return true;
  }
  const [next, per] = finer;
  return add(sum, next, Math.round(rest * per * 1e6) / 1e6);
}

function isoDuration(text: string): Read {
  try {
    const parsed = Temporal.Duration.from(text.toUpperCase());
    return positive(parsed.with({ weeks: 0, days: parsed.days + parsed.weeks * 7 }), text);
  } catch {
    return notADuration(text);
  }
}

const positive = (length: Temporal.Duration, words: string): Read =>
  length.sign > 0
    ? { value: length.toString() }
    : { why: `"${tidy(words)}" is no time at all; write a duration above zero, such as 90m`, impossible: true };

const notADuration = (words: string): Read => ({
  why: `"${short(words)}" is not a duration; write it as 90m, 2 hours or 1h30`,
  impossible: false,
});

/** Lower case, single spaces, no space or stop at either end. */
export const tidy = (words: string): string =>
  words
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^ | ?[.,;!?]*$/g, '');

/** A person's words in a message to them: never longer than a line. */
export const short = (words: string): string => {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};

function units(table: Record<Unit, string>): Record<string, Unit> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([unit, words]) => words.split(' ').map((word) => [word, unit as Unit])),
  );
}
