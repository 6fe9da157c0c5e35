import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { parse, stringify } from 'yaml';
import { readAzureMonitor } from '../../services/alerts/azure-monitor.ts';
import { audit } from '../../services/core/audit.ts';
import { movableClock } from '../../services/core/clock.ts';
import { openStore, type Store } from '../../services/store/store.ts';
import { metricAlert } from './events.ts';

/** Endpoints of the measured organisation, each with a team and a channel of its own. */
export const ENDPOINTS = 200;
export const endpointName = (index: number) => `ep-bench-${String(index % ENDPOINTS).padStart(3, '0')}`;
export const channelOf = (index: number) => `19:bench-${index % ENDPOINTS}@thread.tacv2`;

const NORTHWIND = new URL('../../infra/sandbox/northwind.yaml', import.meta.url);
const START = Temporal.Instant.from('2026-11-23T14:05:00Z');
/** Of the stored incidents one in so many is still open. */
const OPEN_EVERY = 500;

export interface Home {
  directory: string;
  env: Record<string, string>;
  remove(): void;
}

/** A directory with Northwind and more endpoints, so that an alert storm has as many channels to go to. */
export function newHome(more: Record<string, string> = {}, endpoints = ENDPOINTS): Home {
  const directory = mkdtempSync(join(tmpdir(), 'wardroom-bench-'));
  const organisation = parse(readFileSync(NORTHWIND, 'utf8')) as Record<string, object[]>;
  for (let index = 0; index < endpoints; index += 1) {
    const name = endpointName(index);
    organisation['channels']?.push({ id: name, name, conversation: channelOf(index) });
    organisation['teams']?.push({ id: name, name, members: ['gita', 'dev'], channel: name });
    organisation['endpoints']?.push({
      id: name,
      workspace: 'mlw-payments-weu',
      owner: name,
      models: ['fraud-detector'],
      escalation: 'default-oncall',
      approval: 'production-change',
      business: { purpose: 'Is measured', moneyPerHour: { amount: '100', currency: 'EUR' } },
    });
  }
  const file = join(directory, 'wardroom.yaml');
  writeFileSync(file, stringify(organisation));
  return {
    directory,
    env: {
      WARDROOM_HOME: directory,
      WARDROOM_CONFIG: file,
      WARDROOM_SANDBOX_START: START.toString(),
      ...more,
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Opens the store of a home (or of `DATABASE_URL`), fills it and closes it. */
export async function seed(home: Home, fill: (store: Store) => Promise<void>): Promise<void> {
  const url = home.env['DATABASE_URL'];
  const store = await openStore(url ? { url } : { directory: home.directory });
  try {
    await fill(store);
  } finally {
    await store.close();
  }
}

/** The channels are known, so that a start does not begin with 200 welcomes. */
export const knowChannels = (store: Store) =>
  sql`insert into conversations (key, conversation_id, kind, service_url, installed, updated_at)
    select 'channel:ep-bench-' || lpad(n::text, 3, '0'), '19:bench-' || n || '@thread.tacv2', 'channel',
      'http://127.0.0.1:9/', true, ${START.toString()}::timestamptz
    from generate_series(0, ${ENDPOINTS - 1}) as n`.execute(store.db);

/**
 * Incidents of the last 90 days with all that belongs to them: event, episode, messages, entries of the log. One in 500
 * is open, on endpoints nobody sends alerts for in the measurement.
 */
export async function storeIncidents(store: Store, count: number): Promise<void> {
  const reading = readAzureMonitor(metricAlert('ep-of-the-past', 'seed', START), START);
  const signal = JSON.stringify(reading.signals[0]);
  const escalation = JSON.stringify({
    plan: { policy: 'default-oncall', steps: [] },
    state: { next: 0, acknowledged: true, closed: true },
    generation: 2,
    told: [{ person: 'gita', step: 0, via: 'on call in platform-primary', at: START.toString() }],
  });
  const at = sql`${START.toString()}::timestamptz - (n || ' minutes')::interval * (90 * 1440.0 / ${count})`;
  const id = sql`'INC-P' || n`;
  const numbers = sql`generate_series(1, ${count}) as n`;
  await sql`insert into hook_events (source, key, type, body, received_at, state, result)
    select 'azure-monitor', 'past-' || n, 'signal', ${signal}::jsonb, ${at}, 'done', '{"action":"open"}'::jsonb
    from ${numbers}`.execute(store.db);
  await sql`insert into incidents (id, endpoint, workspace, team, state, severity, title, why, opened_at, last_signal_at,
      resolved_at, escalation, channel)
    select ${id}, 'ep-past-' || n, 'mlw-payments-weu', 'fraud', case when n % ${OPEN_EVERY} = 1 then 'open' else 'resolved' end,
      2, 'Request latency is 480 ms, above 300 ms', 'It was the first alert of its endpoint.', ${at}, ${at},
      case when n % ${OPEN_EVERY} = 1 then null else ${at} end, ${escalation}::jsonb, 'channel:fraud-ops'
    from ${numbers}`.execute(store.db);
  await sql`insert into alert_keys (key, marks, updated_at)
    select 'past-' || n, '{"fired":[],"ended":[]}'::jsonb, ${at} from ${numbers}`.execute(store.db);
  await sql`insert into episodes (incident, dedup_key, signal, started_at, ended_at)
    select ${id}, 'past-' || n, ${signal}::jsonb, ${at}, ${at} from ${numbers}`.execute(store.db);
  for (const [kind, prefix] of [
    ['alerts.incident', 'card-'],
    ['alerts.said', 'said-'],
  ] as const) {
    await sql`insert into outbox (key, card, kind, ids, conversation, priority, wanted, drawn, activity_id, due_at, created_at)
      select ${prefix} || n, case when ${kind} = 'alerts.incident' then 'incident:' || ${id} end, ${kind},
        jsonb_build_object('incident', ${id}), 'channel:fraud-ops', 2, 4, 4, 'past-' || n, ${at}, ${at}
      from ${numbers}`.execute(store.db);
  }
  const record = audit({ clock: movableClock({ start: START, frozen: true }) });
  for (let first = 1; first <= count; first += 1_000) {
    const some = Array.from({ length: Math.min(1_000, count - first + 1) }, (_, index) => `INC-P${first + index}`);
    const entries = some.flatMap((incident) =>
      ['alerts.opened', 'alerts.told', 'alerts.resolved'].map((action) => ({
        actor: 'wardroom',
        action,
        objects: [incident],
        why: 'It was the first alert of its endpoint.',
      })),
    );
    await store.db.transaction().execute((tx) => record.append(tx, ...entries));
  }
  await sql`analyze`.execute(store.db);
}
