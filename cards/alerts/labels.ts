import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { trend } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { number, percent, percentage } from '../parts/numbers.ts';
import { progress } from '../parts/progress.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { clean, counted, plain, sentence } from '../parts/text.ts';
import { lasting } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface Interval {
  value: number;
  low: number;
  high: number;
}

export interface LabelsView {
  now: Temporal.Instant;
  id: string;
  endpoint: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  note: string;
  percent: number;
  days: number;
  source: string;
  asOf: Temporal.Instant;
  result?: {
    predictions: number;
    labelled: number;
    strangers: number;
    days: readonly { day: string; predictions: number; labelled: number }[];
    /** Hours. */
    lag?: { median: number; p90: number; most: number };
    coverage: number;
    settledCoverage?: number | undefined;
    measured?: { accuracy: Interval; precision?: Interval | undefined; recall?: Interval | undefined } | undefined;
    estimated?:
      | { accuracy: number; precision?: number | undefined; recall?: number | undefined; n: number }
      | undefined;
    calibration?: { error: number; mended: boolean } | undefined;
    expectedWithin: number;
  };
}

/** Labels that come later: how many are there, how late they come, what they say and what is assumed until they come. */
export function labelsCard(view: LabelsView): Card {
  const { result, endpoint, id } = view;
  const going = view.state === 'waiting' || view.state === 'running';
  return card({
    summary: labelsSummary(view),
    state: state(
      going
        ? { tone: 'info', word: 'at work', id }
        : view.state === 'failed'
          ? { tone: 'bad', word: 'not possible', id }
          : { tone: result?.measured ? 'good' : 'quiet', word: result?.measured ? 'measured' : 'too few labels', id },
    ),
    headline: headline(plain(labelsHeadline(view))),
    soWhat: result ? soWhat(plain(assumption(result), 400)) : undefined,
    picture:
      result &&
      trend({
        caption: 'Requests whose label is known, by the day of the request',
        xTitle: 'Day of the request (UTC)',
        yTitle: 'Labelled (%)',
        unit: '%',
        series: [
          {
            label: 'labelled',
            points: result.days.map(({ day, predictions, labelled }) => ({
              x: day,
              y: predictions > 0 ? Math.round((1000 * labelled) / predictions) / 10 : 0,
            })),
          },
        ],
      }),
    facts: result
      ? facts([
          [
            'Labelled',
            `${number(result.labelled)} of ${counted(result.predictions, 'request')} (${percent(result.coverage)})`,
          ],
          [
            'Labels come after',
            result.lag
              ? `${lasting(result.lag.median * HOUR_MS)} (median), 9 of 10 within ${lasting(result.lag.p90 * HOUR_MS)}`
              : undefined,
          ],
          [
            'Never comes',
            result.settledCoverage === undefined
              ? undefined
              : `${percent(1 - result.settledCoverage)} of requests older than ${lasting(result.expectedWithin * 60_000)} have none`,
          ],
          [
            'Not collected',
            result.strangers > 0
              ? `${counted(result.strangers, 'label')} of requests that were not collected`
              : undefined,
          ],
        ])
      : undefined,
    details: [
      going && progress({ step: view.note, ...(view.percent > 0 ? { done: view.percent } : {}) }),
      result && performanceTable(result),
    ],
    actions: actions([
      view.state === 'failed' && act({ title: 'Collection', verb: 'alerts.collection', ids: { endpoint } }),
      view.state === 'done' && act({ title: 'Show drift', verb: 'alerts.drift', ids: { endpoint } }),
    ]),
    foot: foot(view.asOf, `collected outputs of ${counted(view.days, 'day')} and ${view.source}`),
    wide: true,
  });
}

const HOUR_MS = 3_600_000;

export const labelsSummary = (view: LabelsView): string => `${view.id}: ${clean(labelsHeadline(view), 200)}`;

function labelsHeadline({ endpoint, state: now, note, result }: LabelsView): string {
  if (now === 'failed') return note;
  if (!result) return `Labels of ${endpoint} are joined with what it answered.`;
  const { measured } = result;
  if (!measured)
    return `${endpoint}: ${counted(result.labelled, 'label')} ${result.labelled === 1 ? 'is' : 'are'} too few to measure anything.`;
  return `${endpoint} is right ${percent(measured.accuracy.value)} of the time where labels are known (${percent(result.coverage)} of requests).`;
}

function assumption({ estimated, calibration, predictions }: NonNullable<LabelsView['result']>): string {
  if (!estimated) return 'Every request has its label.';
  const share = percent(estimated.n / Math.max(1, predictions));
  if (!calibration)
    return `For the ${share} without a label nothing but the raw scores is known: what stands below is an estimate and unchecked.`;
  const how = calibration.mended
    ? `scores were off by ${percent(calibration.error)} and were mended by the labels there are`
    : `scores are calibrated within ${percent(calibration.error)}`;
  return `For the ${share} without a label performance is estimated from the scores (${how}). It holds only while scores mean what they meant.`;
}

function performanceTable({ measured, estimated }: NonNullable<LabelsView['result']>) {
  const span = (share: Interval | undefined) =>
    share ? `${percent(share.value)} (${percent(share.low)} to ${percent(share.high)})` : 'unknown';
  const rows = (['accuracy', 'precision', 'recall'] as const).map((name) => [
    sentence(name),
    measured ? span(measured[name]) : 'unknown',
    estimated?.[name] === undefined ? 'unknown' : `about ${percent(estimated[name])}`,
  ]);
  return table(
    [
      { title: '', width: 2 },
      { title: `Measured (${percentage(95)})`, width: 3 },
      { title: 'Without label, estimated', width: 3 },
    ],
    rows,
  );
}
