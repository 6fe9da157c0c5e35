import { wayBack } from '../../services/alerts/index.ts';
import { approvedBefore, type PromotePlan, servedBefore } from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Turn } from '../capability.ts';

/** What was approved and served on an endpoint, the newest first. */
const doneOn = async (rooms: Turn['rooms'], endpoint: string) =>
  (await rooms.rollouts.done(rooms.db, endpoint)).map(({ id, request, plan }) => ({
    id,
    request,
    plan: plan as PromotePlan,
  }));

/** The way back of an endpoint as Azure says it now; a change is not planned on old numbers. */
export async function lookAt({ rooms }: Pick<Turn, 'rooms'>, name: string) {
  const endpoint = rooms.organisation.endpoints.find(({ id }) => id === name);
  if (!endpoint) throw new Refused(`I do not know the endpoint ${name}.`, 'Say “endpoints” for the list.');
  const state = await rooms.fleet.look(endpoint.workspace, endpoint.id);
  if (!state) throw new Refused(`Azure has no endpoint ${name}.`, 'It may have been deleted.');
  if (state.stale)
    throw new Refused(
      'Azure does not answer now, and I do not plan a change on old numbers.',
      'Try again in a minute.',
    );
  const done = await doneOn(rooms, name);
  const before = approvedBefore(done, state);
  const stands = before ?? servedBefore(done, state);
  const back = wayBack(state) ?? (stands && { ...stands, from: state.traffic });
  if (!back)
    throw new Refused(
      `Only one deployment of ${name} gets traffic, so there is nothing to roll back to.`,
      `“request approval for …” puts another version on it; “endpoint ${name}” shows what stands.`,
    );
  return { workspace: endpoint.workspace, back, from: state.traffic, ...(before ? { before } : {}) };
}
