import type { Temporal } from 'temporal-polyfill';
import type { Action, Card, Element } from '../card.ts';
import { actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { type Fact, facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { type Entry, list } from '../parts/list.ts';
import { percentage } from '../parts/numbers.ts';
import { type State, state } from '../parts/state.ts';
import { plain } from '../parts/text.ts';
import { headline, line, soWhat } from '../parts/words.ts';

/** What every answer about money says about itself. */
export interface Source {
  /** When Azure was read last; undefined when it never was. */
  asOf: Temporal.Instant | undefined;
  now: Temporal.Instant;
  /** "Cost Management, actual cost, EUR, Fraud". */
  of: string;
  /** What is missing or failed. */
  warnings?: readonly string[];
}

export interface Report {
  state: State;
  /** Plain words. */
  headline: string;
  soWhat?: string | undefined;
  picture?: Element | undefined;
  facts?: readonly Fact[];
  entries?: readonly Entry[];
  shown?: number;
  more?: readonly (Element | undefined)[];
  primary?: readonly (Action | undefined)[];
  menu?: readonly (Action | undefined)[];
  source: Source;
}

/** One look for every card about money: the sentence, the picture, the lines, and how fresh and whole it is. */
export function report(view: Report): Card {
  return card({
    summary: view.headline,
    state: state(view.state),
    headline: headline(plain(view.headline)),
    soWhat: view.soWhat ? soWhat(plain(view.soWhat)) : undefined,
    picture: view.picture,
    facts: view.facts ? facts(view.facts) : undefined,
    details: [
      ...(view.source.warnings ?? []).slice(0, 4).map((words) => line(`◆ ${plain(words)}`, 'warning')),
      view.entries ? list(view.entries, { shown: view.shown ?? 8 }) : undefined,
      ...(view.more ?? []),
    ],
    actions: actions(view.primary ?? [], view.menu ?? []),
    foot: view.source.asOf
      ? foot(view.source.asOf, view.source.of)
      : foot(view.source.now, `${view.source.of}; Azure has not been read yet`),
    wide: true,
  });
}

/** "▲ 12.4 % more", "▼ 3.0 % less", "as before", "new". */
export function changeWords(now: number, before: number | undefined): string {
  if (before === undefined) return 'nothing known of the time before';
  if (before === 0) return now === 0 ? 'nothing before' : 'new';
  const percent = ((now - before) * 100) / Math.abs(before);
  if (Math.abs(percent) < 0.5) return 'as before';
  const digits = Math.abs(percent) >= 100 ? 0 : 1;
  return percent > 0 ? `▲ ${percentage(percent, digits)} more` : `▼ ${percentage(Math.abs(percent), digits)} less`;
}
