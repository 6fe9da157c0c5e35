import { z } from 'zod/v4';
import { entryCard } from '../../cards/windows/entry.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Tx } from '../../services/store/store.ts';
import { scopeOf, scopeWords } from '../../services/windows/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { entryView } from './view.ts';

export const end = capability({
  id: 'windows.end',
  summary: 'End a freeze or take a window away; what came with it in one import goes too',
  phrases: [
    'end freeze {entry} [because {reason}]',
    'end window {entry} [because {reason}]',
    'end freeze',
    'unfreeze',
    'lift the freeze',
    'unfreeze {entry} [because {reason}]',
    'lift freeze {entry} [because {reason}]',
    'lift the freeze of {entry} [because {reason}]',
    'end the freeze of {entry} [because {reason}]',
  ],
  examples: ['end freeze FRZ-101 because the migration is done'],
  input: z.object({ entry: freeText(63).optional(), reason: freeText(300).optional() }),
  roles: ['responder', 'approver', 'admin'],
  effect: 'write',
  run: async ({ rooms, tx, actor, now }, { entry, reason }) => {
    const id = await endable(rooms, tx, entry);
    const ended = await rooms.windows.end(tx, id, actor.id, reason);
    const view = await entryView({ ...rooms, db: tx }, now, id);
    const more = ended.length > 1 ? ` ${ended.length - 1} more came with it and ended too.` : '';
    return {
      text: `${id} has ended.${more} Waiting changes start in order.`,
      card: entryCard(view),
      data: { ended },
      objects: ended,
      ...(reason ? { why: reason } : {}),
    };
  },
});

/** The entry that is meant: by its id, or by what it freezes when that is clear. What can be ended is said. */
async function endable(rooms: Rooms, tx: Tx, said: string | undefined): Promise<string> {
  const entry = said?.trim().replace(/^(?:the )?(?:freeze |window )?(?:of |for )?/i, '') ?? '';
  if (/^\w+-\d+$/.test(entry)) return entry.toUpperCase();
  const calendar = await rooms.windows.calendar(tx);
  const known = calendar.entries.find(({ spec }) => spec.id.toLowerCase() === entry.toLowerCase());
  // What Wardroom knows by that name in wardroom.yaml is refused with where it stands.
  if (known) return known.spec.id;
  const made: { id: string; words: string; about: string }[] = [];
  for (const { spec } of calendar.entries) {
    const row = spec.kind === 'deny' ? await rooms.windows.find(tx, spec.id) : undefined;
    if (row) made.push({ id: spec.id, words: row.reason ?? spec.id, about: scopeWords(spec.scope) });
  }
  const wanted = entry === '' ? undefined : scopeWords(scopeOf(rooms.organisation, entry));
  const fitting = wanted === undefined ? made : made.filter(({ about }) => about === wanted);
  const [only] = fitting;
  if (only && fitting.length === 1) return only.id;
  const offered = fitting.length > 0 ? fitting : made;
  throw new Refused(
    fitting.length > 1
      ? `There are ${fitting.length} freezes${wanted ? ` of ${wanted}` : ''}.`
      : wanted
        ? `Nothing that was made in chat freezes ${wanted} alone.`
        : 'No freeze that was made in chat is there.',
    offered.length > 0
      ? `Say “end freeze” and which: ${offered
          .slice(0, 5)
          .map(({ id, words, about }) => `${id} (${about}: ${words})`)
          .join(', ')}.`
      : 'What stands in wardroom.yaml is changed there.',
    'which-freeze',
  );
}
