import { boards } from './boards.ts';
import { conditions } from './conditions.ts';
import { delegations } from './delegations.ts';
import { decisionFile } from './dossier.ts';
import { emergencies } from './emergency.ts';
import { modelHistory, type VersionSeen } from './history.ts';
import { modelCards } from './model-cards.ts';
import { releases } from './releases.ts';
import { type ApprovalsDeps, requests } from './requests.ts';
import { reviews } from './reviews.ts';
import { voteTimers } from './vote-timers.ts';
import { voting } from './votes.ts';

export type { Meeting } from './boards.ts';
export { type Catalogue, dominance, modelsOfChannel, readVersions, type VersionFacts } from './compare.rules.ts';
export type { EmergencyDecision, PreapprovedDecision } from './emergency.ts';
export { ageWords, type GateItem, type StoredFinding, WORDS as EVIDENCE_WORDS } from './evidence.rules.ts';
export { ATTACHABLE, type Attachable, tooLarge } from './evidence.ts';
export { MOST_EVIDENCE_BYTES, servingOf } from './evidence-about.ts';
export { nameOf, sizeOf, TEST_METRICS, type TestMetric, type TestWish, unitOf } from './experiment.rules.ts';
export type { ExperimentRow, Experiments, TestPlan, TestState } from './experiment.ts';
export { experiments, testShares } from './experiment.ts';
export { type Bucket, readTest, type TestReading } from './experiment-reading.rules.ts';
export {
  CARD_PARTS,
  type CardBody,
  type CardPart,
  type CardVersion,
  PART_WORDS,
  partsMissing,
} from './model-cards.rules.ts';
export type { ApprovedChange, CostPlan, MovePlan, Plan, PromotePlan, RolloutStep } from './plan.ts';
export { DEFAULT_STEPS, guardsOf, MIRROR_MOST, movePlan, planDigest, readPlan, stepsFault } from './plan.ts';
export { artifactOf, promotionOf } from './releases.ts';
export { hoursOf } from './requests.deps.ts';
export { type ConditionRow, delegationsSince, OPEN_STATES } from './requests.store.ts';
export type { ApprovalsDeps, Proposal, RequestRow } from './requests.ts';
export { cardOf, stateWord } from './requests.ts';
export type { Finding, Review } from './review.rules.ts';
export { currentOf, looksLeft, NOT_DEPLOYED, nextOf, stepWords, type Tallies, trafficOf } from './rollout.rules.ts';
export type { Gate, GateAnswer, Held, RolloutRow, Rollouts, RolloutWatcher } from './rollout.ts';
export { rolloutCardOf, rollouts } from './rollout.ts';
export { type GuardReading, type Measured, readGuards } from './rollout-analysis.rules.ts';
export { lookEvery, planMinutes, watchedUntil } from './rollout-time.rules.ts';
export type { DeviationRow, Found, Serves, Serving } from './serving.ts';
export { deviationCardOf, serving } from './serving.ts';
export type { CodeFacts, CostFacts, Sources, TargetFacts } from './sources.ts';
export { stagesLeft, stagesOver } from './stages.rules.ts';
export { stepsWords } from './subject.rules.ts';
export { eligibleFor, exclusionsOf, leaversOf, remindersOf, votingEnds } from './voters.rules.ts';
export type { Ballot, Choice, Decision, Member } from './votes.rules.ts';
export { deadlineOf, decide, whyNot } from './votes.rules.ts';
/** The rules of voting, for other things that people vote on. */
export type { Standing } from './votes.ts';
export { approvedBefore, servedBefore } from './way-back.rules.ts';

/** Requests for approval, and what two people may do without one. */
export function approvals(deps: ApprovalsDeps) {
  const votes = voting(deps);
  voteTimers(deps, votes);
  const after = reviews(deps);
  const { vote, toSign, standing, votesOfStage, isSecretNow } = votes;
  return {
    vote,
    toSign,
    standing,
    votesOfStage,
    isSecret: isSecretNow,
    ...requests(deps, votes),
    ...conditions(deps, votes),
    ...releases(deps, votes),
    ...modelCards(deps),
    ...boards(deps),
    ...delegations(deps, votes),
    review: after.review,
    ...emergencies(deps, after),
    /** Everything that is known of a model, oldest first. */
    history: (db: ApprovalsDeps['db'], model: string, versions: readonly VersionSeen[]) =>
      modelHistory({ ...deps, db }, model, versions),
    /** One decision in one file. */
    decisionFile: (db: ApprovalsDeps['db'], id: string, by: string) => decisionFile(deps, db, id, by),
  };
}

export type Approvals = ReturnType<typeof approvals>;
