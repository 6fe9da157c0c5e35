import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import type { Clock } from './clock.ts';

/**
 * The hash-chained record of who did what, when and why. Each row's hash covers its content and the hash before it, so
 * changing, removing or reordering rows breaks the chain at the first touched one; the head row tells how long the chain
 * is, so that cutting its end shows too. It is tamper-evident, not tamper-proof: somebody who can rewrite the whole
 * table and the head is found only by a head that was noted elsewhere, which is why `audit verify` prints it.
 */
export interface Entry {
  /** Person id, or `wardroom` for what it does by itself. */
  actor: string;
  /** Capability id or the name of what happened ("alerts.escalated"). */
  action: string;
  /** Ids of what it is about: incidents, requests, changes, endpoints. */
  objects: readonly string[];
  outcome?: 'ok' | 'refused' | 'failed';
  why?: string | undefined;
  detail?: Record<string, unknown>;
}

export interface AuditRow {
  seq: number;
  at: string;
  actor: string;
  action: string;
  objects: string[];
  outcome: 'ok' | 'refused' | 'failed';
  why: string | null;
  detail: Record<string, unknown>;
}

export interface Verdict {
  ok: boolean;
  rows: number;
  head: string;
  /** The first row that does not fit, and how. */
  broken?: { seq: number; why: string };
}

export interface Audit {
  /** Appends in the caller's transaction; writers queue on the head row, so the chain has one order. */
  append(tx: Tx, ...entries: readonly Entry[]): Promise<void>;
  about(db: Db, object: string, limit?: number): Promise<AuditRow[]>;
  /** One entry by its number. */
  entry(db: Db, seq: number): Promise<AuditRow | undefined>;
  verify(db: Db): Promise<Verdict>;
  /** Entries between two numbers (both included) with their links, for a proof outside of this house; oldest first. */
  segment(db: Db, from: number, to: number): Promise<LinkedRow[]>;
  /** The end of the chain. */
  head(db: Db): Promise<{ seq: number; hash: string }>;
}

/** An entry with the hash before it and its own. */
export interface LinkedRow extends AuditRow {
  prev_hash: string;
  hash: string;
}

const GENESIS = '0'.repeat(64);
const CHUNK = 2_000;

/** The hash of an entry that follows `previous`. */
export const hashOf = (row: Omit<AuditRow, 'seq'> & { seq: number }, previous: string): string =>
  sha256(
    canonicalJson([row.seq, row.at, row.actor, row.action, row.objects, row.outcome, row.why, row.detail, previous]),
  );

export function audit({ clock }: { clock: Clock }): Audit {
  return {
    async append(tx, ...entries) {
      if (entries.length === 0) return;
      const head = await tx
        .selectFrom('audit_head')
        .selectAll()
        .where('id', '=', 1)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const at = new Date(clock.ms()).toISOString();
      let { seq, hash } = head;
      const rows = entries.map((entry) => {
        seq += 1;
        const row = {
          seq,
          at,
          actor: entry.actor,
          action: entry.action,
          objects: [...entry.objects],
          outcome: entry.outcome ?? ('ok' as const),
          why: entry.why ?? null,
          // As the database will give it back: what JSON cannot carry must not be in the hash.
          detail: JSON.parse(JSON.stringify(entry.detail ?? {})) as Record<string, unknown>,
        };
        const previous = hash;
        hash = hashOf(row, previous);
        return { ...row, prev_hash: previous, hash };
      });
      // One statement whose text is the same for any number of rows, so that it stays prepared.
      await sql`with chained as (
          insert into audit (seq, at, actor, action, objects, outcome, why, detail, prev_hash, hash)
          select seq, at, actor, action, objects, outcome, why, detail, prev_hash, hash
          from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (seq bigint, at timestamptz, actor text,
            action text, objects text[], outcome text, why text, detail jsonb, prev_hash text, hash text))
        update audit_head set seq = ${seq}, hash = ${hash} where id = 1`.execute(tx);
    },

    async about(db, object, limit = 200) {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where(sql<boolean>`objects @> array[${object}]::text[]`)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(plain);
    },

    async entry(db, seq) {
      const row = await db.selectFrom('audit').selectAll().where('seq', '=', seq).executeTakeFirst();
      return row && plain(row);
    },

    async segment(db, from, to) {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where('seq', '>=', from)
        .where('seq', '<=', to)
        .orderBy('seq')
        .execute();
      return rows.map((row) => ({ ...plain(row), prev_hash: row.prev_hash, hash: row.hash }));
    },

    async head(db) {
      const { seq, hash } = await db.selectFrom('audit_head').selectAll().where('id', '=', 1).executeTakeFirstOrThrow();
      return { seq, hash };
    },

    async verify(db) {
      let previous = GENESIS;
      let expected = 1;
      for (;;) {
        const rows = await db
          .selectFrom('audit')
          .selectAll()
          .where('seq', '>=', expected)
          .orderBy('seq')
          .limit(CHUNK)
          .execute();
        for (const row of rows) {
          const broken = brokenBy(row, expected, previous);
          if (broken) return { ok: false, rows: expected - 1, head: previous, broken };
          previous = row.hash;
          expected += 1;
        }
        if (rows.length < CHUNK) break;
      }
      const head = await db.selectFrom('audit_head').selectAll().where('id', '=', 1).executeTakeFirst();
      if (head?.seq !== expected - 1 || head.hash !== previous) {
        const why = `the chain ends at ${expected - 1}, but ${head?.seq ?? 'no'} rows were written: the end was cut off`;
        return { ok: false, rows: expected - 1, head: previous, broken: { seq: expected, why } };
      }
      return { ok: true, rows: expected - 1, head: previous };
    },
  };
}

function brokenBy(
  row: Selectable<Tables['audit']>,
  expected: number,
  previous: string,
): { seq: number; why: string } | undefined {
  if (row.seq !== expected) return { seq: expected, why: `row ${expected} is missing` };
  if (row.prev_hash !== previous) return { seq: row.seq, why: 'it does not follow the row before it' };
  if (hashOf(plain(row), previous) !== row.hash) return { seq: row.seq, why: 'its content was altered' };
  return undefined;
}

const plain = (row: Selectable<Tables['audit']>): AuditRow => ({
  seq: row.seq,
  at: row.at,
  actor: row.actor,
  action: row.action,
  objects: row.objects,
  outcome: row.outcome,
  why: row.why,
  detail: row.detail,
});
