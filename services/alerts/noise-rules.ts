import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import * as noise from './noise.store.ts';
import { type RuleText, readRule } from './noise-rules.rules.ts';
import * as rows from './noise-rules.store.ts';
import { compare, replayer, type Trial } from './replay.rules.ts';
import type { ChatRule } from './routes.rules.ts';
import { onEstate } from './signal-place.ts';
import { RECHECK } from './signals.ts';

export const TRIAL_DAYS = 30;
/** Replayed at most: with more, the latest of them, and the answer says so. */
export const MOST_REPLAYED = 50_000;
const TRIED = 'RUL-tried';

export interface Tried extends Trial {
  rule: RuleText;
  replayed: number;
  from: Temporal.Instant;
  until: Temporal.Instant;
}

export interface NoiseRule {
  id: string;
  text: string;
  reason: string;
  by: string;
  at: Temporal.Instant;
  endedBy?: string;
  endedAt?: Temporal.Instant;
  /** Alerts that it holds back now. */
  holds: number;
}

/** Rules about noise made in chat: tried over what was stored, applied with a reason, taken back. */
export function noiseRules({ clock, jobs, organisation }: AlertsDeps, stir: (tx: Tx) => Promise<void>) {
  const read = (text: string): RuleText => {
    const found = readRule(text);
    if (found.ok) return found.value;
    throw new Refused(
      `I cannot read that rule: ${found.why}.`,
      'For example: try rule kind=latency fires for 10 min',
      'bad-rule',
    );
  };

  /** What is held back is judged anew: a rule that is gone holds nothing, a new one what it covers. */
  async function again(tx: Tx, by: readonly string[]): Promise<void> {
    if ((await noise.wakeHeldBy(tx, clock.now(), by)) > 0) await jobs.enqueue(tx, RECHECK, {});
    await stir(tx);
  }

  const shown = async (db: Db | Tx, row: rows.RuleRow): Promise<NoiseRule> => ({
    id: row.id,
    text: row.text,
    reason: row.reason,
    by: row.made_by,
    at: Temporal.Instant.from(row.made_at),
    ...(row.ended_by && row.ended_at ? { endedBy: row.ended_by, endedAt: Temporal.Instant.from(row.ended_at) } : {}),
    holds: (await noise.heldAlerts(db, { by: row.id, most: 1 })).total,
  });

  async function replay(db: Db, change: (rules: readonly ChatRule[]) => readonly ChatRule[]) {
    const until = clock.now();
    const from = until.subtract({ hours: TRIAL_DAYS * 24 });
    const rules = await noise.rulesInForce(db);
    const { routes, inhibitions, endpoints } = organisation;
    const common = { routes, inhibitions, quiets: await rows.quietsSince(db, from) };
    const today = replayer({ ...common, rules });
    const then = replayer({ ...common, rules: change(rules) });
    let replayed = 0;
    for await (const { signal, at } of rows.signalsSince(db, from, MOST_REPLAYED)) {
      replayed += 1;
      const placed = onEstate(signal, endpoints);
      today.event(placed, at);
      then.event(placed, at);
    }
    const end = until.epochMilliseconds;
    const trial = compare(today.finish(end), then.finish(end), from.epochMilliseconds, end);
    return { ...trial, replayed, from, until };
  }

  return {
    /** What the last 30 days would have been with this rule. Changes nothing. */
    async tryOut(db: Db, text: string): Promise<Tried> {
      const rule = read(text);
      const { matchers, effect } = rule;
      return { rule, ...(await replay(db, (rules) => [...rules, { id: TRIED, matchers, effect }])) };
    },

    async apply(tx: Tx, text: string, reason: string, by: string): Promise<NoiseRule> {
      const { matchers, effect, text: words } = read(text);
      const same = (await rows.list(tx, 500)).find((rule) => !rule.ended_at && rule.text === words);
      if (same) throw new Refused(`${same.id} says so already.`, 'Say “noise rules” for the list.', 'exists');
      const row = await rows.insert(tx, { text: words, matchers, effect, reason, by, at: clock.now() });
      await stir(tx);
      return shown(tx, row);
    },

    /** Takes it back: what it held back and still fires is told. */
    async end(tx: Tx, id: string, by: string): Promise<NoiseRule> {
      const row = await rows.locked(tx, id);
      if (!row) throw new Refused(`There is no rule ${id}.`, 'Say “noise rules” for the list.', 'unknown-rule');
      if (row.ended_at) throw new Refused(`${id} was taken back already.`, '', 'finished');
      const ended = await rows.end(tx, id, by, clock.now());
      await again(tx, [id]);
      // Conditions hold by time and by count, not by the rule's name: all of those are looked at.
      await noise.wakeConditions(tx, clock.now());
      await jobs.enqueue(tx, RECHECK, {});
      return shown(tx, ended);
    },

    list: async (db: Db, most: number): Promise<NoiseRule[]> =>
      Promise.all((await rows.list(db, most)).map((row) => shown(db, row))),
  };
}

export type NoiseRules = ReturnType<typeof noiseRules>;
