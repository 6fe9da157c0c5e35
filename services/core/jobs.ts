import { sql } from 'kysely';
import { type Clock as BossClock, fromKysely, PgBoss } from 'pg-boss';
import { Temporal } from 'temporal-polyfill';
import type { Db, Store, Tx } from '../store/store.ts';
import { inTransaction, mayPass } from '../store/transaction.ts';
import type { Clock, MovableClock, Timer } from './clock.ts';
import { messageOf } from './errors.ts';
import { faults } from './faults.ts';
import type { Ids } from './ids.ts';
import type { Log } from './log.ts';
import { rounds } from './rounds.ts';
import { type Traced, untraced } from './traces.ts';

/**
 * Timers and queues: pg-boss jobs in the same database, enqueued in the transaction that needs them.
 *
 * A plain handler runs inside the transaction that takes and completes its job: when the process is killed, the
 * transaction ends with it and the job is free again at once, without a lease and without a clock. A handler that
 * calls the outside (Azure) cannot hold a transaction open, so its job is replaced by a guard that fires
 * `leaseSeconds` later; finishing the work cancels the guard.
 */
export interface Jobs {
  enqueue(tx: Tx, queue: string, data: object, options?: { at?: Temporal.Instant }): Promise<void>;
  /** State only: runs in the job's transaction, several jobs at once, oldest first. */
  handle(queue: string, handler: (tx: Tx, batch: readonly object[]) => Promise<void>): void;
  /** Calls the outside: `work` runs without a transaction and returns what to write. */
  handleOutside(queue: string, leaseSeconds: number, work: (data: object) => Promise<(tx: Tx) => Promise<void>>): void;
  /** Without `work` jobs can be enqueued, and another process carries them out. */
  start(options?: { work: boolean }): Promise<void>;
  stop(): Promise<void>;
  /** Something was committed that may be due: look now. */
  kick(): void;
  /** Runs everything that is due, including what that makes due. Resolves when nothing is left. */
  runDue(): Promise<void>;
  /** The next instant at which a job becomes due. */
  nextDue(): Promise<Temporal.Instant | undefined>;
  /** Whether a job of this queue is waiting. */
  waiting(queue: string): Promise<boolean>;
}

interface Handler {
  queue: string;
  inTx?: (tx: Tx, batch: readonly object[]) => Promise<void>;
  outside?: { leaseSeconds: number; work: (data: object) => Promise<(tx: Tx) => Promise<void>> };
}

const POLL_MS = 1_000;
const BATCH = 100;
/** Calls to the outside of one kind at the same time. */
const CALLS_AT_ONCE = 4;
const MAX_ATTEMPTS = 12;
/** Rolls back the transaction of a job whose handler failed; the cause is handled outside of it. */
class Rollback extends Error {}

