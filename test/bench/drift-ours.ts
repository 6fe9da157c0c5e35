import { systemClock } from '../../services/core/clock.ts';
import { compareFiles } from '../../services/drift/index.ts';

/** One comparison in a process of its own, so that its memory is its own. */
const [baseline = '', current = ''] = process.argv.slice(2);
const start = systemClock.monotonic();
const { rows, state } = await compareFiles({ baseline, current, profile: 'native', now: systemClock.now() });
const seconds = (systemClock.monotonic() - start) / 1000;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const found: Record<string, Record<string, number | null>> = {};
for (const { feature, metric, value } of rows) found[feature] = { ...found[feature], [metric]: value };
process.stdout.write(
  JSON.stringify({ state, seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, memoryMb: maxRSS / 1024, found }),
);
