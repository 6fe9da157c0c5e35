import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Role } from '../core/organisation.ts';
import type { Tx } from '../store/store.ts';
import { type BreakGlass, breakGlass, type GlassRecord } from './break-glass.rules.ts';
import type { CoordinationDeps, Tools } from './coordination.ts';
import type { Decision } from './decide.rules.ts';
import * as rows from './planned.store.ts';
import { type PlannedChanges, plannedCardOf } from './planned.ts';
import type { CalendarStore } from './windows.ts';

const REVIEW = 'windows-review';
const GLASS_HOURS = 2;

interface StoredGlass {
  by: string;
  roles: readonly string[];
  reason: string;
  ticket?: string;
  expires: string;
  usedAt?: string;
  record?: Omit<GlassRecord, 'reviewDue'> & { reviewDue: string };
  reviewedBy?: string;
}

/** Breaking the glass for a change: asked for, used once, told to those whose freeze it is, and looked at afterwards. */
export function plannedGlass(
  deps: CoordinationDeps,
  store: CalendarStore,
  planned: PlannedChanges,
  { note, tell }: Tools,
) {
  const { clock, audit, outbox, jobs, organisation, people } = deps;
  const set = rows.setPlanned;

  jobs.handle(REVIEW, async (tx, batch) => {
    for (const { change } of batch as { change: string }[]) {
      const row = await rows.findPlanned(tx, change);
      if (row && !(row.glass as StoredGlass | null)?.reviewedBy) await tell(tx, row, 'review-due');
    }
  });

  /** Whoever made the freeze, and the board. */
  async function tellOwners(tx: Tx, row: rows.PlannedRow, entries: readonly string[]): Promise<void> {
    const owners = new Set<string>();
    for (const entry of entries) {
      const stored = await store.find(tx, entry);
      if (stored && stored.created_by !== 'wardroom') owners.add(`person:${stored.created_by}`);
    }
    for (const conversation of [...owners, planned.board])
      await outbox.say(tx, {
        key: `planned:${row.id}:glass:${row.revision}@${conversation}`,
        kind: 'windows.change-note',
        ids: { change: row.id, about: 'glass' },
        conversation,
      });
  }

  return {
    /** What a start brings along when somebody broke the glass for it and nobody has used that. */
    offered(row: rows.PlannedRow): { breakGlass?: BreakGlass } {
      const glass = row.glass as StoredGlass | null;
      if (!glass || glass.usedAt) return {};
      return {
        breakGlass: {
          actor: { id: glass.by, roles: glass.roles },
          reason: glass.reason,
          ...(glass.ticket ? { ticket: glass.ticket } : {}),
          expires: Temporal.Instant.from(glass.expires),
          policy: { roles: organisation.changes.breakGlass },
        },
      };
    },

    /** It was needed: written down, told, and put up for a review. */
    async used(tx: Tx, row: rows.PlannedRow, decision: Decision): Promise<void> {
      const glass = row.glass as StoredGlass | null;
      if (decision.code !== 'break-glass' || !glass || !decision.glass?.record) return;
      const { reviewDue, ...record } = decision.glass.record;
      const kept = { ...record, reviewDue: reviewDue.toString() };
      await set(tx, row.id, { glass: JSON.stringify({ ...glass, usedAt: clock.now().toString(), record: kept }) });
      const objects = [row.id, ...record.windows];
      await audit.append(tx, { actor: glass.by, action: 'freeze.override', objects, why: glass.reason, detail: kept });
      await tellOwners(tx, row, record.windows);
      await jobs.enqueue(tx, REVIEW, { change: row.id }, { at: reviewDue });
    },

    /** For one start of one change, within two hours: by role, with a reason and a ticket; looked at the day after. */
    async breakGlass(
      tx: Tx,
      id: string,
      by: { id: string; roles: readonly Role[] },
      reason: string,
      ticket: string,
    ): Promise<string> {
      const row = await planned.needed(tx, id, 'start');
      const now = clock.now();
      const decision = await planned.verdict(tx, row, now);
      if (decision.allowed) throw new Refused(`${id} may start without it.`, `Say “start ${id}”.`);
      const glass = breakGlass(
        { actor: by, reason, ticket, policy: { roles: organisation.changes.breakGlass, ticketRequired: true } },
        { now, windows: decision.by, roles: [] },
      );
      if (!glass.broken) throw new Refused(glass.why, '', 'no-glass');
      const expires = now.add({ hours: GLASS_HOURS }).toString();
      const stored: StoredGlass = { by: by.id, roles: by.roles, reason, ticket, expires };
      await set(tx, id, { glass: JSON.stringify(stored) });
      await audit.append(tx, {
        ...note(by.id, 'glass', row, reason),
        detail: { ticket, expires, windows: decision.by },
      });
      await outbox.refresh(tx, plannedCardOf(id));
      return expires;
    },

    async review(tx: Tx, id: string, by: string, words: string): Promise<void> {
      const row = await rows.lockPlanned(tx, id);
      const glass = row?.glass as StoredGlass | null | undefined;
      if (!row || !glass?.usedAt) throw new Refused(`The glass was not broken for ${id}.`);
      if (glass.reviewedBy)
        throw new Refused(`${people.nameOf(glass.reviewedBy)} has reviewed it already.`, '', 'finished');
      if (glass.by === by) throw new Refused('Whoever broke the glass does not review it.', 'Ask a colleague.');
      await set(tx, id, { glass: JSON.stringify({ ...glass, reviewedBy: by }) });
      await audit.append(tx, note(by, 'reviewed', row, words));
      await outbox.refresh(tx, plannedCardOf(id));
    },
  };
}
