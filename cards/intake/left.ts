import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface LeftView {
  affected: readonly { useCase: string; person: string; what: string }[];
  total: number;
}

/** Somebody who is named in use cases left: what to mend, for whoever can. */
export function leftCard({ affected, total }: LeftView): Card {
  const names = [...new Set(affected.map(({ person }) => person))];
  const who =
    names.length === 1
      ? `${names[0]} is not here any more`
      : `${counted(names.length, 'person', 'people')} are not here any more`;
  const cases = new Set(affected.map(({ useCase }) => useCase)).size;
  return card({
    summary: `${who}: ${counted(cases, 'use case')} affected`,
    state: state({ tone: 'warning', word: 'somebody left', icon: 'PersonProhibited' }),
    headline: headline(plain(`${who}, and ${counted(cases, 'use case names', 'use cases name')} them.`)),
    soWhat: soWhat('Name somebody else: nobody answers for these until then, and a call would go past them.'),
    details: [
      list(
        affected.map(({ useCase, person, what }) => ({
          text: `**${useCase}** · ${plain(what, 60)}: ${plain(person, 80)}`,
          select: what.startsWith('path')
            ? act({ title: `Escalation of ${useCase}`, verb: 'intake.paths', ids: { useCase } })
            : act({ title: `Edit ${useCase}`, verb: 'intake.answer', ids: { useCase, section: 'idea' } }),
        })),
        { shown: 10, total, spacing: 'Medium' },
      ),
    ],
  });
}
