import { sql } from 'kysely';
import type { Tx } from './store.ts';

const SEQUENCES = { INC: 'incident_number', REQ: 'request_number', CHG: 'change_number' } as const;

/** The next number that people will say: INC-142. A transaction that rolls back leaves a gap, and nobody waits for it. */
export async function nextNumber(tx: Tx, prefix: keyof typeof SEQUENCES): Promise<string> {
  const { rows } = await sql<{ n: number }>`select nextval(${SEQUENCES[prefix]}) as n`.execute(tx);
  return `${prefix}-${rows[0]?.n}`;
}
