import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { trend } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { clean, counted, plain } from '../parts/text.ts';
import { lasting, when } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export interface TrialPage {
  at: Temporal.Instant;
  headline: string;
  /** Milliseconds that it would have waited. */
  waited: number;
}

export interface RuleTrialView {
  now: Temporal.Instant;
  /** In its shortest words. */
  rule: string;
  days: number;
  before: number;
  after: number;
  perDay: readonly { day: string; before: number; after: number }[];
  gone: readonly TrialPage[];
  later: readonly TrialPage[];
  fresh: readonly TrialPage[];
  /** Stored events that were replayed, and whether there were more. */
  replayed: number;
  cut: boolean;
  /** The reader may apply it. */
  mayApply: boolean;
}

/** What a rule would have done to the last weeks: how often people would have been called, day by day. */
export function ruleTrialCard(view: RuleTrialView): Card {
  const { gone, later, fresh, replayed } = view;
  const waits = later.map(({ waited }) => waited).sort((a, b) => a - b);
  const median = waits[Math.floor(waits.length / 2)];
  return card({
    summary: ruleTrialSummary(view),
    state: state({ tone: 'info', word: 'dry run: nothing changed', icon: 'Beaker' }),
    headline: headline(ruleTrialSummary(view)),
    soWhat: soWhat(`If “${plain(clean(view.rule, 200))}” had been the rule for ${counted(view.days, 'day')}.`),
    picture:
      replayed === 0
        ? undefined
        : trend({
            caption: 'Calls per day',
            xTitle: 'Day (UTC)',
            yTitle: 'Calls',
            series: [
              {
                label: 'as it was',
                tone: 'bad',
                points: view.perDay.map(({ day, before }) => ({ x: day, y: before })),
              },
              {
                label: 'with the rule',
                tone: 'good',
                points: view.perDay.map(({ day, after }) => ({ x: day, y: after })),
              },
            ],
          }),
    facts: facts([
      [
        'No longer called for',
        gone.length > 0 ? counted(gone.length, 'incident') : replayed > 0 ? 'nothing' : undefined,
      ],
      [
        'Called for later',
        median === undefined ? undefined : `${counted(later.length, 'incident')}, by ${lasting(median)} (median)`,
      ],
      ['Called for anew', fresh.length > 0 ? counted(fresh.length, 'incident') : undefined],
    ]),
    details: [
      gone.length > 0 ? caption('No longer called for') : undefined,
      list(
        gone.map((page) => ({ text: `${when(page.at)} · ${plain(page.headline, 160)}` })),
        { total: gone.length, shown: 5 },
      ),
    ],
    actions: view.mayApply
      ? actions([
          act({
            title: 'Apply it',
            verb: 'alerts.apply-rule',
            ids: { rule: clean(view.rule, 400) },
            tooltip: 'Asks why first',
          }),
        ])
      : undefined,
    foot: foot(
      view.now,
      `${view.cut ? `the latest ${number(replayed)} of more` : counted(replayed, 'stored event')}; what people did then is not replayed`,
    ),
    wide: true,
  });
}

/** "It would have called for 14 incidents instead of 61" */
export function ruleTrialSummary({ before, after, replayed, days }: RuleTrialView): string {
  if (replayed === 0) return `Nothing came in the last ${counted(days, 'day')}: there is nothing to try it on`;
  if (before === after) return `It would have called as often as it did: ${counted(after, 'time')} in ${days} days`;
  return `It would have called ${counted(after, 'time')} instead of ${number(before)} in ${counted(days, 'day')}`;
}
