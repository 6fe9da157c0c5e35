import { parseArgs } from 'node:util';
import { startPostgres } from '../postgres.ts';
import { measureAlerts } from './alerts.ts';
import { fakeConnector } from './connector.ts';
import { measureMemory, measureRead } from './read.ts';
import { alertTable, machine, memoryTable, readTable, startTable } from './report.ts';
import { peerTable, stormTable } from './report-noise.ts';
import { measureStarts } from './start.ts';
import { measureWindows, windowsTable } from './windows.ts';

const PARTS = [
  'read',
  'alerts',
  'start',
  'memory',
  'drift',
  'cost',
  'windows',
  'intake',
  'storm',
  'alertmanager',
  'votes',
] as const;
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
const { quick = false, only } = values;
if (only !== undefined && !PARTS.some((part) => part === only)) {
  process.stderr.write(`--only is one of ${PARTS.join(', ')}\n`);
  process.exit(2);
}
const wanted = (part: (typeof PARTS)[number]) => only === undefined || only === part;
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Every figure with what it is compared to, all in one run; ratios carry over to other machines, figures do not. */
say(machine());
const connector = await fakeConnector();
if (wanted('read')) {
  const rounds = quick ? { rounds: 2, messages: 1_500, warmUp: 1_000 } : { rounds: 3, messages: 5_000, warmUp: 3_000 };
  say(readTable(await measureRead(connector, rounds)));
}
if (wanted('alerts')) {
  const counts = quick ? [1, 1_000] : [1, 100, 10_000];
  const load = quick ? { cards: 20, singles: 200, batches: 10 } : { cards: 50, singles: 400, batches: 20 };
  const server = await startPostgres();
  const results = [];
  for (const postgres of [undefined, server.url]) {
    for (const stored of counts) {
      results.push(await measureAlerts(connector, { stored, ...(postgres ? { postgres } : {}), ...load }));
    }
  }
  await server.remove();
  say(alertTable(results));
}
if (wanted('start')) say(startTable(await measureStarts(quick ? 1 : 3)));
if (wanted('memory')) say(memoryTable(await measureMemory(connector, quick ? 4_000 : 20_000, 4)));
// Only when asked for: they take minutes, and the second needs Debian's Alertmanager.
if (only === 'storm' || only === 'alertmanager') {
  const server = await startPostgres();
  if (only === 'storm') {
    const { measureStorm } = await import('./storm.ts');
    const size = quick ? { events: 1_000, seconds: 6 } : { events: 10_000, seconds: 60 };
    say(stormTable(await measureStorm(connector, { ...size, postgres: server.url })));
  } else {
    const { measurePeers } = await import('./peer.ts');
    const size = quick
      ? { stored: [0], batches: 20, singles: 5 }
      : { stored: [0, 100_000, 1_000_000], batches: 50, singles: 10 };
    say(peerTable(await measurePeers(connector, { ...size, postgres: server.url })));
  }
  await server.remove();
}
if (only === 'votes') {
  const { measureVotes, votesTable } = await import('./votes.ts');
  const server = await startPostgres();
  const size = quick ? { voters: 100, requests: 100 } : { voters: 500, requests: 1_000 };
  say(votesTable(await measureVotes({ ...size, postgres: server.url })));
  await server.remove();
}
await connector.close();
if (wanted('windows')) say(windowsTable(await measureWindows(quick ? 10_000 : 50_000)));
if (only === 'intake') {
  const { benchIntake } = await import('./intake.ts');
  say(await benchIntake(quick));
}
// Only when asked for: it needs Debian's SciPy and takes minutes.
if (only === 'drift') {
  const { benchDrift } = await import('./drift.ts');
  const found = await benchDrift(quick ? { rows: 100_000, features: 10, rounds: 1 } : {});
  say(JSON.stringify(found, null, 2));
}
// Five million rows are written first, so only when asked for.
if (only === 'cost') {
  const { benchCost } = await import('./cost.ts');
  say(await benchCost(quick));
}
