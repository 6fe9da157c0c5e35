import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { parse, stringify } from 'yaml';
import { systemClock } from '../../services/core/clock.ts';
import { SANDBOX_HOOK_KEY } from '../../services/core/config.ts';
import { installed } from './activities.ts';
import { type Child, startChild } from './child.ts';
import type { FakeConnector } from './connector.ts';
import { freshDatabase } from './database.ts';
import { closedLoop, poster } from './load.ts';
import { channelOf, ENDPOINTS, endpointName, type Home, knowChannels, newHome, seed } from './seed.ts';

const KEY = { 'x-wardroom-key': SANDBOX_HOOK_KEY.secret };
const BATCH = 100;
const GROUPS = 40;
/** So many of the groups are of severity 0: people are woken by them. */
const WORST = 4;
const MOST_WAIT_MS = 900_000;
/** Teams' documented limits per bot and conversation. */
const LIMITS = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
] as const;

export interface StormResult {
  events: number;
  groups: number;
  /** Seconds over which they were posted. */
  postedIn: number;
  /** Answers other than 200. */
  refused: number;
  /** Alerts that became part of an incident, and those still waiting when it was over. */
  kept: number;
  cards: number;
  incidents: number;
  /** Seconds from the first POST: the last card of severity 0, the last card of all, the last change shown. */
  worstFirst: number;
  allCards: number;
  settled: number;
  /** Cards of another severity that came before the last one of severity 0 was posted, of those known by then. */
  before: number;
  /** Most calls of one conversation in each of Teams' windows, against its limit. */
  windows: readonly { most: number; limit: number; ms: number }[];
}

/** A storm: so many alerts in a minute over 40 groups, until everything is told. */
export async function measureStorm(
  connector: FakeConnector,
  options: { events: number; seconds: number; postgres: string },
): Promise<StormResult> {
  const database = await freshDatabase(options.postgres);
  const home = newHome({ DATABASE_URL: database });
  await seed(home, (store) => knowChannels(store).then(() => undefined));
  const house = await startChild('../../bot/main.ts', home.env);
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    await install(house, connector);
    return await storm(house, connector, client, options);
  } finally {
    await client.end();
    await house.stop();
    home.remove();
  }
}

async function storm(
  house: Child,
  connector: FakeConnector,
  client: pg.Client,
  { events, seconds }: { events: number; seconds: number },
): Promise<StormResult> {
  const begin = systemClock.monotonic();
  const calls = new Map<string, { at: number; what: string }[]>();
  let last = 0;
  connector.onCall = ({ what, conversation }) => {
    if (what === 'typing') return;
    last = systemClock.monotonic() - begin;
    calls.set(conversation, [...(calls.get(conversation) ?? []), { at: last, what }]);
  };
  const hook = poster(`${house.url}/hooks/alertmanager`, 4, KEY);
  const batches = Math.ceil(events / BATCH);
  const answers: Promise<number>[] = [];
  for (let batch = 0; batch < batches; batch += 1) {
    const due = begin + (batch * seconds * 1000) / batches;
    await systemClock.sleep(Math.max(0, due - systemClock.monotonic()));
    const alerts = Array.from({ length: BATCH }, (_, n) => alertOf(batch * BATCH + n));
    answers.push(hook.post(JSON.stringify({ version: '4', groupKey: 'g', receiver: 'r', alerts })));
  }
  const statuses = await Promise.all(answers);
  const postedIn = (systemClock.monotonic() - begin) / 1000;
  const count = async (query: string) => Number((await client.query<{ n: string }>(query)).rows[0]?.n ?? 0);
  const waiting = () => count("select count(*) n from hook_events where state = 'new'");
  const unsaid = () => count("select count(*) n from outbox where state = 'open' and wanted > drawn");
  for (;;) {
    const left = (await waiting()) + (await unsaid());
    if (left === 0 || systemClock.monotonic() - begin > MOST_WAIT_MS) break;
    await systemClock.sleep(250);
  }
  const settled = last / 1000;
  connector.onCall = undefined;
  hook.close();
  const own = Array.from({ length: GROUPS }, (_, group) => calls.get(channelOf(group)) ?? []);
  const firsts = own.map((list) => list.find(({ what }) => what === 'create')?.at ?? Number.POSITIVE_INFINITY);
  const worst = Math.max(...firsts.slice(0, WORST));
  return {
    events,
    groups: GROUPS,
    postedIn,
    refused: statuses.filter((status) => status !== 200).length,
    kept: await count('select count(*) n from episodes'),
    cards: await count("select count(*) n from outbox where kind = 'alerts.incident' and activity_id is not null"),
    incidents: await count('select count(*) n from incidents'),
    worstFirst: worst / 1000,
    allCards: Math.max(...firsts) / 1000,
    settled,
    before: firsts.slice(WORST).filter((at) => at < worst).length,
    windows: LIMITS.map(([limit, ms]) => ({
      limit,
      ms,
      most: Math.max(
        0,
        ...[...calls.values()].map((list) =>
          mostIn(
            list.map(({ at }) => at),
            ms,
          ),
        ),
      ),
    })),
  };
}

const mostIn = (times: readonly number[], ms: number): number =>
  Math.max(0, ...times.map((from, index) => times.slice(index).filter((at) => at - from < ms).length));

const alertOf = (index: number) => {
  const group = index % GROUPS;
  return {
    status: 'firing',
    labels: {
      alertname: `Storm${group}`,
      endpoint: endpointName(group),
      instance: `node-${index}`,
      severity: group < WORST ? 'critical' : 'warning',
    },
    annotations: { summary: `alert ${index} of ${endpointName(group)}` },
    fingerprint: randomUUID(),
  };
};

/** From now on the bot posts to the measured channels through the fake Connector. */
export async function install(house: Child, connector: FakeConnector): Promise<void> {
  await house.quiet();
  const door = poster(`${house.url}/api/messages`, 8);
  await closedLoop(8, ENDPOINTS, async (index) => {
    const status = await door.post(installed(connector.serviceUrl, channelOf(index)));
    if (status !== 200) throw new Error(`answered ${status}`);
  });
  door.close();
  await house.quiet();
}

/** The measured organisation with routes of its own. */
export function withRoutes(home: Home, routes: readonly object[]): void {
  const file = home.env['WARDROOM_CONFIG'] ?? '';
  const organisation = parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, stringify({ ...organisation, routes }));
}
