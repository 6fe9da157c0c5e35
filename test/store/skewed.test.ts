import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlertsDeps } from '../../services/alerts/deps.ts';
import { ESCALATE, escalations } from '../../services/alerts/escalations.ts';
import { WATCH } from '../../services/alerts/watch.ts';
import { audit } from '../../services/core/audit.ts';
import { type Clock, systemClock } from '../../services/core/clock.ts';
import { randomIds } from '../../services/core/ids.ts';
import { type Jobs, jobs } from '../../services/core/jobs.ts';
import { type Log, silentLog } from '../../services/core/log.ts';
import { loadOrganisation } from '../../services/core/organisation.load.ts';
import { outbox } from '../../services/core/outbox.ts';
import { people } from '../../services/core/people.ts';
import { fileRoles } from '../../services/core/roles.ts';
import { roster } from '../../services/core/roster.ts';
import { openStore, type Store } from '../../services/store/store.ts';
import { testDatabase } from '../support.ts';

/** Seconds by which the clocks of three replicas are wrong. */
const SKEWS = [-30, 0, 30];
const INCIDENTS = 250;
/** Told in this order, one step each. */
const PEOPLE = ['ann', 'ben', 'dev', 'hugo'];
const GAP_MS = 1_000;

const NORTHWIND = new URL('../../infra/sandbox/northwind.yaml', import.meta.url);
const organisation = loadOrganisation(readFileSync(NORTHWIND, 'utf8'), 'northwind.yaml');

function skewed(seconds: number): Clock {
  const ms = () => systemClock.ms() + seconds * 1_000;
  return { ...systemClock, ms, now: () => Temporal.Instant.fromEpochMilliseconds(ms()) };
}

interface Replica {
  store: Store;
  queue: Jobs;
  /** Timers that this one carried out. */
  taken: number;
}

/** Resolves once all three hold due steps at the same time: on a quick machine one would take them all by itself. */
const together = Promise.withResolvers<void>();
const holding = new Set<Replica>();

async function replica(url: string, clock: Clock): Promise<Replica> {
  const store = await openStore({ url, poolSize: 4 });
  const everybody = people(organisation);
  const record = audit({ clock });
  const log = { ...silentLog, warn: (what: object) => void failures.push(what) } as Log;
  const queue = jobs({ store, clock, ids: randomIds, log, onDead: async () => undefined });
  const self: Replica = { store, queue, taken: 0 };
  const deps: Partial<AlertsDeps> = {
    store,
    clock,
    audit: record,
    outbox: outbox({ db: store.db, clock }),
    jobs: queue,
    organisation,
    people: roster(everybody, fileRoles(everybody)),
  };
  const pages = escalations(deps as AlertsDeps);
  queue.handle(ESCALATE, async (tx, batch) => {
    holding.add(self);
    if (holding.size === SKEWS.length) together.resolve();
    await together.promise;
    for (const timer of batch) await pages.due(tx, timer as { incident: string; generation: number });
    self.taken += batch.length;
  });
  // Looks minutes later whether each step was told: not before this test has ended.
  queue.handle(WATCH, async () => {
    throw new Error('no step was overdue');
  });
  return self;
}

/** Jobs that failed: a test whose timers only succeed by being tried again is no test of replicas. */
const failures: object[] = [];
const replicas: Replica[] = [];
beforeAll(async () => {
  const url = (await testDatabase(`skewed_${process.pid}`)) ?? '';
  for (const seconds of SKEWS) replicas.push(await replica(url, skewed(seconds)));
});
afterAll(async () => {
  for (const { queue, store } of replicas) {
    await queue.stop();
    await store.close();
  }
});

it(`three replicas whose clocks disagree by a minute carry out ${INCIDENTS * PEOPLE.length} steps, each once and in order`, {
  timeout: 240_000,
}, async () => {
  const [first] = replicas;
  if (!first) throw new Error('no replica');
  const { db } = first.store;
  await first.queue.start({ work: false });
  // The first is due at once, the others while the replicas are at work; the fast one thinks that all of them are.
  const steps = PEOPLE.map((person, index) => ({
    index,
    number: index + 1,
    policy: 'skewed',
    round: 0,
    gap: 0,
    due: systemClock.ms() + index * GAP_MS,
    notify: [{ person }],
  }));
  const escalation = {
    plan: { steps, reason: 'for the test' },
    state: { next: 0, acknowledged: false, closed: false },
    generation: 0,
    told: [],
  };
  await sql`insert into incidents (id, endpoint, workspace, team, state, severity, title, why, opened_at, last_signal_at,
      escalation, channel)
    select 'INC-' || n, 'ep-' || n, 'mlw-payments-weu', 'fraud', 'open', 1, 'Latency', 'For the test.', at, at,
      ${JSON.stringify(escalation)}::jsonb, 'channel:fraud-ops'
    from generate_series(1, ${INCIDENTS}) as n, (select ${systemClock.now().toString()}::timestamptz as at) as now`.execute(
    db,
  );
  await db.transaction().execute(async (tx) => {
    for (let n = 1; n <= INCIDENTS; n += 1)
      await first.queue.enqueue(tx, ESCALATE, { incident: `INC-${n}`, generation: 0, step: 0 });
  });
  for (const { queue } of replicas) await queue.start();
  const left = async () => (await Promise.all(replicas.map(({ queue }) => queue.waiting(ESCALATE)))).some(Boolean);
  await expect.poll(left, { interval: 250, timeout: 200_000 }).toBe(false);

  const { rows } = await sql<{ told: { person: string; step: number }[] }>`
    select escalation->'told' as told from incidents`.execute(db);
  expect(rows).toHaveLength(INCIDENTS);
  for (const { told } of rows) expect(told.map(({ person }) => person)).toEqual(PEOPLE);
  // The first step speaks in the channel, unless it was told together with a later one; nobody is paged twice.
  const { rows: paged } = await sql<{ conversation: string; card: string; n: number }>`
    select conversation, card, count(*)::int as n from outbox where conversation like 'person:%' group by 1, 2`.execute(
    db,
  );
  expect(paged.filter(({ n }) => n > 1)).toEqual([]);
  for (const person of PEOPLE.slice(1))
    expect(paged.filter(({ conversation }) => conversation === `person:${person}`)).toHaveLength(INCIDENTS);
  expect(await audit({ clock: systemClock }).verify(db)).toMatchObject({ ok: true });
  expect(failures).toEqual([]);
  for (const { taken } of replicas) expect(taken).toBeGreaterThan(0);
});
