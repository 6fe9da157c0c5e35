import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { isRefused, messageOf, Refused } from '../core/errors.ts';
import type { Ids } from '../core/ids.ts';
import type { Db, Tx } from '../store/store.ts';
import type { CoordinationDeps } from './coordination.ts';
import type { Decision } from './decide.rules.ts';
import { STATE_WORDS } from './planned.rules.ts';
import * as planned from './planned.store.ts';
import type { PlannedChanges } from './planned.ts';
import type { CalendarStore } from './windows.ts';

/** What a pipeline is told. */
export interface GateAnswer {
  endpoint: string;
  allowed: boolean;
  code: Decision['code'] | 'change-not-approved' | 'unknown-change' | 'unknown-endpoint';
  why: string;
  decidedBy: readonly string[];
  /** ISO 8601: until when this holds, and when it may run. */
  until?: string;
  next?: string;
  /** Whom to ask. */
  ask: string;
  change?: string;
}

export const gateQuestion = z.object({
  endpoint: z.string().trim().min(1).max(63),
  minutes: z.coerce.number().int().min(0).max(100_000).optional(),
  change: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^RFC-\d{1,9}$/, 'write it as RFC-104')
    .optional(),
  class: z.enum(['standard', 'normal', 'emergency', 'security', 'rollback']).optional(),
});
export type GateQuestion = z.output<typeof gateQuestion>;

/** Where an answer goes when it is known: Azure DevOps events, or GitHub's callback. */
export interface Callback {
  url: string;
  /** Of Azure DevOps, for this one answer; forgotten with it. */
  token?: string;
  environment?: string;
  jobId?: string;
  taskId?: string;
}

export interface GateDeps extends CoordinationDeps {
  ids: Ids;
  deliver: (check: { source: 'github' | 'azure-devops'; callback: Callback }, answer: GateAnswer) => Promise<void>;
}

const CHECK = 'windows-gate';
const LEASE_SECONDS = 60;
const MOST_TRIES = 8;
/** GitHub and Azure DevOps wait up to 30 days; whoever deploys has long gone home by then. */
const WAIT_HOURS = 24;
const SEEN_HOURS = 24;

