import { z } from 'zod/v4';
import { decimalNumber, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { limitWords, MAY_CHANGE } from './monitor-change.ts';
import { orderFor } from './order-view.ts';

export const changeMonitor = capability({
  id: 'alerts.change-monitor',
  summary: 'Change the limit of a model monitor',
  phrases: ['change limit of monitor {name} to {limit} [because {reason}]', 'change monitor {name} to {limit}'],
  examples: ['change limit of monitor ep-fraud-monitor to 0.25'],
  input: z.object({ name: freeText(120), limit: decimalNumber(0, 10), reason: freeText(200).optional() }),
  roles: MAY_CHANGE,
  effect: 'dangerous',
  preview: async ({ rooms }, { name, limit }) => {
    const found = await rooms.models.monitors.needed(name);
    const now = [...new Set(found.signals.flatMap(({ thresholds }) => thresholds.flatMap(({ value }) => value ?? [])))];
    const effect = found.endpoint
      ? await rooms.models.limits.preview(rooms.db, found.endpoint, 'default', limit)
      : undefined;
    const tried = effect && effect.windows > 0 ? ` ${effectWords(effect)}` : '';
    return `Every limit of ${found.name} becomes ${limitWords(limit)} (now ${now.map(limitWords).join(' and ') || 'none'}), from its next run on.${tried}`;
  },
  prepare: ({ rooms }, { name }) => rooms.models.monitors.needed(name),
  run: (turn, { limit, reason }, found) =>
    orderFor(
      turn,
      found,
      { kind: 'monitor-change', name: found.name, change: { limit: { value: limit } } },
      `set the limits of the monitor ${found.name} to ${limitWords(limit)}`,
      reason,
    ),
});

/** "Over 92 stored windows it would have alarmed 3 times instead of 9." */
export const effectWords = (effect: { windows: number; alarmsThen: number; alarmsBefore: number }): string =>
  `Over ${effect.windows} stored windows it would have alarmed ${effect.alarmsThen} ${effect.alarmsThen === 1 ? 'time' : 'times'} instead of ${effect.alarmsBefore}.`;
