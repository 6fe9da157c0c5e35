import { canonicalJson, sha256 } from '../core/canonical.ts';
import { quorumOf } from './ballot.rules.ts';
import type { Ballot, Choice, Decision, Vote } from './votes.rules.ts';

/**
 * Secret ballots. Before the close nobody but the voter learns a vote, neither by itself nor by what it changes: a tally
 * that is looked at before and after somebody voted would tell. What the record keeps of a vote is a seal, which shows at
 * the close that the votes read out then are those that were cast.
 */

/** What everybody may know of a vote. */
export interface Shown {
  secret: boolean;
  /** Empty while a ballot is secret. */
  votes: readonly Vote[];
  voted: number;
  /** What an approval still needs, each in words. */
  missing: readonly string[];
}

export function shownOf(secret: boolean, ballot: Ballot, decision: Decision): Shown {
  const { counted } = decision.tally;
  if (!secret) return { secret, votes: counted, voted: counted.length, missing: decision.missing };
  return { secret, votes: [], voted: counted.length, missing: secretlyMissing(ballot, decision) };
}

/** By who has voted alone, whatever they voted. */
function secretlyMissing({ policy }: Ballot, { tally }: Decision): string[] {
  const roles = tally.roles.filter(({ voted }) => !voted).map(({ role }) => `a vote from ${role}`);
  const least = Math.max(policy.minApprovals, policy.minVotes ?? 0);
  const more = quorumOf(policy.quorum, tally.eligible.length, least) - tally.counted.length;
  const votes = more > 0 ? [`${more} more ${more === 1 ? 'vote' : 'votes'}`] : [];
  const missing = [...votes, ...roles];
  return missing.length > 0 ? missing : ['the close of the secret ballot'];
}

export interface SealedVote {
  request: string;
  voter: string;
  choice: Choice | string;
  reason: string | null;
  /** Random, so that the few choices there are cannot be tried out. */
  nonce: string;
}

/** SHA-256 over the canonical form of a vote with its nonce; in the record when it is cast, checkable at the close. */
export const sealOfVote = ({ request, voter, choice, reason, nonce }: SealedVote): string =>
  sha256(canonicalJson([request, voter, choice, reason, nonce]));

export const UNDECIDED: ReadonlySet<string> = new Set(['draft', 'evidence', 'voting']);

/**
 * Whether a stored vote is still sealed: it was cast in a secret ballot, and no close has read it out.
 * A vote that became void before the close stays sealed until the request is decided.
 */
export const isSealed = (vote: { nonce: string | null; read_out: boolean }): boolean =>
  vote.nonce !== null && !vote.read_out;
