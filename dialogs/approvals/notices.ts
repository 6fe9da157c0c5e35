import { saidCard } from '../../cards/alerts/said.ts';
import { deviationCard, deviationSummary } from '../../cards/approvals/deviation.ts';
import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import { reviewCard } from '../../cards/approvals/review.ts';
import { rolloutCard, rolloutSummary } from '../../cards/approvals/rollout.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import type { Draw } from '../capability.ts';
import { deviationView } from './deviation-view.ts';
import { ownViews } from './own.ts';
import { neededRollout, rolloutView } from './rollout-view.ts';
import { neededRequest, requestView } from './view.ts';

/** A copy sent to one person is their own view: their vote, or that it is missing. */
const request: Draw = async (rooms, { ids }, now) => {
  const row = await neededRequest(rooms, ids['request'] ?? '');
  const standing = await rooms.approvals.standing(rooms.db, row);
  const view = await requestView(rooms, row, now, ids['person'], standing);
  return { card: requestCard(view), summary: requestSummary(view), own: await ownViews(rooms, row, standing) };
};

const rollout: Draw = async (rooms, { ids }, now) => {
  const view = await rolloutView(rooms, await neededRollout(rooms, ids['rollout'] ?? ''), now);
  return { card: rolloutCard(view), summary: rolloutSummary(view) };
};

const deviation: Draw = async (rooms, { ids }, now) => {
  const row = await rooms.serving.find(rooms.db, ids['deviation'] ?? '');
  if (!row) return undefined;
  const view = await deviationView(rooms, row, now);
  return { card: deviationCard(view), summary: deviationSummary(view) };
};

/** Replies in the thread of a rollout: each step, and why it stands still or ended. */
const rolloutSaid: Draw = async (_rooms, { ids }) => {
  const text = `${ids['rollout']}: ${ids['words']}`;
  return { card: saidCard({ text }), summary: text };
};

const review: Draw = async (rooms, { ids }, now) => {
  const { id, emergency, what } = await requestView(rooms, await neededRequest(rooms, ids['request'] ?? ''), now);
  // Reviewed since: nothing is left to be reminded of.
  if (!emergency || emergency.review) return undefined;
  const card = reviewCard({ now, id, what, confirmedBy: emergency.confirmedBy, due: emergency.reviewDue });
  return { card, summary: summaryOf(card) };
};

export const notices = {
  'approvals.request': request,
  'approvals.review': review,
  'approvals.rollout': rollout,
  'approvals.deviation': deviation,
  'approvals.rollout-said': rolloutSaid,
};