export function gate(deps: GateDeps, store: CalendarStore, changes: PlannedChanges) {
  const { clock, audit, outbox, jobs, organisation } = deps;

  /** The answer now. Unknown names are closed, and say so: a misspelt endpoint must not deploy. */
  async function answer(
    { endpoint, minutes, change, class: kind }: GateQuestion,
    at: Db | Tx = deps.db,
  ): Promise<GateAnswer> {
    const entry = organisation.endpoints.find(({ id }) => id === endpoint);
    const team = organisation.teams.find(({ id }) => id === entry?.owner);
    const base = { endpoint, ask: team?.name ?? organisation.name, ...(change ? { change } : {}) };
    const no = (code: GateAnswer['code'], why: string): GateAnswer => ({
      ...base,
      allowed: false,
      code,
      why,
      decidedBy: [],
    });
    if (!entry) return no('unknown-endpoint', `Wardroom knows no endpoint ${endpoint}.`);
    if (change) {
      const row = await planned.findPlanned(at, change);
      if (!row) return no('unknown-change', `There is no change ${change}.`);
      const about = row.targets.some((target) => target === endpoint || target.split('/')[0] === endpoint);
      if (!about) return no('unknown-change', `${change} is about ${row.targets.join(', ')}, not ${endpoint}.`);
      // A change that runs was let through when it started: its own pipeline is not stopped by the gate.
      if (row.state === 'running')
        return { ...base, allowed: true, code: 'open', why: `${change} runs.`, decidedBy: [] };
      if (row.state !== 'approved' && row.state !== 'waiting')
        return no('change-not-approved', `${change} is ${STATE_WORDS[row.state]}.`);
      return told(base, await changes.verdict(at, row, clock.now()));
    }
    const is = kind && kind !== 'normal' ? [kind] : [];
    return told(base, await store.ask({ endpoint, is, ...(minutes ? { needMinutes: minutes } : {}) }, at));
  }

  const told = (base: Pick<GateAnswer, 'endpoint' | 'ask' | 'change'>, decision: Decision): GateAnswer => ({
    ...base,
    allowed: decision.allowed,
    code: decision.code,
    why: decision.why,
    decidedBy: decision.by,
    ...(decision.until ? { until: decision.until.toString() } : {}),
    ...(decision.next ? { next: decision.next.toString() } : {}),
  });

  jobs.handleOutside(CHECK, LEASE_SECONDS, async (data) => {
    const { check: id } = data as { check: string };
    const row = await deps.db.selectFrom('gate_checks').selectAll().where('id', '=', id).executeTakeFirst();
    if (row?.state !== 'waiting') return async () => undefined;
    const found = await answer({ endpoint: row.endpoint, ...(row.change ? { change: row.change } : {}) });
    const now = clock.now();
    const expired = Temporal.Instant.compare(now, Temporal.Instant.from(row.expires_at)) >= 0;
    if (!found.allowed && !expired) return (tx) => later(tx, id, found, row.expires_at);
    const final =
      expired && !found.allowed
        ? { ...found, why: `Nobody opened it within ${WAIT_HOURS} hours. ${found.why}` }
        : found;
    try {
      await deps.deliver({ source: row.source, callback: row.callback as Callback }, final);
    } catch (error) {
      const why = messageOf(error);
      const attempts = row.attempts + 1;
      if (attempts >= MOST_TRIES || isRefused(error)) return (tx) => undeliverable(tx, row, final, why);
      return async (tx) => {
        await tx.updateTable('gate_checks').set({ attempts, last_error: why }).where('id', '=', id).execute();
        await jobs.enqueue(tx, CHECK, { check: id }, { at: now.add({ seconds: Math.min(3600, 5 * 2 ** attempts) }) });
      };
    }
    return (tx) => closed(tx, row, expired && !found.allowed ? 'expired' : 'answered', final);
  });

  async function later(tx: Tx, id: string, found: GateAnswer, expires: string): Promise<void> {
    const at = found.next && found.next < expires ? found.next : expires;
    await tx
      .updateTable('gate_checks')
      .set({ answer: JSON.stringify(found) })
      .where('id', '=', id)
      .execute();
    await jobs.enqueue(tx, CHECK, { check: id }, { at: Temporal.Instant.from(at) });
  }

  interface Check {
    id: string;
    source: string;
    endpoint: string;
  }
  async function closed(
    tx: Tx,
    { id, source, endpoint }: Check,
    state: 'answered' | 'expired',
    final: GateAnswer,
  ): Promise<void> {
    // The caller's token was for this answer; it is not kept.
    await tx
      .updateTable('gate_checks')
      .set({ state, answer: JSON.stringify(final), decided_at: clock.now().toString(), callback: '{}' })
      .where('id', '=', id)
      .execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: `windows.gate.${state}`,
      objects: [endpoint, ...(final.change ? [final.change] : [])],
      outcome: final.allowed ? 'ok' : 'refused',
      why: final.why,
      detail: { check: id, source },
    });
  }

  async function undeliverable(tx: Tx, { id, source, endpoint }: Check, final: GateAnswer, why: string): Promise<void> {
    await tx
      .updateTable('gate_checks')
      .set({ state: 'undeliverable', last_error: why, decided_at: clock.now().toString(), callback: '{}' })
      .where('id', '=', id)
      .execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'windows.gate.undeliverable',
      objects: [endpoint],
      outcome: 'failed',
      why,
      detail: { check: id, source, allowed: final.allowed },
    });
    await outbox.say(tx, { key: `gate:${id}`, kind: 'windows.gate', ids: { check: id }, conversation: changes.board });
  }

  return {
    answer,

    /** A pipeline waits: the answer is sent when it is known. The same delivery again is the same check. */
    async wait(
      tx: Tx,
      check: {
        nonce: string;
        source: 'github' | 'azure-devops';
        endpoint: string;
        change?: string | undefined;
        callback: Callback;
      },
    ): Promise<{ id: string; fresh: boolean }> {
      const now = clock.now();
      const seen = await tx
        .insertInto('gate_seen')
        .values({ nonce: check.nonce, at: now.toString() })
        .onConflict((conflict) => conflict.column('nonce').doNothing())
        .returning('nonce')
        .execute();
      if (seen.length === 0) return { id: check.nonce, fresh: false };
      const waiting = await tx
        .selectFrom('gate_checks')
        .select('id')
        .where('state', '=', 'waiting')
        .limit(1_000)
        .execute();
      if (waiting.length >= 1_000)
        throw new Refused('A thousand pipelines wait at the gate already.', 'Try again later.', 'too-many');
      await tx
        .insertInto('gate_checks')
        .values({
          id: check.nonce,
          source: check.source,
          endpoint: check.endpoint,
          callback: JSON.stringify(check.callback),
          change: check.change ?? null,
          state: 'waiting',
          attempts: 0,
          created_at: now.toString(),
          expires_at: now.add({ hours: WAIT_HOURS }).toString(),
        })
        .execute();
      await jobs.enqueue(tx, CHECK, { check: check.nonce });
      return { id: check.nonce, fresh: true };
    },

    /** A signed request that was here before is not answered again. */
    async firstTime(tx: Tx, nonce: string): Promise<boolean> {
      const now = clock.now();
      await tx
        .deleteFrom('gate_seen')
        .where('at', '<', now.subtract({ hours: SEEN_HOURS }).toString())
        .execute();
      const seen = await tx
        .insertInto('gate_seen')
        .values({ nonce, at: now.toString() })
        .onConflict((conflict) => conflict.column('nonce').doNothing())
        .returning('nonce')
        .execute();
      return seen.length > 0;
    },

    /** The calendar or a change is another one now: whoever waits is looked at again. */
    async lookAgain(tx: Tx): Promise<void> {
      const waiting = await tx.selectFrom('gate_checks').select('id').where('state', '=', 'waiting').execute();
      for (const { id } of waiting) await jobs.enqueue(tx, CHECK, { check: id });
    },

    check: (at: Db | Tx, id: string) =>
      at.selectFrom('gate_checks').selectAll().where('id', '=', id).executeTakeFirst(),
  };
}

export type Gate = ReturnType<typeof gate>;
