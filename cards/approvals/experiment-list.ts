import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { percentage } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { clean, counted, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import { type ExperimentView, testWord } from './experiment.ts';

export interface ExperimentListView {
  now: Temporal.Instant;
  /** Those that run first, then what waits to begin, then the newest of the others. */
  tests: readonly (Pick<
    ExperimentView,
    'id' | 'state' | 'endpoint' | 'candidate' | 'current' | 'measured' | 'share'
  > & {
    /** What it said when it was stopped. */
    verdict?: string;
    /** Since when it runs, or when it was planned or stopped. */
    at: Temporal.Instant;
  })[];
  source: string;
}

/** A/B tests: running, waiting, and over. */
export function experimentListCard(view: ExperimentListView): Card {
  const running = runningOf(view);
  return card({
    summary: experimentListWords(view),
    state: state({ tone: running > 0 ? 'info' : 'quiet', word: running > 0 ? `${running} running` : 'none running' }),
    headline: headline(experimentListWords(view)),
    soWhat:
      view.tests.length === 0
        ? soWhat('“plan test of fraud-detector:7 against 6 on ep-fraud” plans one: how many requests, and how long.')
        : undefined,
    details: [
      list(
        view.tests.map((each) => ({
          text: `**${plain(each.id)}** ${plain(`${each.candidate} against ${each.current} on ${each.endpoint}`, 200)}`,
          detail: [
            testWord(each.state, each.verdict),
            `${plain(each.measured, 60)} at ${percentage(each.share)}`,
            when(each.at),
          ].join(' · '),
          select: act({ title: each.id, verb: 'approvals.ab-read', ids: { test: each.id } }),
        })),
        { shown: 8 },
      ),
    ],
    foot: foot(view.now, view.source),
  });
}

const runningOf = ({ tests }: ExperimentListView): number => tests.filter(({ state: now }) => now === 'running').length;

export const experimentListWords = (view: ExperimentListView): string => {
  const running = runningOf(view);
  if (running > 0) return `${counted(running, 'test')} running`;
  return view.tests.length > 0 ? 'No test is running' : 'There was no A/B test yet';
};

/** "AB-103  running  fraud-detector:7 (green) against fraud-detector:6 (blue) on ep-fraud: errors" */
export const experimentLine = (test: ExperimentListView['tests'][number]): string =>
  `${test.id}  ${testWord(test.state, test.verdict)}  ${clean(test.candidate)} against ${clean(test.current)} on ${test.endpoint}: ${clean(test.measured)}`;
