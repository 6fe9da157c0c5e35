import type { Temporal } from 'temporal-polyfill';
import type { Organisation } from '../core/organisation.ts';
import type { Db } from '../store/store.ts';
import { flowOf, type TeamFlow } from './flow.rules.ts';
import { finishedIncidents, waitsSince } from './flow.store.ts';
import { endpointOwner } from './places.rules.ts';
import * as planned from './planned.store.ts';

export interface Flow {
  days: number;
  teams: TeamFlow[];
  /** What freezes and closed windows made people wait, the dearest first. Minutes. */
  freezes: { entry: string; minutes: number; changes: number }[];
}

/** The flow of the last days, per team, and which freeze cost most. */
export const flow =
  (organisation: Organisation) =>
  async (db: Db, now: Temporal.Instant, days: number): Promise<Flow> => {
    const since = now.subtract({ hours: 24 * days }).toString();
    const finished = (await planned.finishedSince(db, since)).filter(
      ({ state }) => state === 'done' || state === 'aborted',
    );
    const owner = (target: string) => endpointOwner(organisation, target.split('/')[0] ?? target) ?? 'nobody';
    const waited = (row: planned.PlannedRow) =>
      Math.max(0, Date.parse(row.started_at ?? row.starts_at) - Date.parse(row.starts_at));
    const changes = finished.map((row) => ({
      team: owner(row.targets[0] ?? ''),
      requestedMs: Date.parse(row.created_at),
      finishedMs: Date.parse(row.finished_at ?? row.ends_at),
      waitedMs: waited(row),
      failed: row.outcome !== 'succeeded',
    }));
    const incidents = (await finishedIncidents(db, since)).map(({ endpoint, opened_at, resolved_at }) => ({
      team: owner(endpoint ?? ''),
      openedMs: Date.parse(opened_at),
      resolvedMs: Date.parse(resolved_at ?? opened_at),
    }));
    const names = organisation.teams.map(({ id }) => id);
    const byChange = new Map(finished.map((row) => [row.id, waited(row)]));
    const cost = new Map<string, { minutes: number; changes: number }>();
    for (const { change, why } of await waitsSince(db, since)) {
      const entry = /“([^”]+)”/.exec(why)?.[1];
      if (!entry) continue;
      const known = cost.get(entry) ?? { minutes: 0, changes: 0 };
      cost.set(entry, { minutes: known.minutes + (byChange.get(change) ?? 0) / 60_000, changes: known.changes + 1 });
    }
    const freezes = [...cost].map(([entry, spent]) => ({ entry, ...spent })).sort((a, b) => b.minutes - a.minutes);
    return { days, teams: flowOf(names, changes, incidents, days), freezes };
  };
