import { z } from 'zod/v4';
import { experimentCard, experimentSummary } from '../../cards/approvals/experiment.ts';
import type { TestPlan, TestReading } from '../../services/approvals/index.ts';
import { isRefused, messageOf, Refused } from '../../services/core/errors.ts';
import { experimentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { experimentView } from './ab-view.ts';

export const abStop = capability({
  id: 'approvals.ab-stop',
  summary: 'Stop an A/B test: the traffic goes back to what it was',
  phrases: ['stop test {test}'],
  examples: ['stop test AB-103'],
  input: z.object({ test: experimentId }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  // Read once more, so that the last word of the test is kept; the way back does not wait for an Azure that does not answer.
  prepare: async ({ rooms }, { test }) => {
    const row = await rooms.experiments.needed(rooms.db, test);
    try {
      return { reading: await rooms.experiments.read(row) };
    } catch (error) {
      return { unread: isRefused(error) ? error.message : messageOf(error).slice(0, 160) };
    }
  },
  run: async (turn, { test }, { reading, unread }: { reading?: TestReading | undefined; unread?: string }) => {
    const { rooms, tx } = turn;
    const row = await rooms.experiments.needed(tx, test);
    const { state, by } = await rooms.experiments.stateOf(tx, row);
    if (state === 'overtaken' && by) {
      // What moved it was decided after the test: putting back what served before would undo that.
      await rooms.experiments.stopped(tx, test, turn.actor.id, reading ?? {});
      const view = await experimentView(
        { ...rooms, db: tx },
        await rooms.experiments.needed(tx, test),
        turn.now,
        reading,
      );
      return {
        text: `${experimentSummary(view)}. ${by.change} had moved the traffic of ${row.endpoint} already: it stays as it is.`,
        card: experimentCard(view),
        data: { test, reading },
        objects: [test, row.endpoint],
      };
    }
    const request = row.request ? await rooms.approvals.find(tx, row.request) : undefined;
    if (state !== 'running' || !request)
      throw new Refused(`${test} does not run: it is ${state}.`, `Say “read test ${test}”.`);
    const plan = row.plan as unknown as TestPlan;
    const now = (request.plan as { traffic: Record<string, number> }).traffic;
    const back = await rooms.approvals.preapproved(
      tx,
      {
        title: `End ${test}: the traffic of ${row.endpoint} goes back`,
        reason: `${test} ends${reading ? `: ${reading.verdict}` : unread ? `, and could not be read once more: ${unread}` : ''}`,
        requester: turn.actor.id,
        endpoint: row.endpoint,
        plan: {
          workspace: row.workspace,
          traffic: { ...Object.fromEntries(Object.keys(now).map((name) => [name, 0])), ...plan.from },
          from: now,
          what: `${row.endpoint} back after ${test}`,
        },
      },
      { request: request.id, digest: request.digest },
    );
    await rooms.experiments.stopped(tx, test, turn.actor.id, reading ?? {});
    const inside = { ...rooms, db: tx };
    const view = await experimentView(inside, await rooms.experiments.needed(tx, test), turn.now, reading);
    return {
      text: experimentSummary(view),
      card: experimentCard(view),
      data: { test, request: back, reading },
      objects: [test, back, row.endpoint],
    };
  },
});
