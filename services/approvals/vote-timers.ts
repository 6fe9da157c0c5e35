import type { Tx } from '../store/store.ts';
import { readPlan } from './plan.ts';
import { type ApprovalsDeps, cardOf } from './requests.deps.ts';
import * as rows from './requests.store.ts';
import type { Voting } from './votes.ts';

type RequestRow = rows.RequestRow;
export const DEADLINE = 'approvals-deadline';
export const REMIND = 'approvals-remind';
export const LIFE = 'approvals-life';

export interface Reminder {
  request: string;
  /** Of the vote that it belongs to: a vote that was opened anew has its own. */
  deadline: string;
  count: number;
}

export const objectsOf = (row: RequestRow): string[] => [
  row.id,
  ...(row.incident ? [row.incident] : []),
  ...(row.endpoint === null && row.kind === 'cost' ? [] : [readPlan(row.plan).endpoint]),
  ...(row.model ? [row.model] : []),
];

/** What happens to a vote by time alone: reminders, the deadline, the end of an approval's life. */
export function voteTimers(
  deps: ApprovalsDeps,
  voting: Pick<Voting, 'settle' | 'checked' | 'finish' | 'noteLeavers'>,
): void {
  const { clock, audit, outbox, jobs } = deps;
  const { settle, checked, finish, noteLeavers } = voting;

  jobs.handle(DEADLINE, async (tx, batch) => {
    for (const timer of batch) await checked(tx, (timer as { request: string }).request);
  });
  jobs.handle(REMIND, async (tx, batch) => {
    for (const timer of batch) await remind(tx, timer as Reminder);
  });
  jobs.handle(LIFE, async (tx, batch) => {
    for (const timer of batch) await endLife(tx, (timer as { request: string }).request);
  });

  /** Only to those who have not voted, as a message of its own in every stage: an edit of an earlier one would notify nobody. */
  async function remind(tx: Tx, { request, deadline, count }: Reminder): Promise<void> {
    const locked = await rows.lockRequest(tx, request);
    if (locked?.state !== 'voting' || Date.parse(locked.deadline) !== Date.parse(deadline)) return;
    const row = await noteLeavers(tx, locked);
    const { state, tally } = await settle(tx, row, 'wardroom');
    if (state !== 'open') return;
    for (const person of tally.outstanding) {
      await outbox.show(tx, {
        card: cardOf(request),
        as: `reminder:${row.stage}:${count}`,
        kind: 'approvals.reminder',
        ids: { request, person, count: String(count) },
        conversation: `person:${person}`,
        priority: 2,
      });
    }
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'approvals.reminded',
      objects: [request],
      detail: { people: tally.outstanding },
    });
  }

  async function endLife(tx: Tx, id: string): Promise<void> {
    const row = await rows.lockRequest(tx, id);
    if (!row?.expires_at || (row.state !== 'approved' && row.state !== 'conditional')) return;
    const now = clock.now();
    if (Date.parse(row.expires_at) > now.epochMilliseconds) return;
    const reason = 'The approval was not carried out in time; evidence and people may have changed since.';
    await audit.append(tx, { actor: 'wardroom', action: 'approvals.expired', objects: objectsOf(row), why: reason });
    await finish(tx, row, { state: 'expired', at: now, by: 'life', reason });
  }
}
