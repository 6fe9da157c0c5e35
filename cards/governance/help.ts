import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { clean, counted, plain, sentence } from '../parts/text.ts';
import { caption, headline, soWhat } from '../parts/words.ts';

export interface HelpView {
  /** What this person may run, by domain; already filtered and, when something was searched, ranked. */
  groups: readonly {
    name: string;
    entries: readonly { example: string; summary: string; effect: 'read' | 'write' | 'dangerous' }[];
  }[];
  searched?: string;
}

/** What one can say here, with one example each. */
export function helpCard({ groups, searched }: HelpView): Card {
  const total = groups.reduce((sum, group) => sum + group.entries.length, 0);
  const found = searched !== undefined;
  const title = found
    ? total > 0
      ? `${counted(total, 'thing')} about “${plain(searched, 60)}”`
      : `Nothing about “${plain(searched, 60)}”`
    : 'What you can ask me';
  return card({
    summary: found ? `Help: ${counted(total, 'result')} for ${clean(searched, 60)}` : 'Help: what you can ask Wardroom',
    headline: headline(title),
    soWhat: soWhat(
      total > 0
        ? 'Type it as it stands, in your own words, or search.'
        : 'Try another word, such as “incident”, “approve” or “endpoint”.',
    ),
    details: [
      ...groups
        .filter((group) => group.entries.length > 0)
        .flatMap((group) => [
          caption(sentence(plain(group.name, 40))),
          list(
            group.entries.map(({ example, summary, effect }) => ({
              text: `**${plain(example, 120)}**`,
              detail: `${plain(summary, 160)}${effect === 'dangerous' ? ' · asks before it happens' : ''}`,
            })),
            { rest: (missing) => `${missing} more about ${clean(group.name, 40)}` },
          ),
        ]),
      textInput({
        id: 'about',
        label: 'Search',
        error: 'Write a word or two',
        required: true,
        placeholder: 'roll back',
        limit: 100,
      }),
    ],
    actions: actions([act({ title: 'Search help', verb: 'governance.help', inputs: 'auto' })]),
  });
}
