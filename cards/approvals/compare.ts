import type { Temporal } from 'temporal-polyfill';
import type { VersionFacts } from '../../services/approvals/compare.rules.ts';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { money, number, percentage, UNKNOWN } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { clean, counted, joined, plain } from '../parts/text.ts';
import { aside, headline, soWhat } from '../parts/words.ts';
import { measure } from './words.ts';

export interface CompareView {
  now: Temporal.Instant;
  model: string;
  versions: readonly (VersionFacts & {
    /** Beaten by this version in everything that is known of both. */
    dominatedBy?: string;
  })[];
  missing: readonly string[];
  source: string;
}

type Version = CompareView['versions'][number];

/** Versions side by side: quality, speed, size, use of machines, cost; what another one beats in everything is marked. */
export function compareCard(view: CompareView): Card {
  const metrics = [...new Set(view.versions.flatMap(({ quality }) => Object.keys(quality)))].sort();
  const [main] = metrics.includes('auc') ? ['auc'] : metrics;
  const known = (value: number | undefined, write: (known: number) => string) =>
    value === undefined ? UNKNOWN : write(value);
  const row = (title: string, cell: (version: Version) => string) => [title, ...view.versions.map(cell)];
  return card({
    summary: compareSummary(view),
    state: state({ tone: 'info', icon: 'Scales', word: counted(view.versions.length, 'version'), id: view.model }),
    headline: headline(plain(compareSummary(view), 300)),
    soWhat: soWhat(soWhatWords(view)),
    picture: main
      ? bars({
          caption: `${measure(main)} by version`,
          xTitle: measure(main),
          yTitle: 'Version',
          write: (value) => value.toFixed(3),
          bars: view.versions.flatMap(({ version, quality, dominatedBy }) => {
            const value = quality[main];
            return value === undefined
              ? []
              : [
                  {
                    label: `version ${version}`,
                    value,
                    ...(dominatedBy ? { tone: 'quiet' as const, word: 'dominated' } : { tone: 'good' as const }),
                  },
                ];
          }),
        })
      : undefined,
    details: [
      table(
        [{ title: '' }, ...view.versions.map(({ version }) => ({ title: `v${version}`, number: true }))],
        [
          ...metrics
            .slice(0, 5)
            .map((metric) =>
              row(plain(measure(metric), 40), ({ quality }) =>
                known(quality[metric], (value) =>
                  number(value, { digits: Number.isInteger(value) && Math.abs(value) > 1 ? 0 : 4 }),
                ),
              ),
            ),
          row('p95', ({ latencyP95Ms }) => known(latencyP95Ms, (value) => `${number(Math.round(value))} ms`)),
          row('Size', ({ sizeBytes }) => known(sizeBytes, (value) => `${number(value / 1e6, { digits: 1 })} MB`)),
          row('CPU', ({ cpuPercent }) => known(cpuPercent, (value) => percentage(Math.round(value)))),
          row('Cost a month', ({ costPerMonth, currency }) =>
            known(costPerMonth, (value) => money({ amount: value.toFixed(2), currency: currency ?? '' })),
          ),
          row('Trained for', ({ trainingHours }) =>
            known(trainingHours, (value) => `${number(value, { digits: 1 })} h`),
          ),
          row('Verdict', ({ dominatedBy }) =>
            dominatedBy ? `▼ dominated by v${plain(dominatedBy)}` : '● not dominated',
          ),
        ],
        { shown: 14 },
      ),
      list(
        view.versions
          .filter(({ serves }) => serves.length > 0)
          .map(({ version, serves }) => ({ text: `**v${plain(version)}** serves ${plain(joined([...serves]), 200)}` })),
      ),
      view.missing.length > 0 && aside(plain(`Could not be asked: ${view.missing.join('; ')}`, 400)),
    ],
    actions: actions([act({ title: 'History', verb: 'approvals.history', ids: { model: view.model } })]),
    foot: foot(view.now, view.source),
    wide: true,
  });
}

export function compareSummary({ model, versions }: CompareView): string {
  const beaten = versions.filter(({ dominatedBy }) => dominatedBy);
  const names = versions.map(({ version }) => `v${version}`).join(', ');
  if (beaten.length === 0) return `${clean(model)} ${names}: none is beaten in everything`;
  return `${clean(model)} ${names}: ${beaten.map(({ version, dominatedBy }) => `v${version} is dominated by v${dominatedBy}`).join(', ')}`;
}

function soWhatWords({ versions }: CompareView): string {
  const unserved = versions.filter(({ serves }) => serves.length === 0).map(({ version }) => `v${version}`);
  return unserved.length > 0
    ? `${plain(joined(unserved))} ${unserved.length === 1 ? 'serves' : 'serve'} nowhere, so speed, machines and cost are unknown for ${unserved.length === 1 ? 'it' : 'them'} and count for nothing.`
    : 'A version is dominated when another is at least as good in everything that is known of both, and better in something.';
}
