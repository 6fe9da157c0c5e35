import { z } from 'zod/v4';
import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import { endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededRequest, planOf, requestView, titleOf } from './view.ts';
import { lookAt } from './way-back.ts';

export const emergency = capability({
  id: 'approvals.emergency',
  summary: 'Roll back at once and without votes; a second person confirms, and a review follows',
  phrases: ['emergency rollback {endpoint} because {reason}', 'emergency roll back {endpoint} because {reason}'],
  examples: ['emergency rollback ep-fraud because good payments are declined'],
  input: z.object({ endpoint: endpointRef, reason: freeText() }),
  roles: ['responder', 'engineering'],
  effect: 'dangerous',
  secondPerson: true,
  preview: async (turn, { endpoint, reason }) => {
    const { back } = await lookAt(turn, endpoint);
    const losing = Object.entries(back.from).filter(([name, share]) => name !== back.deployment && share > 0);
    const lost = losing.map(([name, share]) => `${name} loses its ${share} %`).join(', ');
    const model = back.model ? ` (${back.model})` : '';
    return `Emergency, without votes: all traffic of ${endpoint} goes to ${back.deployment}${model}; ${lost}. Reason: ${reason}.`;
  },
  // Asked again when it is confirmed: what is carried out is the way back of that moment.
  prepare: (turn, { endpoint }) => lookAt(turn, endpoint),
  run: async (turn, { endpoint, reason }, { workspace, back }) => {
    const { rooms, tx, actor, askedBy } = turn;
    const [incident] = await rooms.alerts.openOn(tx, endpoint);
    const plan = planOf(workspace, endpoint, back.deployment, back.from);
    const id = await rooms.approvals.emergency(tx, {
      title: titleOf(endpoint, back.deployment, back.model),
      reason,
      requester: (askedBy ?? actor).id,
      confirmedBy: actor.id,
      endpoint,
      plan,
      ...(incident ? { incident: incident.id } : {}),
    });
    const view = await requestView({ ...rooms, db: tx }, await neededRequest({ ...rooms, db: tx }, id), turn.now);
    return {
      text: requestSummary(view),
      card: requestCard(view),
      data: { request: id, plan, reviewDue: view.emergency?.reviewDue.toString() },
      objects: [id, endpoint, ...(incident ? [incident.id] : [])],
      why: reason,
    };
  },
});
