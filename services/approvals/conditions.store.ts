import type { Temporal } from 'temporal-polyfill';
import type { Jobs } from '../core/jobs.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Tx } from '../store/store.ts';
import { conditionsOf, type RequestRow } from './requests.store.ts';

export const CONDITION = 'approvals-condition';

/** What a voter wants to see done before what they approve is carried out. */
export interface NewCondition {
  what: string;
  /** Who sees to it. */
  owner: string;
  due: Temporal.Instant;
}

export async function addConditions(
  tx: Tx,
  row: Pick<RequestRow, 'id'>,
  setBy: string,
  conditions: readonly NewCondition[],
  at: Temporal.Instant,
  { outbox, jobs }: { outbox: Outbox; jobs: Jobs },
): Promise<void> {
  const known = await conditionsOf(tx, row.id);
  let number = known.at(-1)?.number ?? 0;
  for (const { what, owner, due } of conditions) {
    number += 1;
    await tx
      .insertInto('conditions')
      .values({
        request: row.id,
        number,
        what,
        owner,
        due: due.toString(),
        state: 'open',
        set_by: setBy,
        set_at: at.toString(),
      })
      .execute();
    if (owner !== setBy) await tell(tx, outbox, row.id, number, owner, 'set');
    await jobs.enqueue(tx, CONDITION, { request: row.id, number }, { at: due });
  }
}

export const tell = (
  tx: Tx,
  outbox: Outbox,
  request: string,
  number: number,
  person: string,
  what: 'set' | 'due' | 'met',
): Promise<void> =>
  outbox.say(tx, {
    key: `condition:${request}:${number}:${what}:${person}`,
    kind: 'approvals.condition',
    ids: { request, number: String(number), what },
    conversation: `person:${person}`,
    priority: 3,
  });

/** What these people asked for since then, and is not done, matters no more: their votes do not count. */
export async function dropConditions(
  tx: Tx,
  request: string,
  setBy: readonly string[],
  since?: Temporal.Instant,
): Promise<void> {
  if (setBy.length === 0) return;
  await tx
    .updateTable('conditions')
    .set({ state: 'dropped' })
    .where('request', '=', request)
    .where('set_by', 'in', [...setBy])
    .where('state', '=', 'open')
    .$if(since !== undefined, (query) => query.where('set_at', '>=', String(since)))
    .execute();
}
