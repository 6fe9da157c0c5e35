import { sql } from 'kysely';
import type { Tx } from './store.ts';

const FIRST = 101;

/**
 * The next number that people will say: INC-142. Counted in a row and not by a sequence, so that a transaction that
 * rolls back, or a process that dies in it, leaves no gap for an auditor to ask about. Whoever takes the next one waits
 * until this transaction ends, which the writers of the audit chain do anyway.
 */
export async function nextNumber(tx: Tx, prefix: Uppercase<string>): Promise<string> {
  const { rows } = await sql<{ n: number }>`
    insert into settings (key, value) values (${`number:${prefix}`}, jsonb_build_object('last', ${FIRST}::int))
    on conflict (key) do update set value = jsonb_build_object('last', (settings.value->>'last')::int + 1)
    returning (value->>'last')::int as n`.execute(tx);
  return `${prefix}-${rows[0]?.n}`;
}
