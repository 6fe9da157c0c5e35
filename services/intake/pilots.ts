import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { fold, nearest } from '../core/similar.ts';
import type { Db, Tx } from '../store/store.ts';
import type { IntakeDeps } from './deps.ts';
import { type Criterion, type Judged, judge, type Measured, type PilotVerdict, verdictOf } from './pilot.rules.ts';
import { type MetricSource, type Reading, readMonitor, readRun } from './pilot-measure.rules.ts';
import type { Course, PilotChoice, PilotDecision } from './pilot-vote.rules.ts';
import { type BallotView, pilotCardOf, pilotVotes } from './pilot-votes.ts';
import * as rows from './use-cases.store.ts';
import { type UseCases, useCaseCardOf } from './use-cases.ts';

export const PILOT_END = 'intake-pilot-end';

export interface Pilot {
  criteria: readonly (Criterion & { from?: MetricSource })[];
  /** When the first criterion was agreed; ISO 8601 instants. */
  since?: string;
  deadline: string;
  state: 'running' | 'decided';
  /** `by` is a person in what was decided before people voted on it. */
  decision?: { choice: Course; by: string; why: string; at: string };
}
export interface PilotView {
  pilot: Pilot;
  judged: readonly Judged[];
  measured: Readonly<Record<string, Measured & { source: string; at: string; by: string }>>;
  verdict: PilotVerdict;
  because: string;
  ballot?: BallotView;
}

/** As far back as Azure Monitor keeps platform metrics. */
const MONITOR_KEEPS_DAYS = 93;

