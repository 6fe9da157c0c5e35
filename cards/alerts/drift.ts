import type { Temporal } from 'temporal-polyfill';
import type { Card, Element } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { type Bar, bars, psiBars, trend } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number, percentage, UNKNOWN } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { clean, counted, joined, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { headline, soWhat } from '../parts/words.ts';

export type DriftState = 'ok' | 'watch' | 'alarm' | 'unknown';

export interface DriftLine {
  feature: string;
  /** "PSI", "Jensen-Shannon distance" */
  metric: string;
  value: number;
  limit?: number;
  state: DriftState;
  /** Small is bad: a p-value. */
  below?: boolean;
  at: Temporal.Instant;
  /** One value a day, oldest first. */
  history: readonly { day: string; value: number }[];
  /** By Wardroom's own rule, when it has judged a window: sample size, all features, several windows. */
  own?: DriftState;
  /** Why it alarms or does not. */
  because: string;
}

export interface DriftView {
  now: Temporal.Instant;
  endpoint: string;
  purpose?: string;
  state: DriftState;
  headline: string;
  /** Worst first. */
  lines: readonly DriftLine[];
  /** By whose rules: `azureml`. */
  profile: string;
  monitors: readonly string[];
  rows?: { reference?: number; current?: number };
  incident?: string;
  /** The reasons of each feature are shown, too. */
  explain: boolean;
  /** Only this one, with its history as the picture. */
  feature?: string;
  asOf: Temporal.Instant;
  source: string;
}

export const DRIFT_LOOK: Readonly<Record<DriftState, { tone: Tone; word: string; icon: string }>> = {
  ok: { tone: 'good', word: 'no drift', icon: 'CheckmarkCircle' },
  watch: { tone: 'warning', word: 'close to the limit', icon: 'Eye' },
  alarm: { tone: 'bad', word: 'drifts', icon: 'ErrorCircle' },
  unknown: { tone: 'quiet', word: 'drift unknown', icon: 'Info' },
};
const EXPLAINED = 8;

/** What the monitors of an endpoint say about its inputs: the picture of now, or of one feature over time. */
export function driftCard(view: DriftView): Card {
  const { endpoint, explain, feature, incident } = view;
  const ids = { endpoint };
  const one = feature === undefined ? undefined : view.lines[0];
  const next = view.lines.find((line) => line.history.length > 1);
  return card({
    summary: clean(view.headline, 200),
    state: state({ ...DRIFT_LOOK[view.state], id: endpoint }),
    headline: headline(plain(view.headline)),
    soWhat: view.purpose ? soWhat(plain(view.purpose, 200)) : undefined,
    picture: one ? historyOf(one) : pictureOf(view.lines),
    facts: facts([
      ['Alarming', featuresIn(view.lines, 'alarm')],
      ['Close to its limit', featuresIn(view.lines, 'watch')],
      ['Not known', featuresIn(view.lines, 'unknown')],
      [
        'Rules',
        `${plain(view.profile, 40)} (${plain(joined([...new Set(view.lines.map(({ metric }) => metric))]) || UNKNOWN, 120)})`,
      ],
      ['By own rule', ownRule(view.lines)],
      ['Rows compared', rowsOf(view.rows)],
      ['Monitor', plain(view.monitors.join(', '), 120) || 'none'],
    ]),
    details: [
      explain &&
        list(
          view.lines.map(({ feature: name, because }) => ({
            text: `**${plain(name, 60)}**`,
            detail: plain(because, 700),
          })),
          { shown: EXPLAINED },
        ),
    ],
    actions: actions([
      incident ? act({ title: `Show ${incident}`, verb: 'alerts.show', ids: { incident } }) : undefined,
      one
        ? act({ title: 'All features', verb: 'alerts.drift', ids })
        : next &&
          act({
            title: `${clean(next.feature, 24)} over time`,
            verb: 'alerts.drift',
            ids: { ...ids, feature: next.feature },
          }),
      explain
        ? undefined
        : act({
            title: 'Explain',
            verb: 'alerts.drift',
            ids: { ...ids, ...(feature ? { feature } : {}), detail: 'explain' },
          }),
    ]),
    foot: foot(view.asOf, view.source),
    wide: true,
  });
}

const NAMED = 5;
/** "amount, country and hour", "amount, …, hour and 7 more"; undefined when none is in this state. */
export const featuresIn = (
  lines: readonly Pick<DriftLine, 'feature' | 'state'>[],
  wanted: DriftState,
): string | undefined => {
  const found = lines.filter((line) => line.state === wanted).map(({ feature }) => plain(feature, 40));
  const more = found.length > NAMED ? [counted(found.length - NAMED, 'more', 'more')] : [];
  return joined([...found.slice(0, NAMED), ...more]) || undefined;
};

/** "amount alarms, 5 others do not": the verdict that knows sample size and windows. */
function ownRule(lines: readonly DriftLine[]): string | undefined {
  const judged = lines.filter(({ own }) => own !== undefined);
  if (judged.length === 0) return undefined;
  const of = (state: DriftState) => judged.filter(({ own }) => own === state);
  const named = (state: DriftState, word: string) =>
    of(state).length === 0
      ? []
      : [
          `${of(state)
            .slice(0, 3)
            .map(({ feature }) => plain(feature, 40))
            .join(', ')} ${word}`,
        ];
  const quiet = of('ok').length;
  return [
    ...named('alarm', 'alarm'),
    ...named('watch', 'watched'),
    ...named('unknown', 'unknown'),
    ...(quiet > 0 ? [`${quiet} quiet`] : []),
  ].join('; ');
}

const rowsOf = (rows: DriftView['rows']): string =>
  rows
    ? `${number(rows.current)} against ${number(rows.reference)} of the reference`
    : `${UNKNOWN}: the monitor does not say how many`;

/** All in one unit where they can be; else each as a share of its own limit. */
function pictureOf(lines: readonly DriftLine[]): Element | undefined {
  const limited = lines.flatMap((line) => (line.limit === undefined ? [] : [{ ...line, limit: line.limit }]));
  if (lines.length > 0 && lines.every(({ metric }) => metric === 'PSI') && limited.length === lines.length)
    return psiBars(limited);
  return bars({
    caption: 'How much of its limit each feature uses',
    xTitle: 'Share of the limit (%)',
    yTitle: 'Feature',
    write: (value) => percentage(value),
    bars: limited.map((line): Bar => {
      const share = line.below ? line.limit / Math.max(line.value, 1e-12) : line.value / Math.max(line.limit, 1e-12);
      const label = `${clean(line.feature, 26)}, ${clean(line.metric, 20)}`;
      const value = Math.min(share, 10) * 100;
      if (line.state === 'alarm') return { label, value, tone: 'bad', word: 'over the limit' };
      return line.state === 'watch'
        ? { label, value, tone: 'warning', word: 'close to it' }
        : { label, value, tone: 'good' };
    }),
  });
}

function historyOf({ feature, metric, history, limit, at }: DriftLine): Element | undefined {
  if (history.length < 2) return soWhat(`There is only one result yet, of ${when(at)}.`);
  return trend({
    caption: `${plain(metric, 40)} of ${plain(feature, 60)} by day`,
    xTitle: 'Day (UTC)',
    yTitle: clean(metric, 40),
    series: [{ label: feature, points: history.map(({ day, value }) => ({ x: day, y: value })) }],
    ...(limit === undefined ? {} : { limit: { label: 'limit', value: limit } }),
  });
}
