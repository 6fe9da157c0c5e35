import type { Db, Tx } from '../store/store.ts';
import { businessCase, type CaseInput, type CaseResult } from './business-case.rules.ts';
import { delegations, NUDGE } from './delegations.ts';
import type { IntakeDeps } from './deps.ts';
import { escalationPaths } from './escalation-paths.ts';
import { leavers, SWEEP } from './leavers.ts';
import { PILOT_VOTE, type VoteTimer } from './pilot-votes.ts';
import { PILOT_END, pilots } from './pilots.ts';
import { portfolio, setWeights, weightsOf, weightsSet } from './portfolio.ts';
import type { Ranking } from './rank.rules.ts';
import { readiness } from './readiness.ts';
import type { RiskVerdict } from './risk.rules.ts';
import type { Weights } from './score.rules.ts';
import { SIGNOFF_NUDGE, signoffs } from './signoffs.ts';
import * as rows from './use-cases.store.ts';
import { type StoredRisk, type UseCase, useCaseCardOf, useCases } from './use-cases.ts';

export { AI_ACT, type AiAct, type Area, editionOf, type Rule } from './ai-act.ts';
export {
  BadCase,
  businessCase,
  type CaseInput,
  type CaseResult,
  CONTINGENCY,
  type Side,
  type SideResult,
} from './business-case.rules.ts';
export { departmentFault, departmentOf } from './departments.rules.ts';
export type { PilotMeasures } from './deps.ts';
export { alike } from './duplicates.rules.ts';
export { DEFAULT_MINUTES, type PathKind } from './escalation-paths.rules.ts';
export type { Called } from './escalation-paths.ts';
export * from './pilot.rules.ts';
export * from './pilot-measure.rules.ts';
export { COURSES, type Course, countWords, type PilotChoice, type PilotDecision } from './pilot-vote.rules.ts';
export { type BallotView, pilotCardOf } from './pilot-votes.ts';
export type { Pilot, PilotView } from './pilots.ts';
export * from './questions.ts';
export * from './rank.rules.ts';
export * from './readiness.rules.ts';
export type { Assessment } from './readiness.ts';
export * from './risk.rules.ts';
export * from './score.rules.ts';
export { type Flip, flip, type TornadoBar, tornado } from './sensitivity.rules.ts';
export * from './signoff.rules.ts';
export { isCurrency, type Standing, standing } from './standing.rules.ts';
export type { LinkRow, QuestionRow, UseCaseRow } from './use-cases.store.ts';
export { type StoredRisk, type UseCase, useCaseCardOf } from './use-cases.ts';
export * from './value.rules.ts';

/** From an idea to a portfolio that people believe. */
export function intake(deps: IntakeDeps) {
  const { clock, jobs, outbox } = deps;
  const cases = useCases(deps, weightsOf);
  const asked = delegations(deps, cases);
  const signed = signoffs(deps, cases);
  const tried = pilots(deps, cases);
  const gone = leavers(deps, asked);
  jobs.handle(NUDGE, async (tx, batch) => {
    for (const timer of batch) await asked.due(tx, timer as { question: number });
  });
  jobs.handle(SIGNOFF_NUDGE, async (tx, batch) => {
    for (const timer of batch) await signed.due(tx, timer as { useCase: string; round: number });
  });
  jobs.handle(PILOT_END, async (tx, batch) => {
    for (const timer of batch) await tried.due(tx, timer as { useCase: string; deadline: string });
  });
  jobs.handle(PILOT_VOTE, async (tx, batch) => {
    for (const timer of batch) await tried.voteDue(tx, timer as VoteTimer);
  });
  jobs.handle(SWEEP, async (tx) => gone.due(tx));
  return {
    ...cases,
    ...readiness(deps),
    delegations: asked,
    signoffs: signed,
    pilots: tried,
    paths: escalationPaths(deps, cases),
    begin: gone.begin,
    weights: weightsOf,
    weightsSet,
    setWeights: (tx: Tx, weights: Weights, person: string) =>
      setWeights(tx, weights, { person, at: clock.now().toString() }),

    /** The portfolio in order, with the use cases that it was made of. */
    async rank(
      db: Db | Tx,
      options: { capacity?: number; weights?: Weights } = {},
    ): Promise<Ranking & { cases: readonly UseCase[] }> {
      const all = await cases.all(db, options.weights);
      return { ...portfolio(all, options.capacity), cases: all };
    },

    /** The worst class among the use cases that an endpoint carries; `undefined` while none of them is classified. */
    async riskOf(db: Db | Tx, endpoint: string): Promise<{ useCase: string; verdict: RiskVerdict } | undefined> {
      const links = await rows.linkedTo(db, 'endpoint', endpoint);
      let worst: { useCase: string; verdict: RiskVerdict } | undefined;
      for (const { use_case } of links) {
        const row = await rows.find(db, use_case);
        const verdict = (row?.state === 'withdrawn' ? undefined : (row?.risk as StoredRisk | null | undefined))
          ?.verdict;
        if (verdict && (!worst || verdict.factor > worst.verdict.factor)) worst = { useCase: use_case, verdict };
      }
      return worst;
    },

    /** Keeps the numbers of a business case; the results are reckoned when they are looked at. */
    async keepCase(tx: Tx, id: string, input: CaseInput): Promise<CaseResult> {
      await cases.needed(tx, id);
      const result = businessCase(input);
      await rows.update(tx, id, { business_case: input }, clock.now().toString());
      await outbox.refresh(tx, useCaseCardOf(id));
      return result;
    },
  };
}

export type Intake = ReturnType<typeof intake>;
