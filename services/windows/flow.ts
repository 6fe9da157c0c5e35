import type { Temporal } from 'temporal-polyfill';
import type { Organisation } from '../core/organisation.ts';
import type { Db } from '../store/store.ts';
import { type FlowChange, type FreezeCost, flowOf, freezeCosts, type TeamFlow } from './flow.rules.ts';
import { finishedIncidents, finishedRollouts, waitsSince } from './flow.store.ts';
import { endpointOwner } from './places.rules.ts';
import * as planned from './planned.store.ts';

export interface Flow {
  days: number;
  teams: TeamFlow[];
  /** What freezes and closed windows made people wait, the dearest first. Minutes. */
  freezes: FreezeCost[];
}

/** The flow of the last days, per team, and which freeze cost most. */
export const flow =
  (organisation: Organisation) =>
  async (db: Db, now: Temporal.Instant, days: number): Promise<Flow> => {
    const since = now.subtract({ hours: 24 * days }).toString();
    const owner = (target: string) => endpointOwner(organisation, target.split('/')[0] ?? target) ?? 'nobody';
    const finished = (await planned.finishedSince(db, since)).filter(
      ({ state }) => state === 'done' || state === 'aborted',
    );
    const changes: FlowChange[] = finished.flatMap((row) =>
      // A change of several teams is one of each of them.
      [...new Set(row.targets.map(owner))].map((team) => ({
        team,
        requestedMs: Date.parse(row.created_at),
        finishedMs: Date.parse(row.finished_at ?? row.ends_at),
        failed: row.outcome !== 'succeeded',
      })),
    );
    const promotions = (await finishedRollouts(db, since)).map(
      ({ endpoint, state, finished_at, requested_at }): FlowChange => ({
        team: owner(endpoint),
        requestedMs: Date.parse(requested_at),
        finishedMs: Date.parse(finished_at ?? requested_at),
        failed: state !== 'succeeded',
      }),
    );
    const incidents = (await finishedIncidents(db, since)).map(({ endpoint, opened_at, resolved_at }) => ({
      team: owner(endpoint ?? ''),
      openedMs: Date.parse(opened_at),
      resolvedMs: Date.parse(resolved_at ?? opened_at),
    }));
    const names = organisation.teams.map(({ id }) => id);
    const waits = await waitsSince(db, since);
    const ended = new Map<string, number>();
    for (const id of new Set(waits.map(({ change }) => change))) {
      const row = await planned.findPlanned(db, id);
      if (row) ended.set(id, Date.parse(row.started_at ?? row.finished_at ?? now.toString()));
    }
    return {
      days,
      teams: flowOf(names, [...changes, ...promotions], incidents, days),
      freezes: freezeCosts(waits, (change) => ended.get(change)),
    };
  };
