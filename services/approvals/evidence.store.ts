import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { EvidenceTable } from '../store/tables/approvals.ts';
import { type Finding, findingDigest, type StoredFinding } from './evidence.rules.ts';

type Row = Selectable<EvidenceTable>;

/** The last finding of each kind. */
export async function findingsOf(db: Db | Tx, request: string): Promise<StoredFinding[]> {
  const { rows } = await sql<Row>`select distinct on (kind) * from evidence where request = ${request}
    order by kind, id desc`.execute(db);
  return rows;
}

/** Every finding of a kind that was ever made, the newest first. */
export const findingHistory = (db: Db | Tx, request: string, kind: string): Promise<Row[]> =>
  db
    .selectFrom('evidence')
    .selectAll()
    .where('request', '=', request)
    .where('kind', '=', kind)
    .orderBy('id', 'desc')
    .limit(50)
    .execute();

/** What each finding that was ever made of a request says, by its digest. */
export async function summariesOf(db: Db | Tx, request: string): Promise<ReadonlyMap<string, string>> {
  const found = await db.selectFrom('evidence').select(['digest', 'summary']).where('request', '=', request).execute();
  return new Map(found.map(({ digest, summary }) => [digest, summary]));
}

/** A finding that says what the last one said is noted as looked at again; any other is a new one beside it. */
export async function keepFindings(
  tx: Tx,
  request: string,
  before: readonly StoredFinding[],
  findings: readonly Finding[],
  by: string,
  checkedAt: string,
): Promise<void> {
  const last = new Map(before.map((finding) => [finding.kind, finding]));
  const isSame = (finding: Finding) => last.get(finding.kind)?.digest === findingDigest(finding);
  for (const finding of findings.filter(isSame)) {
    await tx
      .updateTable('evidence')
      .set({
        summary: finding.summary,
        source: finding.source,
        body: JSON.stringify(finding.body),
        as_of: finding.asOf.toString(),
        checked_at: checkedAt,
      })
      .where('id', '=', last.get(finding.kind)?.id ?? '')
      .execute();
  }
  const others = findings.filter((finding) => !isSame(finding));
  if (others.length === 0) return;
  await tx
    .insertInto('evidence')
    .values(
      others.map((finding) => ({
        request,
        kind: finding.kind,
        state: finding.state,
        digest: findingDigest(finding),
        summary: finding.summary,
        source: finding.source,
        body: JSON.stringify(finding.body),
        binding: finding.binding ? JSON.stringify(finding.binding) : null,
        by,
        as_of: finding.asOf.toString(),
        checked_at: checkedAt,
      })),
    )
    .execute();
}
