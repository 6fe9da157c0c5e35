import type { Db, Tx } from '../store/store.ts';
import type { CardBody, CardVersion } from './model-cards.rules.ts';

export async function latestCard(db: Db | Tx, model: string): Promise<CardVersion | undefined> {
  const [card] = await cardsOf(db, model, 1);
  return card;
}

/** The newest first. */
export async function cardsOf(db: Db | Tx, model: string, most: number): Promise<CardVersion[]> {
  const found = await db
    .selectFrom('model_cards')
    .selectAll()
    .where('model', '=', model)
    .orderBy('version', 'desc')
    .limit(most)
    .execute();
  return found.map((row) => ({ ...row, body: row.body as CardBody }));
}
