import { capability } from '../capability.ts';
import { MAY_CHANGE, monitorName, mustBe } from './monitor-change.ts';
import { orderFor } from './order-view.ts';

export const resumeMonitor = capability({
  id: 'alerts.resume-monitor',
  summary: 'Resume a model monitor',
  phrases: ['resume monitor {name} [because {reason}]'],
  examples: ['resume monitor ep-fraud-monitor'],
  input: monitorName,
  roles: MAY_CHANGE,
  effect: 'dangerous',
  preview: async ({ rooms }, { name }) => {
    const found = await rooms.models.monitors.needed(name);
    mustBe(found, false);
    return `${found.name} runs again at its next time, ${found.schedule ?? 'by its schedule'}.`;
  },
  prepare: ({ rooms }, { name }) => rooms.models.monitors.needed(name),
  run: (turn, { reason }, found) =>
    orderFor(
      turn,
      found,
      { kind: 'monitor-change', name: found.name, change: { enabled: true } },
      `resume the monitor ${found.name}`,
      reason,
    ),
});
