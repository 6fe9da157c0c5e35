import type { Card } from '../cards/card.ts';
import type { Hit } from '../cards/governance/search.ts';
import { clean } from '../cards/parts/text.ts';
import type { Roster } from '../services/core/roster.ts';
import { forDialog, hasInputs } from './dialog-card.ts';
import type { Result } from './results.ts';
import type { Dispatch, Said } from './said.ts';
import type { ExtensionReply, Inbound, TaskReply } from './wire.ts';

/** As many as Teams shows without scrolling far; each is drawn as it would be in the chat. */
const MOST_HITS = 8;
const WORDS_LIMIT = 120;
/** Of a message, the beginning is what it is about. */
const TITLE_LIMIT = 80;
const MESSAGE_LIMIT = 2_000;

/**
 * The message extension: search from any chat and drop the card there, or make something of a message. It speaks through
 * the same dispatch as everything else; the chat it is used in need not have the bot, so nothing is learnt about it.
 * https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/what-are-messaging-extensions
 */
export function extension({ dispatch, people }: { dispatch: Dispatch; people: Roster }) {
  const saidBy = (inbound: Inbound, suffix: string, verb: string, data: Record<string, unknown>): Said => ({
    key: `${inbound.key}|${suffix}`,
    person: inbound.from.entraId ? people.byEntraId(inbound.from.entraId)?.id : undefined,
    place: { conversation: 'extension', kind: 'personal' },
    verb,
    data,
  });

  return {
    async query(inbound: Inbound): Promise<ExtensionReply> {
      const words = clean(inbound.extension?.words ?? '', WORDS_LIMIT);
      if (words === '') return { kind: 'message', text: 'Write a word or a number such as INC-101.' };
      const found = await dispatch(saidBy(inbound, 'search', 'governance.search', { words }));
      if (found.kind !== 'answer') return { kind: 'message', text: found.text };
      const { hits } = found.data as { hits: readonly Hit[] };
      const results = await Promise.all(
        hits.slice(0, MOST_HITS).map(async (hit) => {
          const { kind, card } = await dispatch(saidBy(inbound, hit.id, hit.verb, { ...hit.ids }));
          // What this person may not see, or what cannot be read now, is no result.
          return kind === 'answer' && card
            ? [{ title: `${hit.id} · ${hit.title}`, text: `${hit.kind}, ${hit.state}`, card }]
            : [];
        }),
      );
      const shown = results.flat();
      return shown.length > 0 ? { kind: 'results', results: shown } : { kind: 'message', text: found.text };
    },

    /** A message becomes the first words of a form. */
    async fetchTask(inbound: Inbound): Promise<TaskReply> {
      const { command, message } = inbound.extension ?? {};
      const text = clean(message?.text ?? '', MESSAGE_LIMIT);
      if (command === 'task')
        return inDialog(
          await dispatch(saidBy(inbound, 'fetch', 'alerts.todo', text ? { message: text } : {})),
          'New task',
        );
      if (command !== 'use-case')
        return { kind: 'message', text: 'This action belongs to another version of Wardroom.' };
      const from = message?.from ? ` (${message.from} wrote it)` : '';
      return inDialog(
        await dispatch(
          saidBy(inbound, 'fetch', 'intake.submit', {
            ...(text ? { title: clean(text, TITLE_LIMIT), problem: `${text}${from}` } : {}),
          }),
        ),
        'New use case',
      );
    },

    submit: async (inbound: Inbound): Promise<TaskReply> =>
      inDialog(await dispatch(saidBy(inbound, 'submit', inbound.verb ?? '', inbound.data)), 'Wardroom'),
  };
}

/** Goes on in the dialog while there is something to fill in; otherwise says what happened. */
export function inDialog(result: Result, title: string): TaskReply {
  const asks = (card: Card | undefined): card is Card => card !== undefined && hasInputs(card);
  return asks(result.card)
    ? { kind: 'card', title, card: forDialog(result.card) }
    : { kind: 'message', text: result.text };
}

export type Extension = ReturnType<typeof extension>;
