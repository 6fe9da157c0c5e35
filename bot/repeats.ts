import { answerCard } from '../cards/governance/answer.ts';
import type { Drawn } from '../dialogs/capability.ts';
import type { Clock } from '../services/core/clock.ts';
import type { Store } from '../services/store/store.ts';
import { inTransaction } from '../services/store/transaction.ts';

export const RETIRED = 'wardroom.retired';

/**
 * A card that was posted once more, because nobody could say whether the first copy stands, may stand twice. Somebody
 * who clicks on a card we have no id of has found the first copy: that one lives on, the other becomes a pointer.
 */
export async function retireOther(
  { store, clock }: { store: Store; clock: Clock },
  conversation: string,
  clicked: string,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  const repeated = await store.db
    .selectFrom('outbox')
    .select(['id', 'ids', 'activity_id'])
    .where('conversation', '=', conversation)
    .where('repeats', '>', 0)
    .where('activity_id', 'is not', null)
    .orderBy('id', 'desc')
    .limit(20)
    .execute();
  const about = new Set(Object.values(data).filter((value) => typeof value === 'string' && /^[A-Z]{3}-/.test(value)));
  const row = repeated.find(({ ids }) => Object.values(ids).some((id) => about.has(id)));
  const other = row?.activity_id;
  if (!row || !other || other === clicked) return;
  await inTransaction(store.db, async (tx) => {
    const known = await tx.selectFrom('outbox').select('id').where('activity_id', '=', clicked).executeTakeFirst();
    if (known) return;
    const now = clock.now().toString();
    const { numUpdatedRows } = await tx
      .updateTable('outbox')
      .set((e) => ({ activity_id: clicked, repeats: 0, wanted: e('wanted', '+', 1), due_at: now }))
      .where('id', '=', row.id)
      .where('activity_id', '=', other)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    await tx
      .insertInto('outbox')
      .values({
        key: `retired:${conversation}:${other}`,
        card: null,
        kind: RETIRED,
        ids: '{}',
        conversation,
        priority: 5,
        activity_id: other,
        due_at: now,
        created_at: now,
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
  });
}

export async function drawRetired(): Promise<Drawn> {
  const text = 'This card was posted twice. The other one goes on.';
  return { card: answerCard({ text }), summary: text };
}
