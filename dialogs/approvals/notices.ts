import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import type { Draw } from '../capability.ts';
import { ownViews } from './own.ts';
import { neededRequest, requestView } from './view.ts';

/** A copy sent to one person is their own view: their vote, or that it is missing. */
const request: Draw = async (rooms, { ids }, now) => {
  const row = await neededRequest(rooms, ids['request'] ?? '');
  const standing = await rooms.approvals.standing(rooms.db, row);
  const view = await requestView(rooms, row, now, ids['person'], standing);
  return { card: requestCard(view), summary: requestSummary(view), own: await ownViews(rooms, row, standing) };
};

export const notices = { 'approvals.request': request };
