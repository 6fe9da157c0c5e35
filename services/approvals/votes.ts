import { Temporal } from 'temporal-polyfill';
import { digestOf, sha256 } from '../core/canonical.ts';
import { orList, Refused } from '../core/errors.ts';
import type { ApprovalPolicy } from '../core/organisation.ts';
import type { Proof, StepUp } from '../core/proof.ts';
import type { Db, Tx } from '../store/store.ts';
import { addConditions, dropConditions, type NewCondition } from './conditions.store.ts';
import { readPlan } from './plan.ts';
import { type ApprovalsDeps, cardOf, stateWord } from './requests.deps.ts';
import * as rows from './requests.store.ts';
import { type Shown, sealOfVote, shownOf } from './secret.rules.ts';
import { signatureFault, voteStatement } from './signature.rules.ts';
import { numberOf, type PastStage, stagesLeft, stagesOver } from './stages.rules.ts';
import { opening } from './vote-opening.ts';
import { LIFE, objectsOf } from './vote-timers.ts';
import { type Ballot, type Choice, type Decision, decide, type Member, whyNot } from './votes.rules.ts';

type RequestRow = rows.RequestRow;

export interface NewVote {
  voter: string;
  choice: Choice;
  reason?: string | undefined;
  turn: string;
  /** The approval holds when these are met. */
  conditions?: readonly NewCondition[];
  /** That the voter signed in once more, where the policy asks for it. */
  proof?: Proof | undefined;
}

/** What a voter signs before their vote counts. */
export interface ToSign extends StepUp {
  statement: string;
}

export interface Standing {
  ballot: Ballot;
  decision: Decision;
  /** What may be told to others than the voters themselves. */
  shown: Shown;
}

/** What a vote led to. */
export interface Cast {
  decision: Decision;
  /** While the vote stays open. */
  open?: { row: RequestRow; standing: Standing };
  /** What the record keeps besides the words: the seal of a secret vote, the hash of the token that a vote was signed with. */
  record: { sealed?: string; signed?: string };
}

