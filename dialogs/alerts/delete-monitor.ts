import { capability } from '../capability.ts';
import { MAY_CHANGE, monitorName } from './monitor-change.ts';
import { orderFor } from './order-view.ts';

export const deleteMonitor = capability({
  id: 'alerts.delete-monitor',
  summary: 'Delete a model monitor in Azure Machine Learning',
  phrases: ['delete monitor {name} [because {reason}]'],
  examples: ['delete monitor ep-fraud-monitor'],
  input: monitorName,
  roles: MAY_CHANGE,
  effect: 'dangerous',
  preview: async ({ rooms }, { name }) => {
    const found = await rooms.models.monitors.needed(name);
    return `${found.name} is deleted for good: its results stay in run history, its schedule and limits are gone. Pausing keeps them.`;
  },
  prepare: ({ rooms }, { name }) => rooms.models.monitors.needed(name),
  run: (turn, { reason }, found) =>
    orderFor(turn, found, { kind: 'monitor-delete', name: found.name }, `delete the monitor ${found.name}`, reason),
});
