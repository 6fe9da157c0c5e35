import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import type { Draw } from '../capability.ts';
import { ownViews } from './own.ts';
import { neededRequest, requestView } from './view.ts';

/** A copy sent to one person is their own view: their vote, or that it is missing. */
const request: Draw = async (rooms, { ids }, now) => {
  const row = await neededRequest(rooms, ids['request'] ?? '');
  const view = await requestView(rooms, row, now, ids['person']);
  return { card: requestCard(view), summary: requestSummary(view), own: await ownViews(rooms, row) };
};

export const notices = { 'approvals.request': request };
