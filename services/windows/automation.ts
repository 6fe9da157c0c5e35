import type { Audit, AuditRow } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { messageOf, Refused } from '../core/errors.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import * as rows from './automation.store.ts';
import { webhookSignature } from './gate-sign.rules.ts';
import type { Outside } from './outside.ts';
import { matchesAny } from './scope.rules.ts';

export interface AutomationDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  jobs: Jobs;
  organisation: Organisation;
  outside: Outside;
  /** Secrets by the names that wardroom.yaml gives them. */
  automationKeys: readonly { id: string; secret: string }[];
}

const ROUND = 'windows-automation';
const SEND = 'windows-automation-send';
const LEASE_SECONDS = 30;
const ROUND_SECONDS = 10;
const BATCH = 200;
/** Seconds until the next try; after the last it is given up, and can be sent again by hand. */
const RETRIES = [5, 30, 120, 600, 3_600, 21_600] as const;

/**
 * Wardroom's own events for others: every entry of the record that an automation names is posted to it, signed as Standard
 * Webhooks has it. The record is read behind a cursor that is kept with the deliveries, so that nothing is lost by a crash
 * and nothing is made twice; what is sent twice bears the same `webhook-id`.
 */
export function automations(deps: AutomationDeps) {
  const { clock, jobs, organisation, outside, automationKeys } = deps;

  jobs.handle(ROUND, async (tx) => {
    const after = await rows.cursor(tx);
    const events = await rows.recordAfter(tx, after, BATCH);
    for (const event of events) {
      for (const automation of organisation.automations) {
        // What automations themselves write is not sent: it would never end.
        if (event.action.startsWith('windows.automation.') || !matchesAny(automation.events, event.action)) continue;
        await queue(tx, automation.id, event);
      }
    }
    const last = events.at(-1);
    if (last) await rows.moveCursor(tx, last.seq);
    const pause = events.length === BATCH ? 0 : ROUND_SECONDS;
    await jobs.enqueue(tx, ROUND, {}, { at: clock.now().add({ seconds: pause }) });
  });

  async function queue(
    tx: Tx,
    automation: string,
    event: AuditRow,
    replayOf: number | null = null,
  ): Promise<number | undefined> {
    const { seq, at, actor, action, objects, outcome, why, detail } = event;
    const body = { type: action, timestamp: at, data: { seq, actor, objects, outcome, why, detail } };
    const id = await rows.insert(tx, { automation, event: action, seq, body, replayOf, at: clock.now().toString() });
    if (id !== undefined) await jobs.enqueue(tx, SEND, { delivery: id });
    return id;
  }

  jobs.handleOutside(SEND, LEASE_SECONDS, async (data) => {
    const { delivery } = data as { delivery: number };
    const row = await rows.find(deps.db, delivery);
    if (row?.state !== 'open') return async () => undefined;
    const automation = organisation.automations.find(({ id }) => id === row.automation);
    const key = automationKeys.find(({ id }) => id === automation?.key);
    if (!automation || !key)
      return (tx) =>
        rows.update(tx, delivery, {
          state: 'dead',
          last_error: automation
            ? `there is no key ${automation.key} in WARDROOM_AUTOMATION_KEYS`
            : 'wardroom.yaml does not name it any more',
        });
    const body = JSON.stringify(row.body);
    const id = `evt_${row.seq}`;
    const stamp = String(Math.floor(clock.ms() / 1000));
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': stamp,
      'webhook-signature': webhookSignature(key.secret, id, stamp, body),
    };
    let status: number | undefined;
    let error = '';
    try {
      status = (await outside.send({ method: 'POST', url: automation.url, headers, body })).status;
      if (status >= 200 && status < 300)
        return (tx) =>
          rows.update(tx, delivery, {
            state: 'sent',
            attempts: row.attempts + 1,
            last_status: status ?? null,
            last_error: null,
            sent_at: clock.now().toString(),
          });
      error = `it answered ${status}`;
    } catch (cause) {
      error = messageOf(cause);
      // An address inside, or one that is not https, will not become another one by waiting.
      if (cause instanceof Refused)
        return (tx) => rows.update(tx, delivery, { state: 'dead', attempts: row.attempts + 1, last_error: error });
    }
    const wait = status === 410 ? undefined : RETRIES[row.attempts];
    return async (tx) => {
      const tried = { attempts: row.attempts + 1, last_status: status ?? null, last_error: error };
      await rows.update(tx, delivery, wait === undefined ? { ...tried, state: 'dead' } : tried);
      if (wait !== undefined) await jobs.enqueue(tx, SEND, { delivery }, { at: clock.now().add({ seconds: wait }) });
    };
  });

  return {
    /** Begins to read the record, from where it ends now. Nothing when nobody is to be told. */
    async begin(): Promise<void> {
      if (organisation.automations.length === 0 || (await jobs.waiting(ROUND))) return;
      await inTransaction(deps.db, async (tx) => {
        await rows.beginCursor(tx);
        await jobs.enqueue(tx, ROUND, {});
      });
    },
    deliveries: rows.recent,
    /** Sends one again, as another delivery of the same event. */
    async replay(tx: Tx, delivery: number): Promise<number> {
      const row = await rows.find(tx, delivery);
      if (!row) throw new Refused(`There is no delivery ${delivery}.`, 'Say “automations” for the log.');
      if (row.state === 'open') throw new Refused(`Delivery ${delivery} is still tried.`, '', 'open');
      const entry = await deps.audit.entry(tx, row.seq);
      if (!entry) throw new Refused(`Entry ${row.seq} of the record is not there.`);
      const id = await queue(tx, row.automation, entry, delivery);
      return id ?? delivery;
    },
  };
}

export type Automations = ReturnType<typeof automations>;
