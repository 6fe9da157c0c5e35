import { z } from 'zod/v4';
import { promotionOf } from '../../services/approvals/index.ts';
import { freeText, requestId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { requestAnswer } from './own.ts';
import { planRelease } from './release-plan.ts';
import { neededRequest } from './view.ts';

export const replan = capability({
  id: 'approvals.replan',
  summary: 'Change the steps of your request; votes cast on the old plan are void',
  phrases: ['change plan of {request} to {steps}'],
  examples: ['change plan of REQ-107 to mirror 10 for 24h, 5 for 8h, 50 for 8h, 100'],
  input: z.object({ request: requestId, steps: freeText(300) }),
  roles: ['requester', 'engineering'],
  effect: 'write',
  prepare: async ({ rooms }, { request, steps }) => {
    const { model, endpoint } = promotionOf(await neededRequest(rooms, request));
    return planRelease(rooms, { model: `${model.name}:${model.version}`, endpoint, steps });
  },
  run: async (turn, { request }, plan) => {
    const { rooms, tx, actor } = turn;
    await rooms.approvals.replan(tx, request, plan, actor.id);
    const inside = { ...rooms, db: tx };
    const { view, shown } = await requestAnswer(turn, inside, await neededRequest(inside, request));
    return { text: `${request}: ${plan.what}.`, ...shown, data: { request, plan, digest: view.digest } };
  },
});
