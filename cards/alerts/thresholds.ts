import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions, ask } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { numberInput, textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { number, percent } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { clean, counted, plain } from '../parts/text.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface ThresholdsView {
  now: Temporal.Instant;
  endpoint: string;
  /** "About €4,200 an hour …; SEV 2" when it drifts. */
  business: string;
  limits: readonly {
    feature: string;
    value: number;
    /** "wardroom.yaml", "Ann Berg: payday effect" */
    from: string;
    last?: number;
    state?: string;
    /** Alarms over the stored history. */
    alarms?: number;
  }[];
  /** Of `default`, for those without their own. */
  fallback: number;
  windows: number;
  changed: readonly string[];
}

/** From where on drift is an alarm, feature by feature, and what decides how bad it is. */
export function thresholdsCard(view: ThresholdsView): Card {
  const { endpoint, limits, windows } = view;
  const [own] = view.changed;
  return card({
    summary: `Thresholds of ${endpoint}`,
    state: state({ tone: 'info', word: counted(limits.length, 'feature'), icon: 'DataHistogram' }),
    headline: headline(
      plain(
        `${endpoint}: drift is an alarm from a PSI of ${number(view.fallback, { digits: 2 })} on, unless a feature has its own.`,
      ),
    ),
    soWhat: soWhat(plain(view.business)),
    facts: facts([['History', windows > 0 ? `${counted(windows, 'window')} of up to 90 days` : 'none yet']]),
    details: [
      table(
        [
          { title: 'Feature', width: 3 },
          { title: 'Limit', number: true },
          { title: 'Last', number: true },
          { title: 'Set by', width: 3 },
        ],
        limits.map(({ feature, value, from, last }) => [
          plain(feature, 40),
          number(value, { digits: 2 }),
          number(last, { digits: 2 }),
          plain(from, 60),
        ]),
        { shown: 12 },
      ),
    ],
    actions: actions(
      [
        ask(
          'Change a limit',
          [
            textInput({
              id: 'feature',
              label: 'Feature',
              error: 'Name a feature, or default',
              required: true,
              value: limits[0]?.feature ?? 'default',
              limit: 120,
            }),
            numberInput({
              id: 'limit',
              label: 'New limit (PSI)',
              error: 'A number such as 0.25',
              required: true,
              min: 0.01,
              max: 10,
            }),
            textInput({ id: 'reason', label: 'Why', error: 'Say why in a few words', limit: 200 }),
          ],
          act({ title: 'Show its effect', verb: 'alerts.set-threshold', ids: { endpoint }, inputs: 'auto' }),
        ),
        act({ title: 'Suggest', verb: 'alerts.suggest-thresholds', ids: { endpoint } }),
      ],
      [
        own
          ? act({ title: `Undo the change of ${own}`, verb: 'alerts.undo-threshold', ids: { endpoint, feature: own } })
          : undefined,
      ],
    ),
    foot: foot(view.now, 'wardroom.yaml and changes made in chat'),
    wide: true,
  });
}

export interface SuggestionsView {
  now: Temporal.Instant;
  endpoint: string;
  lines: readonly {
    feature: string;
    limit: number;
    suggested?: number;
    quiet: number;
    falseNow: number;
    falseThen: number;
    /** Standard deviations. */
    detects?: number;
    alarmsNow: number;
    alarmsThen: number;
    because: string;
  }[];
}

/** Limits that the history suggests: false alarms in quiet times against what would still be found. */
export function suggestionsCard({ now, endpoint, lines }: SuggestionsView): Card {
  const better = lines.filter(({ suggested, limit }) => suggested !== undefined && Math.abs(suggested - limit) >= 0.01);
  const [first] = better;
  return card({
    summary: suggestionsHeadline({ endpoint, lines }),
    state: state(
      lines.length === 0
        ? { tone: 'quiet', word: 'no history' }
        : better.length > 0
          ? { tone: 'info', word: counted(better.length, 'suggestion') }
          : { tone: 'good', word: 'as they should be' },
    ),
    headline: headline(plain(suggestionsHeadline({ endpoint, lines }))),
    soWhat: soWhat(
      'A lower limit finds smaller shifts and calls more often for nothing. Nothing is changed until you do.',
    ),
    details: [
      table(
        [
          { title: 'Feature', width: 3 },
          { title: 'Limit', number: true },
          { title: 'Better', number: true },
          { title: 'Finds shifts from', number: true, width: 2 },
        ],
        lines.map(({ feature, limit, suggested, detects }) => [
          plain(feature, 40),
          number(limit, { digits: 2 }),
          number(suggested, { digits: 2 }),
          detects === undefined ? 'unknown' : `${number(detects, { digits: 2 })} SD`,
        ]),
        { shown: 12 },
      ),
      list(
        lines.map((line) => ({
          text: `**${plain(line.feature, 60)}**: ${counted(line.alarmsNow, 'alarm')} in the history, ${line.alarmsThen} with the suggestion`,
          detail: plain(
            `${line.because}; ${percent(line.falseNow)} of ${line.quiet} quiet windows over the limit, ${percent(line.falseThen)} then`,
            300,
          ),
        })),
        { shown: 6 },
      ),
    ],
    actions: actions([
      first &&
        act({
          title: `Set ${clean(first.feature, 20)} to ${number(first.suggested, { digits: 2 })}`,
          verb: 'alerts.set-threshold',
          ids: { endpoint, feature: first.feature, limit: String(first.suggested) },
          tooltip: 'Shows first what it would have done',
        }),
      act({ title: 'Thresholds', verb: 'alerts.thresholds', ids: { endpoint } }),
    ]),
    foot: foot(now, 'stored windows of the last 90 days'),
    wide: true,
  });
}

export function suggestionsHeadline({ endpoint, lines }: Pick<SuggestionsView, 'endpoint' | 'lines'>): string {
  if (lines.length === 0) return `${endpoint} has no stored windows yet, so nothing can be suggested.`;
  const known = lines.filter(({ suggested }) => suggested !== undefined);
  if (known.length === 0) return `${endpoint}: the history is too short to suggest a limit.`;
  const before = lines.reduce((sum, line) => sum + line.alarmsNow, 0);
  const then = lines.reduce((sum, line) => sum + line.alarmsThen, 0);
  return `${endpoint}: with the suggested limits it would have alarmed ${counted(then, 'time')} instead of ${before}.`;
}
