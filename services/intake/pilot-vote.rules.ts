import { Temporal } from 'temporal-polyfill';
import { type Ballot, type Decision, decide, whyNot } from '../approvals/index.ts';

/**
 * What follows from a pilot, by vote. The rules of voting know a yes and a no; here each vote says one of three things, so
 * it is counted three times: a vote for one course is a yes to that course and a no to the two others. The first course that
 * passes the policy is what is done. A veto is kept for going live: nobody is stopped from stopping.
 */
export const COURSES = ['go', 'stop', 'extend'] as const;
export type Course = (typeof COURSES)[number];
export type PilotChoice = Course | 'abstain';

export interface PilotVote {
  voter: string;
  choice: PilotChoice;
  reason: string;
  /** Until when it is extended; with `extend` only. */
  until?: Temporal.Instant | undefined;
  at: Temporal.Instant;
  seq: number;
}

/** A ballot of approvals without its votes, which are read here. */
export type PilotBallot = Omit<Ballot, 'votes' | 'revision'> & { votes: readonly PilotVote[] };

export interface PilotDecision {
  state: 'open' | 'decided' | 'undecided';
  /** What passed. */
  course?: Course;
  /** The earliest day of those who voted to extend: everybody among them gives at least so much. */
  until?: Temporal.Instant;
  at?: Temporal.Instant;
  reason: string;
  /** What each course still needs; empty when nothing is. */
  missing: Readonly<Record<Course, readonly string[]>>;
  /** The last vote of each person that counts. */
  counted: readonly PilotVote[];
  outstanding: readonly string[];
}

/** One course against the others, as the rules of approvals read it. */
const asBallot = ({ votes, ...rest }: PilotBallot, course: Course): Ballot => ({
  ...rest,
  votes: votes.map(({ voter, choice, reason, at, seq }) => ({
    voter,
    choice: choice === 'abstain' ? 'abstain' : choice === course ? 'approve' : 'reject',
    // A rejection with a reason by somebody who may veto is a veto.
    ...(course === 'go' && choice === 'stop' ? { reason } : {}),
    at,
    seq,
  })),
});

/**
 * When a vote is cast: now, but never before the vote that stands last, nor before the opening. Replicas whose clocks
 * disagree, or a clock that is put back, must not reorder votes: the last one of a person counts.
 */
export const castAt = (now: Temporal.Instant, { openedAt, votes }: PilotBallot): Temporal.Instant =>
  [openedAt, ...votes.map(({ at }) => at)].reduce(
    (last, at) => (Temporal.Instant.compare(at, last) > 0 ? at : last),
    now,
  );

export function decidePilot(now: Temporal.Instant, ballot: PilotBallot): PilotDecision {
  const each = new Map(COURSES.map((course): [Course, Decision] => [course, decide(now, asBallot(ballot, course))]));
  const passed = COURSES.flatMap((course) => {
    const decision = each.get(course);
    return decision?.state === 'approved' && decision.at ? [{ course, at: decision.at, decision }] : [];
  }).sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  const [first] = passed;
  const votes = lastOf(ballot.votes);
  const counts = (decision: Decision | undefined) => {
    const seqs = new Set(decision?.tally.counted.map(({ seq }) => seq));
    return votes.filter(({ seq }) => seqs.has(seq));
  };
  const missing = Object.fromEntries(COURSES.map((course) => [course, each.get(course)?.missing ?? []])) as {
    [C in Course]: readonly string[];
  };
  if (first) {
    const counted = counts(first.decision);
    const until = earliest(counted.flatMap((vote) => (vote.choice === 'extend' && vote.until ? [vote.until] : [])));
    return {
      state: 'decided',
      course: first.course,
      ...(first.course === 'extend' && until ? { until } : {}),
      at: first.at,
      reason: `${countWords(counted)}.`,
      missing,
      counted,
      outstanding: first.decision.tally.outstanding,
    };
  }
  const open = COURSES.find((course) => each.get(course)?.state === 'open');
  const shown = each.get(open ?? 'stop');
  const common = { missing, counted: counts(shown), outstanding: shown?.tally.outstanding ?? [] };
  if (open) return { state: 'open', reason: shown?.reason ?? '', ...common };
  const over = COURSES.map((course) => each.get(course)).find((one) => one?.by === 'nobody-left' || one?.by === 'veto');
  const why = over?.reason ?? `No course has enough votes: ${countWords(common.counted)}.`;
  const [at] = [...each.values()]
    .flatMap((one) => (one.at ? [one.at] : []))
    .sort((a, b) => Temporal.Instant.compare(b, a));
  return { state: 'undecided', reason: why, ...(at ? { at } : {}), ...common };
}

/** Why this person may not cast this vote now; undefined when they may. */
export function whyNotPilot(
  now: Temporal.Instant,
  ballot: PilotBallot,
  vote: Pick<PilotVote, 'voter' | 'choice' | 'reason'>,
) {
  const state = decidePilot(now, ballot);
  const asked =
    vote.choice === 'abstain'
      ? COURSES.find((course) => decide(now, asBallot(ballot, course)).state === 'open')
      : vote.choice;
  const course = asBallot(ballot, asked ?? 'go');
  const { state: stands, reason } = decide(now, course);
  if (state.state === 'open' && stands !== 'open')
    return `${asked === 'go' ? 'Going live' : asked === 'stop' ? 'Stopping' : 'Extending'} is out already. ${reason}`;
  return whyNot(now, course, {
    voter: vote.voter,
    choice: vote.choice === 'abstain' ? 'abstain' : 'approve',
    reason: vote.reason,
  });
}

const lastOf = (votes: readonly PilotVote[]): PilotVote[] => {
  const bySeq = [...votes].sort((a, b) => Temporal.Instant.compare(a.at, b.at) || a.seq - b.seq);
  return [...new Map(bySeq.map((vote) => [vote.voter, vote])).values()];
};

const earliest = (all: readonly Temporal.Instant[]): Temporal.Instant | undefined =>
  [...all].sort((a, b) => Temporal.Instant.compare(a, b))[0];

const WORDS: Readonly<Record<PilotChoice, string>> = {
  go: 'to go live',
  stop: 'to stop',
  extend: 'to extend',
  abstain: 'abstaining',
};

/** "2 to go live, 1 to stop" */
export function countWords(votes: readonly Pick<PilotVote, 'choice'>[]): string {
  const found = ([...COURSES, 'abstain'] as const).flatMap((choice) => {
    const count = votes.filter((vote) => vote.choice === choice).length;
    return count > 0 ? [`${count} ${WORDS[choice]}`] : [];
  });
  return found.join(', ') || 'no votes';
}
