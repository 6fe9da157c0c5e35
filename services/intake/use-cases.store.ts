import { type Selectable, sql } from 'kysely';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type {
  StoredAnswer,
  UseCaseLinksTable,
  UseCaseQuestionsTable,
  UseCaseSignaturesTable,
  UseCasesTable,
} from '../store/tables/intake.ts';
import type { Signature, Stakeholder } from './signoff.rules.ts';

export type UseCaseRow = Selectable<UseCasesTable>;
export type QuestionRow = Selectable<UseCaseQuestionsTable>;
export type LinkRow = Selectable<UseCaseLinksTable>;

export const find = (db: Db | Tx, id: string): Promise<UseCaseRow | undefined> =>
  db.selectFrom('use_cases').selectAll().where('id', '=', id).executeTakeFirst();
export const lock = (tx: Tx, id: string): Promise<UseCaseRow | undefined> =>
  tx.selectFrom('use_cases').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
/** All that were not withdrawn, the oldest first. */
export const all = (db: Db | Tx): Promise<UseCaseRow[]> =>
  db
    .selectFrom('use_cases')
    .selectAll()
    .where('state', '<>', 'withdrawn')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
/** Whom each use case names, but those in these states. */
export const holders = (db: Db | Tx, but: readonly UseCaseRow['state'][]) =>
  db
    .selectFrom('use_cases')
    .select([
      'id',
      'title',
      'created_by',
      sql<string | null>`answers -> 'owner' ->> 'value'`.as('owner'),
      sql<string | null>`answers -> 'executive' ->> 'value'`.as('executive'),
    ])
    .where('state', 'not in', [...but])
    .orderBy('created_at')
    .execute();
export const titles = (db: Db | Tx): Promise<{ id: string; title: string }[]> =>
  db.selectFrom('use_cases').select(['id', 'title']).where('state', '<>', 'withdrawn').execute();

export async function insert(
  tx: Tx,
  what: { title: string; answers: Record<string, StoredAnswer>; by: string; at: string },
): Promise<string> {
  const id = await nextNumber(tx, 'UC');
  const { title, answers, by, at } = what;
  await tx
    .insertInto('use_cases')
    .values({
      id,
      title,
      state: 'idea',
      answers: JSON.stringify(answers),
      revision: 1,
      created_by: by,
      created_at: at,
      updated_at: at,
    })
    .execute();
  return id;
}

export type Change = Partial<
  Pick<UseCaseRow, 'title' | 'state' | 'revision' | 'signoff_asked_at'> & {
    answers: object;
    risk: object;
    business_case: object;
    pilot: object;
  }
>;

export async function update(tx: Tx, id: string, change: Change, at: string): Promise<void> {
  const { answers, risk, business_case, pilot, ...plain } = change;
  const json = Object.fromEntries(
    Object.entries({ answers, risk, business_case, pilot }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, JSON.stringify(value)]],
    ),
  );
  await tx
    .updateTable('use_cases')
    .set({ ...plain, ...json, updated_at: at })
    .where('id', '=', id)
    .execute();
}

export async function signaturesOf(db: Db | Tx, id: string): Promise<Signature[]> {
  const rows = await db
    .selectFrom('use_case_signatures')
    .selectAll()
    .where('use_case', '=', id)
    .orderBy('id')
    .execute();
  return rows.map(signatureOf);
}

export const signatureOf = (row: Selectable<UseCaseSignaturesTable>): Signature => ({
  id: row.id,
  stakeholder: row.stakeholder as Stakeholder,
  person: row.person,
  verdict: row.verdict,
  ...(row.reason ? { reason: row.reason } : {}),
  revision: row.revision,
  at: row.at,
  ...(row.answer ? { answer: row.answer } : {}),
});

export const linksOf = (db: Db | Tx, id: string): Promise<LinkRow[]> =>
  db.selectFrom('use_case_links').selectAll().where('use_case', '=', id).orderBy('at').execute();
export const linksOfKind = (db: Db | Tx, kind: LinkRow['kind']): Promise<LinkRow[]> =>
  db.selectFrom('use_case_links').selectAll().where('kind', '=', kind).execute();
export const linkedTo = (db: Db | Tx, kind: LinkRow['kind'], target: string): Promise<LinkRow[]> =>
  db.selectFrom('use_case_links').selectAll().where('kind', '=', kind).where('target', '=', target).execute();

export const openQuestions = (db: Db | Tx, id: string): Promise<QuestionRow[]> =>
  db
    .selectFrom('use_case_questions')
    .selectAll()
    .where('use_case', '=', id)
    .where('state', '=', 'open')
    .orderBy('id')
    .execute();
export const openQuestionsOf = (db: Db | Tx, person: string): Promise<QuestionRow[]> =>
  db
    .selectFrom('use_case_questions')
    .selectAll()
    .where('asked', '=', person)
    .where('state', '=', 'open')
    .orderBy('id')
    .execute();
export const questionById = (db: Db | Tx, id: number): Promise<QuestionRow | undefined> =>
  db.selectFrom('use_case_questions').selectAll().where('id', '=', id).executeTakeFirst();
