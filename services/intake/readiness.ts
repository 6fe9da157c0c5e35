import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import { departmentOf } from './departments.rules.ts';
import type { IntakeDeps } from './deps.ts';
import { READINESS_QUESTIONS, type ReadinessQuestion, statementOf } from './readiness.rules.ts';

export interface Assessment {
  department: string;
  answers: Readonly<Record<string, number>>;
  by: string;
  at: string;
}

/** Who closes a gap of a department: the last to whom it was given. */
export interface GapOwner {
  department: string;
  statement: string;
  person: string;
}

/** How ready departments are: assessments, the oldest first, and who owns their gaps. */
export function readiness({ clock, outbox, people, organisation }: IntakeDeps) {
  return {
    gapOwners: (db: Db | Tx): Promise<GapOwner[]> =>
      db.selectFrom('readiness_gaps').select(['department', 'statement', 'person']).execute(),

    /** Keeps an assessment under the department's own name, which it returns. */
    async assess(tx: Tx, words: string, answers: Record<string, number>, by: string): Promise<string> {
      const department = departmentOf(organisation.departments, words);
      await tx
        .insertInto('readiness')
        .values({ department, answers: JSON.stringify(answers), person: by, at: clock.now().toString() })
        .execute();
      return department;
    },

    /** Every assessment: the last of a department counts, those before it are its trend. */
    async assessments(db: Db | Tx): Promise<Assessment[]> {
      const found = await db.selectFrom('readiness').selectAll().orderBy('id').execute();
      return found.map(({ department, answers, person, at }) => ({ department, answers, by: person, at }));
    },

    /** Gives a gap to somebody, who is told. Returns the names that were meant. */
    async giveGap(
      tx: Tx,
      given: { statement: string; department: string; person: string; by: string },
    ): Promise<{ department: string; statement: ReadinessQuestion }> {
      const department = departmentOf(organisation.departments, given.department);
      const statement = statementOf(given.statement);
      if (!statement)
        throw new Refused(
          `No statement of the assessment is called “${given.statement.slice(0, 60)}”.`,
          `There are ${READINESS_QUESTIONS.map(({ id }) => id).join(', ')}.`,
          'unknown-statement',
        );
      if (!people.byId(given.person)?.active)
        throw new Refused(`${people.nameOf(given.person)} is not here any more.`, 'Name somebody who is.');
      const at = clock.now().toString();
      const gap = { person: given.person, given_by: given.by, at };
      await tx
        .insertInto('readiness_gaps')
        .values({ department, statement: statement.id, ...gap })
        .onConflict((conflict) => conflict.columns(['department', 'statement']).doUpdateSet(gap))
        .execute();
      if (given.person !== given.by)
        await outbox.say(tx, {
          key: `intake-gap:${department}:${statement.id}:${given.person}:${at}`,
          kind: 'intake.gap',
          ids: { department, statement: statement.id, by: given.by },
          conversation: `person:${given.person}`,
        });
      return { department, statement };
    },
  };
}
