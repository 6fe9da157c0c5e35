import { z } from 'zod/v4';
import { requestSummary } from '../../cards/approvals/request.ts';
import { rolloutCard, rolloutSummary } from '../../cards/approvals/rollout.ts';
import { Refused } from '../../services/core/errors.ts';
import { endpointRef, freeText, incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { requestAnswer } from './own.ts';
import { rolloutData, rolloutView } from './rollout-view.ts';
import { neededRequest, planOf, titleOf } from './view.ts';
import { lookAt } from './way-back.ts';

export const rollback = capability({
  id: 'approvals.rollback',
  summary: 'Send all traffic back: at once to what was approved before, otherwise after a vote',
  phrases: ['rollback', 'roll back'].flatMap((verb) => [
    `${verb} {endpoint} [because {reason}]`,
    `${verb} {endpoint} to {deployment} [because {reason}]`,
  ]),
  examples: ['rollback ep-fraud because v7 drifts', 'rollback ep-fraud to blue because v7 drifts'],
  input: z.object({
    endpoint: endpointRef,
    // Where the way back leads is not for the person to choose; what they expect is checked.
    deployment: freeText(32).optional(),
    incident: incidentId.optional(),
    reason: freeText().optional(),
  }),
  roles: ['responder', 'requester'],
  effect: 'write',
  // The plan is made from what Azure says now, not from what a card said then: votes are cast on this plan.
  prepare: async (turn, { endpoint }) =>
    (await turn.rooms.rollouts.openOn(turn.rooms.db, endpoint)) ? undefined : lookAt(turn, endpoint),
  run: async (
    turn,
    { endpoint, deployment, incident: named, reason },
    found: Awaited<ReturnType<typeof lookAt>> | undefined,
  ) => {
    const { rooms } = turn;
    const open = await rooms.rollouts.openOn(turn.tx, endpoint);
    if (open) {
      // The plan that was voted on says what the way back is.
      const row = await rooms.rollouts.abort(turn.tx, open.id, turn.actor.id, reason ?? 'No reason was given.');
      const view = await rolloutView({ ...rooms, db: turn.tx }, row, turn.now);
      return {
        text: rolloutSummary(view),
        card: rolloutCard(view),
        data: rolloutData(row),
        objects: [open.id, open.request, endpoint],
        why: reason ?? 'No reason was given.',
      };
    }
    if (!found) throw new Refused(`A rollout of ${endpoint} has just ended.`, `Say “rollback ${endpoint}” again.`);
    const { workspace, from, before, back } = found;
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
    const to = before ?? back;
    if (deployment !== undefined && !namesOf(to).includes(deployment.toLowerCase()))
      throw new Refused(
        `The way back of ${endpoint} leads to ${to.deployment}, not to ${deployment}.`,
        `Say “rollback ${endpoint}”, or “request approval for …” for another version.`,
      );
    const plan = planOf(workspace, endpoint, to.deployment, from);
    const proposal = {
      title: titleOf(endpoint, to.deployment, to.model),
      reason: why,
      requester: turn.actor.id,
      endpoint,
      plan,
      ...(row ? { incident: row.id } : {}),
    };
    const digest = before && (await rooms.approvals.find(turn.tx, before.request))?.digest;
    const id =
      before && digest
        ? await rooms.approvals.preapproved(turn.tx, proposal, { request: before.request, digest })
        : await rooms.approvals.open(turn.tx, proposal);
    const inside = { ...rooms, db: turn.tx };
    const { view, shown } = await requestAnswer(turn, inside, await neededRequest(inside, id));
    return {
      text: requestSummary(view),
      ...shown,
      data: { request: id, plan, missing: view.missing, ...(before ? { preapproved: before.request } : {}) },
      objects: [id, endpoint, ...(row ? [row.id] : [])],
      why,
    };
  },
});

/** What people call where the way back leads: “blue”, “fraud-detector:6”, “v6”, “6”. */
const namesOf = ({ deployment, model }: { deployment: string; model?: string | undefined }): string[] => {
  const version = model?.split(':')[1];
  return [deployment, model, version, version && `v${version}`].flatMap((name) => name?.toLowerCase() ?? []);
};
