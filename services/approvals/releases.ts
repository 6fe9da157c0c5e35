import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import { gate } from './evidence.rules.ts';
import { findingHistory, findingsOf, summariesOf } from './evidence.store.ts';
import { type Attachable, attached } from './evidence.ts';
import { about } from './evidence-about.ts';
import { latestCard } from './model-cards.store.ts';
import type { PromotePlan, RolloutStep } from './plan.ts';
import { binding, find, needed, OPEN, promotionOf } from './release-binding.ts';
import { artifactOf, involvedIn } from './release-people.ts';
import { planRelease } from './release-plan.ts';
import { type ApprovalsDeps, cardOf, channelOf, stateWord } from './requests.deps.ts';
import * as rows from './requests.store.ts';
import { numberOf } from './stages.rules.ts';
import { changesOf, policyDigest, type Subject, subjectDigest } from './subject.rules.ts';
import { objectsOf } from './vote-timers.ts';
import type { Voting } from './votes.ts';

type RequestRow = rows.RequestRow;
export const COLLECT = 'approvals-collect';
export const WATCH = 'approvals-watch';
export const DRAFT = 'approvals-draft';
const LEASE_SECONDS = 90;
const WATCH_MINUTES = 30;

export interface NewRelease {
  requester: string;
  reason: string;
  plan: PromotePlan;
  incident?: string;
}

