import { z } from 'zod/v4';
import { thresholdsCard } from '../../cards/alerts/thresholds.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';
import { thresholdsView } from './thresholds-view.ts';

export const thresholds = capability({
  id: 'alerts.thresholds',
  summary: 'Show from where on drift of an endpoint is an alarm, and what decides how bad it is',
  phrases: [
    'thresholds of {endpoint}',
    'thresholds for {endpoint}',
    'drift thresholds of {endpoint}',
    'limits of {endpoint}',
    'limits for {endpoint}',
    'drift limits of {endpoint}',
  ],
  examples: ['thresholds of ep-fraud'],
  input: z.object({ endpoint: endpointRef }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint }) => {
    const view = await thresholdsView(rooms, endpoint, now);
    const lines = view.limits.map(
      ({ feature, value, from, last }) =>
        `${feature}  ${value}  (${from})${last === undefined ? '' : `  last ${last.toFixed(2)}`}`,
    );
    return {
      text: [`${endpoint}: default limit ${view.fallback}. ${view.business}`, ...lines].join('\n'),
      card: thresholdsCard(view),
      data: { endpoint, default: view.fallback, limits: view.limits, windows: view.windows },
    };
  },
});
