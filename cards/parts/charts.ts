import type { Element } from '../card.ts';
import { number, percentage } from './numbers.ts';
import { shrinkable } from './shrink.ts';
import { clean, plain } from './text.ts';
import { LOOKS, type Tone } from './tone.ts';
import { caption } from './words.ts';

/*
 * Teams chart elements (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/charts-in-adaptive-cards).
 * They have no alternative text of their own: the chart's `title` says everything the picture says (it is not drawn,
 * `showTitle` stays off; the caption above is), and the fallback says it again to clients without charts.
 */

interface Picture {
  type: string;
  caption: string;
  /** The same as the picture, in words. */
  says: string;
  properties: Record<string, unknown>;
}

function picture({ type, caption: name, says, properties }: Picture): Element {
  const chart: Element = {
    type,
    title: says,
    ...properties,
    fallback: { type: 'TextBlock', text: plain(says, SAYS_LIMIT), wrap: true },
  };
  return { type: 'Container', spacing: 'Medium', items: [caption(plain(name)), chart] };
}

const SAYS_LIMIT = 700;
export const BARS_SHOWN = 5;

export interface Bar {
  label: string;
  value: number;
  tone?: Tone;
  /** What the tone means: "over the limit". Its shape stands before the label and is explained in the caption. */
  word?: string;
}

export interface Bars {
  /** "PSI by feature, limit 0.20": the limit belongs here, bars have no line for it. */
  caption: string;
  xTitle: string;
  yTitle: string;
  bars: readonly Bar[];
  shown?: number;
  /** How a value is written; `number` by default. */
  write?: (value: number) => string;
}

/** One bar per thing, each in its tone with the word beside its name. */
export function bars({
  caption: name,
  xTitle,
  yTitle,
  bars: all,
  shown = BARS_SHOWN,
  write = number,
}: Bars): Element | undefined {
  const finite = all.filter((bar) => Number.isFinite(bar.value));
  if (finite.length === 0) return undefined;
  const label = (bar: Bar) => (bar.word ? `${shapeOf(bar)} ${clean(bar.label, 40)}` : clean(bar.label, 40));
  return shrinkable(
    Math.min(shown, finite.length),
    (count) => {
      const kept = finite.slice(0, count);
      const rest = finite.length - count;
      const words = kept.map(
        (bar) => `${clean(bar.label, 40)} ${write(bar.value)}${bar.word ? ` (${clean(bar.word, 20)})` : ''}`,
      );
      return picture({
        type: 'Chart.HorizontalBar',
        caption: [name, ...keyOf(kept), rest > 0 ? `${count} of ${finite.length} shown` : '']
          .filter(Boolean)
          .join(' · '),
        says: clean(`${name}: ${words.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}.`, SAYS_LIMIT),
        properties: {
          xAxisTitle: clean(xTitle, 40),
          yAxisTitle: clean(yTitle, 40),
          displayMode: 'AbsoluteWithAxis',
          data: kept.map((bar) => ({ x: label(bar), y: bar.value, color: LOOKS[bar.tone ?? 'info'].chart })),
        },
      });
    },
    1,
  );
}

const shapeOf = (bar: Bar): string => LOOKS[bar.tone ?? 'info'].shape;

/** "▲ over the limit", each shape once. */
const keyOf = (kept: readonly Bar[]): string[] => [
  ...new Set(kept.flatMap((bar) => (bar.word ? [`${shapeOf(bar)} ${clean(bar.word, 20)}`] : []))),
];

export interface DriftBar {
  feature: string;
  value: number;
  limit: number;
}

/** Within this share of its limit a feature is close to it. */
const CLOSE = 0.8;

/** How many times its limit; without a limit any value is too much. */
const ratio = ({ value, limit }: DriftBar): number => (limit > 0 ? value / limit : Number.MAX_VALUE);

