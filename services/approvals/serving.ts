import type { Selectable } from 'kysely';
import { Temporal } from 'temporal-polyfill';
import type { Audit } from '../core/audit.ts';
import { digestOf } from '../core/canonical.ts';
import type { Clock } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import type { Jobs } from '../core/jobs.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { ChangeRow } from '../fleet/index.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { inTransaction } from '../store/transaction.ts';
import { channelOf } from './requests.deps.ts';
import { differences, type Serves, servesOf } from './serving.rules.ts';

export type { Serves } from './serving.rules.ts';
export const SERVING = 'approvals-serving';
export const deviationCardOf = (id: string): string => `deviation:${id}`;
export type DeviationRow = Selectable<Tables['deviations']>;

const EVERY_MINUTES = 60;
const LEASE_SECONDS = 120;

const NOTHING: Serves = { traffic: {}, mirror: {}, models: {} };

export interface ServingDeps {
  db: Db;
  clock: Clock;
  audit: Audit;
  outbox: Outbox;
  jobs: Jobs;
  organisation: Organisation;
  /** Fresh; undefined when there is no such endpoint; `busy` while Azure is changing it. */
  look: (workspace: string, endpoint: string) => Promise<(Serves & { busy: boolean }) | undefined>;
  /** Who wrote the endpoint or its deployments since then, by the Activity log; the newest first. */
  writers: (
    workspace: string,
    endpoint: string,
    since: Temporal.Instant,
  ) => Promise<readonly { by: string; at: string }[]>;
  running: (db: Db | Tx, endpoint: string) => Promise<ChangeRow | undefined>;
  rolling: (db: Db | Tx, endpoint: string) => Promise<boolean>;
  /** It shows an order of ours that Azure took late: it is put back. */
  tookLate: (db: Db | Tx, endpoint: string, now: Pick<Serves, 'traffic' | 'mirror'>) => Promise<boolean>;
}

/** What a deviation is, as it is kept. */
export interface Found {
  serves: Serves;
  expected: Serves;
  words: string[];
  /** What approved what it should have served, when something did. */
  approvedBy?: string;
  /** There is no such endpoint any more. */
  gone?: true;
}

/**
 * What serves is compared with what was approved, again and again: an endpoint that somebody changed past Wardroom is
 * reported once, with who did it. What was found when an endpoint was looked at first counts as given.
 */
