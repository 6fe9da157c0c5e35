import { z } from 'zod/v4';
import { requestSummary } from '../../cards/approvals/request.ts';
import type { Found } from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';
import { deviationId, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { requestAnswer } from './own.ts';
import { neededRequest } from './view.ts';

export const putBack = capability({
  id: 'approvals.put-back',
  summary: 'Give an endpoint back the traffic that was approved: at once, or by a vote when it never was',
  phrases: ['put back {deviation} because {reason}'],
  examples: ['put back DEV-102 because nobody asked for it'],
  input: z.object({ deviation: deviationId, reason: freeText() }),
  roles: ['responder', 'requester'],
  effect: 'write',
  run: async (turn, { deviation: id, reason }) => {
    const { rooms, tx } = turn;
    const row = await rooms.serving.needed(tx, id);
    const { expected, serves, words, gone } = row.found as Found;
    if (gone)
      throw new Refused(
        `${row.endpoint} was deleted, so there is nothing whose traffic could be moved.`,
        `Make it anew in Azure with its deployments, or say “accept ${id} because …”.`,
      );
    if (words.some((each) => / serves /.test(each)))
      throw new Refused(
        `Another model version serves in the same deployment of ${row.endpoint}; moving traffic does not change that.`,
        `Say “rollback ${row.endpoint}”, or ask for an approval of what serves now.`,
      );
    const workspace = rooms.organisation.endpoints.find((each) => each.id === row.endpoint)?.workspace ?? '';
    const traffic = {
      ...Object.fromEntries(Object.keys(serves.traffic).map((name) => [name, 0])),
      ...expected.traffic,
    };
    const proposal = {
      title: `Put ${row.endpoint} back: ${Object.entries(traffic)
        .filter(([, share]) => share > 0)
        .map(([name, share]) => `${name} ${share} %`)
        .join(', ')}`,
      reason: `${id}: ${reason}`,
      requester: turn.actor.id,
      endpoint: row.endpoint,
      plan: {
        workspace,
        traffic,
        mirror: expected.mirror,
        from: serves.traffic,
        what: `${row.endpoint} traffic as it was approved`,
      },
    };
    const approvedBy = await rooms.serving.approvedBy(tx, row.endpoint);
    const digest = approvedBy && (await rooms.approvals.find(tx, approvedBy))?.digest;
    const request =
      approvedBy && digest
        ? await rooms.approvals.preapproved(tx, proposal, { request: approvedBy, digest })
        : await rooms.approvals.open(tx, proposal);
    const inside = { ...rooms, db: tx };
    const { view, shown } = await requestAnswer(turn, inside, await neededRequest(inside, request));
    return {
      text: requestSummary(view),
      ...shown,
      data: { request, deviation: id },
      objects: [id, request, row.endpoint],
      why: reason,
    };
  },
});
