import type { Temporal } from 'temporal-polyfill';
import type { ApprovalPolicy } from '../core/organisation.ts';
import { atLeast, type Fraction, fractionOf, needed } from './fraction.rules.ts';

export type Choice = 'approve' | 'reject' | 'abstain';

export interface Vote {
  voter: string;
  choice: Choice;
  reason?: string | undefined;
  at: Temporal.Instant;
  /** Order of arrival, for votes of the same instant; unique per vote (a redelivered vote repeats it). */
  seq: number;
  /** Digest of what was voted on; a vote on another revision does not count. */
  revision?: string | undefined;
}

export interface Member {
  person: string;
  roles: readonly string[];
}

export interface VotePolicy
  extends Pick<ApprovalPolicy, 'minApprovals' | 'requiredRoles' | 'vetoRoles' | 'threshold' | 'deadline'> {
  /** Votes, abstentions included, that must be cast: a number, or a fraction of the eligible ("3/5"). None when left out. */
  quorum?: number | string | undefined;
  /**
   * When an approval takes effect.
   * `when-met`, the default, for operational changes like a rollback: the vote that completes the conditions starts the
   * change, and votes still outstanding no longer matter.
   * `when-certain`, for decisions that everybody should be heard on: before the deadline only when no outstanding vote
   * could overturn the outcome, otherwise at the deadline.
   * Rejections end early in both, once no outstanding vote could turn them, and at once by a veto. Only people who have
   * not voted count as outstanding: that somebody may yet change their mind never makes an outcome uncertain.
   */
  close?: 'when-met' | 'when-certain' | undefined;
}

export interface Ballot {
  policy: VotePolicy;
  openedAt: Temporal.Instant;
  /** Everybody who could vote when the request was opened, with their roles then. */
  members: readonly Member[];
  /** Never votes on their own request, whatever else is said here. */
  requester: string;
  /** The authors, their delegates, and who left since; with the reason in words. */
  excluded: readonly { person: string; why: string }[];
  votes: readonly Vote[];
  revision?: string | undefined;
}

export interface Tally {
  eligible: readonly string[];
  approvals: number;
  rejections: number;
  abstentions: number;
  outstanding: readonly string[];
  /** The vote of each person that counts, in order of casting. */
  counted: readonly Vote[];
  /** Kept but not counted, with the reason. */
  ignored: readonly { vote: Vote; why: string }[];
  roles: readonly { role: string; voted: boolean }[];
}

export interface Decision {
  state: 'open' | 'approved' | 'rejected' | 'expired';
  /** What settled it. */
  by?: 'votes' | 'veto' | 'deadline' | 'nobody-left';
  /** When it was settled: the instant of the deciding vote, of the opening, or the deadline. */
  at?: Temporal.Instant;
  /** What an approval still needs, each in words; empty when nothing is. */
  missing: readonly string[];
  tally: Tally;
  reason: string;
}

export const deadlineOf = (ballot: Pick<Ballot, 'openedAt' | 'policy'>): Temporal.Instant =>
  ballot.openedAt.add({ minutes: ballot.policy.deadline });

/**
 * The decision as of `now`. Votes are replayed in their order and the first outcome stands, whatever came after it; so the
 * answer does not depend on when, how often, or with the votes in which order it is asked. A vote at the deadline or later does not
 * count. Fails closed: without anybody left to vote for a required role, or with too few people left to reach the
 * minimum, the request is rejected.
 */
export function decide(now: Temporal.Instant, ballot: Ballot): Decision {
  const end = deadlineOf(ballot);
  const cast = arranged(ballot, now);
  const opening = judged(ballot, []);
  if (opening.over) return settled(ballot, [], cast, opening.over, ballot.openedAt);
  for (let count = 1; count <= cast.valid.length; count += 1) {
    const seen = cast.valid.slice(0, count);
    const { over } = judged(ballot, seen);
    if (over) return settled(ballot, seen, cast, over, seen.at(-1)?.at ?? end);
  }
  const view = judged(ballot, cast.valid);
  const tally = tallyOf(ballot, cast.valid, cast.ignored);
  if (before(now, end)) {
    const reason =
      view.missing.length > 0 ? `Still needed: ${view.missing.join('; ')}.` : 'Open until nobody can overturn it.';
    return { state: 'open', missing: view.missing, tally, reason };
  }
  if (view.missing.length === 0) {
    return {
      state: 'approved',
      by: 'deadline',
      at: end,
      missing: [],
      tally,
      reason: `Approved at the deadline, ${sumOf(tally)}.`,
    };
  }
  const reason = `The deadline passed. Still needed was: ${view.missing.join('; ')}.`;
  return { state: 'expired', by: 'deadline', at: end, missing: view.missing, tally, reason };
}

