import { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';

interface Span {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

export interface Swap {
  number: number;
  schedule: string;
  asker: string;
  asked: string;
  /** The asker's shift, which the other one takes. */
  gives: Span;
  /** The shift that the asker takes for it. */
  takes: Span;
  state: 'asked' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
  expires: Temporal.Instant;
}

type Asking = Omit<Swap, 'number' | 'state'>;

export async function findSwap(db: Db | Tx, number: number): Promise<Swap | undefined> {
  const row = await db.selectFrom('oncall_swaps').selectAll().where('id', '=', number).executeTakeFirst();
  return (
    row && {
      number: row.id,
      schedule: row.schedule,
      asker: row.asker,
      asked: row.asked,
      gives: { from: Temporal.Instant.from(row.gives_from), to: Temporal.Instant.from(row.gives_to) },
      takes: { from: Temporal.Instant.from(row.takes_from), to: Temporal.Instant.from(row.takes_to) },
      state: row.state,
      expires: Temporal.Instant.from(row.expires_at),
    }
  );
}

/** The number of an open swap that gives part of the same shift. */
export async function openSwap(tx: Tx, { schedule, asker, gives }: Asking): Promise<number | undefined> {
  const row = await tx
    .selectFrom('oncall_swaps')
    .select('id')
    .where('schedule', '=', schedule)
    .where('asker', '=', asker)
    .where('state', '=', 'asked')
    .where('gives_from', '<', gives.to.toString())
    .where('gives_to', '>', gives.from.toString())
    .executeTakeFirst();
  return row?.id;
}

export async function addSwap(tx: Tx, swap: Asking, now: Temporal.Instant): Promise<number> {
  const { id } = await tx
    .insertInto('oncall_swaps')
    .values({
      schedule: swap.schedule,
      asker: swap.asker,
      asked: swap.asked,
      gives_from: swap.gives.from.toString(),
      gives_to: swap.gives.to.toString(),
      takes_from: swap.takes.from.toString(),
      takes_to: swap.takes.to.toString(),
      state: 'asked',
      created_at: now.toString(),
      expires_at: swap.expires.toString(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export const settleSwap = (tx: Tx, number: number, state: Swap['state'], now: Temporal.Instant) =>
  tx
    .updateTable('oncall_swaps')
    .set({ state, decided_at: now.toString() })
    .where('id', '=', number)
    .where('state', '=', 'asked')
    .execute();
