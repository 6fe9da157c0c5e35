import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { AlertsDeps } from '../../services/alerts/deps.ts';
import { searchIncidents } from '../../services/alerts/search.store.ts';
import { statistics } from '../../services/alerts/statistics.ts';
import { openStore } from '../../services/store/store.ts';

/**
 * How long “incident statistics” and a search take over many incidents, on PGlite in memory or on DATABASE_URL:
 *
 *     npx node test/bench/statistics.ts [incidents]
 */
const COUNT = Number(process.argv[2] ?? 10_000);
const START = Temporal.Instant.from('2026-10-01T00:00:00Z');

const url = process.env['DATABASE_URL'];
const store = await openStore(url ? { url } : {});
await sql`insert into incidents (id, endpoint, state, severity, title, why, opened_at, last_signal_at, resolved_at,
    resolved_by, first_acknowledged_at, acknowledged_at, escalation, channel)
  select 'INC-' || n, 'ep-' || (n % 40), case when n % 50 = 0 then 'open' else 'resolved' end, n % 5, 'p95 latency of ep-' || (n % 40),
    'over', ${START.toString()}::timestamptz + n * interval '4 minutes', ${START.toString()}::timestamptz + n * interval '4 minutes',
    case when n % 50 = 0 then null else ${START.toString()}::timestamptz + n * interval '4 minutes' + (n % 97) * interval '1 minute' end,
    case when n % 3 = 0 then 'ann' end,
    case when n % 3 <> 1 then ${START.toString()}::timestamptz + n * interval '4 minutes' + (n % 17) * interval '30 seconds' end, null,
    jsonb_build_object('plan', '{}'::jsonb, 'state', '{}'::jsonb, 'generation', 1, 'told', jsonb_build_array(
      jsonb_build_object('person', 'p' || (n % 12), 'step', 1, 'via', 'x', 'at', to_char(${START.toString()}::timestamptz + n * interval '4 minutes', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
      jsonb_build_object('person', 'p' || (n % 7), 'step', 2, 'via', 'x', 'at', to_char(${START.toString()}::timestamptz + n * interval '4 minutes', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))),
    'channel:x' from generate_series(1, ${COUNT}::int) n`.execute(store.db);
await sql`insert into episodes (incident, dedup_key, signal, started_at)
  select 'INC-' || n, 'k' || n || '-' || m, jsonb_build_object('rule', 'rule-' || (n % 60), 'kind', 'latency', 'headline', 'p95 latency of ep-' || (n % 40)), ${START.toString()}::timestamptz
  from generate_series(1, ${COUNT}::int) n, generate_series(1, 3) m`.execute(store.db);
await sql`analyze`.execute(store.db);

const people = Array.from({ length: 12 }, (_, n) => ({
  id: `p${n}`,
  zone: ['Europe/Amsterdam', 'Asia/Kolkata', 'America/New_York'][n % 3],
}));
const deps = { organisation: { zone: 'Europe/Amsterdam', people } } as unknown as Pick<AlertsDeps, 'organisation'>;
const period = { from: START, to: START.add({ hours: 24 * 60 }) };

async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  process.stdout.write(`${what}: median ${times[3]?.toFixed(0)} ms, worst ${times.at(-1)?.toFixed(0)} ms\n`);
}

process.stdout.write(`${COUNT} incidents, ${COUNT * 3} alerts, ${store.kind}\n`);
await measure('statistics of all of them', () => statistics(deps)(store.db, period));
await measure('search by words, all', () => searchIncidents(store.db, { state: 'all', words: 'latency', most: 50 }));
await measure('search by words that nothing has', () =>
  searchIncidents(store.db, { state: 'all', words: 'zebra', most: 50 }),
);
await measure('one’s own, open', () => searchIncidents(store.db, { state: 'open', person: 'p3', most: 50 }));
await store.close();
