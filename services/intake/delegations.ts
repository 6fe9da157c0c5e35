import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import { passOn } from './delegation.rules.ts';
import type { IntakeDeps } from './deps.ts';
import { SECTION_WORDS, type Section } from './questions.ts';
import * as rows from './use-cases.store.ts';
import { type UseCases, useCaseCardOf } from './use-cases.ts';

export const NUDGE = 'intake-nudge';
/** Whoever was asked is reminded after so many days, and so often. */
const NUDGE_AFTER_DAYS = 2;
const MOST_NUDGES = 3;

/** Sections that somebody else answers: asked in chat, passed on, reminded, taken back when they are answered. */
export function delegations(deps: IntakeDeps, cases: UseCases) {
  const { clock, jobs, outbox, people, audit } = deps;

  const told = (tx: Tx, question: number, asked: string, nudge: number) =>
    outbox.say(tx, {
      key: `intake-question:${question}:${nudge}`,
      kind: 'intake.question',
      ids: { question: String(question), ...(nudge > 0 ? { nudge: String(nudge) } : {}) },
      conversation: `person:${asked}`,
    });
  const remindLater = (tx: Tx, question: number) =>
    jobs.enqueue(tx, NUDGE, { question }, { at: clock.now().add({ hours: 24 * NUDGE_AFTER_DAYS }) });
  /** A question that waits for this person, who is told and reminded; its number. */
  async function put(
    tx: Tx,
    question: { use_case: string; section: string; asked: string; chain: readonly string[]; created_at: string },
  ): Promise<number> {
    const { id } = await tx
      .insertInto('use_case_questions')
      .values({ ...question, chain: JSON.stringify(question.chain), state: 'open', nudges: 0 })
      .returning('id')
      .executeTakeFirstOrThrow();
    await told(tx, id, question.asked, 0);
    await remindLater(tx, id);
    return id;
  }

  return {
    /** Asks a person for a section. When somebody else has it, it is passed on. */
    async ask(
      tx: Tx,
      id: string,
      section: Section,
      asked: string,
      by: string,
    ): Promise<{ question: number; passedFrom?: string }> {
      await cases.needed(tx, id);
      if (!people.byId(asked)?.active)
        throw new Refused(`${people.nameOf(asked)} is not here any more.`, 'Ask somebody who is.');
      const [open] = (await rows.openQuestions(tx, id)).filter((one) => one.section === section);
      if (open?.asked === asked)
        throw new Refused(
          `${people.nameOf(asked)} was asked already and has not answered.`,
          `Ask somebody else with “ask … for ${section} of ${id}”.`,
        );
      const next = passOn(open ? open.chain : [by], asked);
      if (!next.ok) {
        const [why, then] =
          next.why === 'circle'
            ? [
                `It would go round in a circle: ${next.circle.map(people.nameOf).join(' → ')}.`,
                'Answer what you can, or ask somebody else.',
              ]
            : ['It was passed on too often already.', 'Ask the business owner who knows.'];
        throw new Refused(why, then, 'circular');
      }
      const at = clock.now().toString();
      if (open)
        await tx
          .updateTable('use_case_questions')
          .set({ state: 'passed', decided_at: at })
          .where('id', '=', open.id)
          .execute();
      const question = await put(tx, { use_case: id, section, asked, chain: next.chain, created_at: at });
      await outbox.refresh(tx, useCaseCardOf(id));
      return { question, ...(open ? { passedFrom: open.asked } : {}) };
    },

    /** The section was answered: whoever asked hears of it. */
    async answered(tx: Tx, id: string, section: Section, by: string): Promise<void> {
      const [open] = (await rows.openQuestions(tx, id)).filter((one) => one.section === section);
      if (!open) return;
      await tx
        .updateTable('use_case_questions')
        .set({ state: 'answered', decided_at: clock.now().toString() })
        .where('id', '=', open.id)
        .execute();
      const [asker] = open.chain;
      if (asker && asker !== by) {
        await outbox.say(tx, {
          key: `intake-answered:${open.id}`,
          kind: 'intake.answered',
          ids: { question: String(open.id), by },
          conversation: `person:${asker}`,
        });
      }
    },

    /** A timer: reminds whoever has the question, a few times. */
    async due(tx: Tx, { question }: { question: number }): Promise<void> {
      const row = await rows.questionById(tx, question);
      if (row?.state !== 'open') return;
      if (row.nudges >= MOST_NUDGES || !people.byId(row.asked)?.active) {
        const [asker = ''] = row.chain;
        await outbox.say(tx, {
          key: `intake-stuck:${question}`,
          kind: 'intake.stuck',
          ids: { question: String(question) },
          conversation: `person:${asker}`,
        });
        await audit.append(tx, {
          actor: 'wardroom',
          action: 'intake.stuck',
          objects: [row.use_case],
          why: `${people.nameOf(row.asked)} has not answered for ${SECTION_WORDS[row.section as Section]}`,
        });
        return;
      }
      const nudges = row.nudges + 1;
      await tx.updateTable('use_case_questions').set({ nudges }).where('id', '=', question).execute();
      await told(tx, question, row.asked, nudges);
      await remindLater(tx, question);
    },

    /** Whoever has it left: it goes back to somebody earlier in the chain; the first one only hears of it. */
    async giveBack(
      tx: Tx,
      row: rows.QuestionRow,
      back: { person: string; chain: string[] } | undefined,
    ): Promise<void> {
      const at = clock.now().toString();
      const again = back !== undefined && back.chain.length > 1;
      await tx
        .updateTable('use_case_questions')
        .set({ state: again ? 'passed' : 'cancelled', decided_at: at })
        .where('id', '=', row.id)
        .execute();
      if (back && again) {
        const { use_case, section } = row;
        await put(tx, { use_case, section, asked: back.person, chain: back.chain, created_at: at });
      } else if (back) {
        await outbox.say(tx, {
          key: `intake-question-back:${row.id}`,
          kind: 'intake.question-back',
          ids: { question: String(row.id) },
          conversation: `person:${back.person}`,
        });
      }
      await outbox.refresh(tx, useCaseCardOf(row.use_case));
    },

    allOpen: (db: Db | Tx): Promise<rows.QuestionRow[]> =>
      db.selectFrom('use_case_questions').selectAll().where('state', '=', 'open').orderBy('id').execute(),
    open: (db: Db | Tx, id: string) => rows.openQuestions(db, id),
    /** What this person was asked and has not answered, the oldest first. */
    openOf: rows.openQuestionsOf,
    find: (db: Db | Tx, question: number) => rows.questionById(db, question),
  };
}

export type Delegations = ReturnType<typeof delegations>;
