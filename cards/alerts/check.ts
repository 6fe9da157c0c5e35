import type { Temporal } from 'temporal-polyfill';
import type { Card, Element } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars, psiBars } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number, percent, percentage } from '../parts/numbers.ts';
import { progress } from '../parts/progress.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { clean, joined, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { caption, headline, soWhat } from '../parts/words.ts';
import { DRIFT_LOOK, type DriftState, featuresIn } from './drift.ts';

export interface CheckedFeature {
  feature: string;
  metric: string;
  value?: number;
  limit?: number;
  state: DriftState;
  because: string;
  bins: readonly { bin: string; reference: number; current: number }[];
}

export interface CheckView {
  now: Temporal.Instant;
  id: string;
  endpoint: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  note: string;
  percent: number;
  business?: string;
  result?: {
    baseline: string;
    deployments: readonly string[];
    from: Temporal.Instant;
    to: Temporal.Instant;
    rows: { reference: number; current: number };
    features: readonly CheckedFeature[];
  };
  /** With the reasons and the bins of the worst feature. */
  explain: boolean;
}

const GOING: Readonly<Record<'waiting' | 'running' | 'failed', { tone: Tone; word: string }>> = {
  waiting: { tone: 'info', word: 'about to start' },
  running: { tone: 'info', word: 'at work' },
  failed: { tone: 'bad', word: 'not possible' },
};
const ORDER: readonly DriftState[] = ['alarm', 'watch', 'unknown', 'ok'];

/** Drift computed from what the deployments collected: progress while it goes on, then the result. */
export function checkCard(view: CheckView): Card {
  const { result, id, endpoint } = view;
  const worst = result && (ORDER.find((each) => result.features.some((one) => one.state === each)) ?? 'unknown');
  const look =
    view.state === 'done' && worst ? DRIFT_LOOK[worst] : GOING[view.state === 'done' ? 'running' : view.state];
  const going = view.state === 'waiting' || view.state === 'running';
  return card({
    summary: checkSummary(view),
    state: state({ ...look, id }),
    headline: headline(plain(going ? `Drift of ${endpoint} is computed from collected data.` : view.note)),
    soWhat: view.business && worst === 'alarm' ? soWhat(plain(view.business)) : undefined,
    picture: result ? pictureOf(result.features) : undefined,
    facts: result
      ? facts([
          ['Alarming', featuresIn(result.features, 'alarm')],
          ['Not known', featuresIn(result.features, 'unknown')],
          ['Rows', `${number(result.rows.current)} against ${number(result.rows.reference)}`],
          ['Window', `${when(result.from)} to ${when(result.to)}`],
          ['Baseline', plain(result.baseline, 120)],
          ['Deployments', plain(joined(result.deployments), 120)],
        ])
      : undefined,
    details: [
      going && progress({ step: view.note, ...(view.percent > 0 ? { done: view.percent } : {}) }),
      ...(result && view.explain ? reasonsOf(result.features) : []),
    ],
    actions: actions([
      view.state === 'done' &&
        !view.explain &&
        act({ title: 'Explain', verb: 'alerts.check', ids: { check: id, detail: 'explain' } }),
      view.state === 'done' && act({ title: 'Thresholds', verb: 'alerts.thresholds', ids: { endpoint } }),
      view.state === 'failed' && act({ title: 'Collection', verb: 'alerts.collection', ids: { endpoint } }),
    ]),
    foot: foot(view.now, 'collected data in the workspace’s storage, by the rules “native”'),
    wide: true,
  });
}

export const checkSummary = ({
  id,
  state: now,
  note,
  endpoint,
}: Pick<CheckView, 'id' | 'state' | 'note' | 'endpoint'>): string =>
  now === 'done'
    ? clean(note, 200)
    : now === 'failed'
      ? `${id}: ${clean(note, 200)}`
      : `${id}: drift of ${endpoint} is computed`;

function pictureOf(features: readonly CheckedFeature[]): Element | undefined {
  const known = features.flatMap(({ feature, metric, value, limit }) =>
    value === undefined || limit === undefined ? [] : [{ feature, metric, value, limit }],
  );
  if (known.length > 0 && known.every(({ metric }) => metric === 'psi')) return psiBars(known);
  return bars({
    caption: 'How much of its limit each feature uses',
    xTitle: 'Share of the limit (%)',
    yTitle: 'Feature',
    write: (value) => percentage(value),
    bars: known.map(({ feature, metric, value, limit }) => {
      const share = Math.min(10, value / Math.max(limit, 1e-12)) * 100;
      const label = `${clean(feature, 26)}, ${clean(metric.replaceAll('_', ' '), 20)}`;
      return share > 100
        ? { label, value: share, tone: 'bad', word: 'over the limit' }
        : { label, value: share, tone: 'good' };
    }),
  });
}

const BINS_SHOWN = 12;

function reasonsOf(features: readonly CheckedFeature[]): Element[] {
  const [worst] = features;
  const rows = worst ? tableOf(worst) : undefined;
  const reasons = list(
    features.map(({ feature, because }) => ({
      text: `**${plain(feature, 60)}**`,
      detail: plain(because.replace(/^psi\b/, 'PSI'), 400),
    })),
    { shown: 8 },
  );
  return [
    ...(worst && rows ? [caption(`Bins of ${plain(worst.feature, 60)}: share of the baseline, and now`), rows] : []),
    ...(reasons ? [reasons] : []),
  ];
}

function tableOf({ bins }: CheckedFeature): Element | undefined {
  const [before, now] = [
    bins.reduce((sum, bin) => sum + bin.reference, 0),
    bins.reduce((sum, bin) => sum + bin.current, 0),
  ];
  if (before === 0 || now === 0) return undefined;
  return table(
    [
      { title: 'Bin', width: 3 },
      { title: 'Baseline', number: true, width: 2 },
      { title: 'Now', number: true, width: 2 },
    ],
    bins.map(({ bin, reference, current }) => [plain(bin, 60), percent(reference / before), percent(current / now)]),
    { shown: BINS_SHOWN },
  );
}
