import { modelCardCard } from '../../cards/approvals/model-card.ts';
import { CARD_PARTS, type CardBody } from '../../services/approvals/index.ts';
import { capability } from '../capability.ts';
import { type StepInput, step, stepInput } from '../stepped.ts';
import { cardParts, cardPlan } from './card-form.ts';
import { modelCardView } from './model-card.ts';

export const cardStep = capability({
  id: 'approvals.card-step',
  summary: 'Go on with a model card that you have begun',
  phrases: ['continue model card {draft}'],
  examples: ['continue model card DRF-104'],
  input: stepInput(cardParts),
  roles: ['requester', 'engineering', 'risk', 'domain', 'privacy'],
  effect: 'write',
  run: (turn, input) =>
    step(turn, cardPlan, input as unknown as StepInput, async (inside, whole, draft) => {
      const model = draft.subject ?? '';
      const parts = CARD_PARTS.flatMap((part) => (typeof whole[part] === 'string' ? [[part, whole[part]]] : []));
      const body = Object.fromEntries(parts) as CardBody;
      const card = await inside.rooms.approvals.writeCard(inside.tx, model, body, inside.actor.id);
      const view = modelCardView(inside.rooms, model, card, inside.now, inside.actor.roles);
      return {
        answer: {
          text: `Model card ${card.version} of ${model} is kept.`,
          card: modelCardCard(view),
          data: { model, version: card.version, digest: card.digest },
          objects: [model],
        },
        result: `model card ${card.version} of ${model}`,
      };
    }),
});
