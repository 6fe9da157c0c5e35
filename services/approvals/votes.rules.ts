import type { Temporal } from 'temporal-polyfill';
import type { ApprovalPolicy } from '../core/organisation.ts';
import { counter, exclusions, sumOf } from './ballot.rules.ts';

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
  /** The quorum is never below this. */
  minVotes?: number | undefined;
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
  /** In working hours it cannot be told from the policy alone. */
  deadline?: Temporal.Instant | undefined;
  /** Dated, one hop: a seat goes to `to` and no further. One to an excluded person is as if it were not there. */
  delegations?: readonly Delegation[] | undefined;
  /** How people are called in a reason; their ids when it is left out. */
  nameOf?: ((person: string) => string) | undefined;
}

export interface Delegation {
  from: string;
  to: string;
  since: Temporal.Instant;
  /** Exclusive; earlier than planned when it was taken back. */
  until: Temporal.Instant;
}

export interface Tally {
  eligible: readonly string[];
  approvals: number;
  rejections: number;
  abstentions: number;
  outstanding: readonly string[];
  /** The vote of each person that counts, in order of casting. */
  counted: readonly Vote[];
  /** By voter, whose seats their vote fills: their own, unless they gave it away, and those of others. */
  fills: Readonly<Record<string, readonly string[]>>;
  /** By voter, whom their vote stands for besides themselves. */
  inPlaceOf: Readonly<Record<string, readonly string[]>>;
  /** By who holds the seats of others that are still to be filled, whose they are. */
  standsFor: Readonly<Record<string, readonly string[]>>;
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

/** What an outcome rests on. */
export interface Over {
  state: 'approved' | 'rejected';
  by: 'votes' | 'veto' | 'nobody-left';
  reason: string;
}

export const deadlineOf = (ballot: Pick<Ballot, 'openedAt' | 'policy' | 'deadline'>): Temporal.Instant =>
  ballot.deadline ?? ballot.openedAt.add({ minutes: ballot.policy.deadline });

/**
 * The decision as of `now`. Votes are replayed in their order and the first outcome stands, whatever came after it; so the
 * answer does not depend on when, how often, or with the votes in which order it is asked. A vote at the deadline or later does not
 * count. Fails closed: without anybody left to vote for a required role, or with too few people left to reach the
 * minimum, the request is rejected.
 */
export function decide(now: Temporal.Instant, ballot: Ballot): Decision {
  const { count, end, ignored, last, ...settled } = replayed(now, ballot);
  const view = count.judged(settled.over ? last : now);
  if (settled.over) {
    const missing = settled.over.state === 'approved' ? [] : view.missing;
    return { ...settled.over, at: settled.at, missing, tally: count.tally(last, ignored) };
  }
  const tally = count.tally(now, ignored);
  if (now.epochMilliseconds < end.epochMilliseconds) {
    // Time alone can settle it: a delegation ends, and with it the last hope for a vote.
    if (view.over) return { ...view.over, at: now, missing: view.missing, tally };
    const reason =
      view.missing.length > 0 ? `Still needed: ${view.missing.join('; ')}.` : 'Open until nobody can overturn it.';
    return { state: 'open', missing: view.missing, tally, reason };
  }
  if (view.missing.length === 0) {
    const reason = `Approved at the deadline, ${sumOf(tally)}.`;
    return { state: 'approved', by: 'deadline', at: end, missing: [], tally, reason };
  }
  const reason = `The deadline passed. Still needed was: ${view.missing.join('; ')}.`;
  return { state: 'expired', by: 'deadline', at: end, missing: view.missing, tally, reason };
}

/** Every vote until `now`, taken in its order until one of them settled it. */
function replayed(now: Temporal.Instant, ballot: Ballot) {
  const end = deadlineOf(ballot);
  const count = counter(ballot, end);
  const ignored: { vote: Vote; why: string }[] = [];
  let over = count.judged(ballot.openedAt).over;
  let at = ballot.openedAt;
  let last = at;
  for (const vote of ordered(ballot, now)) {
    const seats = count.seatsOf(vote);
    if (typeof seats === 'string' || over) {
      ignored.push({ vote, why: typeof seats === 'string' ? seats : 'cast after it was settled' });
      continue;
    }
    count.take(vote);
    last = vote.at;
    over = count.judged(vote.at).over;
    if (over) at = vote.at;
  }
  return { count, end, ignored, over, at, last };
}

/** As `decide` says it, without the tally: that it is open is asked before every vote. */
function isOpen(now: Temporal.Instant, ballot: Ballot): boolean {
  const { count, end, over } = replayed(now, ballot);
  return !over && now.epochMilliseconds < end.epochMilliseconds && !count.judged(now).over;
}

/** Why this person may not cast this vote now; `undefined` when they may. For the answer to a click, before it is stored. */
export function whyNot(
  now: Temporal.Instant,
  ballot: Ballot,
  vote: Pick<Vote, 'voter' | 'choice' | 'reason'>,
): string | undefined {
  const excluded = exclusions(ballot).get(vote.voter);
  if (excluded !== undefined) return excluded;
  const count = counter(ballot, deadlineOf(ballot));
  // Asked as of the opening: that the deadline has passed is better said by the decision below.
  const asked = { ...vote, at: now, revision: ballot.revision };
  const seats = count.seatsOf(asked);
  if (seats === 'not among the voters when it was opened')
    return 'You are not among those who may vote on this request.';
  if (!isOpen(now, ballot)) {
    const { state, reason } = decide(now, ballot);
    return `This request is already ${state}. ${reason}`;
  }
  if (typeof seats === 'string') return `You ${seats.replace(/^had/, 'have')}, who votes in your place.`;
  const inRoles = new Set(ballot.members.filter(({ person }) => seats.includes(person)).flatMap(({ roles }) => roles));
  const veto = ballot.policy.vetoRoles.find((role) => inRoles.has(role));
  if (vote.choice === 'reject' && veto && !vote.reason?.trim()) {
    return `A rejection by ${veto} stops the request, so it needs a reason.`;
  }
  return undefined;
}

/** Votes in order, each delivery once. */
function ordered({ votes }: Ballot, now: Temporal.Instant): readonly Vote[] {
  const unique = [...new Map(votes.map((vote) => [vote.seq, vote])).values()];
  return unique
    .filter((vote) => vote.at.epochMilliseconds <= now.epochMilliseconds)
    .sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds || a.seq - b.seq);
}
