import { z } from 'zod/v4';
import { CARD_PARTS } from '../../services/approvals/index.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { cardPlan } from './card-form.ts';
import { knownModel } from './model-card.ts';

export const editCard = capability({
  id: 'approvals.edit-card',
  summary: 'Write or change the card of a model: purpose, assumptions, limits, edge cases, decision logic',
  phrases: ['edit model card of {model}', 'write model card of {model}'],
  examples: ['edit model card of fraud-detector'],
  input: z.object({ model: freeText(255) }),
  roles: ['requester', 'engineering', 'risk', 'domain', 'privacy'],
  effect: 'write',
  run: async (turn, { model }) => {
    const name = knownModel(turn.rooms, model);
    const card = await turn.rooms.approvals.latestCard(turn.tx, name);
    const values = Object.fromEntries(
      CARD_PARTS.flatMap((part) => (card?.body[part] ? [[part, card.body[part]]] : [])),
    );
    return begin(turn, cardPlan, { subject: name, values });
  },
});
