import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, type Ids } from '../parts/actions.ts';
import { bars } from '../parts/charts.ts';
import { list } from '../parts/list.ts';
import { money } from '../parts/numbers.ts';
import { plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { caption } from '../parts/words.ts';
import { changeWords, report, type Source } from './report.ts';
import { during, spell } from './words.ts';

export interface ChangesView {
  source: Source;
  of: string | undefined;
  period: string;
  previous: string;
  currency: string;
  delta: number;
  drivers: readonly { name: string; before: number; after: number; delta: number; because?: string; drill: Ids }[];
  causes: readonly { at: Temporal.Instant; what: string; by?: string }[];
  unknown?: readonly string[];
}

/** What made the difference, and who did what at that time. */
export function changesCard(view: ChangesView): Card {
  const amount = (value: number) => money({ amount: value.toFixed(2), currency: view.currency });
  const [now, before] = [spell(view.period), spell(view.previous)];
  const side = view.delta >= 0 ? 'more' : 'less';
  const [top] = view.drivers;
  const words =
    view.drivers.length === 0
      ? `Nothing changed to speak of between ${before} and ${now}`
      : `${view.of ?? 'Everything'} cost ${amount(Math.abs(view.delta))} ${side} ${during(view.period)} than ${during(view.previous)}${top ? `; ${top.name} most of all` : ''}`;
  return report({
    state: { tone: view.delta > 0 ? 'warning' : 'info', word: 'what changed', icon: 'ArrowTrending', id: now },
    headline: words,
    soWhat: view.unknown?.length ? `Who did what could not be asked for ${view.unknown.join(', ')}.` : undefined,
    picture: bars({
      caption: `Change against ${before}`,
      xTitle: view.currency,
      yTitle: 'Part',
      shown: 6,
      bars: view.drivers.map(({ name, delta }) => ({
        label: name,
        value: delta,
        tone: delta > 0 ? ('warning' as const) : ('good' as const),
        word: delta > 0 ? 'more' : 'less',
      })),
    }),
    entries: view.drivers.map((each) => ({
      text: `**${plain(each.name, 80)}** · ${each.delta >= 0 ? '+' : '−'}${amount(Math.abs(each.delta))} · ${changeWords(each.after, each.before)}`,
      ...(each.because ? { detail: plain(each.because) } : {}),
      select: act({ title: `Show ${each.name}`, verb: 'cost.breakdown', ids: each.drill }),
    })),
    shown: 6,
    more: [
      view.causes.length > 0 ? caption('Who did what') : undefined,
      list(
        view.causes.map((each) => ({
          text: plain(each.what, 160),
          detail: `${each.by ? `${plain(each.by, 80)} · ` : ''}${when(each.at)}`,
        })),
      ),
    ],
    primary: [act({ title: 'Anomalies', verb: 'cost.anomalies' })],
    source: view.source,
  });
}
