import { Refused } from '../core/errors.ts';
import type { ApprovalPolicy, Endpoint, EvidenceKind, Promotion } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import { dropConditions } from './conditions.store.ts';
import { type Finding, gate } from './evidence.rules.ts';
import { findingsOf, keepFindings } from './evidence.store.ts';
import { collect } from './evidence.ts';
import { about } from './evidence-about.ts';
import { latestCard } from './model-cards.store.ts';
import { type PromotePlan, readPlan } from './plan.ts';
import { artifactOf, type Involvement, involvedIn } from './release-people.ts';
import { type ApprovalsDeps, asAssessed, cardOf, policyChain } from './requests.deps.ts';
import * as rows from './requests.store.ts';
import { changesOf, policyDigest, type Subject, subjectDigest } from './subject.rules.ts';
import { objectsOf } from './vote-timers.ts';
import type { Voting } from './votes.ts';

type RequestRow = rows.RequestRow;

/** What a promotion is about: found out, bound to a digest, and bound anew when it changes. */
export function binding(deps: ApprovalsDeps, voting: Voting) {
  const { db, clock, audit, outbox, organisation, sources } = deps;

  /** What wardroom.yaml asks for at this endpoint. */
  async function rulesFor(
    reader: Db | Tx,
    endpointId: string,
  ): Promise<{
    endpoint: Endpoint;
    promotion: Promotion;
    chain: ApprovalPolicy[];
    /** That assessed the risk, when intake did. */
    useCase: string | undefined;
  }> {
    const known = organisation.endpoints.find(({ id }) => id === endpointId);
    if (!known) throw new Refused(`I do not know the endpoint ${endpointId}.`, 'Say “endpoints” for the list.');
    const assessed = await deps.assessed?.(reader, endpointId);
    if (assessed?.prohibited)
      throw new Refused(
        `${assessed.useCase} is classed as a prohibited practice, so nothing of it is approved.`,
        `Say “classify ${assessed.useCase}” when that is not so.`,
      );
    const endpoint = { ...known, business: asAssessed(known.business, assessed) };
    const risk = endpoint.business.riskClass;
    const promotion = organisation.promotions.find(({ id }) => id === risk);
    const policy = organisation.approvalPolicies.find(({ id }) => id === promotion?.policy);
    if (!promotion || !policy)
      throw new Refused(
        `wardroom.yaml does not say how a model of ${risk} risk is approved.`,
        `Ask an administrator to add { id: ${risk}, policy: … } under promotions.`,
      );
    return { endpoint, promotion, chain: policyChain(organisation, policy), useCase: assessed?.useCase };
  }

  /** Looks at everything outside of a transaction; the write stores it and moves the request on. */
  async function look(
    row: RequestRow,
    by: string,
    kinds?: readonly EvidenceKind[],
  ): Promise<(tx: Tx) => Promise<void>> {
    const plan = promotionOf(row);
    const version = await sources.version(plan.workspace, plan.model.name, plan.model.version);
    if (!version) return (tx) => gone(tx, row.id);
    const { endpoint, promotion, useCase } = await rulesFor(db, plan.endpoint);
    const card = () => latestCard(db, plan.model.name);
    const now = clock.now();
    const shared = about({ now, plan, organisation, sources, endpoint, promotion, version, card, useCase });
    const findings = await collect(shared, kinds);
    const involved = await involvedIn(shared);
    const artifact = artifactOf(version);
    return (tx) => store(tx, row.id, { findings, by, involved, artifact });
  }

  interface Looked {
    findings: readonly Finding[];
    by: string;
    involved?: Involvement | undefined;
    /** Another way of rolling it out. */
    plan?: PromotePlan | undefined;
    /** The files as they are now. The rest of the plan is the request's own: it may have been changed while Azure was asked. */
    artifact?: PromotePlan['artifact'];
  }

  async function store(tx: Tx, id: string, { findings, by, involved, plan, artifact }: Looked): Promise<void> {
    const row = await rows.lockRequest(tx, id);
    if (!row || !(OPEN.has(row.state) || row.state === 'executing')) return;
    const before = await findingsOf(tx, id);
    // What did not answer now was answered before: a code host that is down for a minute makes no vote void.
    const known = new Set(before.map(({ kind }) => kind));
    const heard = findings.filter(({ kind, unreachable }) => !(unreachable && known.has(kind)));
    await keepFindings(tx, id, before, heard, by, clock.now().toString());
    // What is being carried out stays bound to what was voted on; a finding that says something else holds it up.
    if (row.state === 'executing') return voting.shown(tx, row);
    const after = await findingsOf(tx, id);
    const { chain } = await rulesFor(tx, promotionOf(row).endpoint);
    const subject: Subject = {
      plan: { ...(plan ?? promotionOf(row)), ...(artifact ? { artifact } : {}) },
      evidence: Object.fromEntries(after.map(({ kind, digest }) => [kind, digest])),
      policy: policyDigest(chain),
    };
    await audit.append(tx, {
      actor: by,
      action: 'approvals.evidence',
      objects: objectsOf(row),
      detail: {
        findings: findings.map(({ kind, state, source }) => ({ kind, state, source })),
        digest: subjectDigest(subject),
      },
    });
    const summaries = { before: wordsOf(before), after: wordsOf(after) };
    const next = await bind(tx, row, subject, by, summaries);
    if (next.state === 'evidence') await tryVote(tx, next, involved);
    await voting.shown(tx, next);
  }

  /** The row about this subject; a vote about another one is void, and the voters learn why. */
  async function bind(
    tx: Tx,
    row: RequestRow,
    subject: Subject,
    by: string,
    summaries: Parameters<typeof changesOf>[2],
  ): Promise<RequestRow> {
    const digest = subjectDigest(subject);
    if (digest === row.digest) return row;
    const changes = changesOf(row.subject as Subject, subject, summaries);
    const voted = ['voting', 'approved', 'conditional'].includes(row.state);
    const revision = row.revision + 1;
    const voters = voted ? await votersOf(tx, row) : [];
    await tx
      .insertInto('request_revisions')
      .values({
        request: row.id,
        revision,
        digest,
        subject: JSON.stringify(subject),
        changes: JSON.stringify(changes),
        by,
        at: clock.now().toString(),
      })
      .execute();
    const { chain } = await rulesFor(tx, subject.plan.endpoint);
    const [policy, ...later] = chain;
    await tx
      .updateTable('requests')
      .set({
        digest,
        subject: JSON.stringify(subject),
        plan: JSON.stringify(subject.plan),
        title: `Promote ${subject.plan.what}`,
        revision,
        // Whatever stage it was in: all of it is voted on again.
        ...(voted
          ? {
              state: 'evidence' as const,
              stage: row.stage + 1,
              policy: JSON.stringify(policy),
              later: JSON.stringify(later),
              past: '[]',
            }
          : { policy: JSON.stringify(policy), later: JSON.stringify(later) }),
      })
      .where('id', '=', row.id)
      .execute();
    if (voted) {
      await dropConditions(tx, row.id, voters);
      await audit.append(tx, {
        actor: by,
        action: 'approvals.votes-void',
        objects: objectsOf(row),
        why: changes.join('; '),
        detail: { from: row.digest, to: digest, voters },
      });
      for (const person of voters) {
        await outbox.say(tx, {
          key: `changed:${row.id}:${revision}:${person}`,
          kind: 'approvals.changed',
          ids: { request: row.id, revision: String(revision) },
          conversation: `person:${person}`,
          priority: 2,
        });
      }
      await outbox.say(tx, {
        key: `changed:${row.id}:${revision}`,
        kind: 'approvals.changed',
        ids: { request: row.id, revision: String(revision) },
        conversation: row.channel,
        under: cardOf(row.id),
        priority: 3,
      });
    }
    return needed(tx, row.id);
  }

  /** Opens the vote when the gate is open. */
  async function tryVote(tx: Tx, row: RequestRow, involved: Involvement | undefined): Promise<void> {
    const { promotion } = await rulesFor(tx, promotionOf(row).endpoint);
    const { open } = gate(clock.now(), promotion.evidence, await findingsOf(tx, row.id));
    if (!open || !involved) return;
    await voting.openVote(tx, row, { requester: row.requester, ...involved });
  }

  async function gone(tx: Tx, id: string): Promise<void> {
    const row = await rows.lockRequest(tx, id);
    if (!row || !OPEN.has(row.state)) return;
    const { model, workspace } = promotionOf(row);
    const reason = `${model.name}:${model.version} does not exist in ${workspace} any more.`;
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'approvals.version-gone',
      objects: objectsOf(row),
      why: reason,
    });
    await voting.finish(tx, row, { state: 'withdrawn', at: clock.now(), by: 'version-gone', reason });
    for (const person of await votersOf(tx, row)) {
      await outbox.say(tx, {
        key: `gone:${id}:${person}`,
        kind: 'approvals.gone',
        ids: { request: id },
        conversation: `person:${person}`,
        priority: 3,
      });
    }
  }

  async function supersede(tx: Tx, row: RequestRow, reason: string): Promise<void> {
    await audit.append(tx, { actor: 'wardroom', action: 'approvals.superseded', objects: objectsOf(row), why: reason });
    await voting.finish(tx, row, { state: 'superseded', at: clock.now(), by: 'newer', reason });
  }

  /** Whoever has voted on it in any stage. */
  async function votersOf(tx: Tx, row: RequestRow): Promise<string[]> {
    const cast = await tx.selectFrom('votes').select('voter').distinct().where('request', '=', row.id).execute();
    return cast.map(({ voter }) => voter).sort();
  }

  return { rulesFor, look, store, gone, supersede };
}

/** States in which a promotion can still change. */
export const OPEN: ReadonlySet<string> = new Set(['draft', 'evidence', 'voting', 'approved', 'conditional']);

export const find = (db: Db | Tx, id: string) =>
  db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst();

export async function needed(tx: Tx, id: string): Promise<RequestRow> {
  const row = await rows.lockRequest(tx, id);
  if (!row) throw new Refused(`There is no request ${id}.`, 'Say “requests” for the list.', 'unknown-request');
  return row;
}

export function promotionOf(row: Pick<RequestRow, 'id' | 'plan'>): PromotePlan {
  const plan = readPlan(row.plan);
  if (plan.kind !== 'promote') throw new Refused(`${row.id} is no promotion of a model.`);
  return plan;
}

const wordsOf = (found: readonly { kind: string; summary: string }[]): Record<string, string> =>
  Object.fromEntries(found.map(({ kind, summary }) => [kind, summary]));
