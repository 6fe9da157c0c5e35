import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { fits, type Matcher, matchersText, readMatchers } from '../core/matchers.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import type { Hushing } from './hushing.ts';
import * as incidents from './incidents.store.ts';
import type { Quiet } from './muting.rules.ts';
import * as noise from './noise.store.ts';
import { subjectOf } from './routes.rules.ts';
import { RECHECK } from './signals.ts';
import { common, faultOf, noticeAt, type SilenceState, stateOf } from './silences.rules.ts';
import * as rows from './silences.store.ts';

export const SILENCE = 'alerts-silence';
export const silenceCardOf = (id: string): string => `silence:${id}`;

export interface Silence {
  id: string;
  kind: 'silence' | 'maintenance';
  matchers: readonly Matcher[];
  /** As a person would type them. */
  what: string;
  from: Temporal.Instant;
  until: Temporal.Instant;
  reason: string;
  by: string;
  endedBy?: string;
  incident?: string;
  state: SilenceState;
  /** Alerts that it holds back now, and incidents that it keeps from calling. */
  holds: number;
  incidents: readonly { id: string; title: string }[];
}

export interface Wish {
  kind: 'silence' | 'maintenance';
  /** Matchers, or as somebody types them, or an incident: `kind = latency, endpoint = ep-fraud`, `ep-fraud`, `INC-142`. */
  what: string | readonly Matcher[];
  from: Temporal.Instant;
  until: Temporal.Instant;
  reason: string;
}

