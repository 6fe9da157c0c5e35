import { Temporal } from 'temporal-polyfill';
import { type ConfirmView, confirmCard } from '../cards/confirm.ts';
import { summaryOf } from '../cards/parts/card.ts';
import type { Actor, AnyCapability, Drawn, Notice, Turn } from '../dialogs/capability.ts';
import type { Clock } from '../services/core/clock.ts';
import { Refused } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Jobs } from '../services/core/jobs.ts';
import type { Outbox } from '../services/core/outbox.ts';
import type { Roster } from '../services/core/roster.ts';
import type { Db, Tx } from '../services/store/store.ts';
import { type HeardMention, hear } from './parse-tokens.ts';
import type { Registry } from './registry.ts';
import type { Result } from './results.ts';

/** Verbs of the confirmation card; not capabilities, because what they run is decided by the stored confirmation. */
export const CONFIRM = 'wardroom.confirm';
export const CANCEL = 'wardroom.cancel';
/** The notice that shows a stored question, wherever it stands. */
export const CONFIRMATION = 'wardroom.confirmation';
const EXPIRE = 'wardroom-confirmation-expired';
const VALID_MINUTES = 15;

/**
 * A dangerous capability says first what it would do and waits for a yes. The question lives in the database: it
 * survives a restart, it can be answered once, by the person who asked or, where two people are needed, by another one.
 */
export interface Confirmations {
  /** `where`: conversations that see the question, a reply to `replyTo` in the first. */
  ask(tx: Tx, question: Question, where: readonly string[], replyTo?: string): Promise<Result>;
  /** Settles the row in this transaction; throws Refused when this person cannot, or not any more. */
  settle(tx: Tx, id: string, actor: Actor, yes: boolean): Promise<void>;
}

export interface Question {
  capability: AnyCapability;
  input: Record<string, unknown>;
  turn: Turn;
  preview: string;
  /** Somebody else has to say yes: what the capability asks for. */
  secondPerson: boolean;
}

export function confirmations(deps: { clock: Clock; ids: Ids; outbox: Outbox; jobs: Jobs }): Confirmations {
  const { clock, ids, outbox, jobs } = deps;

  jobs.handle(EXPIRE, async (tx, batch) => {
    for (const { confirmation } of batch as { confirmation: string }[]) {
      await tx
        .updateTable('confirmations')
        .set({ state: 'expired' })
        .where('id', '=', confirmation)
        .where('state', '=', 'waiting')
        .execute();
      await outbox.refresh(tx, cardOf(confirmation));
    }
  });

  return {
    async ask(tx, { capability, input, turn, preview, secondPerson }, where, replyTo) {
      const id = `CNF-${ids.reference()}`;
      const expires = clock.now().add({ minutes: VALID_MINUTES });
      await tx
        .insertInto('confirmations')
        .values({
          id,
          capability: capability.id,
          input: JSON.stringify(input),
          actor: turn.actor.id,
          preview,
          second_person: secondPerson,
          state: 'waiting',
          created_at: clock.now().toString(),
          expires_at: expires.toString(),
        })
        .execute();
      const card = confirmCard({
        confirmation: id,
        title: capability.summary,
        preview,
        by: turn.actor.name,
        secondPerson,
        expiresAt: expires.toString(),
      });
      for (const [index, conversation] of where.entries()) {
        await outbox.show(tx, {
          card: cardOf(id),
          kind: CONFIRMATION,
          ids: { confirmation: id },
          conversation,
          priority: 1,
          ...(index === 0 && replyTo ? { replyTo } : {}),
        });
      }
      await jobs.enqueue(tx, EXPIRE, { confirmation: id }, { at: expires });
      const who = secondPerson ? 'Somebody else has to confirm it' : 'Confirm it';
      const text = `${preview} ${who} within ${VALID_MINUTES} minutes: confirm ${id}`;
      return { kind: 'confirm', text, card, data: { confirmation: id, preview, secondPerson } };
    },

    async settle(tx, id, actor, yes) {
      const row = await tx.selectFrom('confirmations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
      if (!row) throw unknownQuestion(id);
      if (row.state !== 'waiting') {
        const how = row.state === 'done' ? 'confirmed' : row.state;
        throw new Refused(`That was ${how} already${row.decided_by ? ` by ${row.decided_by}` : ''}.`);
      }
      if (Date.parse(row.expires_at) <= clock.ms()) {
        throw new Refused('That question expired.', 'Ask again: the world may have changed since.');
      }
      const own = row.actor === actor.id;
      if (yes && row.second_person && own)
        throw new Refused('This needs a second person.', 'Ask a colleague to confirm it.');
      if (!row.second_person && !own) throw new Refused('Only the person who asked can answer this.');
      await tx
        .updateTable('confirmations')
        .set({ state: yes ? 'done' : 'cancelled', decided_by: actor.name })
        .where('id', '=', id)
        .execute();
      await outbox.refresh(tx, cardOf(id));
    },
  };
}

const cardOf = (confirmation: string): string => `confirmation:${confirmation}`;

export const unknownQuestion = (id: string): Refused =>
  new Refused(`There is no question ${id.slice(0, 20)} to answer.`, 'Ask again for what you want to do.');

/** The answer to a stored question, clicked or typed ("confirm CNF-K7QX-2M"); `undefined` for everything else. */
export function answerIn(said: {
  verb?: string;
  data?: Record<string, unknown>;
  text?: string;
  mentions?: readonly HeardMention[];
}): { id: string; yes: boolean } | undefined {
  if (said.verb === CONFIRM || said.verb === CANCEL) {
    return { id: String(said.data?.['confirmation'] ?? ''), yes: said.verb === CONFIRM };
  }
  if (said.verb !== undefined || !said.text || said.text.length > 200) return undefined;
  const [word, id, ...others] = hear(said.text, said.mentions).tokens;
  if (!word || !id || others.length > 0 || !/^CNF-[0-9A-Z]{4}-[0-9A-Z]{2}$/i.test(id.word)) return undefined;
  if (word.key !== 'confirm' && word.key !== 'cancel') return undefined;
  return { id: id.word.toUpperCase(), yes: word.key === 'confirm' };
}

/** The stored question as it stands now. */
export async function drawConfirmation(
  deps: { db: Db; registry: Registry; people: Roster; clock: Clock },
  { ids }: Notice,
): Promise<Drawn | undefined> {
  const row = await deps.db
    .selectFrom('confirmations')
    .selectAll()
    .where('id', '=', ids['confirmation'] ?? '')
    .executeTakeFirst();
  if (!row) return undefined;
  const over = Temporal.Instant.compare(Temporal.Instant.from(row.expires_at), deps.clock.now()) <= 0;
  const states = { waiting: over ? 'expired' : 'open', done: 'confirmed', cancelled: 'cancelled', expired: 'expired' };
  const card = confirmCard({
    confirmation: row.id,
    state: states[row.state] as NonNullable<ConfirmView['state']>,
    title: deps.registry.get(row.capability)?.summary ?? row.capability,
    preview: row.preview,
    by: deps.people.nameOf(row.actor),
    secondPerson: row.second_person,
    expiresAt: row.expires_at,
    ...(row.decided_by ? { finished: { by: row.decided_by } } : {}),
  });
  return { card, summary: summaryOf(card) };
}
