import { z } from 'zod/v4';
import { requestSummary } from '../../cards/approvals/request.ts';
import { endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { budgetFor, requireAgreement } from './budget.ts';
import { requestAnswer } from './own.ts';
import { planRelease } from './release-plan.ts';
import { neededRequest } from './view.ts';

export const request = capability({
  id: 'approvals.request',
  summary: 'Ask for approval to put a model version on an endpoint, in steps',
  phrases: [
    'request approval for {model} on {endpoint} [with plan {steps}] [because {reason}]',
    'deploy {model} to {endpoint} [because {reason}]',
    'deploy {model} on {endpoint} [because {reason}]',
    'promote {model} to {endpoint} [because {reason}]',
  ],
  examples: [
    'request approval for fraud-detector:8 on ep-fraud',
    'request approval for fraud-detector:8 on ep-fraud with plan mirror 20 for 24h, 10 for 4h, 100 because it finds more',
    'deploy fraud-detector:8 to ep-fraud',
  ],
  input: z.object({
    model: freeText(290),
    endpoint: endpointRef,
    steps: freeText(300).optional(),
    reason: freeText().optional(),
  }),
  roles: ['requester', 'engineering'],
  effect: 'write',
  prepare: async (turn, { model, endpoint, steps }) => {
    const plan = await planRelease(turn.rooms, { model, endpoint, steps });
    return { plan, budget: await budgetFor(turn, plan) };
  },
  run: async (turn, { endpoint, reason }, { plan, budget }) => {
    const { rooms, tx, actor } = turn;
    const why = reason ?? 'No reason was given.';
    const id = await rooms.approvals.propose(tx, { requester: actor.id, reason: why, plan });
    await requireAgreement(turn, id, budget);
    const inside = { ...rooms, db: tx };
    const { view, shown } = await requestAnswer(turn, inside, await neededRequest(inside, id));
    return {
      text: `${requestSummary(view)}. I am gathering the evidence; the vote opens when it is complete.${budget.words ? ` ${budget.words}.` : ''}`,
      ...shown,
      data: { request: id, plan, digest: view.digest },
      objects: [id, endpoint, `${plan.model.name}:${plan.model.version}`],
      why,
    };
  },
});
