import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { code } from '../parts/code.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { clean, counted, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface FailedRunLine {
  run: string;
  experiment: string;
  workspace: string;
  /** "out of memory" */
  cause: string;
  said: string;
  at: Temporal.Instant;
  retriedAs?: string;
}

export interface FailedRunsView {
  now: Temporal.Instant;
  days: number;
  runs: readonly FailedRunLine[];
}

/** Failed runs and pipelines, the latest first, and what makes them fail. */
export function failedRunsCard({ now, days, runs }: FailedRunsView): Card {
  const [latest] = runs.filter(({ retriedAs }) => retriedAs === undefined);
  const causes = new Map<string, number>();
  for (const { cause } of runs) causes.set(cause, (causes.get(cause) ?? 0) + 1);
  return card({
    summary: failedRunsHeadline({ days, runs }),
    state: state(
      runs.length === 0
        ? { tone: 'good', word: 'none failed' }
        : { tone: 'warning', word: counted(runs.length, 'failed run') },
    ),
    headline: headline(plain(failedRunsHeadline({ days, runs }))),
    picture:
      causes.size > 1
        ? bars({
            caption: 'Failed runs by cause',
            xTitle: 'Runs',
            yTitle: 'Cause',
            write: (value) => String(value),
            bars: [...causes].sort(([, a], [, b]) => b - a).map(([label, value]) => ({ label, value })),
          })
        : undefined,
    details: [
      list(
        runs.map((each) => ({
          text: `**${plain(each.experiment, 60)}**: ${plain(each.said, 120)}${each.retriedAs ? ` · tried again as ${plain(each.retriedAs)}` : ''}`,
          detail: `${plain(each.run, 80)}, ${when(each.at)}, ${plain(each.workspace, 40)}`,
          select: act({ title: clean(each.run, 40), verb: 'alerts.failed-run', ids: { run: clean(each.run, 200) } }),
        })),
        { shown: 6 },
      ),
    ],
    actions: actions([
      latest && act({ title: 'Show the latest', verb: 'alerts.failed-run', ids: { run: clean(latest.run, 200) } }),
    ]),
    foot: foot(now, 'Azure ML run history and logs'),
    wide: true,
  });
}

export function failedRunsHeadline({ days, runs }: Pick<FailedRunsView, 'days' | 'runs'>): string {
  if (runs.length === 0) return `No run has failed in ${counted(days, 'day')}.`;
  const open = runs.filter(({ retriedAs }) => retriedAs === undefined).length;
  return `${counted(runs.length, 'run')} failed in ${counted(days, 'day')}, ${open} ${open === 1 ? 'was' : 'were'} not tried again.`;
}

export interface FailedRunView {
  now: Temporal.Instant;
  run: FailedRunLine & { excerpt: string; endpoint?: string };
  retry: 'may-help' | 'will-fail-again' | 'unknown';
}

const ADVICE: Readonly<Record<FailedRunView['retry'], string>> = {
  'may-help': 'Another try may well pass.',
  'will-fail-again': 'The same job would most likely fail again: mend the cause first.',
  unknown: 'Whether another try helps cannot be told from the log.',
};

/** One failed run: why, what the log says, and trying again. */
export function failedRunCard({ now, run, retry }: FailedRunView): Card {
  return card({
    summary: `${run.experiment} failed: ${clean(run.said, 120)}`,
    state: state({ tone: 'bad', word: clean(run.cause, 40), icon: 'ErrorCircle' }),
    headline: headline(plain(`${run.experiment} failed. ${run.said}.`)),
    soWhat: soWhat(ADVICE[retry]),
    facts: facts([
      ['Run', plain(run.run, 120)],
      ['Failed', when(run.at)],
      ['Workspace', plain(run.workspace, 60)],
      ['Endpoint', run.endpoint && plain(run.endpoint)],
      ['Tried again', run.retriedAs && plain(run.retriedAs)],
    ]),
    details: [code(run.excerpt)],
    actions: actions([
      run.retriedAs
        ? act({ title: `Show ${run.retriedAs}`, verb: 'alerts.training', ids: { training: run.retriedAs } })
        : act({
            title: 'Retry',
            verb: 'alerts.retry-run',
            ids: { run: clean(run.run, 200) },
            dangerous: retry === 'will-fail-again',
            tooltip: 'Submits the same job again; asks first',
          }),
      act({ title: 'All failed runs', verb: 'alerts.failed-runs' }),
    ]),
    foot: foot(now, 'Azure ML run history; secrets in the log are cut out'),
    wide: true,
  });
}
