import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { freeText } from '../arguments.ts';
import { capability, type Turn } from '../capability.ts';
import { conversationOf } from './order-view.ts';
import { trainingAnswer } from './training-view.ts';

/** A rule by its own name, or by the model's when one rule only trains it. */
function ruleOf({ rooms }: Turn, words: string): string {
  const { retraining } = rooms.organisation;
  const key = words.trim().toLowerCase();
  const own = retraining.find(({ id }) => id === key);
  if (own) return own.id;
  const [first, second] = retraining.filter(({ model }) => model.toLowerCase() === key);
  if (first && second)
    throw new Refused(
      `Several rules train ${first.model}.`,
      `Name one: ${retraining
        .filter(({ model }) => model === first.model)
        .map(({ id }) => id)
        .join(', ')}.`,
    );
  return first?.id ?? rooms.training.rules.needed(words).id;
}

export const retrain = capability({
  id: 'alerts.retrain',
  summary: 'Train a model again now, follow the job and put the new version up for approval',
  phrases: ['retrain {rule} now [because {reason}]', 'retrain {rule}'],
  examples: ['retrain fraud-detector now', 'retrain fraud-detector now because of the new merchants'],
  input: z.object({ rule: freeText(120), reason: freeText(200).optional() }),
  roles: ['requester', 'engineering', 'responder'],
  effect: 'dangerous',
  preview: async (turn, { rule }) => {
    const found = await turn.rooms.training.rules.preview(turn.rooms.db, ruleOf(turn, rule));
    if (!found.go)
      throw new Refused(
        `${found.rule.model} is not trained now: ${found.reason}.`,
        'Say “retraining rules” to see why.',
      );
    const { estimate, model, endpoint } = found.rule;
    const cost = estimate ? ` It is expected to cost ${estimate.amount} ${estimate.currency}.` : '';
    return `The job of the newest version of ${model} is submitted again.${cost} When it has registered a version, that is put up for approval; ${endpoint} stays as it is until then.`;
  },
  second: async (turn, { rule }) => {
    const { rooms } = turn;
    const { estimate, model, endpoint } = rooms.training.rules.needed(ruleOf(turn, rule));
    const once = estimate?.amount ?? (await rooms.cost.economies.retrain({ model })).cost.perRun;
    const owner = rooms.organisation.endpoints.find(({ id }) => id === endpoint)?.owner;
    const check = await rooms.cost.budgets.check({ ...(owner ? { team: owner } : {}), project: 'training', once });
    return check.needsSecondPerson
      ? `It would break a budget, so somebody else has to agree: ${check.reason}.`
      : undefined;
  },
  run: async (turn, { rule, reason }) => {
    const by = (turn.askedBy ?? turn.actor).id;
    const id = await turn.rooms.training.rules.now(turn.tx, ruleOf(turn, rule), by, conversationOf(turn), reason);
    return trainingAnswer(turn, id);
  },
});