/** Why this person may not cast this vote now; `undefined` when they may. For the answer to a click, before it is stored. */
export function whyNot(
  now: Temporal.Instant,
  ballot: Ballot,
  vote: Pick<Vote, 'voter' | 'choice' | 'reason'>,
): string | undefined {
  const excluded = exclusions(ballot).get(vote.voter);
  if (excluded !== undefined) return excluded;
  const member = ballot.members.find(({ person }) => person === vote.voter);
  if (!member) return 'You are not among those who may vote on this request.';
  const { state, reason } = decide(now, ballot);
  if (state !== 'open') return `This request is already ${state}. ${reason}`;
  const veto = ballot.policy.vetoRoles.find((role) => member.roles.includes(role));
  if (vote.choice === 'reject' && veto && !vote.reason?.trim()) {
    return `A rejection by ${veto} stops the request, so it needs a reason.`;
  }
  return undefined;
}

const before = (a: Temporal.Instant, b: Temporal.Instant): boolean => a.epochMilliseconds < b.epochMilliseconds;

const exclusions = ({ excluded, requester }: Ballot): ReadonlyMap<string, string> =>
  new Map([
    ...excluded.map(({ person, why }) => [person, why] as const),
    [requester, 'You asked for this approval, so you cannot vote on it.'],
  ]);

interface Arranged {
  valid: readonly Vote[];
  ignored: readonly { vote: Vote; why: string }[];
}

/** Votes in order, each delivery once, split into those that can count and those that cannot. */
function arranged(ballot: Ballot, now: Temporal.Instant): Arranged {
  const unique = [...new Map(ballot.votes.map((vote) => [vote.seq, vote])).values()];
  const ordered = unique
    .filter((vote) => !before(now, vote.at))
    .sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds || a.seq - b.seq);
  const out = exclusions(ballot);
  const why = (vote: Vote): string | undefined => {
    const excluded = out.get(vote.voter);
    if (excluded !== undefined) return excluded;
    if (!ballot.members.some(({ person }) => person === vote.voter)) return 'not among the voters when it was opened';
    if (ballot.revision !== undefined && vote.revision !== ballot.revision)
      return 'the request was changed after this vote';
    if (!before(vote.at, deadlineOf(ballot))) return 'cast after the deadline';
    return undefined;
  };
  return {
    valid: ordered.filter((vote) => why(vote) === undefined),
    ignored: ordered
      .flatMap((vote) => ({ vote, why: why(vote) }))
      .filter((entry): entry is { vote: Vote; why: string } => entry.why !== undefined),
  };
}

function tallyOf(ballot: Ballot, votes: readonly Vote[], ignored: Arranged['ignored']): Tally {
  const out = exclusions(ballot);
  const members = [...new Map(ballot.members.map((member) => [member.person, member])).values()];
  const eligible = members.filter(({ person }) => !out.has(person));
  const last = new Map<string, Vote>();
  for (const vote of votes) {
    last.delete(vote.voter);
    last.set(vote.voter, vote);
  }
  const counted = [...last.values()];
  const of = (choice: Choice) => counted.filter((vote) => vote.choice === choice).length;
  const voted = (role: string) => eligible.some(({ person, roles }) => last.has(person) && roles.includes(role));
  return {
    eligible: eligible.map(({ person }) => person),
    approvals: of('approve'),
    rejections: of('reject'),
    abstentions: of('abstain'),
    outstanding: eligible.map(({ person }) => person).filter((person) => !last.has(person)),
    counted,
    ignored,
    roles: ballot.policy.requiredRoles.map((role) => ({ role, voted: voted(role) })),
  };
}

