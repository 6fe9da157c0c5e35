import { sha256 } from '../core/canonical.ts';
import { counted } from '../core/counted.ts';
import { claimsSignedBy, type StepUp } from '../core/proof.ts';
import { type Check, type Dossier, type Entry, SEALED, same } from './dossier.rules.ts';
import { signedFault } from './signature.rules.ts';
import { numberOf } from './stages.rules.ts';

type Vote = Dossier['votes'][number];

/**
 * Where the policy of a stage asks for signed votes each of them bears the signature of its voter's account, and the record
 * names that signature. `cast` are the entries of votes.
 */
export function checkSignatures(file: Dossier, cast: readonly Entry[], check: Check): void {
  const { request, votes, people } = file;
  const due = votes.flatMap((vote) => {
    const stepUp = vote.choice === SEALED ? undefined : stepUpOf(request, vote);
    return stepUp ? [{ vote, fault: faultOf(file, vote, stepUp, cast) }] : [];
  });
  const faults = due.flatMap(({ vote: { voter }, fault }) =>
    fault ? [`the vote of ${people[voter] ?? voter} ${fault}`] : [],
  );
  if (due.length > 0)
    check(
      faults.length === 0,
      `${counted(due.length, 'vote')} signed with a fresh sign-in of the voter, by ${signersOf(due.map(({ vote }) => vote))}`,
      faults.join('; '),
    );
}

/** Whose keys signed them: what the reader compares with what the issuer publishes. */
function signersOf(votes: readonly Vote[]): string {
  const signers = votes.flatMap(({ proof }) => {
    const claims = proof && claimsSignedBy(proof.key, proof.idToken);
    return claims ? [`${claims.iss} with the key ${proof.key['kid']}`] : [];
  });
  return [...new Set(signers)].join('; ');
}

function faultOf(
  { request, accounts = {} }: Dossier,
  vote: Vote,
  stepUp: StepUp,
  cast: readonly Entry[],
): string | undefined {
  const { proof, voter, at, choice, reason } = vote;
  const said = { request: request.id, title: request.title, digest: vote.revision ?? null, choice, reason, at };
  const fault = signedFault(stepUp, said, proof, accounts[voter]);
  if (fault || !proof) return fault;
  const signed = sha256(proof.idToken);
  const recorded = cast.some(
    (entry) => entry.actor === voter && same(entry.at, at) && entry.detail['signed'] === signed,
  );
  return recorded ? undefined : 'is not signed as the record says';
}

/** What the policy of the stage that a vote belongs to asks of its sign-in. */
function stepUpOf(request: Dossier['request'], { stage }: Vote): StepUp | undefined {
  const over = request.past.find((_past, at) => numberOf(request, at) === stage);
  return ((over ?? request).policy as { stepUp?: StepUp } | null | undefined)?.stepUp;
}