export function serving(deps: ServingDeps) {
  const { clock, audit, outbox, jobs, organisation, db } = deps;

  jobs.handleOutside(SERVING, LEASE_SECONDS, async () => {
    const work: ((tx: Tx) => Promise<void>)[] = [];
    for (const { id, workspace, kind } of organisation.endpoints) {
      if (kind === 'batch') continue;
      try {
        const seen = await deps.look(workspace, id);
        // Deleted: it serves nothing, which is a difference when it served something before.
        const serves = seen ? servesOf(seen) : NOTHING;
        if (!seen?.busy) work.push(await compared(id, workspace, serves));
      } catch {
        // Azure does not answer for this one: the next round asks again, and what is wrong with Azure others report.
      }
    }
    return async (tx) => {
      for (const write of work) await write(tx);
      await jobs.enqueue(tx, SERVING, {}, { at: clock.now().add({ minutes: EVERY_MINUTES }) });
    };
  });

  async function compared(endpoint: string, workspace: string, found: Serves): Promise<(tx: Tx) => Promise<void>> {
    const known = await db.selectFrom('serving').selectAll().where('endpoint', '=', endpoint).executeTakeFirst();
    const strange = known && differences(known.expected as Serves, found).length > 0;
    const writers = strange
      ? await deps.writers(workspace, endpoint, Temporal.Instant.from(known.looked_at).subtract({ minutes: 1 }))
      : [];
    if (!known && found === NOTHING) return async () => undefined;
    return (tx) => settle(tx, endpoint, found, writers);
  }

  /** Decides inside the transaction: a change of ours may have begun or ended meanwhile. */
  async function settle(
    tx: Tx,
    endpoint: string,
    found: Serves,
    writers: readonly { by: string; at: string }[],
  ): Promise<void> {
    const row = await tx
      .selectFrom('serving')
      .selectAll()
      .where('endpoint', '=', endpoint)
      .forUpdate()
      .executeTakeFirst();
    const now = clock.now().toString();
    if (!row) {
      await tx
        .insertInto('serving')
        .values({ endpoint, expected: JSON.stringify(found), request: null, since: now, looked_at: now })
        .execute();
      return;
    }
    if ((await deps.running(tx, endpoint)) || (await deps.rolling(tx, endpoint))) return;
    if (await deps.tookLate(tx, endpoint, found)) return;
    const expected = row.expected as Serves;
    const all = differences(expected, found);
    const open = await openOn(tx, endpoint);
    await tx.updateTable('serving').set({ looked_at: now }).where('endpoint', '=', endpoint).execute();
    if (all.length === 0) {
      if (open) await close(tx, open, 'put-back', { why: 'It serves again what it should.' });
      // Names of models that were unknown before are learnt.
      if (digestOf(expected) !== digestOf(found))
        await expect(tx, endpoint, { ...expected, models: { ...found.models, ...expected.models } });
      return;
    }
    const digest = digestOf(found);
    if (open?.digest === digest) return;
    if (open) await close(tx, open, 'replaced', { why: 'It was changed once more.' });
    const id = await nextNumber(tx, 'DEV');
    const writer = writers.find(({ by }) => by !== 'wardroom');
    const gone = found === NOTHING;
    const words = gone ? ['it does not exist any more'] : all.map((each) => each.words);
    const approvedBy = row.request ? { approvedBy: row.request } : {};
    const kept: Found = { serves: found, expected, words, ...approvedBy, ...(gone ? { gone } : {}) };
    await tx
      .insertInto('deviations')
      .values({
        id,
        endpoint,
        found: JSON.stringify(kept),
        digest,
        state: 'open',
        by_whom: writer?.by ?? null,
        happened_at: writer?.at ?? null,
        reported_at: now,
      })
      .execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'approvals.deviation',
      objects: [id, endpoint, ...(row.request ? [row.request] : [])],
      why: `${endpoint} was changed past Wardroom: ${words.join('; ')}`,
      detail: { found, expected, ...(writer ? { writer } : {}) },
    });
    const owner = organisation.endpoints.find((each) => each.id === endpoint)?.owner ?? '';
    await outbox.show(tx, {
      card: deviationCardOf(id),
      kind: 'approvals.deviation',
      ids: { deviation: id },
      conversation: channelOf(organisation, owner),
      priority: 2,
    });
  }

  async function close(tx: Tx, row: DeviationRow, state: DeviationRow['state'], closing: object): Promise<void> {
    await tx
      .updateTable('deviations')
      .set({ state, closed_at: clock.now().toString(), closing: JSON.stringify(closing) })
      .where('id', '=', row.id)
      .execute();
    await outbox.refresh(tx, deviationCardOf(row.id));
  }

  /** `request`: who asked for it; null when nobody approved it, so that nothing is put back to it without a vote. */
  const expect = (tx: Tx, endpoint: string, serves: Serves, request?: string | null) =>
    tx
      .updateTable('serving')
      .set({
        expected: JSON.stringify(serves),
        ...(request === undefined ? {} : { request, since: clock.now().toString() }),
      })
      .where('endpoint', '=', endpoint)
      .execute();

  /** Wardroom has moved the traffic: what was wrong about it is over, and nobody waits for the next look to be told. */
  async function movedOn(tx: Tx, change: ChangeRow, next: Serves): Promise<void> {
    const open = await openOn(tx, change.endpoint);
    const found = open?.found as Found | undefined;
    if (!open || !found || found.gone || differences(next, { ...next, models: found.serves.models }).length > 0) return;
    const request = change.request
      ? await tx
          .selectFrom('requests')
          .select(['requester', 'reason'])
          .where('id', '=', change.request)
          .executeTakeFirst()
      : undefined;
    const back = differences(found.expected, { ...next, models: found.expected.models }).length === 0;
    const why = back ? (request?.reason ?? 'It serves again what it should.') : `${change.id} has moved its traffic.`;
    await close(tx, open, back ? 'put-back' : 'replaced', {
      why,
      ...(back && request ? { by: request.requester } : {}),
    });
  }

  const openOn = (at: Db | Tx, endpoint: string): Promise<DeviationRow | undefined> =>
    at
      .selectFrom('deviations')
      .selectAll()
      .where('endpoint', '=', endpoint)
      .where('closed_at', 'is', null)
      .executeTakeFirst();

  return {
    /** The first look; each look plans the next. Again after the sandbox's reset. */
    async begin(): Promise<void> {
      if (await jobs.waiting(SERVING)) return;
      await inTransaction(db, (tx) => jobs.enqueue(tx, SERVING, {}));
    },

    /** A change of Wardroom's own has succeeded: this is what the endpoint should serve from now on. */
    async changed(tx: Tx, change: ChangeRow): Promise<void> {
      const row = await tx
        .selectFrom('serving')
        .selectAll()
        .where('endpoint', '=', change.endpoint)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return;
      const expected = row.expected as Serves;
      const plan = change.plan as {
        kind?: string;
        traffic?: Serves['traffic'];
        mirror?: Serves['mirror'];
        deployment?: string;
        model?: { name: string; version: string };
      };
      const next: Serves = plan.traffic
        ? { ...expected, traffic: plan.traffic, mirror: plan.mirror ?? expected.mirror }
        : {
            ...expected,
            models: { ...expected.models, [plan.deployment ?? '']: `${plan.model?.name}:${plan.model?.version}` },
          };
      await expect(tx, change.endpoint, next, change.request ?? undefined);
      if (plan.traffic) await movedOn(tx, change, next);
    },

    /** Somebody who may says that it is right as it is. */
    async accept(tx: Tx, id: string, by: string, why: string): Promise<DeviationRow> {
      const row = await needed(tx, id);
      const { serves } = row.found as Found;
      await expect(tx, row.endpoint, serves, null);
      await close(tx, row, 'accepted', { by, why });
      await audit.append(tx, {
        actor: by,
        action: 'approvals.deviation-accepted',
        objects: [id, row.endpoint],
        why,
        detail: { serves },
      });
      return (await find(tx, id)) ?? row;
    },

    /** Endpoints of which no deployment gets traffic: by what Wardroom did, or by what the last look found beside it. */
    async stopped(at: Db | Tx): Promise<string[]> {
      const rows = await at.selectFrom('serving').select(['endpoint', 'expected as serves']).execute();
      const open = await at
        .selectFrom('deviations')
        .select(['endpoint', 'found'])
        .where('closed_at', 'is', null)
        .execute();
      const found = new Map(open.map(({ endpoint, found }) => [endpoint, (found as Found).serves]));
      return rows
        .filter(({ endpoint, serves }) =>
          Object.values((found.get(endpoint) ?? (serves as Serves)).traffic).every((share) => share === 0),
        )
        .map(({ endpoint }) => endpoint);
    },

    /** The request that approved what it should serve, when there was one. */
    approvedBy: async (at: Db | Tx, endpoint: string): Promise<string | undefined> =>
      (await at.selectFrom('serving').select('request').where('endpoint', '=', endpoint).executeTakeFirst())?.request ??
      undefined,
    needed,
    find,
    openOn,
    list: (at: Db | Tx, most: number): Promise<DeviationRow[]> =>
      at.selectFrom('deviations').selectAll().orderBy('reported_at', 'desc').limit(most).execute(),
  };

  async function needed(tx: Tx, id: string): Promise<DeviationRow> {
    const row = await find(tx, id);
    if (!row) throw new Refused(`There is no ${id}.`, 'Say “deviations” for the list.', 'unknown-deviation');
    if (row.closed_at) throw new Refused(`${id} is ${STATES[row.state]} already.`);
    return row;
  }
}

const STATES = {
  open: 'open',
  'put-back': 'put back',
  accepted: 'accepted',
  replaced: 'replaced by a later one',
} as const;

const find = (at: Db | Tx, id: string): Promise<DeviationRow | undefined> =>
  at.selectFrom('deviations').selectAll().where('id', '=', id).executeTakeFirst();

export type Serving = ReturnType<typeof serving>;
