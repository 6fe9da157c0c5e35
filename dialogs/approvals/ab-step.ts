import { experimentCard, experimentSummary } from '../../cards/approvals/experiment.ts';
import { sizeOf } from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { EndpointLook } from '../../services/fleet/index.ts';
import { draftId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { type StepInput, step, stepInput } from '../stepped.ts';
import { experimentView, testForm, testPlan } from './ab-view.ts';

const MINUTES_A_DAY = 1440;

export const abStep = capability({
  id: 'approvals.ab-step',
  summary: 'Go on with the form of an A/B test',
  phrases: ['continue test {draft}'],
  examples: ['continue test DRF-104'],
  input: stepInput(testForm).extend({ draft: draftId }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  // Who serves what, and how much traffic there is, is asked before the answers are taken.
  prepare: async ({ rooms }, input): Promise<EndpointLook | undefined> => {
    const draft = await rooms.drafts.find(rooms.db, input.draft);
    const name = String((input as StepInput)['endpoint'] ?? draft?.values['endpoint' as never] ?? '');
    const endpoint = rooms.organisation.endpoints.find(({ id }) => id === name);
    return endpoint && (await rooms.fleet.look(endpoint.workspace, endpoint.id));
  },
  run: (turn, input, look: EndpointLook | undefined) =>
    step(turn, testPlan, input as unknown as StepInput, async (_, answers) => {
      const wish = testForm.parse(answers);
      const endpoint = turn.rooms.organisation.endpoints.find(({ id }) => id === wish.endpoint);
      if (!endpoint || !look)
        throw new Refused(`I do not know the endpoint ${wish.endpoint}.`, 'Say “endpoints” for the list.');
      if (wish.candidate === wish.current)
        throw new Refused(
          `Both sides of the test are ${wish.model}:${wish.current}.`,
          'Go back and name two versions: the one to try, and the one that it is compared with.',
        );
      const serves = (version: number) => {
        const found = look.deployments.find(({ model }) => model === `${wish.model}:${version}`);
        if (!found)
          throw new Refused(
            `No deployment of ${wish.endpoint} has ${wish.model}:${version}.`,
            `Ask for an approval of ${wish.model}:${version} first, with a small first step.`,
          );
        return { deployment: found.name, version: String(version) };
      };
      const own = wish.metric === 'rate' || wish.metric === 'mean';
      if (own !== (wish.outcome !== undefined))
        throw new Refused(
          own ? `A ${wish.metric} of your own needs its name.` : `${wish.metric} has a name already.`,
          own
            ? 'Write how it is called in WardroomOutcomes_CL, such as conversion.'
            : 'Leave the name out, or choose rate or mean.',
        );
      const requestsPerDay = (look.requestsPerMinute ?? 0) * MINUTES_A_DAY;
      if (requestsPerDay <= 0)
        throw new Refused(
          `Azure Monitor does not tell of any traffic on ${wish.endpoint}.`,
          'Try again in a few minutes.',
        );
      const size = sizes({ ...wish, margin: wish.margin || undefined }, requestsPerDay);
      const row = await turn.rooms.experiments.plan(turn.tx, {
        endpoint: wish.endpoint,
        workspace: endpoint.workspace,
        model: wish.model,
        owner: turn.actor.id,
        plan: {
          ...size,
          metric: wish.metric,
          ...(wish.outcome === undefined ? {} : { outcome: wish.outcome, better: wish.better ?? 'higher' }),
          baseline: wish.baseline,
          effect: wish.effect,
          ...(wish.margin === undefined || wish.margin === 0 ? {} : { margin: wish.margin }),
          power: wish.power,
          share: wish.share,
          current: serves(wish.current),
          candidate: serves(wish.candidate),
          from: look.traffic,
          requestsPerDay,
        },
      });
      const view = await experimentView({ ...turn.rooms, db: turn.tx }, row, turn.now);
      return {
        answer: {
          text: experimentSummary(view),
          card: experimentCard(view),
          data: { id: row.id, plan: row.plan },
          objects: [row.id, row.endpoint],
        },
        result: row.id,
      };
    }),
});

function sizes(wish: Parameters<typeof sizeOf>[0], requestsPerDay: number) {
  try {
    return sizeOf(wish, requestsPerDay);
  } catch (error) {
    if (error instanceof RangeError)
      throw new Refused(
        `These wishes have no answer: ${error.message}.`,
        'Name a difference above 0, and a baseline that leaves room for it.',
      );
    throw error;
  }
}
