import type { Clock } from '../services/core/clock.ts';
import type { Jobs } from '../services/core/jobs.ts';
import type { Log } from '../services/core/log.ts';
import type { Store } from '../services/store/store.ts';
import { forgetTurns } from './ledger.ts';

const QUEUE = 'wardroom-housekeeping';
/** Teams delivers again within seconds; a week is generous. */
const KEEP_TURNS_DAYS = 7;
/** Sent one-off messages; living cards stay for as long as they may be edited. */
const KEEP_SENT_DAYS = 30;

/** Keeps the tables that only grow from growing: keys nobody will send again, messages that are long delivered. */
export function housekeeping({ jobs, clock, log, store }: { jobs: Jobs; clock: Clock; log: Log; store: Store }) {
  jobs.handle(QUEUE, async (tx) => {
    const before = (days: number) =>
      clock
        .now()
        .subtract({ hours: 24 * days })
        .toString();
    await forgetTurns(tx, before(KEEP_TURNS_DAYS));
    await tx
      .deleteFrom('outbox')
      .where('card', 'is', null)
      .where('activity_id', 'is not', null)
      .where('created_at', '<', before(KEEP_SENT_DAYS))
      .execute();
    await jobs.enqueue(tx, QUEUE, {}, { at: clock.now().add({ hours: 24 }) });
    log.info({}, 'housekeeping is done for today');
  });
  return {
    /** Begins the daily round when none is waiting. */
    async begin(): Promise<void> {
      if (await jobs.waiting(QUEUE)) return;
      await store.db.transaction().execute((tx) => jobs.enqueue(tx, QUEUE, {}, { at: clock.now().add({ hours: 1 }) }));
    },
  };
}
