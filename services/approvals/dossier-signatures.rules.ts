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
    const stage = stageOf(request, vote);
    const stepUp = vote.choice === SEALED ? undefined : stepUpOf(request, stage);
    return stepUp ? [{ vote, fault: faultOf(file, vote, { stage, stepUp }, cast) }] : [];
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
  { stage, stepUp }: { stage: number; stepUp: StepUp },
  cast: readonly Entry[],
): string | undefined {
  const { proof, voter, at, choice, reason } = vote;
  const said = { request: request.id, title: request.title, stage, digest: vote.revision ?? null, choice, reason, at };
  const fault = signedFault(stepUp, said, proof, accounts[voter]);
  if (fault || !proof) return fault;
  const signed = sha256(proof.idToken);
  const recorded = cast.some(
    (entry) => entry.actor === voter && same(entry.at, at) && entry.detail['signed'] === signed,
  );
  return recorded ? undefined : 'is not signed as the record says';
}

/** Counted from 1; of votes that became void before the first stage that counts it is less. */
const stageOf = (request: Dossier['request'], vote: Vote): number => vote.stage - numberOf(request, 0) + 1;

/** What the policy of a stage asks of the sign-in of its votes; of void ones it is not known any more. */
function stepUpOf(request: Dossier['request'], stage: number): StepUp | undefined {
  const policy = [...request.past.map((over) => over.policy), request.policy][stage - 1];
  return (policy as { stepUp?: StepUp } | null | undefined)?.stepUp;
}
