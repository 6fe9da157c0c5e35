import { z } from 'zod/v4';
import { money } from '../../cards/parts/numbers.ts';
import { counted } from '../../cards/parts/text.ts';
import { Refused } from '../../services/core/errors.ts';
import { endpointRef, freeText, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { asked, instancesWords, neededDeployment } from './money-request.ts';

export const save = capability({
  id: 'cost.save',
  summary: 'Ask to give a deployment fewer instances; those who decide about money vote on it',
  phrases: [
    'save on {endpoint} {deployment} with {instances} instance',
    'save on {endpoint} {deployment} with {instances} instances',
  ],
  examples: ['save on ep-aml blue with 1 instance'],
  input: z.object({ endpoint: endpointRef, deployment: freeText(63), instances: wholeNumber(1, 100) }),
  roles: ['requester', 'responder', 'admin'],
  effect: 'write',
  prepare: async (turn, { endpoint: name, deployment, instances }) => {
    const { endpoint, use, perInstance, currency } = await neededDeployment(turn, name, deployment);
    if (use.autoscaled)
      throw new Refused(
        `${deployment} of ${name} is autoscaled between ${use.autoscaled.least} and ${use.autoscaled.most} instances: a fixed number would not stay.`,
        `Say “stop autoscaling ${name} ${deployment}” first.`,
        'autoscaled',
      );
    if ((use.instances ?? 0) <= instances)
      throw new Refused(
        `${deployment} of ${name} has ${instancesWords(use)}.`,
        'Nothing is saved by that; name a smaller number.',
      );
    return {
      endpoint,
      use,
      saving: money({ amount: perInstance.times((use.instances ?? 0) - instances).toFixed(0), currency }),
    };
  },
  run: (turn, { deployment, instances }, { endpoint: { id: endpoint, workspace, owner }, use, saving }) => {
    const from = use.instances ?? instances;
    const busiest = use.peakCpuPercent === undefined ? 'not measured' : `${use.peakCpuPercent.toFixed(0)} %`;
    return asked(turn, {
      title: `Give ${deployment} of ${endpoint} ${instances} instead of ${counted(from, 'instance')}, about ${saving} a month less`,
      reason: `Its busiest hour of the week used the processors to ${busiest}`,
      change: { kind: 'scale', workspace, endpoint, deployment, from, to: instances },
      what: `${deployment} of ${endpoint} from ${from} to ${counted(instances, 'instance')}`,
      team: owner,
      endpoint,
    });
  },
});