/** The population stability index of each feature against its own limit, the worst first. */
export function psiBars(features: readonly DriftBar[], shown = BARS_SHOWN): Element | undefined {
  const ranked = [...features].sort((a, b) => ratio(b) - ratio(a));
  const limits = new Set(ranked.map((feature) => feature.limit));
  const shared = limits.size === 1 ? ranked[0]?.limit : undefined;
  const two = (value: number) => number(value, { digits: 2 });
  return bars({
    caption: shared === undefined ? 'PSI by feature, each with its own limit' : `PSI by feature, limit ${two(shared)}`,
    xTitle: 'PSI (no unit)',
    yTitle: 'Feature',
    write: two,
    shown,
    bars: ranked.map(({ feature, value, limit }) => {
      const own = shared === undefined ? ` (limit ${two(limit)})` : '';
      const label = `${clean(feature, 30)}${own}`;
      if (value > limit) return { label, value, tone: 'bad', word: 'over the limit' };
      if (value >= limit * CLOSE) return { label, value, tone: 'warning', word: 'close to it' };
      return { label, value, tone: 'good' };
    }),
  });
}

export interface Share {
  label: string;
  /** 0 to 100 */
  percent: number;
  tone?: Tone;
}

/** Parts of a whole as one stacked bar. */
export function split(name: string, title: string, parts: readonly Share[]): Element | undefined {
  const shares = parts.filter((part) => Number.isFinite(part.percent));
  if (shares.length === 0) return undefined;
  const legend = (part: Share) => `${clean(part.label, 50)} ${percentage(part.percent)}`;
  return picture({
    type: 'Chart.HorizontalBar.Stacked',
    caption: name,
    says: clean(`${name}: ${shares.map(legend).join(', ')}.`, SAYS_LIMIT),
    properties: {
      xAxisTitle: 'Share (%)',
      data: [
        {
          title: clean(title, 40),
          data: shares.map((part) => ({
            legend: legend(part),
            value: part.percent,
            ...(part.tone ? { color: LOOKS[part.tone].chart } : {}),
          })),
        },
      ],
    },
  });
}

export interface Trend {
  caption: string;
  /** With units: "minutes before 14:10", "day" */
  xTitle: string;
  yTitle: string;
  unit?: string;
  series: readonly { label: string; tone?: Tone; points: readonly { x: number | string; y: number }[] }[];
  /** Drawn as a line of its own, named in the legend. */
  limit?: { label: string; value: number };
}

/** Lines over time; x is a number or a date "2026-11-23" (Teams knows no time of day on an axis). */
export function trend({ caption: name, xTitle, yTitle, unit, series, limit }: Trend): Element | undefined {
  const drawn = series.filter((one) => one.points.length > 0);
  const longest = drawn.reduce(
    (most, one) => (one.points.length > most.length ? one.points : most),
    drawn[0]?.points ?? [],
  );
  if (longest.length === 0) return undefined;
  const write = (value: number) => number(value, unit ? { unit } : {});
  const told = drawn.map(({ label, points }) => {
    const values = points.map((point) => point.y);
    const [first, last] = [values[0] ?? Number.NaN, values.at(-1) ?? Number.NaN];
    return `${clean(label, 40)} from ${write(first)} to ${write(last)}, highest ${write(Math.max(...values))}`;
  });
  const limitWords = limit ? `; ${clean(limit.label, 40)} ${write(limit.value)}` : '';
  const lines = drawn.map((one) => ({
    legend: clean(one.label, 40),
    color: LOOKS[one.tone ?? 'info'].chart,
    values: one.points.map(({ x, y }) => ({ x, y })),
  }));
  const ends = [longest[0], longest.at(-1)].filter((point) => point !== undefined);
  const limitLine = limit && {
    legend: `${clean(limit.label, 40)} ${write(limit.value)}`,
    color: LOOKS.bad.chart,
    values: ends.map((point) => ({ x: point.x, y: limit.value })),
  };
  return picture({
    type: 'Chart.Line',
    caption: name,
    says: clean(`${name}: ${told.join('; ')}${limitWords}.`, SAYS_LIMIT),
    properties: {
      xAxisTitle: clean(xTitle, 40),
      yAxisTitle: clean(yTitle, 40),
      // What can be below zero (a difference) needs the room below it.
      ...(drawn.some(({ points }) => points.some(({ y }) => y < 0)) ? {} : { yMin: 0 }),
      data: limitLine ? [...lines, limitLine] : lines,
    },
  });
}
