import type { Clock } from '../services/core/clock.ts';
import type { Jobs } from '../services/core/jobs.ts';
import type { Log } from '../services/core/log.ts';
import type { Store } from '../services/store/store.ts';
import { inTransaction } from '../services/store/transaction.ts';
import { vacuum } from '../services/store/vacuum.ts';
import { forgetTurns } from './ledger.ts';
import { forgetSignatures } from './signing.ts';

const QUEUE = 'wardroom-housekeeping';
const VACUUM = 'wardroom-vacuum';
const VACUUM_HOURS = 1;
const VACUUM_LEASE_SECONDS = 600;
/** Teams delivers again within seconds; a week is generous. */
const KEEP_TURNS_DAYS = 7;
/** Sent one-off messages; living cards stay for as long as they may be edited. */
const KEEP_SENT_DAYS = 30;

/** Keeps the tables that only grow from growing: keys nobody will send again, messages that are long delivered, dead rows. */
export function housekeeping({ jobs, clock, log, store }: { jobs: Jobs; clock: Clock; log: Log; store: Store }) {
  jobs.handle(QUEUE, async (tx) => {
    const before = (days: number) =>
      clock
        .now()
        .subtract({ hours: 24 * days })
        .toString();
    await forgetTurns(tx, before(KEEP_TURNS_DAYS));
    await forgetSignatures(tx, before(1));
    await tx
      .deleteFrom('outbox')
      .where('card', 'is', null)
      .where('activity_id', 'is not', null)
      .where('created_at', '<', before(KEEP_SENT_DAYS))
      .execute();
    await jobs.enqueue(tx, QUEUE, {}, { at: clock.now().add({ hours: 24 }) });
    log.info({}, 'housekeeping is done for today');
  });
  // Not in a transaction: PostgreSQL does not allow it.
  jobs.handleOutside(VACUUM, VACUUM_LEASE_SECONDS, async () => {
    // A store that was copied from PGlite brings its round along.
    if (store.kind === 'postgres') return async () => undefined;
    const tables = await vacuum(store);
    if (tables.length > 0) log.info({ tables }, 'dead rows are cleared away');
    return (tx) => jobs.enqueue(tx, VACUUM, {}, { at: clock.now().add({ hours: VACUUM_HOURS }) });
  });
  const rounds = store.kind === 'pglite' ? [QUEUE, VACUUM] : [QUEUE];
  return {
    /** Begins the rounds that are not waiting already. */
    async begin(): Promise<void> {
      for (const queue of rounds) {
        if (await jobs.waiting(queue)) continue;
        await inTransaction(store.db, (tx) => jobs.enqueue(tx, queue, {}, { at: clock.now().add({ hours: 1 }) }));
      }
    },
  };
}