interface Over {
  state: 'approved' | 'rejected';
  by: 'votes' | 'veto' | 'nobody-left';
  reason: string;
}

/** What these votes amount to: settled, or what is missing. */
function judged(ballot: Ballot, votes: readonly Vote[]): { missing: readonly string[]; over?: Over } {
  const { policy } = ballot;
  const tally = tallyOf(ballot, votes, []);
  const holds = (person: string, roles: readonly string[]) =>
    ballot.members.some((member) => member.person === person && member.roles.some((role) => roles.includes(role)));
  const threshold = fractionOf(policy.threshold);
  const quorum = quorumOf(policy.quorum, tally.eligible.length);
  const missing = missingOf(policy, tally, threshold, quorum);
  const reject = (by: Over['by'], reason: string) => ({ missing, over: { state: 'rejected' as const, by, reason } });

  const empty = policy.requiredRoles.find((role) => !tally.eligible.some((person) => holds(person, [role])));
  if (empty !== undefined)
    return reject('nobody-left', `Nobody who may vote on this holds the required role ${empty}.`);
  if (tally.eligible.length < Math.max(policy.minApprovals, quorum)) {
    const least = Math.max(policy.minApprovals, quorum);
    return reject('nobody-left', `Only ${tally.eligible.length} may vote on this and ${least} are needed.`);
  }
  // A rejection without a reason is no veto; it counts like any other.
  const veto = tally.counted.find(
    ({ choice, voter, reason }) => choice === 'reject' && reason?.trim() && holds(voter, policy.vetoRoles),
  );
  if (veto) return reject('veto', `Vetoed by ${veto.voter}: ${veto.reason?.trim()}`);

  const left = tally.outstanding.length;
  const best = tally.approvals + left;
  if (best < policy.minApprovals || !atLeast(best, best + tally.rejections, threshold)) {
    return reject('votes', `Rejected, ${sumOf(tally)}: even if all others approve it cannot pass.`);
  }
  if (missing.length > 0) return { missing };
  const cast = tally.approvals + tally.rejections;
  const certain =
    atLeast(tally.approvals, cast + left, threshold) &&
    !tally.outstanding.some((person) => holds(person, policy.vetoRoles));
  if ((policy.close ?? 'when-met') === 'when-certain' && !certain) return { missing };
  return { missing, over: { state: 'approved', by: 'votes', reason: `Approved, ${sumOf(tally)}.` } };
}

function missingOf(policy: VotePolicy, tally: Tally, threshold: Fraction, quorum: number): readonly string[] {
  const missing: string[] = [];
  const approvals = policy.minApprovals - tally.approvals;
  if (approvals > 0) missing.push(`${approvals} more ${approvals === 1 ? 'approval' : 'approvals'}`);
  for (const { role, voted } of tally.roles) if (!voted) missing.push(`a vote from ${role}`);
  const votes = quorum - tally.counted.length;
  if (votes > 0) missing.push(`${votes} more ${votes === 1 ? 'vote' : 'votes'} for the quorum of ${quorum}`);
  const cast = tally.approvals + tally.rejections;
  // Said only where it is the ratio that fails: with too few approvals the first line already tells.
  if (approvals <= 0 && !atLeast(tally.approvals, cast, threshold)) {
    missing.push(
      `approvals from ${policy.threshold} of those who approve or reject (now ${tally.approvals} of ${cast})`,
    );
  }
  return missing;
}

const quorumOf = (quorum: number | string | undefined, eligible: number): number =>
  quorum === undefined ? 0 : typeof quorum === 'number' ? quorum : needed(eligible, fractionOf(quorum));

const sumOf = ({ approvals, rejections, abstentions }: Tally): string =>
  `${approvals} for, ${rejections} against${abstentions > 0 ? `, ${abstentions} abstaining` : ''}`;

function settled(ballot: Ballot, seen: readonly Vote[], cast: Arranged, over: Over, at: Temporal.Instant): Decision {
  const late = cast.valid.slice(seen.length).map((vote) => ({ vote, why: 'cast after it was settled' }));
  const tally = tallyOf(ballot, seen, [...cast.ignored, ...late]);
  const { missing } = judged(ballot, seen);
  return { ...over, at, missing: over.state === 'approved' ? [] : missing, tally };
}