export function jobs(deps: {
  store: Store;
  clock: Clock | MovableClock;
  ids: Ids;
  log: Log;
  onDead: (tx: Tx, queue: string, data: object, error: string) => Promise<void>;
  traced?: Traced;
  /** A job was carried out and committed: what it put into the outbox may go. */
  ran?: () => void;
}): Jobs {
  const { store, clock, ids, log, traced = untraced, ran = () => undefined } = deps;
  const handlers: Handler[] = [];
  const movable = 'moveTo' in clock ? clock : undefined;
  const boss = new PgBoss({
    // Our clock is the database's (see clockIn): no session has to be told of it.
    db: movable ? { ...store.boss, setSessionStatements: async () => undefined } : store.boss,
    ...(store.kind === 'pglite' ? { backend: 'pglite' as const } : {}),
    schema: 'pgboss',
    schedule: false,
    // Nothing here is ever left active by a dead process (see above), so there is little to supervise.
    superviseIntervalSeconds: 600,
    registerInstance: false,
    ...(movable ? { clock: attached(movable, store) } : {}),
  });
  const met = faults({ clock, log, says: 'pg-boss', again: 'pg-boss works again', level: 'warn' });
  boss.on('error', (error) => met.failed(error));

  let pushed = 0;
  /** Only when it has moved, and before the transaction: nobody waits for another one's row of the clock. */
  async function pushTime(): Promise<void> {
    const at = clock.ms();
    if (!movable || pushed >= at) return;
    const now = clock.now().toString();
    await sql`update pgboss.wardroom_clock set now = ${now}::timestamptz where now < ${now}::timestamptz`.execute(
      store.db,
    );
    pushed = at;
  }

  const take = (tx: Tx, queue: string, batchSize: number) =>
    boss.fetch<object>(queue, { db: fromKysely(tx), batchSize });
  const complete = (tx: Tx, queue: string, found: readonly { id: string }[]) =>
    boss.complete(
      queue,
      found.map((job) => job.id),
      null,
      { db: fromKysely(tx) },
    );

  // The answer's type is declared empty; it carries how many rows the statement touched.
  const cancel = async (tx: Tx, queue: string, id: string): Promise<number> =>
    ((await boss.cancel(queue, id, { db: fromKysely(tx) })) as { affected?: number }).affected ?? 0;

  /** Puts a failed job back with a growing delay, or gives it up; its own transaction, after the handler's ended. */
  async function postpone(queue: string, job: { id: string; data: object }, error: unknown): Promise<void> {
    const attempt = ((job.data as { attempt?: number }).attempt ?? 0) + 1;
    log.warn({ queue, attempt, error: messageOf(error), stack: (error as Error).stack }, 'a job failed');
    await inTransaction(store.db, async (tx) => {
      if ((await cancel(tx, queue, job.id)) === 0) return;
      const data = { ...job.data, attempt };
      if (attempt >= MAX_ATTEMPTS) return deps.onDead(tx, queue, data, messageOf(error));
      const delayMs = Math.min(300_000, 500 * 2 ** attempt) * (0.75 + ids.random() / 2);
      await send(tx, queue, data, clock.now().add({ milliseconds: Math.round(delayMs) }));
    });
  }

  async function runInTx(handler: Handler, batchSize: number): Promise<number> {
    let taken: { id: string; data: object }[] = [];
    let cause: unknown;
    await pushTime();
    try {
      const finished = await inTransaction(store.db, async (tx) => {
        taken = await take(tx, handler.queue, batchSize);
        if (taken.length === 0) return 0;
        try {
          const batch = taken.map((job) => job.data);
          await traced(
            `job ${handler.queue}`,
            { 'wardroom.jobs': batch.length },
            async () => handler.inTx?.(tx, batch),
            { own: true },
          );
        } catch (error) {
          if (mayPass(error)) throw error;
          cause = error;
          throw new Rollback();
        }
        await complete(tx, handler.queue, taken);
        return taken.length;
      });
      if (finished > 0) {
        ran();
        // It may have made a call to the outside necessary.
        outside.kick();
      }
      return finished;
    } catch (error) {
      if (!(error instanceof Rollback)) throw error;
    }
    // One bad job must not hold back the others: find it by taking them one at a time.
    if (taken.length > 1) {
      let done = 0;
      for (let n = 0; n < taken.length; n += 1) done += await runInTx(handler, 1);
      return done;
    }
    if (taken[0]) await postpone(handler.queue, taken[0], cause);
    return taken.length;
  }

  /** Takes a few jobs and makes their calls at the same time; each is guarded by itself. */
  async function runOutside(handler: Handler): Promise<number> {
    const { outside: call, queue } = handler;
    if (!call) return 0;
    await pushTime();
    const taken = await inTransaction(store.db, async (tx) => {
      const found = await take(tx, queue, CALLS_AT_ONCE);
      if (found.length > 0) await complete(tx, queue, found);
      const until = clock.now().add({ seconds: call.leaseSeconds });
      const guarded = found.map(({ data }) => ({ data, guard: ids.uuid() }));
      for (const { data, guard } of guarded) await send(tx, queue, data, until, guard);
      return guarded;
    });
    await Promise.all(taken.map((job) => callOutside(queue, call.work, job)));
    return taken.length;
  }

  async function callOutside(
    queue: string,
    work: (data: object) => Promise<(tx: Tx) => Promise<void>>,
    { data, guard }: { data: object; guard: string },
  ): Promise<void> {
    try {
      const write = await traced(`job ${queue}`, {}, () => work(data), { own: true });
      await inTransaction(store.db, async (tx) => {
        if ((await cancel(tx, queue, guard)) > 0) return write(tx);
        log.warn({ queue }, 'a call outlived its lease; its result is left to the one who took over');
      });
      // At once, and not when the other calls of this round have been answered: theirs may take a minute.
      ran();
      state.kick();
    } catch (error) {
      await postpone(queue, { id: guard, data }, error);
    }
  }

  async function send(tx: Tx, queue: string, data: object, at?: Temporal.Instant, id?: string): Promise<void> {
    await boss.send(queue, data, {
      db: fromKysely(tx),
      startAfter: new Date((at ?? clock.now()).epochMilliseconds),
      retentionSeconds: 400 * 86_400,
      ...(id ? { id } : {}),
    });
  }

  /** One question for all queues: most of them have nothing to do, and a look into each costs a transaction. */
  async function due(among: readonly Handler[]): Promise<Handler[]> {
    await pushTime();
    const names = among.map(({ queue }) => queue);
    const { rows } = await sql<{ name: string }>`
      select q.name from unnest(${names}::text[]) as q (name) where exists (select 1 from pgboss.job j
        where j.name = q.name and j.state < 'active' and not j.blocked and j.start_after <= pgboss.job_now())
    `.execute(store.db);
    const waiting = new Set(rows.map(({ name }) => name));
    return among.filter(({ queue }) => waiting.has(queue));
  }

  /** Counts what was done, so that whoever waits for quiet knows whether there was any. */
  let done = 0;

  async function stateRound(): Promise<void> {
    for (let found = -1; found !== 0 && !state.stopped; ) {
      found = 0;
      for (const handler of await due(handlers.filter(({ inTx }) => inTx))) found += await runInTx(handler, BATCH);
      done += found;
    }
  }

  /** Beside the timers: a call that Azure does not answer holds up its own kind, and never an escalation. */
  async function outsideRound(): Promise<void> {
    for (let found = -1; found !== 0 && !outside.stopped; ) {
      const calls = await due(handlers.filter((handler) => handler.outside));
      const counts = await Promise.all(calls.map(runOutside));
      found = counts.reduce((sum, count) => sum + count, 0);
      done += found;
      if (found > 0) state.kick();
    }
  }

  const pauseMs = () => POLL_MS;
  const timers = () => stateRound().then(met.worked);
  const state = rounds({ clock, log, name: 'the rounds of the timers', round: timers, pauseMs });
  const outside = rounds({ clock, log, name: 'the rounds of the calls', round: outsideRound, pauseMs });

  return {
    enqueue: (tx, queue, data, options = {}) => send(tx, queue, data, options.at),
    handle: (queue, inTx) => void handlers.push({ queue, inTx }),
    handleOutside: (queue, leaseSeconds, work) => void handlers.push({ queue, outside: { leaseSeconds, work } }),
    async start(options = { work: true }) {
      await boss.start();
      if (!movable) await clockOut(store.db);
      for (const { queue } of handlers) await boss.createQueue(queue);
      if (!options.work) return;
      state.start();
      outside.start();
    },
    async stop() {
      await Promise.all([state.stop(), outside.stop()]);
      await boss.stop({ graceful: false });
    },
    kick() {
      state.kick();
      outside.kick();
    },
    async runDue() {
      for (let before = -1; before !== done; ) {
        before = done;
        await state.run();
        await outside.run();
      }
    },
    nextDue: () => nextDue(store.db),
    async waiting(queue) {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from pgboss.job where name = ${queue} and state < 'active'`.execute(store.db);
      return (rows[0]?.n ?? 0) > 0;
    },
  };
}

async function nextDue(db: Db): Promise<Temporal.Instant | undefined> {
  const { rows } = await sql<{ at: string | null }>`
    select min(start_after) as at from pgboss.job where state < 'active'`.execute(db);
  return rows[0]?.at ? Temporal.Instant.from(rows[0].at) : undefined;
}

/** pg-boss asks `pgboss.job_now()` what time it is; with a movable clock the answer is a row that we write. */
async function clockIn(db: Db, clock: Clock): Promise<void> {
  const now = clock.now().toString();
  await inTransaction(db, async (tx) => {
    // Several processes may start at once, and PostgreSQL lets "if not exists" collide.
    await sql`select pg_advisory_xact_lock(74110003)`.execute(tx);
    await sql`create table if not exists pgboss.wardroom_clock (now timestamptz not null)`.execute(tx);
    await sql`delete from pgboss.wardroom_clock`.execute(tx);
    await sql`insert into pgboss.wardroom_clock values (${now}::timestamptz)`.execute(tx);
    await sql`create or replace function pgboss.job_now() returns timestamptz as
      $$ select coalesce((select c.now from pgboss.wardroom_clock c limit 1), pg_catalog.now()); $$
      language sql stable`.execute(tx);
  });
}

/** A database that a sandbox used before goes by its own clock again. */
async function clockOut(db: Db): Promise<void> {
  const found = await sql<{ there: boolean }>`select to_regclass('pgboss.wardroom_clock') is not null as there`.execute(
    db,
  );
  if (found.rows[0]?.there) await sql`delete from pgboss.wardroom_clock`.execute(db);
}

function attached(clock: MovableClock, { db }: Store): BossClock & { attach: () => Promise<AsyncDisposable> } {
  return {
    now: () => clock.ms(),
    setTimeout: (fn, ms) => clock.timeout(fn, ms),
    clearTimeout: (handle) => (handle as Timer | undefined)?.cancel(),
    setInterval: (fn, ms) => repeat(clock, fn, ms),
    clearInterval: (handle) => (handle as Timer | undefined)?.cancel(),
    attach: async () => {
      await clockIn(db, clock);
      return { [Symbol.asyncDispose]: async () => undefined };
    },
  };
}

function repeat(clock: Clock, fn: () => void, ms: number): Timer {
  let current: Timer;
  const next = () => {
    current = clock.timeout(() => {
      fn();
      next();
    }, ms);
  };
  next();
  return { cancel: () => current.cancel() };
}
