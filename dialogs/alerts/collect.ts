import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { endpointOf, WANTED } from '../../services/models/index.ts';
import { endpointRef, oneOf } from '../arguments.ts';
import { capability, type Turn } from '../capability.ts';
import { MAY_CHANGE } from './monitor-change.ts';
import { conversationOf, orderAnswer } from './order-view.ts';

type What = 'inputs' | 'outputs' | 'everything';

/** What is missing where; `Refused` when nothing is. */
async function missing({ rooms }: Turn, endpoint: string, what: What) {
  const wanted = what === 'everything' ? (['inputs', 'outputs'] as const) : ([what] as const);
  const { deployments } = await rooms.models.collection.read(endpoint);
  const lacking = deployments.filter((each) => wanted.some((word) => each.missing.includes(word)));
  if (lacking.length === 0)
    throw new Refused(
      `Every deployment of ${endpoint} collects ${what === 'everything' ? 'inputs and outputs' : `its ${what}`} already.`,
    );
  return { deployments: lacking.map(({ deployment }) => deployment), collections: wanted.map((word) => WANTED[word]) };
}

export const collect = capability({
  id: 'alerts.collect',
  summary: 'Have the deployments of an endpoint collect their inputs, outputs or both',
  phrases: ['collect {what} of {endpoint}'],
  examples: ['collect everything of ep-aml', 'collect outputs of ep-aml'],
  input: z.object({ endpoint: endpointRef, what: oneOf(['inputs', 'outputs', 'everything']) }),
  roles: MAY_CHANGE,
  effect: 'dangerous',
  preview: async (turn, { endpoint, what }) => {
    const { deployments } = await missing(turn, endpoint, what);
    return `${deployments.join(' and ')} of ${endpoint} will write ${what === 'everything' ? 'inputs and outputs' : what} of every request into the workspace's storage. Their instances are rolled one after the other; personal data in them is kept there, too.`;
  },
  prepare: (turn, { endpoint, what }) => missing(turn, endpoint, what),
  run: async (turn, { endpoint, what }, { deployments, collections }) =>
    orderAnswer(
      turn,
      await turn.rooms.models.orders.place(turn.tx, {
        body: { kind: 'collect', endpoint, deployments, collections },
        what: `collect ${what} on ${deployments.map((name) => `${endpoint}/${name}`).join(', ')}`,
        workspace: endpointOf(turn.rooms.organisation, endpoint).workspace,
        endpoint,
        by: turn.actor.id,
        conversation: conversationOf(turn),
      }),
    ),
});
