import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import type { StoredAnswer } from '../store/tables/intake.ts';
import { type AiAct, editionOf } from './ai-act.ts';
import { departmentOf } from './departments.rules.ts';
import type { IntakeDeps } from './deps.ts';
import { alike, meant } from './duplicates.rules.ts';
import { questionOf } from './questions.ts';
import { classify, type RiskAnswers, type RiskVerdict } from './risk.rules.ts';
import type { Weights } from './score.rules.ts';
import { contradictions, type Standing, standing } from './standing.rules.ts';
import * as rows from './use-cases.store.ts';

export const useCaseCardOf = (id: string): string => `use-case:${id}`;

/** A risk class with the answers it followed from. */
export interface StoredRisk {
  answers: RiskAnswers;
  verdict: RiskVerdict;
  by: string;
  at: string;
}

export interface UseCase {
  row: rows.UseCaseRow;
  answers: Record<string, string>;
  risk: StoredRisk | undefined;
  standing: Standing;
}

/** Use cases: what was answered, by whom, and what follows from it. */
export function useCases(deps: IntakeDeps, weights: (db: Db | Tx) => Promise<Weights>) {
  const { clock, outbox } = deps;
  const edition = (): AiAct => editionOf(deps.organisation.intake.aiAct);

  const seen = (row: rows.UseCaseRow, weight: Weights): UseCase => {
    const answers = Object.fromEntries(Object.entries(row.answers).map(([id, { value }]) => [id, value]));
    const risk = (row.risk as StoredRisk | null) ?? undefined;
    return { row, answers, risk, standing: standing(answers, risk?.verdict, weight) };
  };

  async function needed(tx: Tx, id: string): Promise<rows.UseCaseRow> {
    const row = await rows.lock(tx, id);
    if (!row) throw await unknown(tx, id);
    if (row.state === 'withdrawn') throw new Refused(`${id} was withdrawn.`, '', 'finished');
    return row;
  }

  /** What fits together, and people who can answer for it. */
  function checked(answers: Readonly<Record<string, string>>): void {
    const wrong = contradictions(answers);
    if (wrong.length > 0) throw new Refused(`That does not fit: ${wrong.join('; ')}.`, 'Mend it and send again.');
    for (const field of ['owner', 'executive']) {
      const person = answers[field];
      if (person && !deps.people.byId(person)?.active) {
        const what = questionOf(field)?.label.toLowerCase() ?? field;
        throw new Refused(
          `${deps.people.nameOf(person)} is not here any more and cannot be the ${what}.`,
          'Name somebody who is.',
        );
      }
    }
  }

  return {
    needed,
    unknown,
    /** Throws Refused when there is none of this number; a withdrawn one is one. */
    async mustKnow(db: Db | Tx, id: string): Promise<void> {
      if (!(await rows.find(db, id))) throw await unknown(db, id);
    },
    /** The reading of the EU AI Act by which risks are classified. */
    edition,

    async find(db: Db | Tx, id: string): Promise<UseCase | undefined> {
      const row = await rows.find(db, id);
      return row && seen(row, await weights(db));
    },

    /** All that were not withdrawn, the oldest first. */
    async all(db: Db | Tx, weight?: Weights): Promise<UseCase[]> {
      const used = weight ?? (await weights(db));
      return (await rows.all(db)).map((row) => seen(row, used));
    },

    alike: async (db: Db | Tx, title: string) => alike(title, await rows.titles(db)),

    async create(tx: Tx, answers: Readonly<Record<string, string>>, by: string): Promise<string> {
      checked(answers);
      const { departments } = deps.organisation;
      const named = answers['department']
        ? { ...answers, department: departmentOf(departments, answers['department']) }
        : answers;
      const same = (await rows.titles(tx)).find(
        ({ title }) => title.trim().toLowerCase() === answers['title']?.trim().toLowerCase(),
      );
      if (same)
        throw new Refused(
          `${same.id} has this title already.`,
          `Say “use case ${same.id}”, or choose a title that tells them apart.`,
        );
      const at = clock.now().toString();
      return rows.insert(tx, { title: answers['title'] ?? '', answers: stored(named, by, at), by, at });
    },

    /**
     * Takes answers of one form. What somebody else changed since `since` (when the form was last read) is not overwritten
     * at once: it is told, and a second sending means it.
     */
    async answer(
      tx: Tx,
      id: string,
      given: Readonly<Record<string, string | undefined>>,
      who: { by: string; since: string },
    ): Promise<{ changed: string[] }> {
      const row = await needed(tx, id);
      const before = row.answers;
      const { departments } = deps.organisation;
      const read = given['department']
        ? { ...given, department: departmentOf(departments, given['department']) }
        : given;
      const changed = Object.entries(read).filter(([field, value]) => (before[field]?.value ?? '') !== (value ?? ''));
      const crossed = changed.filter(([field]) => {
        const known = before[field];
        return known !== undefined && known.by !== who.by && Date.parse(known.at) > Date.parse(who.since);
      });
      if (crossed.length > 0) {
        const told = crossed.map(([field]) => {
          const known = before[field];
          const name = deps.people.nameOf(known?.by ?? '');
          return `${name} answered “${questionOf(field)?.label ?? field}” with “${short(known?.value)}” meanwhile`;
        });
        throw new Refused(
          `${told.join('; ')}.`,
          'Send again to put your answers in their place, or change them first.',
          'crossed',
        );
      }
      if (changed.length === 0) return { changed: [] };
      const at = clock.now().toString();
      const next: Record<string, StoredAnswer> = { ...before };
      for (const [field, value] of changed) {
        if (value === undefined || value === '') delete next[field];
        else next[field] = { value, by: who.by, at };
      }
      checked(Object.fromEntries(Object.entries(next).map(([field, { value }]) => [field, value])));
      await rows.update(
        tx,
        id,
        { answers: next, revision: row.revision + 1, title: next['title']?.value ?? row.title },
        at,
      );
      await outbox.refresh(tx, useCaseCardOf(id));
      return { changed: changed.map(([field]) => field) };
    },

    /** Classifies the risk and keeps the answers it follows from, with who gave them. */
    async classify(tx: Tx, id: string, answers: RiskAnswers, by: string): Promise<RiskVerdict> {
      const row = await needed(tx, id);
      let verdict: RiskVerdict;
      try {
        verdict = classify(answers, edition());
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new Refused(
          `${error.message[0]?.toUpperCase() ?? ''}${error.message.slice(1)}.`,
          'Mend it and send again.',
        );
      }
      const at = clock.now().toString();
      const risk: StoredRisk = { answers, verdict, by, at };
      await rows.update(tx, id, { risk, revision: row.revision + 1 }, at);
      await outbox.refresh(tx, useCaseCardOf(id));
      return verdict;
    },

    async withdraw(tx: Tx, id: string): Promise<void> {
      await needed(tx, id);
      await rows.update(tx, id, { state: 'withdrawn' }, clock.now().toString());
      await tx
        .updateTable('use_case_questions')
        .set({ state: 'cancelled', decided_at: clock.now().toString() })
        .where('use_case', '=', id)
        .where('state', '=', 'open')
        .execute();
      await outbox.refresh(tx, useCaseCardOf(id));
    },

    /** Ties it to a model, an endpoint or a KPI; once each, the newest detail counts. */
    async link(
      tx: Tx,
      id: string,
      what: { kind: rows.LinkRow['kind']; target: string; detail: Record<string, string>; by: string },
    ): Promise<void> {
      await needed(tx, id);
      const at = clock.now().toString();
      const { kind, target, by } = what;
      const detail = JSON.stringify(what.detail);
      await tx
        .insertInto('use_case_links')
        .values({ use_case: id, kind, target, detail, person: by, at })
        .onConflict((conflict) =>
          conflict.columns(['use_case', 'kind', 'target']).doUpdateSet({ detail, person: by, at }),
        )
        .execute();
      await outbox.refresh(tx, useCaseCardOf(id));
    },

    links: rows.linksOf,
    linksOfKind: rows.linksOfKind,
    linkedTo: rows.linkedTo,
    daysSince: (at: string): number => clock.now().since(Temporal.Instant.from(at)).total({ unit: 'hours' }) / 24,
  };
}

/** There is none of this number, and those that may have been meant. */
async function unknown(db: Db | Tx, id: string): Promise<Refused> {
  const known = (await rows.titles(db)).map((each) => each.id);
  const near = meant(id, known);
  const list = known.length > 0 ? 'Say “use cases” for the list.' : 'There is none yet: say “new use case”.';
  return new Refused(
    `There is no use case ${id}.`,
    near.length > 0 ? `Did you mean ${near.join(' or ')}? ${list}` : list,
    'unknown-use-case',
  );
}

const short = (text: string | undefined): string => (text && text.length > 60 ? `${text.slice(0, 59)}…` : (text ?? ''));
const stored = (answers: Readonly<Record<string, string>>, by: string, at: string): Record<string, StoredAnswer> =>
  Object.fromEntries(Object.entries(answers).map(([field, value]) => [field, { value, by, at }]));

export type UseCases = ReturnType<typeof useCases>;