/** Votes: opened, cast, reminded of, counted; the one place where a vote decides about a request. */
export function voting(deps: ApprovalsDeps) {
  const { clock, audit, outbox, jobs, ids, people } = deps;
  const { openVote, noteLeavers } = opening(deps, (tx, row, by) => settle(tx, row, by));

  /** Everybody's rights are looked at once more, and then the votes. */
  async function checked(tx: Tx, id: string): Promise<void> {
    const row = await rows.lockRequest(tx, id);
    if (row?.state !== 'voting') return;
    await settle(tx, await noteLeavers(tx, row), 'wardroom');
  }

  async function ballotOf(db: Db | Tx, row: RequestRow, past?: PastStage): Promise<Ballot> {
    const policy = past?.policy ?? (row.policy as ApprovalPolicy);
    const openedAt = past?.openedAt ?? row.voting_at ?? row.created_at;
    const stage = past ? numberOf(row, stagesOver(row.past).indexOf(past)) : row.stage;
    return {
      policy,
      openedAt: Temporal.Instant.from(openedAt),
      // What counts of a stage that is over is what was cast until it closed.
      deadline: past
        ? Temporal.Instant.from(past.closedAt).add({ milliseconds: 1 })
        : Temporal.Instant.from(row.deadline),
      members: past?.eligible ?? (row.eligible as Member[]),
      requester: row.requester,
      excluded: past ? (past.excluded ?? row.excluded) : row.excluded,
      votes: await rows.votesOf(db, row.id, stage),
      // What was opened before plans had a subject was voted on by its plan alone, which cannot change.
      ...(row.subject ? { revision: row.digest } : {}),
      delegations: policy.delegation === false ? [] : await rows.delegationsSince(db, openedAt),
      nameOf: people.nameOf,
    };
  }

  /** Applies the decision of the votes so far, if there is one. The row is locked. */
  async function settle(tx: Tx, row: RequestRow, by: string, known?: Ballot): Promise<Decision> {
    const ballot = known ?? (await ballotOf(tx, row));
    const now = clock.now();
    const decision = decide(now, ballot);
    if (decision.state === 'open') return decision;
    const plan = readPlan(row.plan);
    const at = decision.at ?? now;
    await audit.append(tx, {
      actor: 'wardroom',
      action: `approvals.${decision.state}`,
      objects: objectsOf(row),
      why: decision.reason,
      detail: { by: decision.by, last: by, digest: row.digest, stage: row.stage, tally: tallyWords(decision) },
    });
    const next = decision.state === 'approved' ? stagesLeft(row.later)[0] : undefined;
    if (next) await advance(tx, row, decision, ballot);
    else if (decision.state === 'approved') await carryOut(tx, row, { decision, at });
    else {
      await finish(tx, row, {
        state: decision.state,
        at,
        by: decision.by ?? 'votes',
        reason: decision.reason,
        decision,
      });
    }
    if (plan.kind === 'traffic' && row.incident) await deps.refreshIncident(tx, row.incident);
    return decision;
  }

  async function finish(
    tx: Tx,
    row: RequestRow,
    end: { state: RequestRow['state']; at: Temporal.Instant; by: string; reason: string; decision?: Decision },
  ): Promise<void> {
    const decision = {
      by: end.by,
      reason: end.reason,
      ...(end.decision ? { tally: tallyWords(end.decision) } : {}),
    };
    await tx
      .updateTable('requests')
      .set({ state: end.state, decided_at: end.at.toString(), decision: JSON.stringify(decision) })
      .where('id', '=', row.id)
      .execute();
    await readOut(tx, row);
    await shown(tx, row);
    // Cards are edited, which notifies nobody: who asked is told how it ended, unless it was their own doing.
    if (end.by === 'requester' || row.requester === 'wardroom') return;
    await outbox.say(tx, {
      key: `decided:${row.id}:${end.state}:${end.at}`,
      kind: 'approvals.decided',
      ids: { request: row.id },
      conversation: `person:${row.requester}`,
      priority: 3,
    });
  }

  /** The votes of a secret ballot that has closed go into the record, with what they were sealed with. */
  async function readOut(tx: Tx, row: RequestRow, stage?: number): Promise<void> {
    const all = await rows.takeSealed(tx, row.id, stage);
    if (all.length === 0) return;
    const votes = all.map(({ voter, choice, reason, at, nonce }) => ({ voter, choice, reason, at, nonce }));
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'approvals.ballot-read',
      objects: objectsOf(row),
      detail: { stage: row.stage, votes },
    });
  }

  /** Approved by the last stage: with open conditions it waits for them. */
  async function carryOut(
    tx: Tx,
    row: RequestRow,
    { decision, at }: { decision: Decision; at: Temporal.Instant },
  ): Promise<void> {
    const policy = row.policy as ApprovalPolicy;
    const expires = at.add({ minutes: policy.life ?? DEFAULT_LIFE_MINUTES });
    const open = (await rows.conditionsOf(tx, row.id)).filter(({ state }) => state === 'open');
    await tx.updateTable('requests').set({ expires_at: expires.toString() }).where('id', '=', row.id).execute();
    const end = { at, by: decision.by ?? 'votes', reason: decision.reason, decision };
    if (open.length > 0) await finish(tx, row, { ...end, state: 'conditional' });
    else await start(tx, row, end);
    await jobs.enqueue(tx, LIFE, { request: row.id }, { at: expires });
  }

  /** Hands the plan over to whoever carries it out. */
  async function start(
    tx: Tx,
    row: RequestRow,
    end: { at: Temporal.Instant; by: string; reason: string; decision?: Decision },
  ): Promise<void> {
    const plan = readPlan(row.plan);
    // Votes count for what they were cast on: a plan that is not the voted one is not carried out.
    if (digestOf(row.subject ?? row.plan) !== row.digest)
      throw new Error(`${row.id}: what is stored does not match its digest`);
    const change = await deps.startChange(tx, {
      endpoint: plan.endpoint,
      plan,
      request: row.id,
      requester: row.requester,
      ...(row.incident ? { incident: row.incident } : {}),
    });
    if (change) await tx.updateTable('requests').set({ change }).where('id', '=', row.id).execute();
    // A promotion may wait for somebody to start it; everything else begins with the deciding vote.
    await finish(tx, row, { ...end, state: change || plan.kind === 'cost' ? 'executing' : 'approved' });
  }

  /** The next stage votes; what was decided so far stays on record. */
  async function advance(tx: Tx, row: RequestRow, decision: Decision, ballot: Ballot): Promise<void> {
    const [policy, ...later] = stagesLeft(row.later);
    if (!policy) throw new Error(`${row.id} has no further stage`);
    await readOut(tx, row, row.stage);
    const over: PastStage = {
      policy: ballot.policy as ApprovalPolicy,
      eligible: ballot.members,
      excluded: ballot.excluded,
      openedAt: ballot.openedAt.toString(),
      closedAt: (decision.at ?? clock.now()).toString(),
      reason: decision.reason,
      tally: tallyWords(decision),
    };
    await tx
      .updateTable('requests')
      .set({
        stage: row.stage + 1,
        later: JSON.stringify(later),
        past: JSON.stringify([...row.past, over]),
        policy: JSON.stringify(policy),
      })
      .where('id', '=', row.id)
      .execute();
    const next = await rows.lockRequest(tx, row.id);
    if (!next) return;
    await openVote(tx, next);
    await shown(tx, next);
  }

  /** Every card of the request shows the present; where many people are asked, they all have one. */
  async function shown(tx: Tx, row: RequestRow): Promise<void> {
    const refresh = (row.eligible as Member[]).length > FEW_COPIES ? outbox.refreshMany : outbox.refresh;
    await refresh(tx, cardOf(row.id));
    if (row.incident) await deps.refreshIncident(tx, row.incident);
  }

  return {
    openVote,
    noteLeavers,
    settle,
    checked,
    start,
    finish,
    shown,

    /**
     * Casts or changes a vote; the vote that completes the conditions starts the change. While the vote stays open the
     * answer says how it stands, so that whoever draws it reads nothing again.
     */
    async vote(tx: Tx, id: string, vote: NewVote): Promise<Cast> {
      const found = await rows.lockRequest(tx, id);
      if (!found) throw new Refused(`There is no request ${id}.`, 'Say “requests” for the list.', 'unknown-request');
      const members = await people.members();
      if (!members)
        throw new Refused('I cannot look up who may vote at the moment, so I take no vote.', 'Try again in a minute.');
      const row = found.state === 'voting' ? await noteLeavers(tx, found) : found;
      const ballot = await ballotOf(tx, row);
      // Replicas whose clocks disagree must not reorder votes: a later one is never earlier than the one before.
      const at = latest(clock.now(), ballot.votes.at(-1)?.at);
      const secret = row.state === 'voting' && isSecret(row);
      const refused = row.state === 'voting' ? whyNot(at, ballot, vote) : notVotedOn(row);
      if (refused) {
        const decision = row.state === 'voting' ? decide(at, ballot) : undefined;
        const open = decision?.state === 'open';
        const refusal = new Refused(refused, open ? instead(row.id, decision, vote.voter) : '', 'no-vote');
        // It was the first to see that the vote is over (the deadline, or nobody left for a role): everybody learns it now.
        if (decision && !open) refusal.afterwards = (next) => checked(next, id);
        throw refusal;
      }
      if (!members.some(({ id: person, active }) => person === vote.voter && active))
        throw new Refused('You are not active here any more.', 'Ask an administrator if that is a mistake.');
      if (secret && vote.conditions?.length)
        throw new Refused(
          `${id} is voted on in secret, and a condition would say how you voted.`,
          'Ask for it in the thread, or reject with a reason.',
          'no-vote',
        );
      const proof = signatureOf(row, vote);
      const nonce = secret ? ids.uuid() : null;
      const { id: seq } = await tx
        .insertInto('votes')
        .values({
          request: id,
          voter: vote.voter,
          choice: vote.choice,
          reason: vote.reason ?? null,
          at: at.toString(),
          turn: vote.turn,
          revision: row.digest,
          stage: row.stage,
          nonce,
          proof: proof ? JSON.stringify(proof) : null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      // The conditions of a vote are part of it: another vote of the same person in this stage takes them back.
      const earlier = ballot.votes.find(({ voter }) => voter === vote.voter);
      if (earlier) await dropConditions(tx, id, [vote.voter], earlier.at);
      if (vote.conditions?.length) await addConditions(tx, row, vote.voter, vote.conditions, at, { outbox, jobs });
      const { voter, choice, reason } = vote;
      const cast = { voter, choice, reason, at, seq: Number(seq), revision: row.digest };
      const counted = { ...ballot, votes: [...ballot.votes, cast] };
      const decision = await settle(tx, row, voter, counted);
      const seal = nonce && sealOfVote({ request: id, voter, choice, reason: reason ?? null, nonce });
      const record = { ...(seal ? { sealed: seal } : {}), ...(proof ? { signed: sha256(proof.idToken) } : {}) };
      if (decision.state !== 'open') return { decision, record };
      await shown(tx, row);
      const standing = { ballot: counted, decision, shown: shownOf(secret, counted, decision) };
      return { decision, open: { row, standing }, record };
    },

    /**
     * What this person signs before their vote counts; `undefined` when votes on it are not signed, and for a vote that
     * would be refused anyway: `vote` says why.
     */
    async toSign(db: Db | Tx, id: string, vote: Omit<NewVote, 'turn'>): Promise<ToSign | undefined> {
      const { stepUp } = await rows.ballotKind(db, id);
      if (!stepUp) return undefined;
      const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      if (whyNot(clock.now(), await ballotOf(db, row), vote)) return undefined;
      return { ...stepUp, statement: statementOf(row, vote) };
    },

    /** Whether what is voted on now is voted on in secret. */
    isSecretNow: async (db: Db | Tx, id: string): Promise<boolean> => (await rows.ballotKind(db, id)).secret === true,

    /** The votes that counted when an earlier stage closed. */
    async votesOfStage(db: Db | Tx, row: RequestRow, past: PastStage) {
      return decide(Temporal.Instant.from(past.closedAt), await ballotOf(db, row, past)).tally.counted;
    },

    /** How the votes stand now, for the card. */
    async standing(db: Db | Tx, row: RequestRow): Promise<Standing> {
      const ballot = await ballotOf(db, row);
      const until = row.decided_at ? earliest(clock.now(), Temporal.Instant.from(row.decided_at)) : clock.now();
      const decision = decide(until, ballot);
      return { ballot, decision, shown: shownOf(row.state === 'voting' && isSecret(row), ballot, decision) };
    },
  };

  /** What signs this vote, where its policy asks for it; throws Refused when nothing does. */
  function signatureOf(row: RequestRow, vote: NewVote): Proof | undefined {
    const { stepUp } = row.policy as ApprovalPolicy;
    if (!stepUp) return undefined;
    const { proof } = vote;
    const statement = statementOf(row, vote);
    const fault = signatureFault(clock.now(), stepUp, statement, proof);
    if (!fault) return proof;
    // Another sign-in for other words would not help.
    if (proof && proof.statement !== statement) throw new Refused(fault, 'Vote again.', 'no-vote');
    throw new Refused(fault, 'Sign in again, or vote again.', 'step-up');
  }

  /** What helps: whoever may vote lacks a reason, whoever may not asks those who may. */
  function instead(request: string, { tally }: Decision, voter: string): string {
    if (tally.eligible.includes(voter)) return `Say “reject ${request} because …”.`;
    const names = tally.outstanding.slice(0, 3).map((id) => people.nameOf(id));
    return names.length > 0 ? `Ask ${orList(names)}.` : '';
  }
}

const statementOf = (row: RequestRow, { choice, reason, conditions }: Omit<NewVote, 'turn' | 'voter'>): string =>
  voteStatement({
    request: row.id,
    title: row.title,
    stage: row.past.length + 1,
    digest: row.digest,
    choice,
    reason,
    conditions,
  });

const notVotedOn = (row: RequestRow): string =>
  row.state === 'draft' || row.state === 'evidence'
    ? `${row.id} is ${stateWord(row)}: nobody votes on it yet.`
    : `${row.id} is ${stateWord(row)} already.`;

/** Nobody learns who voted what before the close. */
export const isSecret = (row: Pick<RequestRow, 'policy'>): boolean =>
  (row.policy as Partial<ApprovalPolicy>).secret === true;

const DEFAULT_LIFE_MINUTES = 30 * 24 * 60;
/** So many copies are marked at once, in the transaction of the vote. */
const FEW_COPIES = 20;

const latest = (a: Temporal.Instant, b: Temporal.Instant | undefined): Temporal.Instant =>
  b && b.epochMilliseconds > a.epochMilliseconds ? b : a;
const earliest = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  a.epochMilliseconds < b.epochMilliseconds ? a : b;

const tallyWords = ({ tally }: Decision) => ({
  approvals: tally.approvals,
  rejections: tally.rejections,
  abstentions: tally.abstentions,
  eligible: tally.eligible.length,
});

export type Voting = ReturnType<typeof voting>;
