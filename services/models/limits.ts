import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import { endpointOf, type ModelsDeps } from './deps.ts';
import { replay, type StoredWindow, suggestion } from './limits.rules.ts';

export const DEFAULT_FEATURE = 'default';

export interface Limit {
  feature: string;
  value: number;
  from: 'chat' | 'wardroom.yaml' | 'default';
  /** For one set in chat. */
  number?: number;
  by?: string;
  at?: string;
  why?: string;
}

export interface LimitChange {
  endpoint: string;
  feature: string;
  before: number;
  value: number;
  /** Over the stored history of each feature concerned, together. */
  alarmsBefore: number;
  alarmsThen: number;
  windows: number;
  since: string | undefined;
}

const HISTORY_DAYS = 90;

/** Limits of drift: wardroom.yaml's, changed in chat with a look at what that would have done, and undone. */
export function limits({ clock, organisation }: ModelsDeps) {
  const inForce = async (db: Db | Tx, endpoint: string) => {
    const rows = await db
      .selectFrom('drift_limits')
      .selectAll()
      .where('endpoint', '=', endpoint)
      .where('undone_at', 'is', null)
      .orderBy('id')
      .execute();
    return new Map(rows.map((row) => [row.feature, row]));
  };

  async function all(db: Db | Tx, endpoint: string): Promise<ReadonlyMap<string, Limit>> {
    const found = endpointOf(organisation, endpoint, false);
    const set = await inForce(db, endpoint);
    const names = new Set([...Object.keys(found.psiLimits), ...set.keys()]);
    const entries = [...names].map((feature): readonly [string, Limit] => {
      const row = set.get(feature);
      if (row)
        return [
          feature,
          {
            feature,
            value: row.value,
            from: 'chat',
            number: Number(row.id),
            by: row.set_by,
            at: row.set_at,
            ...(row.why ? { why: row.why } : {}),
          },
        ];
      return [feature, { feature, value: found.psiLimits[feature] ?? 0.2, from: 'wardroom.yaml' }];
    });
    return new Map(entries);
  }

  const windowsOf = async (db: Db | Tx, endpoint: string, feature?: string) => {
    const since = clock
      .now()
      .subtract({ hours: 24 * HISTORY_DAYS })
      .toString();
    return db
      .selectFrom('drift_windows')
      .selectAll()
      .where('endpoint', '=', endpoint)
      .where('metric', '=', 'psi')
      .where('at', '>=', since)
      .$if(feature !== undefined, (query) => query.where('feature', '=', feature ?? ''))
      .orderBy('at')
      .execute();
  };

  /** The stored windows by feature and source: each is a history of its own. */
  async function histories(db: Db | Tx, endpoint: string, feature?: string) {
    const found = new Map<string, { feature: string; windows: (StoredWindow & { state: string })[] }>();
    for (const row of await windowsOf(db, endpoint, feature)) {
      const key = `${row.source} ${row.feature}`;
      const history = found.get(key) ?? { feature: row.feature, windows: [] };
      history.windows.push({ ...row, n_ref: numeric(row.n_ref), n_cur: numeric(row.n_cur) });
      found.set(key, history);
    }
    return [...found.values()];
  }

  const valueFor = (limits: ReadonlyMap<string, Limit>, feature: string): number =>
    (limits.get(feature) ?? limits.get(DEFAULT_FEATURE))?.value ?? 0.2;

  return {
    all,
    valueFor,

    /** What a new limit would have done over the stored history. Nothing is changed. */
    async preview(db: Db | Tx, endpoint: string, feature: string, value: number): Promise<LimitChange> {
      const now = await all(db, endpoint);
      const known = await histories(db, endpoint);
      const names = new Set(known.map((each) => each.feature));
      if (feature !== DEFAULT_FEATURE && !names.has(feature) && !now.has(feature) && names.size > 0)
        throw new Refused(
          `Nothing was ever measured for ${feature} of ${endpoint}.`,
          `Its features are ${[...names].slice(0, 12).join(', ')}.`,
          'unknown-feature',
        );
      const concerned = known.filter((each) =>
        feature === DEFAULT_FEATURE ? !now.has(each.feature) : each.feature === feature,
      );
      const count = (limit: (name: string) => number) =>
        concerned.reduce((sum, each) => sum + replay(each.windows, limit(each.feature)).alarms, 0);
      return {
        endpoint,
        feature,
        before: valueFor(now, feature),
        value,
        alarmsBefore: count((name) => valueFor(now, name)),
        alarmsThen: count(() => value),
        windows: Math.max(0, ...concerned.map((each) => each.windows.length)),
        since: concerned.flatMap((each) => each.windows[0]?.at ?? []).sort()[0],
      };
    },

    async set(
      tx: Tx,
      change: { endpoint: string; feature: string; value: number; by: string; why?: string | undefined },
    ): Promise<number> {
      const { endpoint, feature, value, by, why } = change;
      const row = await tx
        .insertInto('drift_limits')
        .values({
          endpoint,
          feature,
          value,
          why: why ?? null,
          set_by: by,
          set_at: clock.now().toString(),
          undone_by: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return Number(row.id);
    },

    /** Takes the latest change of a feature back: what was in force before it is in force again. */
    async undo(tx: Tx, endpoint: string, feature: string, by: string): Promise<{ was: number; now: number }> {
      const row = (await inForce(tx, endpoint)).get(feature);
      if (!row)
        throw new Refused(
          `The limit of ${feature} on ${endpoint} was not changed in chat.`,
          `Say “thresholds of ${endpoint}” to see where each comes from.`,
          'nothing-to-undo',
        );
      await tx
        .updateTable('drift_limits')
        .set({ undone_by: by, undone_at: clock.now().toString() })
        .where('id', '=', row.id)
        .execute();
      return { was: row.value, now: valueFor(await all(tx, endpoint), feature) };
    },

    /** A suggestion for every feature with a history. */
    async suggest(db: Db, endpoint: string) {
      const now = await all(db, endpoint);
      return (await histories(db, endpoint)).map(({ feature, windows }) => {
        const limit = valueFor(now, feature);
        return { feature, limit, ...suggestedWith(windows, limit) };
      });
    },
  };
}

function suggestedWith(windows: readonly (StoredWindow & { state: string })[], limit: number) {
  const found = suggestion(windows, limit);
  return {
    suggestion: found,
    alarmsNow: replay(windows, limit).alarms,
    alarmsThen: replay(windows, found.limit ?? limit).alarms,
    windows: windows.length,
    since: windows[0]?.at,
  };
}

/** bigint columns come as text. */
const numeric = (value: number | string | null): number | null => (value === null ? null : Number(value));

export type Limits = ReturnType<typeof limits>;
