import { digestOf } from '../core/canonical.ts';
import { Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import { type CardBody, type CardVersion, partsChanged } from './model-cards.rules.ts';
import { cardsOf, latestCard } from './model-cards.store.ts';
import { COLLECT } from './releases.ts';
import type { ApprovalsDeps } from './requests.deps.ts';

/** Model cards: every version is kept, and requests that rest on one look again when it changes. */
export function modelCards(deps: ApprovalsDeps) {
  const { clock, audit, jobs } = deps;
  return {
    latestCard,
    cardsOf,

    async writeCard(tx: Tx, model: string, body: CardBody, author: string): Promise<CardVersion> {
      const before = await latestCard(tx, model);
      const changed = partsChanged(before?.body, body);
      if (before && changed.length === 0)
        throw new Refused(`Nothing changed: model card ${before.version} of ${model} says exactly that.`);
      const card = {
        model,
        version: (before?.version ?? 0) + 1,
        digest: digestOf({ model, body }),
        author,
        at: clock.now().toString(),
      };
      await tx
        .insertInto('model_cards')
        .values({ ...card, body: JSON.stringify(body) })
        .execute();
      await audit.append(tx, {
        actor: author,
        action: 'approvals.model-card-written',
        objects: [model],
        detail: { version: card.version, digest: card.digest, changed },
      });
      const waiting = await tx
        .selectFrom('requests')
        .select(['id', 'model'])
        .where('kind', '=', 'promote')
        .where('state', 'in', ['evidence', 'voting', 'approved', 'conditional'])
        .execute();
      for (const { id } of waiting.filter((row) => row.model?.startsWith(`${model}:`)))
        await jobs.enqueue(tx, COLLECT, { request: id, by: author });
      return { ...card, body };
    },
  };
}
