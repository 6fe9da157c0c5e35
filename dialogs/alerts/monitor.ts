import { z } from 'zod/v4';
import { type MonitorView, monitorCard } from '../../cards/alerts/monitors.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { metricWord, monitorLine, signalWord } from './monitors-view.ts';

export const monitor = capability({
  id: 'alerts.monitor',
  summary: 'Show a model monitor with its limits',
  phrases: ['monitor {name}', 'show monitor {name}'],
  examples: ['monitor ep-fraud-monitor'],
  input: z.object({ name: freeText(120) }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { name }) => {
    const found = await rooms.models.monitors.needed(name);
    const view: MonitorView = {
      now,
      monitor: monitorLine(found),
      thresholds: found.signals.flatMap(({ type, thresholds }) =>
        thresholds.map(({ metric, dataType, value }) => ({
          signal: signalWord(type),
          metric: metricWord(metric),
          ...(dataType ? { type: dataType.toLowerCase() } : {}),
          ...(value === undefined ? {} : { limit: value }),
        })),
      ),
      features: [...new Set(found.signals.flatMap(({ features }) => features))],
      asOf: now,
      source: 'Azure Machine Learning',
    };
    const limits = view.thresholds.map(
      ({ signal, metric, type, limit }) => `${signal}: ${metric} (${type ?? 'all'}) ${limit ?? 'no limit'}`,
    );
    return {
      text: [`${found.name} is ${found.enabled ? 'running' : 'paused'}.`, ...limits].join('\n'),
      card: monitorCard(view),
      data: found,
    };
  },
});
