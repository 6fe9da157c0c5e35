import { capability } from '../capability.ts';
import { MAY_CHANGE, monitorName, mustBe } from './monitor-change.ts';
import { orderFor } from './order-view.ts';

export const pauseMonitor = capability({
  id: 'alerts.pause-monitor',
  summary: 'Pause a model monitor',
  phrases: ['pause monitor {name} [because {reason}]'],
  examples: ['pause monitor ep-fraud-monitor'],
  input: monitorName,
  roles: MAY_CHANGE,
  effect: 'dangerous',
  preview: async ({ rooms }, { name }) => {
    const found = await rooms.models.monitors.needed(name);
    mustBe(found, true);
    return `${found.name} is paused: nothing it watches on ${found.endpoint ?? found.workspace} alerts anybody until it is resumed.`;
  },
  prepare: ({ rooms }, { name }) => rooms.models.monitors.needed(name),
  run: (turn, { reason }, found) =>
    orderFor(
      turn,
      found,
      { kind: 'monitor-change', name: found.name, change: { enabled: false } },
      `pause the monitor ${found.name}`,
      reason,
    ),
});
