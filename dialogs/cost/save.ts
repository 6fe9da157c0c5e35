import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { endpointRef, freeText, wholeNumber } from '../arguments.ts';
import { capability, type Turn } from '../capability.ts';
import { asked } from './money-request.ts';

interface Input {
  endpoint: string;
  deployment: string;
  instances: number;
}

export const save = capability({
  id: 'cost.save',
  summary: 'Ask to give a deployment fewer instances; those who decide about money vote on it',
  phrases: ['save on {endpoint} {deployment} with {instances} instances'],
  examples: ['save on ep-aml blue with 1 instances'],
  input: z.object({ endpoint: endpointRef, deployment: freeText(63), instances: wholeNumber(1, 100) }),
  roles: ['requester', 'responder', 'admin'],
  effect: 'write',
  prepare: (turn, input) => looked(turn, input),
  run: (turn, { endpoint, deployment, instances }, { workspace, owner, use, saving }) => {
    const from = use.instances ?? instances;
    const busiest = use.peakCpuPercent === undefined ? 'not measured' : `${use.peakCpuPercent.toFixed(0)} %`;
    return asked(turn, {
      title: `Give ${deployment} of ${endpoint} ${instances} instead of ${from} instances, about ${saving} a month less`,
      reason: `Its busiest hour of the week used the processors to ${busiest}`,
      change: { kind: 'scale', workspace, endpoint, deployment, from, to: instances },
      what: `${deployment} of ${endpoint} from ${from} to ${instances} instances`,
      team: owner,
      endpoint,
    });
  },
});

/** How it stands now: votes count for what is so, not for what a card said. */
async function looked({ rooms, actor }: Turn, { endpoint: name, deployment, instances }: Input) {
  const endpoint = rooms.organisation.endpoints.find(({ id }) => id === name);
  if (!endpoint) throw new Refused(`I do not know the endpoint ${name}.`, 'Say “endpoints” for the list.');
  rooms.cost.allowed({ dimension: 'endpoint', value: name }, actor);
  const { use, perInstance, currency } = await rooms.cost.economies.deployment(endpoint, deployment);
  if ((use.instances ?? 0) <= instances)
    throw new Refused(
      `${deployment} of ${name} has ${use.instances ?? 'an unknown number of'} instances.`,
      'Nothing is saved by that; name a smaller number.',
    );
  const saving = `${perInstance.times((use.instances ?? 0) - instances).toFixed(0)} ${currency}`;
  return { workspace: endpoint.workspace, owner: endpoint.owner, use, saving };
}
