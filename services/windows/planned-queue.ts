import { Temporal } from 'temporal-polyfill';
import type { Entry } from '../core/audit.ts';
import type { Db, Tx } from '../store/store.ts';
import type { CoordinationDeps } from './coordination.ts';
import type { Decision } from './decide.rules.ts';
import { nextToStart } from './planned.rules.ts';
import * as rows from './planned.store.ts';
import { type PlannedChanges, plannedCardOf, QUEUE } from './planned.ts';
import type { Stood } from './planned-care.ts';

export const OWN_START = 'started by itself';
const LEASE_SECONDS = 60;

/** The calendar changed, or something that stood in the way ended: those that wait start in order, spread out. */
export function plannedQueue(
  { db, clock, jobs, audit, outbox, organisation }: CoordinationDeps,
  planned: PlannedChanges,
  tools: {
    begin: (tx: Tx, row: rows.PlannedRow, by: string, words: string, stood: Stood | undefined) => Promise<void>;
    waits: (tx: Tx, by: string, row: rows.PlannedRow, decision: Decision) => Promise<Entry>;
    owes: (at: Db | Tx, row: rows.PlannedRow) => Promise<object | undefined>;
    stands: (row: rows.PlannedRow | undefined) => Promise<Stood | undefined>;
  },
): void {
  jobs.handleOutside(QUEUE, LEASE_SECONDS, async () => {
    const waiting = await rows.inStates(db, ['waiting']);
    if (waiting.length === 0) return async () => undefined;
    const { next: asked } = await lookAt(db, waiting);
    const stood = await tools.stands(asked.start);
    return async (tx) => {
      const { standing, next } = await lookAt(tx, await rows.lockWaiting(tx));
      for (const { row, verdict } of standing) {
        if (verdict.allowed || verdict.why.slice(0, 500) === row.note) continue;
        // Something else holds it up now than before.
        await rows.setPlanned(tx, row.id, { note: verdict.why.slice(0, 500) });
        await audit.append(tx, await tools.waits(tx, 'wardroom', row, verdict));
        await outbox.refresh(tx, plannedCardOf(row.id));
      }
      // Another one's turn since Azure was asked: it has to be asked about that one first.
      if (next.start && next.start.id !== asked.start?.id) return jobs.enqueue(tx, QUEUE, {});
      if (next.start) await tools.begin(tx, next.start, 'wardroom', OWN_START, stood);
      const again = [
        ...(next.lookAgain === undefined ? [] : [next.lookAgain]),
        ...standing.flatMap(({ verdict: { allowed, next: opens } }) =>
          allowed || !opens ? [] : [opens.epochMilliseconds],
        ),
      ];
      if (again.length > 0)
        await jobs.enqueue(tx, QUEUE, {}, { at: Temporal.Instant.fromEpochMilliseconds(Math.min(...again)) });
    };
  });

  /** What the calendar says to each that waits, and which of them is next. */
  async function lookAt(at: Db | Tx, waiting: readonly rows.PlannedRow[]) {
    const now = clock.now();
    const standing: { row: rows.PlannedRow; verdict: Decision }[] = [];
    const open = new Set<string>();
    for (const row of waiting) {
      const verdict = await planned.verdict(at, row, now);
      standing.push({ row, verdict });
      if (verdict.allowed && !(await tools.owes(at, row))) open.add(row.id);
    }
    const busy = (await rows.inStates(at, ['running', 'held'])).flatMap(({ targets }) => targets);
    const last = await rows.lastOwnStart(at);
    const next = nextToStart(
      now.epochMilliseconds,
      waiting.map((row) => ({ ...row, startsAt: Date.parse(row.starts_at) })),
      {
        busy,
        lastStart: last === undefined ? undefined : Date.parse(last),
        spreadMs: organisation.changes.spread * 60_000,
        open: ({ id }) => open.has(id),
      },
    );
    return { standing, next };
  }
}
