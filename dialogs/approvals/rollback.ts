import { z } from 'zod/v4';
import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import { Refused } from '../../services/core/errors.ts';
import { endpointRef, freeText, incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededRequest, planOf, requestView, titleOf } from './view.ts';
import { lookAt } from './way-back.ts';

export const rollback = capability({
  id: 'approvals.rollback',
  summary: 'Ask for approval to send all traffic back to the deployment before',
  phrases: ['rollback {endpoint} [because {reason}]', 'roll back {endpoint} [because {reason}]'],
  examples: ['rollback ep-fraud because v7 drifts'],
  input: z.object({ endpoint: endpointRef, incident: incidentId.optional(), reason: freeText().optional() }),
  roles: ['responder', 'requester'],
  effect: 'write',
  // The plan is made from what Azure says now, not from what a card said then: votes are cast on this plan.
  prepare: (turn, { endpoint }) => lookAt(turn, endpoint),
  run: async (turn, { endpoint, incident: named, reason }, { workspace, back }) => {
    const { rooms } = turn;
    const incident = named ?? (await rooms.alerts.openOn(turn.tx, endpoint))[0]?.id;
    const row = incident ? await rooms.alerts.find(turn.tx, incident) : undefined;
    if (named && row?.endpoint !== endpoint)
      throw new Refused(`${named} is not about ${endpoint}.`, 'Open the incident again.');
    if (row?.state === 'resolved')
      throw new Refused(
        `${row.id} is resolved: there is nothing to roll back for.`,
        `Say “rollback ${endpoint}” if you still want it.`,
      );
    const why = reason ?? (row ? `${row.id}: ${row.title}` : 'No reason was given.');
    const id = await rooms.approvals.open(turn.tx, {
      title: titleOf(endpoint, back.deployment, back.model),
      reason: why,
      requester: turn.actor.id,
      endpoint,
      plan: planOf(workspace, endpoint, back.deployment, back.from),
      ...(row ? { incident: row.id } : {}),
    });
    const inside = { ...rooms, db: turn.tx };
    const view = await requestView(inside, await neededRequest(inside, id), turn.now, turn.actor.id);
    return {
      text: requestSummary(view),
      card: requestCard(view),
      data: { request: id, plan: planOf(workspace, endpoint, back.deployment, back.from), missing: view.missing },
      objects: [id, endpoint, ...(row ? [row.id] : [])],
      why,
    };
  },
});
