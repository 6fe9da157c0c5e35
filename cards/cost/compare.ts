import type { Card } from '../card.ts';
import { bars } from '../parts/charts.ts';
import { money } from '../parts/numbers.ts';
import { plain, sentence } from '../parts/text.ts';
import { report, type Source } from './report.ts';

export interface CompareView {
  source: Source;
  /** "total cost of ownership", "ingestion". */
  word: string;
  /** "100,000 requests a month". */
  of: string;
  currency: string;
  options: readonly { name: string; monthly: string; arithmetic: string; excluded?: string }[];
  cheapest?: string;
  breakEven?: string;
  facts?: readonly (readonly [string, string])[];
}

/** Ways of getting the same thing side by side, a month, with the arithmetic. */
export function compareCard(view: CompareView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  const best = view.options.find(({ name }) => name === view.cheapest);
  return report({
    state: { tone: best ? 'good' : 'warning', word: view.word, icon: 'Calculator' },
    headline: best
      ? `${sentence(best.name)} is the cheapest for ${view.of}: ${amount(best.monthly)} a month`
      : `Nothing meets what is asked for ${view.of}`,
    soWhat: view.breakEven,
    picture: bars({
      caption: 'Cost a month',
      xTitle: view.currency,
      yTitle: 'Way',
      bars: view.options.map((each) => ({
        label: each.name,
        value: Number(each.monthly),
        ...(each.excluded
          ? { tone: 'quiet' as const, word: 'out' }
          : each.name === view.cheapest
            ? { tone: 'good' as const, word: 'cheapest' }
            : {}),
      })),
    }),
    facts: view.facts ?? [],
    entries: view.options.map((each) => ({
      text: `**${plain(sentence(each.name))}** · ${amount(each.monthly)} a month${each.excluded ? ` · out: ${plain(each.excluded)}` : ''}`,
      detail: plain(each.arithmetic),
    })),
    source: view.source,
  });
}
