import type { Audit, LinkedRow } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import type { Roster } from '../core/roster.ts';
import type { Db, Tx } from '../store/store.ts';
import { type Dossier, FORMAT, SEALED, sealOf } from './dossier.rules.ts';
import { WIDEST_GAP } from './dossier-record.rules.ts';
import { rolloutOfRequest } from './rollout.store.ts';
import { isSealed } from './secret.rules.ts';

const MOST_ENTRIES = 5_000;

export interface DossierDeps {
  audit: Audit;
  clock: Clock;
  people: Roster;
  organisation: { name: string };
}

/** Everything about one decision, in one file. `Refused` for a request that is not there. */
export async function decisionFile(deps: DossierDeps, db: Db | Tx, id: string, by: string): Promise<Dossier> {
  const request = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst();
  if (!request) throw new Refused(`There is no request ${id}.`, 'Say “requests” for the list.', 'unknown-request');
  const of = <T extends 'votes' | 'evidence' | 'conditions'>(table: T) =>
    db
      .selectFrom(table as 'votes')
      .selectAll()
      .where('request', '=', id)
      .execute();
  const [votes, evidence, conditions] = await Promise.all([of('votes'), of('evidence'), of('conditions')]);
  const rollout = await rolloutOfRequest(db, id);
  const changes = await db
    .selectFrom('changes')
    .selectAll()
    .where((e) => e.or([e('request', '=', id), ...(rollout ? [e('rollout', '=', rollout.id)] : [])]))
    .orderBy('created_at')
    .execute();
  const about = new Map<number, true>();
  for (const object of [id, ...(rollout ? [rollout.id] : [])])
    for (const { seq } of await deps.audit.about(db, object, MOST_ENTRIES)) about.set(seq, true);
  const record: LinkedRow[][] = [];
  for (const [from, to] of runsOf([...about.keys()].sort((a, b) => a - b)))
    record.push(await deps.audit.segment(db, from, to));
  const names = new Set([
    request.requester,
    ...votes.map(({ voter }) => voter),
    ...record.flat().map(({ actor }) => actor),
  ]);
  const file = {
    format: FORMAT as typeof FORMAT,
    organisation: deps.organisation.name,
    exported: { at: deps.clock.now().toString(), by, head: await deps.audit.head(db) },
    request: { ...request, policy: request.policy, eligible: request.eligible },
    // Of a secret ballot that is still open it is in the file that somebody voted, and the seal of the vote in the record.
    votes: votes.map((vote) =>
      isSealed(vote) ? { ...vote, choice: SEALED, reason: null, nonce: null, proof: null } : vote,
    ),
    evidence,
    conditions,
    changes,
    rollout: rollout ?? null,
    people: Object.fromEntries([...names].map((name) => [name, deps.people.nameOf(name)])),
    // Whose signature a vote has to bear: the object id of the account in Entra.
    accounts: Object.fromEntries(
      votes.flatMap(({ voter }) => {
        const account = deps.people.byId(voter)?.entraId;
        return account === undefined ? [] : [[voter, account]];
      }),
    ),
    record,
  };
  // As it will be read again: what JSON cannot carry is not in the seal.
  const plain = JSON.parse(JSON.stringify(file)) as Omit<Dossier, 'seal'>;
  return { ...plain, seal: sealOf(plain) };
}

/** Runs from the first to the last entry, broken where there is a wide gap. */
export function runsOf(seqs: readonly number[]): [from: number, to: number][] {
  const runs: [number, number][] = [];
  for (const seq of seqs) {
    const last = runs.at(-1);
    if (last && seq - last[1] <= WIDEST_GAP) last[1] = seq;
    else runs.push([seq, seq]);
  }
  return runs;
}