/** Putting a model version into production: drafted, proven, voted on, and voted on again when something changes. */
export function releases(deps: ApprovalsDeps, voting: Voting) {
  const { db, clock, audit, outbox, jobs, organisation, people, sources } = deps;
  const { rulesFor, look, store, gone, supersede } = binding(deps, voting);

  async function insert(tx: Tx, release: NewRelease, state: 'draft' | 'evidence'): Promise<RequestRow> {
    const { plan, requester, reason } = release;
    const { endpoint, chain } = await rulesFor(tx, plan.endpoint);
    const [policy, ...later] = chain;
    const id = await nextNumber(tx, 'REQ');
    const now = clock.now();
    const subject: Subject = { plan, evidence: {}, policy: policyDigest(chain) };
    await tx
      .insertInto('requests')
      .values({
        id,
        kind: 'promote',
        title: `Promote ${plan.what}`,
        reason,
        requester,
        incident: release.incident ?? null,
        plan: JSON.stringify(plan),
        digest: subjectDigest(subject),
        policy: JSON.stringify(policy),
        later: JSON.stringify(later),
        eligible: JSON.stringify([]),
        state,
        created_at: now.toString(),
        deadline: now.add({ hours: 24 * WAITS_DAYS }).toString(),
        channel: channelOf(organisation, endpoint.owner),
        endpoint: endpoint.id,
        model: `${plan.model.name}:${plan.model.version}`,
        subject: JSON.stringify(subject),
      })
      .execute();
    const row = await needed(tx, id);
    await audit.append(tx, {
      actor: requester,
      action: state === 'draft' ? 'approvals.drafted' : 'approvals.opened',
      objects: objectsOf(row),
      why: reason,
      detail: { title: row.title, digest: row.digest, artifact: plan.artifact, policy: policy?.id },
    });
    const live = { card: cardOf(id), kind: 'approvals.request', ids: { request: id } };
    await outbox.show(tx, { ...live, conversation: row.channel, priority: 3 });
    await jobs.enqueue(tx, WATCH, { request: id }, { at: now.add({ minutes: WATCH_MINUTES }) });
    return row;
  }

  async function refuseSecond(tx: Tx, plan: PromotePlan, except?: string): Promise<void> {
    const others = await rows.promotionsOn(tx, plan.endpoint);
    const open = others.find(({ id, state }) => id !== except && state !== 'draft');
    if (open)
      throw new Refused(
        `${open.id} (${open.model}) about ${plan.endpoint} is ${stateWord(open)}.`,
        `Say “request ${open.id}”; one version at a time takes an endpoint over.`,
      );
  }

  /** A version was registered: a draft that somebody may turn into a request. One per endpoint, the newest version. */
  async function draft(tx: Tx, release: NewRelease): Promise<string | undefined> {
    const { promotion } = await rulesFor(tx, release.plan.endpoint);
    if (!promotion.draft) return undefined;
    const model = `${release.plan.model.name}:${release.plan.model.version}`;
    const others = await rows.promotionsOn(tx, release.plan.endpoint);
    if (others.some((row) => row.model === model)) return undefined;
    for (const row of others.filter(({ state }) => state === 'draft'))
      await supersede(tx, row, `${model} was registered.`);
    return (await insert(tx, release, 'draft')).id;
  }

  jobs.handleOutside(COLLECT, LEASE_SECONDS, async (data) => {
    const { request, by } = data as { request: string; by: string };
    const row = await find(db, request);
    if (row?.state === 'executing') return look(row, by, VOLATILE);
    return row && OPEN.has(row.state) ? look(row, by) : async () => undefined;
  });

  jobs.handleOutside(DRAFT, LEASE_SECONDS, async (data) => {
    const { endpoint, name, version } = data as { endpoint: string; name: string; version: string };
    try {
      const plan = await planRelease(sources, await rulesFor(db, endpoint), { name, version });
      const reason = `${name}:${version} was registered.`;
      return async (tx) => void (await draft(tx, { requester: 'wardroom', reason, plan }));
    } catch (error) {
      // It serves already, was deleted meanwhile, or nobody said how it is approved: then there is nothing to draft.
      if (error instanceof Refused)
        return (tx) =>
          audit.append(tx, {
            actor: 'wardroom',
            action: 'approvals.not-drafted',
            objects: [endpoint, `${name}:${version}`],
            outcome: 'refused',
            why: error.message,
          });
      throw error;
    }
  });

  // Azure tells nobody that a version was deleted, and a right is lost without a word, too: so it is looked at.
  jobs.handleOutside(WATCH, LEASE_SECONDS, async (data) => {
    const { request } = data as { request: string };
    const row = await find(db, request);
    if (!row || !(OPEN.has(row.state) || row.state === 'executing')) return async () => undefined;
    const plan = promotionOf(row);
    const version = await sources.version(plan.workspace, plan.model.name, plan.model.version);
    const changed = version && artifactOf(version).sha256 !== plan.artifact.sha256;
    return async (tx) => {
      if (!version) return gone(tx, request);
      const now = clock.now();
      // Evidence that did not answer, or was mended at its source, is found without anybody asking again.
      const old = row.state === 'executing' && (await notReady(tx, row)).length > 0;
      if (changed || row.state === 'evidence' || old) await jobs.enqueue(tx, COLLECT, { request, by: 'wardroom' });
      await voting.checked(tx, request);
      await waited(tx, request, now);
      await jobs.enqueue(tx, WATCH, { request }, { at: now.add({ minutes: WATCH_MINUTES }) });
    };
  });

  /** Drafts and requests whose evidence never came do not wait forever. */
  async function waited(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
    const row = await rows.lockRequest(tx, id);
    if (!row || (row.state !== 'draft' && row.state !== 'evidence')) return;
    const since = Temporal.Instant.from(row.voting_at ?? row.created_at);
    if (now.since(since).total('hours') < 24 * WAITS_DAYS) return;
    const reason = `It waited ${WAITS_DAYS} days for ${row.state === 'draft' ? 'somebody to ask' : 'its evidence'}.`;
    await audit.append(tx, { actor: 'wardroom', action: 'approvals.expired', objects: objectsOf(row), why: reason });
    await voting.finish(tx, row, { state: 'expired', at: now, by: 'waited', reason });
  }

  async function ended(
    tx: Tx,
    row: RequestRow,
    state: 'deployed' | 'rolled-back' | 'failed' | 'superseded',
    why: string,
  ): Promise<void> {
    await tx.updateTable('requests').set({ state }).where('id', '=', row.id).execute();
    await audit.append(tx, { actor: 'wardroom', action: `approvals.${state}`, objects: objectsOf(row), why });
    await voting.shown(tx, row);
  }

  /** Why the rollout may not begin or go on now, each in words; empty when it may. Asked again at every step. */
  async function notReady(at: Db | Tx, row: RequestRow): Promise<string[]> {
    const subject = row.subject as Subject | null;
    if (!subject) return [];
    const open = (await rows.conditionsOf(at, row.id)).filter(({ state }) => state === 'open');
    const { promotion } = await rulesFor(at, promotionOf(row).endpoint);
    const found = await findingsOf(at, row.id);
    const { lacking } = gate(clock.now(), promotion.evidence, found);
    const moved = found.filter(
      ({ kind, digest }) => subject.evidence[kind] !== undefined && subject.evidence[kind] !== digest,
    );
    const over = row.expires_at !== null && Date.parse(row.expires_at) <= clock.ms();
    return [
      ...(subjectDigest(subject) === row.digest ? [] : ['what is stored is not what was voted on']),
      ...(over && row.state !== 'executing' ? ['the approval has expired'] : []),
      ...open.map(({ number, what, owner }) => `condition ${number} is open (${people.nameOf(owner)}): ${what}`),
      ...lacking,
      ...moved.map(({ kind, summary }) => `${kind} says something else than what was voted on: ${summary}`),
    ];
  }

  return {
    notReady,
    rulesFor,
    promotionsOn: rows.promotionsOn,
    findingsOf,
    findingHistory,

    /** The version as Azure has it now; for planning and for the list of who may not vote. */
    versionOf: (workspace: string, model: string, version: string) => sources.version(workspace, model, version),
    /** Asks Azure, so it is called outside of a transaction. */
    plan: async (endpoint: string, model: { name: string; version: string }, steps?: readonly RolloutStep[]) =>
      planRelease(sources, await rulesFor(db, endpoint), model, steps),

    /** Event Grid says that a version was registered: endpoints that serve the model get a draft. */
    async registered(tx: Tx, model: string, workspace: string | undefined): Promise<void> {
      const [name = '', version = ''] = model.split(':');
      const homes = organisation.endpoints.filter(
        (each) =>
          each.kind === 'online' &&
          each.models.includes(name) &&
          (workspace === undefined || each.workspace.toLowerCase() === workspace.toLowerCase()),
      );
      for (const { id } of homes) await jobs.enqueue(tx, DRAFT, { endpoint: id, name, version });
    },

    /** Asks for approval: what is required is looked at first, and then people vote. */
    async propose(tx: Tx, release: NewRelease): Promise<string> {
      await refuseSecond(tx, release.plan);
      const same = (await rows.promotionsOn(tx, release.plan.endpoint)).filter(({ state }) => state === 'draft');
      for (const draft of same) await supersede(tx, draft, 'Somebody asked for approval.');
      const row = await insert(tx, release, 'evidence');
      await jobs.enqueue(tx, COLLECT, { request: row.id, by: release.requester });
      return row.id;
    },

    /** Turns a draft into a request of this person. */
    async submit(tx: Tx, id: string, by: string, reason: string | undefined): Promise<void> {
      const row = await needed(tx, id);
      if (row.state !== 'draft') throw new Refused(`${id} is ${stateWord(row)} already.`, `Say “request ${id}”.`);
      await refuseSecond(tx, promotionOf(row), id);
      const set = { state: 'evidence' as const, requester: by, ...(reason ? { reason } : {}) };
      await tx.updateTable('requests').set(set).where('id', '=', id).execute();
      await audit.append(tx, {
        actor: by,
        action: 'approvals.opened',
        objects: objectsOf(row),
        why: reason ?? row.reason,
      });
      await jobs.enqueue(tx, COLLECT, { request: id, by });
      await voting.shown(tx, row);
    },

    /** Has everything looked at again. */
    async refresh(tx: Tx, id: string, by: string): Promise<void> {
      const row = await needed(tx, id);
      if (row.kind !== 'promote' || row.state === 'draft' || !(OPEN.has(row.state) || row.state === 'executing'))
        throw new Refused(`${id} is ${stateWord(row)}: its evidence is what it was.`);
      await jobs.enqueue(tx, COLLECT, { request: id, by });
    },

    /** Reads an attached file outside of the transaction; the answer stores it. */
    async attach(
      id: string,
      kind: Attachable,
      text: string,
      from: { by: string; source: string },
    ): Promise<(tx: Tx) => Promise<void>> {
      const row = await find(db, id);
      if (!row) throw new Refused(`There is no request ${id}.`, 'Say “requests” for the list.', 'unknown-request');
      if (row.kind !== 'promote' || !OPEN.has(row.state) || row.state === 'draft')
        throw new Refused(`${id} is ${stateWord(row)}: nothing can be attached.`);
      const plan = promotionOf(row);
      const version = await sources.version(plan.workspace, plan.model.name, plan.model.version);
      if (!version) throw new Refused(`${plan.model.name}:${plan.model.version} does not exist any more.`);
      const { endpoint, promotion, useCase } = await rulesFor(db, plan.endpoint);
      const card = () => latestCard(db, plan.model.name);
      const now = clock.now();
      const shared = about({ now, plan, organisation, sources, endpoint, promotion, version, card, useCase });
      const finding = attached(shared, kind, text, from.source);
      const involved = await involvedIn(shared);
      return (tx) => store(tx, id, { findings: [finding], by: from.by, involved });
    },

    /** Another way of rolling it out; the votes so far are void. */
    async replan(tx: Tx, id: string, plan: PromotePlan, by: string): Promise<void> {
      const row = await needed(tx, id);
      if (row.requester !== by) throw new Refused(`Only ${people.nameOf(row.requester)}, who asked, can change ${id}.`);
      if (!OPEN.has(row.state) || row.state === 'draft')
        throw new Refused(`${id} is ${stateWord(row)}: its plan is what it was.`);
      await store(tx, id, { findings: [], by, plan });
      await jobs.enqueue(tx, COLLECT, { request: id, by });
    },

    /** How the gate stands, for cards. */
    async gateOf(at: Db | Tx, row: RequestRow) {
      const { promotion } = await rulesFor(at, promotionOf(row).endpoint);
      return gate(clock.now(), promotion.evidence, await findingsOf(at, row.id));
    },

    /**
     * How the rollout ended. The request that served this endpoint until now is superseded when this one is deployed;
     * how it was decided stays with it, as its votes do. What is over already (withdrawn by hand, say) stays as it is.
     */
    async released(tx: Tx, id: string, state: 'deployed' | 'rolled-back' | 'failed', why: string): Promise<void> {
      const row = await needed(tx, id);
      if (row.state !== 'executing') return;
      const ends = state === 'deployed' ? await rows.deployedOn(tx, promotionOf(row).endpoint) : [];
      for (const each of ends) await ended(tx, each, 'superseded', `${row.model} was deployed by ${id}.`);
      await ended(tx, row, state, why);
    },

    attachment: sources.attachment,

    /** What is different from what the latest void vote was cast on; undefined when no vote is void. */
    async changedSince(at: Db | Tx, row: RequestRow): Promise<{ at: string; what: readonly string[] } | undefined> {
      const cast = await at
        .selectFrom('votes')
        .select(['at', 'revision'])
        .where('request', '=', row.id)
        .where('stage', '<', numberOf(row, 0))
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (!cast) return undefined;
      const all = await revisionsOf(at, row.id);
      // A plan that was changed back has a digest that was voted on before: the vote was cast on the earlier one.
      const votedOn = all.findLast(
        (each) => each.digest === cast.revision && Date.parse(each.at) <= Date.parse(cast.at),
      );
      const last = all.at(-1);
      if (!votedOn || !last) return undefined;
      const [before, after] = [votedOn.subject as Subject, row.subject as Subject];
      const said = await summariesOf(at, row.id);
      const words = ({ evidence }: Subject) =>
        Object.fromEntries(
          Object.entries(evidence).map(([kind, digest]) => [kind, said.get(digest) ?? 'something else']),
        );
      return { at: last.at, what: changesOf(before, after, { before: words(before), after: words(after) }) };
    },

    revisionsOf,
  };
}

const revisionsOf = (at: Db | Tx, id: string) =>
  at.selectFrom('request_revisions').selectAll().where('request', '=', id).orderBy('revision').execute();

const WAITS_DAYS = 30;
/** While it is carried out only these are looked at again: the others compare with what no longer serves. */
const VOLATILE = ['drift', 'identity', 'cost'] as const;

export { promotionOf } from './release-binding.ts';
export { artifactOf } from './release-people.ts';
