import { sql } from 'kysely';
import { type Clock as BossClock, fromKysely, PgBoss } from 'pg-boss';
import { Temporal } from 'temporal-polyfill';
import type { Db, Store, Tx } from '../store/store.ts';
import type { Clock, MovableClock, Timer } from './clock.ts';
import { messageOf } from './errors.ts';
import type { Ids } from './ids.ts';
import type { Log } from './log.ts';

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
const MAX_ATTEMPTS = 12;
/** Rolls back the transaction of a job whose handler failed; the cause is handled outside of it. */
class Rollback extends Error {}

export function jobs(deps: {
  store: Store;
  clock: Clock | MovableClock;
  ids: Ids;
  log: Log;
  onDead: (tx: Tx, queue: string, data: object, error: string) => Promise<void>;
}): Jobs {
  const { store, clock, ids, log } = deps;
  const handlers: Handler[] = [];
  const movable = 'moveTo' in clock ? clock : undefined;
  const boss = new PgBoss({
    db: store.boss,
    ...(store.kind === 'pglite' ? { backend: 'pglite' as const } : {}),
    schema: 'pgboss',
    schedule: false,
    // Nothing here is ever left active by a dead process (see above), so there is little to supervise.
    superviseIntervalSeconds: 600,
    registerInstance: false,
    ...(movable ? { clock: attached(movable) } : {}),
  });
  boss.on('error', (error) => log.warn({ error: messageOf(error) }, 'pg-boss'));

  let timer: Timer | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = true;

  const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => store.db.transaction().execute(work);
  const take = async (tx: Tx, queue: string, batchSize: number) => {
    if (movable) await pushTime(tx, movable);
    return boss.fetch<object>(queue, { db: fromKysely(tx), batchSize });
  };
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
    await inTransaction(async (tx) => {
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
    try {
      return await inTransaction(async (tx) => {
        taken = await take(tx, handler.queue, batchSize);
        if (taken.length === 0) return 0;
        try {
          await handler.inTx?.(
            tx,
            taken.map((job) => job.data),
          );
        } catch (error) {
          cause = error;
          throw new Rollback();
        }
        await complete(tx, handler.queue, taken);
        return taken.length;
      });
    } catch (error) {
      if (!(error instanceof Rollback)) throw error;
    }
    // One bad job must not hold back the others: find it by taking them one at a time.
    if (taken.length > 1) return runInTx(handler, 1);
    if (taken[0]) await postpone(handler.queue, taken[0], cause);
    return taken.length;
  }

  async function runOutside(handler: Handler): Promise<number> {
    const { leaseSeconds, work } = handler.outside ?? { leaseSeconds: 30, work: async () => async () => undefined };
    const guard = ids.uuid();
    const job = await inTransaction(async (tx) => {
      const [found] = await take(tx, handler.queue, 1);
      if (!found) return undefined;
      await complete(tx, handler.queue, [found]);
      await send(tx, handler.queue, found.data, clock.now().add({ seconds: leaseSeconds }), guard);
      return found;
    });
    if (!job) return 0;
    try {
      const write = await work(job.data);
      await inTransaction(async (tx) => {
        if ((await cancel(tx, handler.queue, guard)) > 0) return write(tx);
        log.warn({ queue: handler.queue }, 'a call outlived its lease; its result is left to the one who took over');
      });
    } catch (error) {
      await postpone(handler.queue, { id: guard, data: job.data }, error);
    }
    return 1;
  }

  async function send(tx: Tx, queue: string, data: object, at?: Temporal.Instant, id?: string): Promise<void> {
    await boss.send(queue, data, {
      db: fromKysely(tx),
      startAfter: new Date((at ?? clock.now()).epochMilliseconds),
      retentionSeconds: 400 * 86_400,
      ...(id ? { id } : {}),
    });
  }

  async function drain(): Promise<void> {
    let busy = true;
    while (busy && !stopped) {
      busy = false;
      for (const handler of handlers) {
        const done = handler.inTx ? await runInTx(handler, BATCH) : await runOutside(handler);
        if (done > 0) busy = true;
      }
    }
  }

  /** One drain at a time; a kick during a drain starts another one after it. */
  function runDue(): Promise<void> {
    again = true;
    running ??= (async () => {
      try {
        while (again && !stopped) {
          again = false;
          await drain();
        }
      } finally {
        running = undefined;
      }
    })();
    return running;
  }

  const loop = () => {
    timer?.cancel();
    if (stopped) return;
    runDue()
      .catch((error) => log.error({ error: messageOf(error) }, 'the job loop met a fault; it goes on'))
      .finally(() => {
        if (!stopped) timer = clock.timeout(loop, POLL_MS);
      });
  };

  return {
    enqueue: (tx, queue, data, options = {}) => send(tx, queue, data, options.at),
    handle: (queue, inTx) => void handlers.push({ queue, inTx }),
    handleOutside: (queue, leaseSeconds, work) => void handlers.push({ queue, outside: { leaseSeconds, work } }),
    async start(options = { work: true }) {
      await boss.start();
      for (const { queue } of handlers) await boss.createQueue(queue);
      stopped = !options.work;
      loop();
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
      await boss.stop({ graceful: false });
    },
    kick: loop,
    runDue,
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
const pushTime = (db: Db, clock: Clock) =>
  sql`update pgboss.wardroom_clock set now = ${clock.now().toString()}::timestamptz`.execute(db);

function attached(clock: MovableClock): BossClock & { attach: (target: AttachTarget) => Promise<AsyncDisposable> } {
  return {
    now: () => clock.ms(),
    setTimeout: (fn, ms) => clock.timeout(fn, ms),
    clearTimeout: (handle) => (handle as Timer | undefined)?.cancel(),
    setInterval: (fn, ms) => repeat(clock, fn, ms),
    clearInterval: (handle) => (handle as Timer | undefined)?.cancel(),
    attach: async ({ db }) => {
      const statements = [
        'create table if not exists pgboss.wardroom_clock (now timestamptz not null)',
        'delete from pgboss.wardroom_clock',
        `insert into pgboss.wardroom_clock values ('${clock.now().toString()}')`,
        `create or replace function pgboss.job_now() returns timestamptz as
         $$ select coalesce((select c.now from pgboss.wardroom_clock c limit 1), pg_catalog.now()); $$
         language sql stable`,
      ];
      for (const statement of statements) await db.executeSql(statement);
      return { [Symbol.asyncDispose]: async () => undefined };
    },
  };
}

interface AttachTarget {
  db: { executeSql(text: string, values?: unknown[]): Promise<unknown> };
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
