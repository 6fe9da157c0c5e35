import { anomalyCard, anomalySummary } from '../../cards/cost/anomaly.ts';
import { budgetCard } from '../../cards/cost/budget.ts';
import { digestCard } from '../../cards/cost/digest.ts';
import { doneCard } from '../../cards/cost/done.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import type { Draw } from '../capability.ts';
import { anomalyView, neededAnomaly } from './anomaly-view.ts';
import { budgetView } from './budget-view.ts';
import { digestView } from './digest-view.ts';
import { sourceOf } from './view.ts';

const budget: Draw = async (rooms, { ids }, now) => {
  const found = rooms.organisation.budgets.find(({ id }) => id === ids['budget']);
  // It was taken out of wardroom.yaml meanwhile: there is nothing left to say.
  if (!found) return undefined;
  const card = budgetCard(budgetView(rooms, await rooms.cost.budgets.standing(found), now, ids['crossed']));
  return { card, summary: summaryOf(card) };
};

const anomaly: Draw = async (rooms, { ids }, now) => {
  const view = await anomalyView(rooms, await neededAnomaly(rooms, ids['anomaly'] ?? ''), now);
  return { card: anomalyCard(view), summary: anomalySummary(view) };
};

const digest: Draw = async (rooms, { ids }, now) => {
  const team = ids['team'] ?? '';
  if (await rooms.cost.digest.stopped(team)) return undefined;
  const card = digestCard(await digestView(rooms, team, now));
  return { card, summary: summaryOf(card) };
};

const held: Draw = async (rooms, { ids }, now) => {
  const { rule = '', model = '', why = '' } = ids;
  const card = doneCard({
    source: sourceOf(rooms, now, await rooms.cost.standing(), {}),
    word: 'over budget',
    tone: 'warning',
    text: `${model} was to be trained again by ${rule}, which would break a budget. ${why}`,
    next: { title: 'Train it all the same', verb: 'alerts.retrain', ids: { rule } },
  });
  return { card, summary: summaryOf(card) };
};

export const notices: Readonly<Record<string, Draw>> = {
  'cost.budget': budget,
  'cost.anomaly': anomaly,
  'cost.digest': digest,
  'cost.held': held,
};
