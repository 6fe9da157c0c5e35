import { confirmCard } from '../cards/confirm.ts';
import type { Actor, AnyCapability, Turn } from '../dialogs/capability.ts';
import type { Clock } from '../services/core/clock.ts';
import { Refused } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Tx } from '../services/store/store.ts';
import type { Result } from './dispatch.ts';

/** Verbs of the confirmation card; not capabilities, because what they run is decided by the stored confirmation. */
export const CONFIRM = 'wardroom.confirm';
export const CANCEL = 'wardroom.cancel';
const VALID_MINUTES = 15;

/**
 * A dangerous capability says first what it would do and waits for a yes. The question lives in the database: it
 * survives a restart, it can be answered once, by the person who asked or, where two people are needed, by another one.
 */
export interface Confirmations {
  ask(tx: Tx, capability: AnyCapability, input: Record<string, unknown>, turn: Turn, preview: string): Promise<Result>;
  /** The confirmed capability and input; the row is settled in this transaction. */
  settle(
    tx: Tx,
    id: string,
    actor: Actor,
    yes: boolean,
  ): Promise<{ capability: string; input: Record<string, unknown>; asked: string }>;
}

export function confirmations({ clock, ids }: { clock: Clock; ids: Ids }): Confirmations {
  return {
    async ask(tx, capability, input, turn, preview) {
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
          second_person: capability.secondPerson ?? false,
          state: 'waiting',
          created_at: clock.now().toString(),
          expires_at: expires.toString(),
        })
        .execute();
      const second = capability.secondPerson ?? false;
      const text = `${preview} ${second ? 'Somebody else has to confirm it' : 'Confirm it'} within ${VALID_MINUTES} minutes: confirm ${id}`;
      const card = confirmCard({
        confirmation: id,
        title: capability.summary,
        preview,
        by: turn.actor.name,
        secondPerson: second,
        expiresAt: expires.toString(),
      });
      return { kind: 'confirm', text, card, data: { confirmation: id, preview } };
    },

    async settle(tx, id, actor, yes) {
      const row = await tx.selectFrom('confirmations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
      if (!row)
        throw new Refused(`There is no question ${id.slice(0, 20)} to answer.`, 'Ask again for what you want to do.');
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
      return { capability: row.capability, input: row.input, asked: row.actor };
    },
  };
}
