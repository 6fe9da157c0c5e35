import type { Selectable } from 'kysely';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { DraftsTable } from '../store/tables/core.ts';
import { attempt } from '../store/transaction.ts';
import type { Clock } from './clock.ts';

export type DraftRow = Selectable<DraftsTable>;

/** What somebody typed into a form so far, kept between its steps: it can be left for a month and gone on with elsewhere. */
export function drafts({ clock }: { clock: Clock }) {
  const now = () => clock.now().toString();
  return {
    /** Begins a form; `values` are filled in already. */
    async open(
      tx: Tx,
      what: { form: string; owner: string; subject?: string; values?: Readonly<Record<string, string>> },
    ): Promise<DraftRow> {
      const row = {
        id: await nextNumber(tx, 'DRF'),
        form: what.form,
        owner: what.owner,
        subject: what.subject ?? null,
        at: 0,
        state: 'open' as const,
        result: null,
        created_at: now(),
        updated_at: now(),
      };
      const values = { ...what.values };
      await tx
        .insertInto('drafts')
        .values({ ...row, values: JSON.stringify(values) })
        .execute();
      return { ...row, values };
    },

    find: (db: Db | Tx, id: string): Promise<DraftRow | undefined> =>
      db.selectFrom('drafts').selectAll().where('id', '=', id).executeTakeFirst(),

    /** For the rest of the transaction nobody else takes a step of it. */
    lock: (tx: Tx, id: string): Promise<DraftRow | undefined> =>
      tx.selectFrom('drafts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),

    async keep(tx: Tx, id: string, draft: { at: number; values: Readonly<Record<string, string>> }): Promise<void> {
      const { at, values } = draft;
      await tx
        .updateTable('drafts')
        .set({ at, values: JSON.stringify(values), updated_at: now() })
        .where('id', '=', id)
        .execute();
    },

    /**
     * Tries to do what the form asks for. When that is refused its writes are taken back (a savepoint), and the
     * transaction goes on: what was typed can still be kept.
     */
    attempt,

    /** It was sent and became `result`; a second sending finds that. */
    async sent(tx: Tx, id: string, result: string): Promise<void> {
      await tx.updateTable('drafts').set({ state: 'sent', result, updated_at: now() }).where('id', '=', id).execute();
    },

    async drop(tx: Tx, id: string): Promise<void> {
      await tx.updateTable('drafts').set({ state: 'dropped', updated_at: now() }).where('id', '=', id).execute();
    },

    /** What this person has begun and not sent, the latest first. */
    openOf: (db: Db | Tx, owner: string, most: number): Promise<DraftRow[]> =>
      db
        .selectFrom('drafts')
        .selectAll()
        .where('owner', '=', owner)
        .where('state', '=', 'open')
        .orderBy('updated_at', 'desc')
        .limit(most)
        .execute(),
  };
}

export type Drafts = ReturnType<typeof drafts>;
