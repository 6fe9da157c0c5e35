import { z } from 'zod/v4';
import { doneCard } from '../../cards/cost/done.ts';
import { Refused } from '../../services/core/errors.ts';
import { endpointRef, freeText, wholeNumber } from '../arguments.ts';
import { capability, type Turn } from '../capability.ts';
import { sourceOf } from './view.ts';

interface Input {
  endpoint: string;
  deployment: string;
  instances: number;
}

export const save = capability({
  id: 'cost.save',
  summary: 'Give a deployment fewer instances to save money; somebody else has to agree',
  phrases: ['save on {endpoint} {deployment} with {instances} instances'],
  examples: ['save on ep-aml blue with 1 instances'],
  input: z.object({ endpoint: endpointRef, deployment: freeText(63), instances: wholeNumber(1, 100) }),
  roles: ['requester', 'responder', 'admin'],
  effect: 'dangerous',
  secondPerson: true,
  preview: async (turn, input) => {
    const { saving, use } = await looked(turn, input);
    return `${input.deployment} of ${input.endpoint} goes from ${use.instances} to ${input.instances} instances of ${use.instanceType}, which saves about ${saving} a month. Its busiest hour of the week used ${use.peakCpuPercent?.toFixed(0) ?? 'an unknown part'} % of the processors.`;
  },
  prepare: (turn, input) => looked(turn, input),
  run: async (turn, { endpoint, deployment, instances }, { workspace, saving, amount, currency, use, standing }) => {
    const { rooms } = turn;
    const what = `${deployment} of ${endpoint} from ${use.instances} to ${instances} instances`;
    await rooms.cost.plans.approve(turn.tx, {
      plan: { kind: 'scale', workspace, endpoint, deployment, from: use.instances ?? instances, to: instances },
      what,
      saving: amount,
      currency,
      askedBy: turn.askedBy?.id ?? turn.actor.id,
      approvedBy: turn.actor.id,
    });
    const text = `${turn.actor.name} agreed: ${what}, about ${saving} a month less. Azure is told now`;
    return {
      text: `${text}.`,
      card: doneCard({
        source: sourceOf(rooms, turn.now, standing, { currency }),
        word: 'approved',
        text,
        next: { title: 'Show the endpoint', verb: 'fleet.endpoint', ids: { endpoint } },
      }),
      objects: [endpoint],
    };
  },
});

/** How it stands now: votes and confirmations count for what is so, not for what a card said. */
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
  const amount = perInstance.times((use.instances ?? 0) - instances).toFixed(2);
  return {
    workspace: endpoint.workspace,
    use,
    amount,
    currency,
    saving: `${amount} ${currency}`,
    standing: await rooms.cost.standing(),
  };
}