/** Pilots: what was promised, what was measured, what follows. */
export function pilots(deps: IntakeDeps, cases: UseCases) {
  const { clock, jobs, outbox } = deps;
  const pilotOf = (row: rows.UseCaseRow): Pilot | undefined => (row.pilot as Pilot | null) ?? undefined;
  const votes = pilotVotes(deps, decided);

  async function running(tx: Tx, id: string): Promise<{ row: rows.UseCaseRow; pilot: Pilot }> {
    const row = await cases.needed(tx, id);
    return { row, pilot: needed(id, pilotOf(row)) };
  }
  function needed(id: string, pilot: Pilot | undefined): Pilot {
    if (!pilot) throw new Refused(`${id} has no pilot.`, `Say “plan pilot of ${id}”.`);
    if (pilot.state === 'decided')
      throw new Refused(`The pilot of ${id} was decided: ${pilot.decision?.choice}.`, '', 'finished');
    return pilot;
  }
  const keep = async (tx: Tx, id: string, pilot: Pilot, more: rows.Change = {}) => {
    await rows.update(tx, id, { pilot, ...more }, clock.now().toString());
    await shown(tx, id);
  };
  const shown = async (tx: Tx, id: string) => {
    await outbox.refresh(tx, useCaseCardOf(id));
    await outbox.refresh(tx, pilotCardOf(id));
  };

  /** The votes have decided, or could not. */
  async function decided(tx: Tx, id: string, decision: PilotDecision): Promise<void> {
    const row = await cases.needed(tx, id);
    const pilot = pilotOf(row);
    if (pilot?.state !== 'running') return;
    const { course, reason, until } = decision;
    if (course) {
      const made = { choice: course, by: 'vote', why: reason, at: clock.now().toString() };
      if (course === 'extend' && until) {
        await keep(tx, id, { ...pilot, deadline: until.toString(), decision: made });
        await jobs.enqueue(tx, PILOT_END, { useCase: id, deadline: until.toString() }, { at: until });
      } else {
        await keep(
          tx,
          id,
          { ...pilot, state: 'decided', decision: made },
          { state: course === 'go' ? 'live' : 'stopped' },
        );
      }
    }
    await outbox.say(tx, {
      key: `intake-pilot-decided:${id}:${clock.ms()}`,
      kind: 'intake.pilot-decided',
      ids: { useCase: id, words: course ?? 'none', reason },
      conversation: `person:${row.answers['owner']?.value ?? row.created_by}`,
    });
  }

  /** The criterion that these words mean: its id or its metric. */
  function criterionOf(id: string, pilot: Pilot, words: string): Pilot['criteria'][number] {
    const said = fold(words);
    const found = pilot.criteria.find((one) => [one.id, one.metric].some((name) => fold(name) === said));
    if (found) return found;
    const names = pilot.criteria.map((one) => one.id);
    const near = nearest(words, names);
    throw new Refused(
      `The pilot of ${id} has no criterion “${words.slice(0, 60)}”.`,
      near ? `Did you mean ${near}?` : `It has ${names.join(', ')}.`,
    );
  }

  async function keepResult(tx: Tx, id: string, criterion: string, reading: Reading, by: string): Promise<void> {
    await tx
      .insertInto('use_case_results')
      .values({
        use_case: id,
        criterion,
        measured: JSON.stringify(reading.measured),
        source: reading.source,
        person: by,
        at: clock.now().toString(),
      })
      .execute();
  }

  /** Asks Azure; outside of any transaction. */
  async function readSource(
    source: MetricSource,
    since: Temporal.Instant,
  ): Promise<{ from: MetricSource; reading: Reading }> {
    if (source.kind === 'monitor') {
      const earliest = clock.now().subtract({ hours: 24 * MONITOR_KEEPS_DAYS });
      const from = Temporal.Instant.compare(since, earliest) < 0 ? earliest : since;
      return { from: source, reading: readMonitor(source, await deps.measures.endpoint(source, from, clock.now())) };
    }
    const seen = await deps.measures.run(source);
    if (!seen) {
      const what = source.run ? `run ${source.run}` : `finished run of the experiment ${source.experiment ?? ''}`;
      throw new Refused(
        `Azure ML knows no ${what}${source.workspace ? ` in ${source.workspace}` : ''}.`,
        'Take its id from Azure ML studio.',
        'unknown-run',
      );
    }
    return { from: { ...source, workspace: seen.workspace }, reading: readRun(source, seen) };
  }
  const sinceOf = (pilot: Pilot, row: rows.UseCaseRow) => Temporal.Instant.from(pilot.since ?? row.created_at);

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
      const since = known?.since ?? clock.now().toString();
      const pilot: Pilot = { criteria, since, deadline: deadline.toString(), state: 'running' };
      await keep(tx, id, pilot, row.state === 'idea' || row.state === 'signed' ? { state: 'pilot' } : {});
      await jobs.enqueue(tx, PILOT_END, { useCase: id, deadline: pilot.deadline }, { at: deadline });
      return pilot;
    },

    /** Keeps what somebody measured. */
    async record(
      tx: Tx,
      id: string,
      words: string,
      measured: Measured,
      from: { source: string; by: string },
    ): Promise<PilotView> {
      const { row, pilot } = await running(tx, id);
      const criterion = criterionOf(id, pilot, words);
      await keepResult(tx, id, criterion.id, { measured, source: from.source }, from.by);
      await shown(tx, id);
      return view(tx, row.id, pilot);
    },

    /** Reads a criterion from Azure for the first time; before the transaction. Throws Refused when it cannot be read. */
    async look(
      db: Db,
      id: string,
      words: string,
      source: MetricSource,
    ): Promise<{ criterion: string; from: MetricSource; reading: Reading }> {
      const row = await rows.find(db, id);
      if (!row) throw await cases.unknown(db, id);
      const pilot = needed(id, pilotOf(row));
      return { criterion: criterionOf(id, pilot, words).id, ...(await readSource(source, sinceOf(pilot, row))) };
    },

    /** Reads every criterion again that has a source; what fails is said, and the others are kept. */
    async lookAgain(db: Db, id: string): Promise<{ criterion: string; reading?: Reading; why?: string }[]> {
      const row = await rows.find(db, id);
      if (!row) throw await cases.unknown(db, id);
      const pilot = needed(id, pilotOf(row));
      const followed = pilot.criteria.flatMap((one) => (one.from ? [{ id: one.id, from: one.from }] : []));
      if (followed.length === 0)
        throw new Refused(
          `No criterion of the pilot of ${id} is read from Azure.`,
          `For example: measure ${pilot.criteria[0]?.id ?? 'recall'} of ${id} from run RUN metric auc`,
          'no-source',
        );
      return Promise.all(
        followed.map(async ({ id: criterion, from }) => {
          try {
            return { criterion, reading: (await readSource(from, sinceOf(pilot, row))).reading };
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
            return { criterion, why: error.message };
          }
        }),
      );
    },

    /** Keeps what was read from Azure; with `from` the criterion is read from there from now on. */
    async keepReadings(
      tx: Tx,
      id: string,
      found: readonly { criterion: string; from?: MetricSource; reading: Reading }[],
      by: string,
    ): Promise<PilotView> {
      const { row, pilot } = await running(tx, id);
      const sources = new Map(found.flatMap(({ criterion, from }) => (from ? [[criterion, from] as const] : [])));
      const criteria = pilot.criteria.map((one) => {
        const from = sources.get(one.id);
        return from ? { ...one, from } : one;
      });
      const next: Pilot = { ...pilot, criteria };
      if (sources.size > 0) await keep(tx, id, next);
      for (const { criterion, reading } of found) await keepResult(tx, id, criterion, reading, by);
      await shown(tx, id);
      return view(tx, row.id, next);
    },

    /** A vote: go on, stop, or more time; with the reason. The last vote that is needed decides. */
    async vote(
      tx: Tx,
      id: string,
      cast: { voter: string; choice: PilotChoice; reason: string; until?: Temporal.Instant | undefined },
    ): Promise<{ view: PilotView; decision: PilotDecision }> {
      await running(tx, id);
      if (cast.choice === 'extend' && (!cast.until || Temporal.Instant.compare(cast.until, clock.now()) <= 0))
        throw new Refused(
          'Say until when it is extended, in the future.',
          `For example: extend pilot of ${id} until 2027-03-31 because …`,
        );
      const decision = await votes.vote(tx, id, cast);
      await shown(tx, id);
      const row = await rows.find(tx, id);
      const pilot = row && pilotOf(row);
      if (!pilot) throw new Error(`${id} lost its pilot while it was voted on`);
      return { view: await view(tx, id, pilot), decision };
    },

    of: async (db: Db | Tx, row: rows.UseCaseRow): Promise<PilotView | undefined> => {
      const pilot = pilotOf(row);
      return pilot && view(db, row.id, pilot);
    },

    /** A timer: the deadline has come; the owner hears it, and those who decide are asked to vote. */
    async due(tx: Tx, timer: { useCase: string; deadline: string }): Promise<void> {
      const row = await rows.lock(tx, timer.useCase);
      const pilot = row && pilotOf(row);
      if (!row || row.state === 'withdrawn' || pilot?.state !== 'running' || pilot.deadline !== timer.deadline) return;
      const owner = row.answers['owner']?.value ?? row.created_by;
      await outbox.say(tx, {
        key: `intake-pilot:${row.id}:${pilot.deadline}`,
        kind: 'intake.pilot-over',
        ids: { useCase: row.id },
        conversation: `person:${owner}`,
      });
      await votes.ask(tx, row.id, 'wardroom');
      await shown(tx, row.id);
    },
    voteDue: votes.due,
  };

  async function view(db: Db | Tx, id: string, pilot: Pilot): Promise<PilotView> {
    const measured = await measurementsOf(db, id);
    const judged = pilot.criteria.map((criterion) => judge(criterion, measured[criterion.id]));
    const over = Temporal.Instant.compare(clock.now(), Temporal.Instant.from(pilot.deadline)) >= 0;
    const ballot = await votes.of(db, id);
    return { pilot, judged, measured, ...verdictOf(judged, over), ...(ballot ? { ballot } : {}) };
  }
}

/** What was measured last of each criterion. */
async function measurementsOf(db: Db | Tx, id: string): Promise<PilotView['measured']> {
  const found = await db.selectFrom('use_case_results').selectAll().where('use_case', '=', id).orderBy('id').execute();
  return Object.fromEntries(
    found.map(({ criterion, measured, source, at, person }) => [criterion, { ...measured, source, at, by: person }]),
  );
}
