import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { number } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { clean, opening, plain, sentence } from '../parts/text.ts';
import { aside, caption, headline, soWhat } from '../parts/words.ts';

export interface QualityView {
  now: Temporal.Instant;
  rollout: string;
  /** `fraud-detector:8` */
  candidate: string;
  /** The deployment it is compared with. */
  current: string;
  endpoint: string;
  rows: number;
  positives: number;
  verdict: 'not enough data' | 'worse' | 'better' | 'no difference';
  words: string;
  lines: readonly {
    name: string;
    current: number;
    candidate: number;
    difference: number;
    low: number;
    high: number;
    by: string;
    p?: number;
  }[];
  source: string;
}

const TONES = { 'not enough data': 'quiet', worse: 'bad', better: 'good', 'no difference': 'info' } as const;

/** Both versions on the same requests with their labels. */
export const qualityCard = (view: QualityView): Card =>
  card({
    summary: qualitySummary(view),
    state: state({ tone: TONES[view.verdict], icon: 'Scales', word: view.verdict, id: view.rollout }),
    headline: headline(plain(`${sentence(view.words)}.`, 300)),
    soWhat: soWhat(plain(`${view.candidate} against ${view.current} on ${view.endpoint}, on mirrored requests.`)),
    facts: facts([
      ['Rows with labels', number(view.rows)],
      ['Positives', number(view.positives)],
    ]),
    details: [
      view.lines.length > 0 && caption('Present and new version on the same rows; 95 % intervals of the difference'),
      view.lines.length > 0 &&
        table(
          [
            { title: 'Measure', width: 2 },
            { title: 'Present', number: true },
            { title: 'New', number: true },
            { title: 'Difference', width: 2, number: true },
            { title: 'p', number: true },
          ],
          view.lines.map((each) => [
            plain(opening(each.name), 40),
            three(each.current),
            three(each.candidate),
            `${signed(each.difference)} (${signed(each.low)} to ${signed(each.high)})`,
            each.p === undefined ? '' : each.p < 0.001 ? 'below 0.001' : three(each.p),
          ]),
        ),
      view.lines.length > 0 &&
        aside(view.lines.map(({ name, by }) => `${plain(opening(name), 40)}: ${plain(by, 60)}`).join(' · ')),
    ],
    actions: actions([
      act({ title: 'Read again', verb: 'approvals.quality', ids: { rollout: view.rollout } }),
      act({ title: `Show ${view.rollout}`, verb: 'approvals.rollout', ids: { rollout: view.rollout } }),
    ]),
    foot: foot(view.now, view.source),
    wide: true,
  });

export const qualitySummary = ({ rollout, candidate, words }: QualityView): string =>
  `${rollout}, ${clean(candidate)}: ${clean(words, 200)}`;

const three = (value: number): string => value.toFixed(3);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
