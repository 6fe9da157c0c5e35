import { z } from 'zod/v4';
import { money } from '../../cards/parts/numbers.ts';
import { counted } from '../../cards/parts/text.ts';
import { Refused } from '../../services/core/errors.ts';
import { endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { asked, instancesWords, neededDeployment } from './money-request.ts';

/** The way back from autoscaling: as many instances as it could have had, so that nothing gets slower by it. */
export const unscale = capability({
  id: 'cost.unscale',
  summary: 'Ask to give an autoscaled deployment fixed instances again; those who decide about money vote on it',
  phrases: [
    'stop autoscaling {endpoint} {deployment}',
    'stop autoscaling {deployment} of {endpoint}',
    'stop autoscale of {endpoint} {deployment}',
    'turn off autoscaling of {endpoint} {deployment}',
    'turn off autoscaling of {deployment} of {endpoint}',
  ],
  examples: ['stop autoscaling ep-fraud blue'],
  input: z.object({ endpoint: endpointRef, deployment: freeText(63) }),
  roles: ['requester', 'responder', 'admin'],
  effect: 'write',
  prepare: async (turn, { endpoint: name, deployment }) => {
    const { endpoint, use, perInstance, currency } = await neededDeployment(turn, name, deployment);
    if (!use.autoscaled)
      throw new Refused(
        `${deployment} of ${name} is not autoscaled; it has ${instancesWords(use)}.`,
        `Say “save on ${name} ${deployment} with 1 instance” for fewer.`,
        'not-autoscaled',
      );
    const { most } = use.autoscaled;
    return {
      endpoint,
      scaled: use.autoscaled,
      monthly: money({ amount: perInstance.times(most).toFixed(0), currency }),
    };
  },
  run: (turn, { deployment }, { endpoint: { id: endpoint, workspace, owner }, scaled, monthly }) =>
    asked(turn, {
      title: `Give ${deployment} of ${endpoint} ${counted(scaled.most, 'fixed instance')} instead of autoscaling, ${monthly} a month`,
      reason: `The setting ${scaled.name} (${scaled.least} to ${counted(scaled.most, 'instance')}) is deleted with its rules`,
      change: { kind: 'fix', workspace, endpoint, deployment, to: scaled.most },
      what: `${deployment} of ${endpoint}: autoscaling off, ${counted(scaled.most, 'instance')}`,
      team: owner,
      endpoint,
    }),
});
