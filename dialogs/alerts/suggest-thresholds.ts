import { z } from 'zod/v4';
import { type SuggestionsView, suggestionsCard, suggestionsHeadline } from '../../cards/alerts/thresholds.ts';
import { endpointRef } from '../arguments.ts';
import { capability } from '../capability.ts';

export const suggestThresholds = capability({
  id: 'alerts.suggest-thresholds',
  summary: 'Suggest limits of drift from the history: few false alarms, and which shifts would still be found',
  phrases: ['suggest thresholds for {endpoint}', 'suggest thresholds of {endpoint}'],
  examples: ['suggest thresholds for ep-fraud'],
  input: z.object({ endpoint: endpointRef }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { endpoint }) => {
    const found = await rooms.models.limits.suggest(rooms.db, endpoint);
    const view: SuggestionsView = {
      now,
      endpoint,
      lines: found.map(({ feature, limit, suggestion, alarmsNow, alarmsThen }) => ({
        feature,
        limit,
        ...(suggestion.limit === undefined ? {} : { suggested: suggestion.limit }),
        quiet: suggestion.quiet,
        falseNow: suggestion.falseAlarmsNow,
        falseThen: suggestion.falseAlarmsThen,
        ...(suggestion.detects === undefined ? {} : { detects: suggestion.detects }),
        alarmsNow,
        alarmsThen,
        because: suggestion.because,
      })),
    };
    const lines = view.lines.map(
      ({ feature, limit, suggested }) => `${feature}  now ${limit}  suggested ${suggested ?? 'unknown'}`,
    );
    return { text: [suggestionsHeadline(view), ...lines].join('\n'), card: suggestionsCard(view), data: view.lines };
  },
});