/** Silences and maintenance made by people: always somebody's, always with a reason, always for a while. */
export function silences(deps: AlertsDeps, hushing: Hushing, stir: (tx: Tx) => Promise<void>) {
  const { clock, jobs, outbox, organisation } = deps;

  const full = async (db: Db | Tx, row: rows.SilenceRow): Promise<Silence> => {
    const holding = await rows.holding(db, [row.id]);
    return standing(row, holding.get(row.id) ?? 0, await rows.silencedIncidents(db, row.id));
  };

  const standing = (row: rows.SilenceRow, holds: number, quiet: readonly { id: string; title: string }[]): Silence => {
    const from = Temporal.Instant.from(row.starts_at);
    const until = Temporal.Instant.from(row.ends_at);
    const times = { from: from.epochMilliseconds, until: until.epochMilliseconds, endedBy: row.ended_by };
    return {
      id: row.id,
      kind: row.kind,
      matchers: row.matchers as Matcher[],
      what: matchersText(row.matchers as Matcher[]),
      from,
      until,
      reason: row.reason,
      by: row.made_by,
      ...(row.ended_by ? { endedBy: row.ended_by } : {}),
      ...(row.incident ? { incident: row.incident } : {}),
      state: stateOf(clock.ms(), times),
      holds,
      incidents: quiet,
    };
  };

  async function matchersOf(tx: Tx, text: Wish['what']): Promise<{ matchers: readonly Matcher[]; incident?: string }> {
    if (typeof text !== 'string') return { matchers: text };
    if (/^INC-\d+$/i.test(text.trim())) {
      const id = text.trim().toUpperCase();
      const episodes = await incidents.episodesOf(tx, id);
      if (episodes.length === 0)
        throw new Refused(`There is no incident ${id}.`, 'Say “incidents” for the list.', 'unknown-incident');
      const open = episodes.filter(({ endedAt }) => !endedAt);
      const found = common((open.length > 0 ? open : episodes).map(({ signal }) => subjectOf(signal)));
      if (found.length === 0) {
        throw new Refused(
          `The alerts of ${id} have no name in common.`,
          'Say what to silence, such as: silence kind = latency for 2 hours because …',
          'no-matcher',
        );
      }
      return { matchers: found, incident: id };
    }
    const read = readMatchers(text);
    if (!read.ok)
      throw new Refused(
        `I cannot tell what to silence: ${read.why}.`,
        'For example: silence ep-fraud for 2 hours because the vendor is updating',
        'bad-matcher',
      );
    return { matchers: read.value };
  }

  async function needed(tx: Tx, id: string): Promise<rows.SilenceRow> {
    const row = await rows.locked(tx, id);
    if (!row) throw new Refused(`There is no ${id}.`, 'Say “silences” for the list.', 'unknown-silence');
    const times = { from: Date.parse(row.starts_at), until: Date.parse(row.ends_at), endedBy: row.ended_by };
    const state = stateOf(clock.ms(), times);
    if (state === 'over' || state === 'ended') {
      throw new Refused(`${id} is over already.`, 'Make a new one: silence … for … because …', 'finished');
    }
    return row;
  }

  /** Timers for its beginning, the notice ahead of its end, and its end. Those of an older generation are void. */
  async function plan(tx: Tx, row: rows.SilenceRow): Promise<void> {
    const { from, until } = rows.quietOf(row);
    const notice = noticeAt(from, until);
    for (const at of [from, notice, until]) {
      if (at === undefined || at <= clock.ms()) continue;
      const due = Temporal.Instant.fromEpochMilliseconds(at);
      await jobs.enqueue(tx, SILENCE, { silence: row.id, generation: row.generation }, { at: due });
    }
  }

  /** What it held back may be told, and what it quieted may call again. */
  async function release(tx: Tx, row: rows.SilenceRow, why: string): Promise<void> {
    if ((await noise.wakeHeldBy(tx, clock.now(), [row.id])) > 0) await jobs.enqueue(tx, RECHECK, {});
    for (const { id } of await rows.silencedIncidents(tx, row.id)) await hushing.speak(tx, id, why);
    await stir(tx);
    await outbox.refresh(tx, silenceCardOf(row.id));
  }

  return {
    find: async (db: Db | Tx, id: string): Promise<Silence | undefined> => {
      const row = await rows.find(db, id);
      return row && full(db, row);
    },

    async list(db: Db, most: number): Promise<{ silences: Silence[]; total: number }> {
      const { rows: found, total } = await rows.list(db, clock.now(), most);
      const holding = await rows.holding(
        db,
        found.map(({ id }) => id),
      );
      const all = found.map(async (row) =>
        standing(row, holding.get(row.id) ?? 0, await rows.silencedIncidents(db, row.id)),
      );
      return { silences: await Promise.all(all), total };
    },

    async make(tx: Tx, wish: Wish, by: string): Promise<Silence> {
      const { matchers, incident } = await matchersOf(tx, wish.what);
      const now = clock.now();
      const fault = faultOf(now.epochMilliseconds, wish.from.epochMilliseconds, wish.until.epochMilliseconds, matchers);
      if (fault)
        throw new Refused(
          `“${matchersText(matchers)}” cannot be silenced so: ${fault}.`,
          'For example: silence ep-fraud for 2 hours because …',
          'bad-silence',
        );
      const unknown = unknownName(matchers);
      if (unknown) throw new Refused(unknown.why, unknown.next, 'unknown-name');
      const { kind, from, until, reason } = wish;
      const row = await rows.insert(tx, { kind, matchers, from, until, reason, by, at: now, incident });
      await plan(tx, row);
      // A maintenance begins with what comes inside it: an incident from before goes on as it was planned.
      if (kind === 'silence' && from.epochMilliseconds <= now.epochMilliseconds)
        await hushing.hush(tx, rows.quietOf(row));
      await stir(tx);
      return full(tx, row);
    },

    async end(tx: Tx, id: string, by: string): Promise<Silence> {
      const row = await needed(tx, id);
      const { generation } = row;
      const ends = Temporal.Instant.compare(row.starts_at, clock.now()) > 0 ? row.ends_at : clock.now().toString();
      const ended = await rows.update(tx, id, { ends_at: ends, ended_by: by, generation: generation + 1 });
      await release(tx, ended, `${id} was ended before its time`);
      return full(tx, ended);
    },

    async extend(tx: Tx, id: string, by: Temporal.Duration): Promise<Silence> {
      const row = await needed(tx, id);
      const until = Temporal.Instant.from(row.ends_at).toZonedDateTimeISO('UTC').add(by).toInstant();
      const fault = faultOf(clock.ms(), Date.parse(row.starts_at), until.epochMilliseconds, row.matchers as Matcher[]);
      if (fault)
        throw new Refused(
          `${id} cannot last longer: ${fault}.`,
          'End it and make a new one when it is still needed.',
          'bad-silence',
        );
      const longer = await rows.update(tx, id, { ends_at: until.toString(), generation: row.generation + 1 });
      await plan(tx, longer);
      await outbox.refresh(tx, silenceCardOf(id));
      return full(tx, longer);
    },

    /** A timer: its beginning, the notice ahead of its end, or its end. */
    async due(tx: Tx, timer: { silence: string; generation: number }): Promise<void> {
      const row = await rows.locked(tx, timer.silence);
      if (!row || row.ended_by || row.generation !== timer.generation) return;
      const { from, until } = rows.quietOf(row);
      const now = clock.ms();
      if (now >= until) return release(tx, row, `${row.id} is over`);
      const notice = noticeAt(from, until);
      if (notice !== undefined && now >= notice) {
        await outbox.say(tx, {
          key: `silence-ending:${row.id}:${row.generation}`,
          kind: 'alerts.silence-ending',
          ids: { silence: row.id },
          conversation: `person:${row.made_by}`,
        });
        return;
      }
      if (row.kind === 'silence') await hushing.hush(tx, rows.quietOf(row));
      await stir(tx);
      await outbox.refresh(tx, silenceCardOf(row.id));
    },

    /** Planned work of others changed: what it held back is looked at again. */
    async maintenanceChanged(tx: Tx, ids: readonly string[]): Promise<void> {
      if ((await noise.wakeHeldBy(tx, clock.now(), ids)) > 0) await jobs.enqueue(tx, RECHECK, {});
      await stir(tx);
    },

    /** Alerts that a silence or a maintenance holds back now. */
    held: (db: Db, id: string, most: number) => noise.heldAlerts(db, { by: id, most }),

    /** Silences and maintenance that cover an alert now. */
    async covering(db: Db, subject: Readonly<Record<string, string>>): Promise<Quiet[]> {
      const now = clock.ms();
      return (await noise.quietsOf(db, clock.now())).filter(
        ({ matchers, from }) => from <= now && fits(matchers, subject),
      );
    },
  };

  /** A bare word that names nothing we know is probably a slip, and a silence of nothing helps nobody. */
  function unknownName(matchers: readonly Matcher[]): { why: string; next: string } | undefined {
    const endpoint = matchers.find(({ name, op }) => name === 'endpoint' && op === '=');
    const word = endpoint?.value.toLowerCase();
    if (word === undefined || organisation.endpoints.some(({ id }) => id.toLowerCase() === word)) return undefined;
    const known = organisation.endpoints.map(({ id }) => id).slice(0, 8);
    return {
      why: `wardroom.yaml has no endpoint ${endpoint?.value}.`,
      next: known.length > 0 ? `It has ${known.join(', ')}.` : '',
    };
  }
}

export type Silences = ReturnType<typeof silences>;
