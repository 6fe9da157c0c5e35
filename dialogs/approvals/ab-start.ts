import { z } from 'zod/v4';
import { requestSummary } from '../../cards/approvals/request.ts';
import { nameOf, type TestPlan, testShares, unitOf } from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';
import { sameTraffic } from '../../services/fleet/index.ts';
import { experimentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { requestAnswer } from './own.ts';
import { neededRequest } from './view.ts';

export const abStart = capability({
  id: 'approvals.ab-start',
  summary: 'Ask for the traffic split of a planned A/B test',
  phrases: ['start test {test}'],
  examples: ['start test AB-103'],
  input: z.object({ test: experimentId }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  prepare: async ({ rooms }, { test }) => {
    const { workspace, endpoint } = await rooms.experiments.needed(rooms.db, test);
    return rooms.fleet.look(workspace, endpoint);
  },
  run: async (turn, { test }, look) => {
    const { rooms, tx } = turn;
    const row = await rooms.experiments.needed(tx, test);
    const { state } = await rooms.experiments.stateOf(tx, row);
    if (state !== 'planned' && state !== 'refused')
      throw new Refused(`${test} is ${state} already.`, `Say “read test ${test}”.`);
    const plan = row.plan as unknown as TestPlan;
    // Its end puts back what served when it was planned.
    if (!look || !sameTraffic(look.traffic, plan.from))
      throw new Refused(
        `The traffic of ${row.endpoint} is no longer what ${test} was planned on.`,
        `Plan it anew: “plan test of ${row.model}:${plan.candidate.version} against ${plan.current.version} on ${row.endpoint}”.`,
      );
    const rollout = await rooms.rollouts.openOn(tx, row.endpoint);
    if (rollout)
      throw new Refused(
        `${rollout.id} is under way on ${row.endpoint}, and a test would move its traffic.`,
        `Wait until it has ended; “rollout ${rollout.id}” shows how far it is.`,
      );
    const traffic = { ...Object.fromEntries(Object.keys(plan.from).map((name) => [name, 0])), ...testShares(plan) };
    const request = await rooms.approvals.open(tx, {
      title: `Test ${row.model}:${plan.candidate.version} against ${plan.current.version} on ${row.endpoint}: ${plan.share} % to ${plan.candidate.deployment}`,
      reason: `${test}: to see ${plan.effect} ${unitOf(plan.metric)} of ${nameOf(plan)}`,
      requester: turn.actor.id,
      endpoint: row.endpoint,
      plan: { workspace: row.workspace, traffic, from: plan.from, what: `${row.endpoint} split for ${test}` },
    });
    await rooms.experiments.asked(tx, test, request);
    const inside = { ...rooms, db: tx };
    const { view, shown } = await requestAnswer(turn, inside, await neededRequest(inside, request));
    return {
      text: requestSummary(view),
      ...shown,
      data: { test, request },
      objects: [test, request, row.endpoint],
    };
  },
});
