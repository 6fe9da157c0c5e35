import type { PromotePlan } from '../../services/approvals/index.ts';
import type { Rooms } from '../rooms.ts';
import { readModel, readSteps } from './release-words.ts';

/** The plan that somebody's words ask for, as Azure stands now. */
export const planRelease = (
  rooms: Rooms,
  asked: { model: string; endpoint: string; steps?: string | undefined },
): Promise<PromotePlan> =>
  rooms.approvals.plan(asked.endpoint, readModel(asked.model), asked.steps ? readSteps(asked.steps) : undefined);
