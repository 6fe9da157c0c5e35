import { Temporal } from 'temporal-polyfill';
import { claimsSignedBy, contextsOf, nonceOf, type Proof, type StepUp } from '../core/proof.ts';
import { durationWords } from './subject.rules.ts';
import type { Choice } from './votes.rules.ts';

/**
 * Signed votes. What is signed is a statement in words, shown before the sign-in; the nonce of the ID token is made from it,
 * so that the issuer's signature covers the vote and nothing can be put beside it later (OpenID Connect Core 1.0, 15.5.2
 * leaves open what a nonce is made from).
 */
export interface SaidVote {
  request: string;
  /** What is asked for, in words, and its digest (SHA-256). */
  title: string;
  /** Counted from 1: the digest is the same in all of them, and so may the voters be. */
  stage: number;
  digest: string | null;
  choice: Choice | string;
  reason?: string | null | undefined;
  conditions?: readonly { what: string; owner: string; due: Temporal.Instant }[] | undefined;
}

const VERBS: Readonly<Record<string, string>> = { approve: 'Approve', reject: 'Reject', abstain: 'Abstain on' };
const CONDITION = 'Condition: ';

/** The statement of a vote: a line each for what is voted, on what, its digest, the reason and the conditions. */
export function voteStatement({ request, title, stage, digest, choice, reason, conditions = [] }: SaidVote): string {
  return [
    `${VERBS[choice] ?? choice} ${request}`,
    title,
    ...(stage > 1 ? [`Stage: ${stage}`] : []),
    `Digest (SHA-256): ${digest ?? 'none'}`,
    ...(reason ? [`Reason: ${reason}`] : []),
    ...conditions.map(({ what, owner, due }) => `${CONDITION}${what}; by ${owner}, until ${due.toString()}`),
  ]
    .map(onOneLine)
    .join('\n');
}
/** Line breaks and signs that are not seen (also those that turn the direction of writing) would make it look like another statement. */
const onOneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();

/** Whether a statement says this vote. The conditions are its own: a later vote takes them out of the list. */
export const statesVote = (statement: string, vote: Omit<SaidVote, 'conditions'>): boolean =>
  statement
    .split('\n')
    .filter((line) => !line.startsWith(CONDITION))
    .join('\n') === voteStatement(vote);

/** Entra's clock and ours may differ by this much. */
const SKEW_SECONDS = 60;

/** Why a proof does not sign this vote now, as a sentence; `undefined` when it does. */
export function signatureFault(
  now: Temporal.Instant,
  stepUp: StepUp,
  statement: string,
  proof: Proof | undefined,
): string | undefined {
  if (!proof) return 'Votes on this are signed, and this one is not.';
  if (proof.statement !== statement || nonceOf(proof.salt, proof.statement) !== proof.nonce)
    return 'What you signed is not what is asked for now.';
  const seconds = (now.epochMilliseconds - Temporal.Instant.from(proof.signedInAt).epochMilliseconds) / 1000;
  const says: Readonly<Record<Lack, string>> = {
    old: `You signed in ${durationWords(Math.floor(seconds / 60))} ago, and ${durationWords(stepUp.maxAge)} is the most that counts here.`,
    ahead: 'That sign-in lies in the future.',
    weak: `The sign-in does not satisfy the authentication context ${stepUp.acrs} of Conditional Access, which is asked for here.`,
  };
  const lack = lackOf(stepUp, seconds, proof.acrs);
  return lack && says[lack];
}

type Lack = 'old' | 'ahead' | 'weak';
/** What a sign-in so many seconds ago, with these authentication contexts, lacks of what is asked for. */
function lackOf({ maxAge, acrs }: StepUp, seconds: number, contexts: readonly string[]): Lack | undefined {
  if (seconds < -SKEW_SECONDS) return 'ahead';
  // Not a number: it was not said when.
  if (!(seconds <= maxAge * 60 + SKEW_SECONDS)) return 'old';
  return acrs !== undefined && !contexts.includes(acrs) ? 'weak' : undefined;
}

/**
 * What is wrong with the signature of a vote that somebody else kept, as the end of a sentence; `undefined` when it holds.
 * Nothing is believed but the token and the key: `account` is the voter's object id in Entra.
 */
export function signedFault(
  stepUp: StepUp,
  vote: Omit<SaidVote, 'conditions'> & { at: string },
  proof: Pick<Proof, 'statement' | 'salt' | 'idToken' | 'key'> | null | undefined,
  account: string | undefined,
): string | undefined {
  if (!proof) return 'is not signed';
  const claims = claimsSignedBy(proof.key, proof.idToken);
  if (!claims) return 'bears a signature that does not hold';
  if (claims.nonce !== nonceOf(proof.salt, proof.statement) || !statesVote(proof.statement, vote))
    return 'is not what was signed';
  if (account === undefined || claims.oid !== account) return 'is signed by another account';
  const lack = lackOf(stepUp, Date.parse(vote.at) / 1000 - Number(claims.auth_time), contextsOf(claims));
  if (lack === 'weak') return `is signed without the context ${stepUp.acrs}`;
  return lack && 'is signed by a sign-in of another time';
}
