import type { Db, Tx } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { toCsv } from './csv.ts';
import type { Ids } from './ids.ts';

/** A text that somebody takes along. */
export interface NewFile {
  /** "decision-REQ-142.json" */
  name: string;
  /** A media type with its charset. */
  type: string;
  body: string;
  madeFor: string;
}

const CSV = 'text/csv; charset=utf-8';
const FILE_HOURS = 24;
const TOKEN = /^[0-9a-f]{64}$/;

/** Files to download, each for a day, behind an address that cannot be guessed. */
export function files({ db, clock, ids }: { db: Db; clock: Clock; ids: Pick<Ids, 'uuid'> }) {
  /** Keeps it in the transaction that made it; returns the token of its address. */
  async function keep(tx: Tx, { name, type, body, madeFor }: NewFile): Promise<string> {
    const token = `${ids.uuid()}${ids.uuid()}`.replaceAll('-', '');
    const now = clock.now();
    await tx.deleteFrom('files').where('expires_at', '<', now.toString()).execute();
    await tx
      .insertInto('files')
      .values({
        token,
        name,
        type,
        body,
        made_for: madeFor,
        expires_at: now.add({ hours: FILE_HOURS }).toString(),
      })
      .execute();
    return token;
  }

  return {
    keep,
    /** The same for a table, as CSV that spreadsheets open. */
    table: (
      tx: Tx,
      of: { name: string; header: readonly string[]; rows: readonly (readonly string[])[]; madeFor: string },
    ): Promise<string> => keep(tx, { name: of.name, type: CSV, body: toCsv(of.header, of.rows), madeFor: of.madeFor }),

    /** `undefined` when there is none, or not any more. */
    async open(token: string): Promise<{ name: string; type: string; body: string } | undefined> {
      if (!TOKEN.test(token)) return undefined;
      const row = await db.selectFrom('files').selectAll().where('token', '=', token).executeTakeFirst();
      return row && Date.parse(row.expires_at) > clock.ms() ? row : undefined;
    },
  };
}

export type Files = ReturnType<typeof files>;
