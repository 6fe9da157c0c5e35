import { randomUUID } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { systemClock } from '../../services/core/clock.ts';
import { SANDBOX_HOOK_KEY } from '../../services/core/config.ts';
import { installed } from './activities.ts';
import { type Child, startChild } from './child.ts';
import type { FakeConnector } from './connector.ts';
import { freshDatabase } from './database.ts';
import { driftEvent, metricAlert } from './events.ts';
import { closedLoop, percentiles, poster } from './load.ts';
import { channelOf, ENDPOINTS, endpointName, knowChannels, newHome, seed, storeIncidents } from './seed.ts';

const START = Temporal.Instant.from('2026-11-23T14:05:00Z');
const KEY = { 'x-wardroom-key': SANDBOX_HOOK_KEY.secret };
const CONNECTIONS = 8;
const BATCH = 100;
/** One new incident each 100 ms: a storm that stays inside what Teams takes. */
const PACE_MS = 100;
const CREATE_WITHIN_MS = 60_000;

export interface AlertResult {
  store: 'PGlite' | 'PostgreSQL';
  stored: number;
  /** Events a second, posted one by one, answered 200 after their commit. */
  singlePerSecond: number;
  /** The same in batches of 100. */
  batchPerSecond: number;
  /** Of these batches, until each event was decided about and everything that follows was done. */
  workedPerSecond: number;
  /** Milliseconds from POST to 200, one by one. */
  commit: { p50: number; p99: number };
  /** Milliseconds from POST to the create of a new incident's card at the Connector. */
  create: { p50: number; p99: number };
  /** Milliseconds of processor time for an alert that becomes an incident with its card. */
  cpuMs: number;
}

/** Alerts by webhook, at a house with so many stored incidents. `postgres` is the URL of a server, PGlite without one. */
export async function measureAlerts(
  connector: FakeConnector,
  options: { stored: number; postgres?: string; cards: number; singles: number; batches: number },
): Promise<AlertResult> {
  const home = newHome(options.postgres ? { DATABASE_URL: await freshDatabase(options.postgres) } : {});
  await seed(home, async (store) => {
    await knowChannels(store);
    await storeIncidents(store, options.stored);
  });
  const house = await startChild('../../bot/main.ts', home.env);
  try {
    await install(house, connector);
    await house.quiet();
    const cards = await fromPostToCreate(house, connector, options.cards);
    const left = ENDPOINTS - options.cards;
    const endpoint = (index: number) => endpointName(options.cards + (index % left));
    const single = poster(`${house.url}/hooks/azure-monitor`, CONNECTIONS, KEY);
    const singles = await closedLoop(CONNECTIONS, options.singles, async (index) => {
      accepted(await single.post(JSON.stringify(metricAlert(endpoint(index), randomUUID(), START))));
    });
    single.close();
    await house.quiet();
    const batch = poster(`${house.url}/hooks/eventgrid`, CONNECTIONS, KEY);
    const began = systemClock.monotonic();
    const batches = await closedLoop(CONNECTIONS, options.batches, async (index) => {
      const events = Array.from({ length: BATCH }, (_, n) =>
        driftEvent(endpoint(index * BATCH + n), randomUUID(), START),
      );
      accepted(await batch.post(JSON.stringify(events)));
    });
    batch.close();
    await house.quiet();
    const workedS = (systemClock.monotonic() - began) / 1_000;
    return {
      store: options.postgres ? 'PostgreSQL' : 'PGlite',
      stored: options.stored,
      singlePerSecond: singles.perSecond,
      batchPerSecond: batches.perSecond * BATCH,
      workedPerSecond: (options.batches * BATCH) / workedS,
      commit: { p50: singles.p50, p99: singles.p99 },
      ...cards,
    };
  } finally {
    await house.stop();
    home.remove();
  }
}

/** Each alert is the first of its endpoint: it opens an incident, is investigated and becomes a card in a channel. */
async function fromPostToCreate(
  house: Child,
  connector: FakeConnector,
  cards: number,
): Promise<Pick<AlertResult, 'create' | 'cpuMs'>> {
  const posted = new Map<string, number>();
  const took: number[] = [];
  const answers: Promise<number>[] = [];
  const hook = poster(`${house.url}/hooks/azure-monitor`, CONNECTIONS, KEY);
  const cpu = await house.cpuMs();
  connector.onCall = ({ what, conversation }) => {
    const at = posted.get(conversation);
    if (what !== 'create' || at === undefined) return;
    took.push(systemClock.monotonic() - at);
    posted.delete(conversation);
  };
  for (let index = 0; index < cards; index += 1) {
    posted.set(channelOf(index), systemClock.monotonic());
    answers.push(hook.post(JSON.stringify(metricAlert(endpointName(index), randomUUID(), START))));
    await systemClock.sleep(PACE_MS);
  }
  for (const status of await Promise.all(answers)) accepted(status);
  const last = systemClock.monotonic() + CREATE_WITHIN_MS;
  while (posted.size > 0 && systemClock.monotonic() < last) await systemClock.sleep(20);
  connector.onCall = undefined;
  hook.close();
  if (posted.size > 0) throw new Error(`${posted.size} of ${cards} alerts had no card after ${CREATE_WITHIN_MS} ms`);
  return { create: percentiles(took), cpuMs: ((await house.cpuMs()) - cpu) / cards };
}

/** From now on the bot posts to the measured channels through the fake Connector. */
async function install(house: Child, connector: FakeConnector): Promise<void> {
  await house.quiet();
  const door = poster(`${house.url}/api/messages`, CONNECTIONS);
  await closedLoop(CONNECTIONS, ENDPOINTS, async (index) => {
    accepted(await door.post(installed(connector.serviceUrl, channelOf(index))));
  });
  door.close();
}

function accepted(status: number): void {
  if (status !== 200) throw new Error(`answered ${status}`);
}
