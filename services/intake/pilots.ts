import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import type { IntakeDeps } from './deps.ts';
import { type Criterion, type Judged, judge, type Measured, type PilotVerdict, verdictOf } from './pilot.rules.ts';
import * as rows from './use-cases.store.ts';
import { type UseCases, useCaseCardOf } from './use-cases.ts';

export const PILOT_END = 'intake-pilot-end';

export interface Pilot {
  criteria: readonly Criterion[];
  /** ISO 8601 instant. */
  deadline: string;
  state: 'running' | 'decided';
  decision?: { choice: 'go' | 'stop' | 'extend'; by: string; why: string; at: string };
}
export interface PilotView {
  pilot: Pilot;
  judged: readonly Judged[];
  measured: Readonly<Record<string, Measured & { source: string; at: string }>>;
  verdict: PilotVerdict;
  because: string;
}

/** Pilots: what was promised, what was measured, what follows. */
export function pilots(deps: IntakeDeps, cases: UseCases) {
  const { clock, jobs, outbox } = deps;
  const pilotOf = (row: rows.UseCaseRow): Pilot | undefined => (row.pilot as Pilot | null) ?? undefined;

  async function running(tx: Tx, id: string): Promise<{ row: rows.UseCaseRow; pilot: Pilot }> {
    const row = await cases.needed(tx, id);
    const pilot = pilotOf(row);
    if (!pilot) throw new Refused(`${id} has no pilot.`, `Say “plan pilot of ${id}”.`);
    if (pilot.state === 'decided')
      throw new Refused(`The pilot of ${id} was decided: ${pilot.decision?.choice}.`, '', 'finished');
    return { row, pilot };
  }
  const keep = async (tx: Tx, id: string, pilot: Pilot, more: rows.Change = {}) => {
    await rows.update(tx, id, { pilot, ...more }, clock.now().toString());
    await outbox.refresh(tx, useCaseCardOf(id));
  };

  return {
    /** Agrees one more criterion, or changes one before anything was measured for it. */
    async agree(tx: Tx, id: string, criterion: Criterion, deadline: Temporal.Instant): Promise<Pilot> {
      const row = await cases.needed(tx, id);
      const known = pilotOf(row);
      if (known?.state === 'decided') throw new Refused(`The pilot of ${id} was decided already.`, '', 'finished');
      if (Temporal.Instant.compare(deadline, clock.now()) <= 0)
        throw new Refused('The deadline has passed already.', 'Give a day ahead.');
      const { direction, target, baseline, failure } = criterion;
      const better = direction === 'up' ? target > baseline : target < baseline;
      if (!better)
        throw new Refused(
          `The target ${target} is no better than ${baseline} today.`,
          `With “${direction}” it must be ${direction === 'up' ? 'above' : 'below'} it.`,
        );
      if (failure !== undefined && (direction === 'up' ? failure >= target : failure <= target))
        throw new Refused(
          `The failure threshold ${failure} lies at or beyond the target ${target}.`,
          'It is the value at which the pilot is stopped.',
        );
      const measured = await measurementsOf(tx, id);
      if (measured[criterion.id] !== undefined)
        throw new Refused(
          `${criterion.metric} was measured already: its target cannot be moved any more.`,
          'Add another criterion, or extend the pilot.',
        );
      const criteria = [...(known?.criteria ?? []).filter((one) => one.id !== criterion.id), criterion];
      const pilot: Pilot = { criteria, deadline: deadline.toString(), state: 'running' };
      await keep(tx, id, pilot, row.state === 'idea' || row.state === 'signed' ? { state: 'pilot' } : {});
      await jobs.enqueue(tx, PILOT_END, { useCase: id, deadline: pilot.deadline }, { at: deadline });
      return pilot;
    },

    async record(
      tx: Tx,
      id: string,
      criterion: string,
      measured: Measured,
      from: { source: string; by: string },
    ): Promise<PilotView> {
      const { row, pilot } = await running(tx, id);
      if (!pilot.criteria.some((one) => one.id === criterion))
        throw new Refused(
          `The pilot of ${id} has no criterion “${criterion}”.`,
          `It has ${pilot.criteria.map((one) => one.id).join(', ')}.`,
        );
      await tx
        .insertInto('use_case_results')
        .values({
          use_case: id,
          criterion,
          measured: JSON.stringify(measured),
          source: from.source,
          person: from.by,
          at: clock.now().toString(),
        })
        .execute();
      await outbox.refresh(tx, useCaseCardOf(id));
      return view(tx, row.id, pilot);
    },

    /** Go on, stop, or give it more time; with the reason. */
    async decide(
      tx: Tx,
      id: string,
      choice: 'go' | 'stop' | 'extend',
      who: { by: string; why: string; until?: Temporal.Instant },
    ): Promise<PilotView> {
      const { pilot } = await running(tx, id);
      const decision = { choice, by: who.by, why: who.why, at: clock.now().toString() };
      if (choice === 'extend') {
        if (!who.until || Temporal.Instant.compare(who.until, clock.now()) <= 0)
          throw new Refused(
            'Say until when it is extended, in the future.',
            `For example: extend pilot of ${id} until 2027-03-31 because …`,
          );
        const extended: Pilot = { ...pilot, deadline: who.until.toString(), decision };
        await keep(tx, id, extended);
        await jobs.enqueue(tx, PILOT_END, { useCase: id, deadline: extended.deadline }, { at: who.until });
        return view(tx, id, extended);
      }
      const decided: Pilot = { ...pilot, state: 'decided', decision };
      await keep(tx, id, decided, { state: choice === 'go' ? 'live' : 'stopped' });
      return view(tx, id, decided);
    },

    of: async (db: Db | Tx, row: rows.UseCaseRow): Promise<PilotView | undefined> => {
      const pilot = pilotOf(row);
      return pilot && view(db, row.id, pilot);
    },

    /** A timer: the deadline has come; the owner is asked to decide. */
    async due(tx: Tx, timer: { useCase: string; deadline: string }): Promise<void> {
      const row = await rows.find(tx, timer.useCase);
      const pilot = row && pilotOf(row);
      if (!row || pilot?.state !== 'running' || pilot.deadline !== timer.deadline) return;
      const owner = row.answers['owner']?.value ?? row.created_by;
      await outbox.say(tx, {
        key: `intake-pilot:${row.id}:${pilot.deadline}`,
        kind: 'intake.pilot-over',
        ids: { useCase: row.id },
        conversation: `person:${owner}`,
      });
      await outbox.refresh(tx, useCaseCardOf(row.id));
    },
  };

  async function view(db: Db | Tx, id: string, pilot: Pilot): Promise<PilotView> {
    const measured = await measurementsOf(db, id);
    const judged = pilot.criteria.map((criterion) => judge(criterion, measured[criterion.id]));
    const over = Temporal.Instant.compare(clock.now(), Temporal.Instant.from(pilot.deadline)) >= 0;
    return { pilot, judged, measured, ...verdictOf(judged, over) };
  }
}

/** What was measured last of each criterion. */
async function measurementsOf(
  db: Db | Tx,
  id: string,
): Promise<Record<string, Measured & { source: string; at: string }>> {
  const found = await db.selectFrom('use_case_results').selectAll().where('use_case', '=', id).orderBy('id').execute();
  return Object.fromEntries(
    found.map(({ criterion, measured, source, at }) => [criterion, { ...measured, source, at }]),
  );
}
