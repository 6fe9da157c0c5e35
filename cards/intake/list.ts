import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { headline, soWhat } from '../parts/words.ts';
import { STATES, type UseCaseState } from './words.ts';

export interface UseCaseListView {
  now: Temporal.Instant;
  found: readonly { id: string; title: string; state: UseCaseState; score?: number; owner?: string; waits?: string }[];
  total: number;
  /** What was looked for: "of Retail", "about “churn”". */
  which?: string;
}

export function useCaseListCard({ now, found, total, which }: UseCaseListView): Card {
  const some = total === 0 ? 'No use case' : counted(total, 'use case');
  const what = which ? `${some}: ${which}` : total === 0 ? 'No use case yet' : some;
  return card({
    summary: what,
    state: state({ tone: 'info', word: 'use cases', icon: 'Lightbulb' }),
    headline: headline(`${plain(what)}.`),
    soWhat: total === 0 && !which ? soWhat('Say “new use case” to bring the first one in.') : undefined,
    details: [
      list(
        found.map(({ id, title, state: stands, score, owner, waits }) => ({
          text: `**${id}** · ${plain(title, 120)}`,
          detail: [
            STATES[stands].word,
            score === undefined ? undefined : `${number(score, { digits: 1 })} points`,
            owner ? named(owner) : 'no owner',
            waits ? plain(waits, 120) : undefined,
          ]
            .filter(Boolean)
            .join(' · '),
          select: act({ title: `Show ${id}`, verb: 'intake.show', ids: { useCase: id } }),
        })),
        { shown: 10, total, spacing: 'Medium' },
      ),
    ],
    actions: actions([
      act({ title: 'New use case', verb: 'intake.submit', main: true }),
      act({ title: 'Portfolio', verb: 'intake.rank' }),
    ]),
    foot: foot(now, 'Wardroom'),
  });
}
