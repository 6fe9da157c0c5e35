import type { Temporal } from 'temporal-polyfill';
import { type RetrainingView, retrainingCard } from '../../cards/alerts/training.ts';
import { noted } from '../../cards/parts/card.ts';
import { counted } from '../../cards/parts/text.ts';
import type { RuleStanding } from '../../services/training/index.ts';
import type { Answer, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

export async function retrainingView(rooms: Rooms, now: Temporal.Instant): Promise<RetrainingView> {
  const all = await rooms.training.rules.standing(rooms.db);
  return { now, rules: all.map((each) => ruleLine(rooms, each)) };
}

function ruleLine(
  rooms: Rooms,
  { rule, paused, pausedBy, pausedWhy, last, next, runsThisMonth }: RuleStanding,
): RetrainingView['rules'][number] {
  const { drift, performance, every } = rule.when;
  return {
    id: rule.id,
    model: rule.model,
    endpoint: rule.endpoint,
    when: [
      ...(drift ? [`${drift.features} ${drift.features === 1 ? 'feature drifts' : 'features drift'}`] : []),
      ...(performance ? [`${performance.metric} falls below ${performance.below}`] : []),
      ...(every
        ? [`${counted(Math.round(every / 1440), 'day')} ${Math.round(every / 1440) === 1 ? 'has' : 'have'} passed`]
        : []),
    ],
    cooldownMinutes: rule.cooldown,
    ...(paused
      ? { paused: { by: rooms.people.nameOf(pausedBy ?? ''), ...(pausedWhy ? { why: pausedWhy } : {}) } }
      : {}),
    ...(last ? { last } : {}),
    ...(next ? { next } : {}),
    ...(rule.estimate && rule.monthlyBudget
      ? { budget: { spent: times(rule.estimate, runsThisMonth), of: rule.monthlyBudget } }
      : {}),
  };
}

/** Whole cents are enough for a sum of estimates. */
const times = ({ amount, currency }: { amount: string; currency: string }, count: number) => {
  const [whole = '0', cents = ''] = amount.split('.');
  const total = BigInt(`${whole}${cents.padEnd(4, '0').slice(0, 4)}`) * BigInt(count);
  const text = total.toString().padStart(5, '0');
  return { amount: `${text.slice(0, -4)}.${text.slice(-4)}`, currency };
};

/** The list of rules after one of them was changed, with what was done. */
export async function rulesAnswer(
  turn: Turn,
  text: string,
  rule: { id: string; model: string; endpoint: string },
  why?: string,
): Promise<Answer> {
  const view = await retrainingView({ ...turn.rooms, db: turn.tx }, turn.now);
  return {
    text,
    card: noted(retrainingCard(view), text),
    data: { rule: rule.id },
    objects: [rule.id, rule.model, rule.endpoint],
    ...(why ? { why } : {}),
  };
}
