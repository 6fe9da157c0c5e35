import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { asked, neededCompute } from './money-request.ts';

export const stop = capability({
  id: 'cost.stop',
  summary: 'Ask to stop a machine or a cluster’s idle nodes; those who decide about money vote on it',
  phrases: ['stop compute {compute} [because {reason}]'],
  examples: ['stop compute ci-hugo', 'stop compute gpu-a100 because nobody trains this week'],
  input: z.object({ compute: freeText(60), reason: freeText(300).optional() }),
  roles: ['requester', 'responder', 'approver', 'admin'],
  effect: 'write',
  prepare: async ({ rooms, actor }, { compute }) => {
    const found = await neededCompute(rooms, compute);
    rooms.cost.allowed({ dimension: 'workspace', value: found.workspace }, actor);
    if (found.kind === 'instance' && found.nodes === 0)
      throw new Refused(`${found.name} is stopped already.`, 'Say “idle compute” for what stands idle.', 'stopped');
    if (found.kind === 'cluster' && found.leastNodes === 0)
      throw new Refused(
        `${found.name} keeps no nodes: Azure takes them away when nothing runs.`,
        'A running job is cancelled in Azure ML.',
        'keeps-none',
      );
    return found;
  },
  run: (turn, { reason }, found) => {
    const { rooms } = turn;
    const { name, workspace, because, owner } = found;
    const whose = owner ? ` It is ${owner.split('@')[0]}’s.` : '';
    const team = rooms.organisation.endpoints.find((each) => each.workspace === workspace)?.owner;
    return asked(turn, {
      title: `Stop ${name} in ${workspace}${found.monthly ? `, about ${found.monthly} a month` : ''}`,
      reason: `${reason ?? (because ? `${name} ${because}` : 'No reason was given')}.${whose}`.replace('..', '.'),
      change: { kind: 'stop', workspace, compute: name },
      what: `${name} in ${workspace}`,
      team,
    });
  },
});
