import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import type { Draw } from '../capability.ts';
import { neededRequest, requestView } from './view.ts';

/** A copy sent to one person is their own view: their vote, or that it is missing. */
const request: Draw = async (rooms, { ids }, now) => {
  const view = await requestView(rooms, await neededRequest(rooms, ids['request'] ?? ''), now, ids['person']);
  return { card: requestCard(view), summary: requestSummary(view) };
};

export const notices = { 'approvals.request': request };
