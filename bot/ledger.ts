import { sql } from 'kysely';
import type { Audit, Entry } from '../services/core/audit.ts';
import { batched } from '../services/core/batched.ts';
import type { Clock } from '../services/core/clock.ts';
import type { Store, Tx } from '../services/store/store.ts';
import { inTransaction } from '../services/store/transaction.ts';

/**
 * What was heard and what came of it, written down before it is answered. A question changes nothing else, so questions
 * that are answered at the same moment share one transaction (group commit): under load the record costs a fraction of a
 * statement each, alone it costs one short transaction.
 */
export interface Ledger {
  /** Records an answered question or a refusal; false when this key was recorded before (a redelivery). */
  note(heard: Heard): Promise<boolean>;
  /** Claims a key inside a writing transaction; the stored answer when it was claimed before. */
  claim(tx: Tx, heard: Omit<Heard, 'entry'>): Promise<{ first: true } | { first: false; answer: unknown }>;
  /** Keeps the answer, so that a redelivery gets the same one. */
  keep(tx: Tx, key: string, answer: object): Promise<void>;
}

export interface Heard {
  key: string;
  capability: string;
  actor: string;
  entry: Entry;
}

export function ledger({ store, clock, audit }: { store: Store; clock: Clock; audit: Audit }): Ledger {
  const note = batched<Heard, boolean>(async (batch) => {
    const fresh = await inTransaction(store.db, (tx) => record(tx, batch));
    return batch.map(({ key }) => fresh.delete(key));
  });

  async function record(tx: Tx, batch: readonly Heard[]): Promise<Set<string>> {
    const at = clock.now().toString();
    const unique = [...new Map(batch.map((heard) => [heard.key, heard])).values()];
    const rows = JSON.stringify(unique.map(({ key, capability, actor }) => ({ key, capability, actor })));
    // One text for any number of rows, so that it stays prepared.
    const { rows: inserted } = await sql<{ key: string }>`insert into turns (key, capability, actor, at)
      select key, capability, actor, ${at}::timestamptz
      from jsonb_to_recordset(${rows}::jsonb) as r (key text, capability text, actor text)
      on conflict (key) do nothing returning key`.execute(tx);
    const fresh = new Set(inserted.map((row) => row.key));
    await audit.append(tx, ...unique.filter(({ key }) => fresh.has(key)).map(({ entry }) => entry));
    return fresh;
  }

  return {
    note,
    async claim(tx, { key, capability, actor }) {
      const inserted = await tx
        .insertInto('turns')
        .values({ key, capability, actor, at: clock.now().toString() })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .executeTakeFirst();
      if (inserted) return { first: true };
      const row = await tx.selectFrom('turns').select('answer').where('key', '=', key).executeTakeFirst();
      return { first: false, answer: row?.answer ?? undefined };
    },
    async keep(tx, key, answer) {
      await tx
        .updateTable('turns')
        .set({ answer: JSON.stringify(answer) })
        .where('key', '=', key)
        .execute();
    },
  };
}

/** Teams delivers again within seconds, Event Grid within a day: older keys are of no use. */
export const forgetTurns = (tx: Tx, before: string) =>
  sql`delete from turns where at < ${before}::timestamptz`.execute(tx);
