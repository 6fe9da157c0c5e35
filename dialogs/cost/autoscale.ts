import { z } from 'zod/v4';
import { money } from '../../cards/parts/numbers.ts';
import { counted } from '../../cards/parts/text.ts';
import { Refused } from '../../services/core/errors.ts';
import { autoscaleLimits, scaledByHour } from '../../services/cost/index.ts';
import { endpointRef, freeText, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { asked, neededDeployment } from './money-request.ts';

const MOST_INSTANCES = 100;

export const autoscale = capability({
  id: 'cost.autoscale',
  summary: 'Ask to let Azure change a deployment’s instances by its load; those who decide about money vote on it',
  phrases: [
    'autoscale {endpoint} {deployment} between {least} and {most} [instances]',
    'autoscale {deployment} of {endpoint} between {least} and {most} [instances]',
    'autoscale {deployment} of {endpoint} from {least} to {most} [instances]',
    'autoscale {endpoint} {deployment} from {least} to {most} [instances]',
  ],
  examples: ['autoscale ep-fraud blue between 2 and 4'],
  input: z.object({
    endpoint: endpointRef,
    deployment: freeText(63),
    least: wholeNumber(1, MOST_INSTANCES),
    most: wholeNumber(2, MOST_INSTANCES),
  }),
  roles: ['requester', 'responder', 'admin'],
  effect: 'write',
  prepare: async (turn, { endpoint: name, deployment, least, most }) => {
    if (least >= most)
      throw new Refused(`${least} to ${most} instances leave nothing to scale.`, 'Name a smaller and a larger number.');
    const { endpoint, use, perInstance, currency } = await neededDeployment(turn, name, deployment);
    if (use.autoscaled)
      throw new Refused(
        `${deployment} of ${name} is autoscaled between ${use.autoscaled.least} and ${use.autoscaled.most} instances already, by ${use.autoscaled.name}.`,
        `Say “stop autoscaling ${name} ${deployment}” for fixed instances.`,
        'autoscaled',
      );
    if (use.kubernetes)
      throw new Refused(
        `${name} runs on a Kubernetes cluster, which Azure Monitor does not scale.`,
        'Its owner sets the scaling of the cluster’s extension.',
        'kubernetes',
      );
    const from = use.instances ?? most;
    const hours = scaledByHour(use.hourlyCpuPercent ?? [], from, autoscaleLimits(least, most));
    const mean = hours.reduce((sum, instances) => sum + instances, 0) / Math.max(1, hours.length);
    const less = perInstance.times(from - mean);
    const amount = (sum: typeof less) => money({ amount: sum.toFixed(0), currency });
    const monthly =
      hours.length === 0
        ? `at most ${amount(perInstance.times(most))} a month`
        : `about ${amount(less.abs())} a month ${less.isNegative() ? 'more' : 'less'}`;
    return { endpoint, from, monthly };
  },
  run: (turn, { deployment, least, most }, { endpoint: { id: endpoint, workspace, owner }, from, monthly }) => {
    const limits = autoscaleLimits(least, most);
    return asked(turn, {
      title: `Let Azure scale ${deployment} of ${endpoint} between ${least} and ${most} instead of ${counted(from, 'fixed instance')}, ${monthly}`,
      reason: `One instance more above ${limits.outAbovePercent} % of the processors for 5 minutes, one fewer below ${limits.inBelowPercent} % for 15 minutes; a new instance needs some minutes`,
      change: { kind: 'autoscale', workspace, endpoint, deployment, from, ...limits },
      what: `${deployment} of ${endpoint}: ${from} fixed to ${least} to ${most} instances by load`,
      team: owner,
      endpoint,
    });
  },
});
