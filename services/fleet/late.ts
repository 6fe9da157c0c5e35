import { Temporal } from 'temporal-polyfill';
import type { Db, Tx } from '../store/store.ts';
import {
  type ChangePlan,
  type ChangeRow,
  DOUBT_MINUTES,
  makesDeployment,
  type NewChange,
  type TrafficPlan,
  type TrafficState,
  tookLate,
} from './changes.rules.ts';
import { doubtful, find, lastTraffic, objectsOf, running } from './changes.store.ts';
import type { ChangesDeps } from './changes.ts';

const LATE = 'fleet-late';
const LEASE_SECONDS = 30;
const EVERY_SECONDS = 60;

/**
 * Orders that Azure takes late. A PUT that was never answered may be carried out minutes later, over whatever was done since:
 * ARM keeps no order among requests, and endpoints have no ETag to ask for one. So while it may still come the endpoint is
 * looked at each minute, and put back to what was carried out last.
 */
export function lateOrders(
  { clock, audit, jobs, estate, db }: ChangesDeps,
  start: (tx: Tx, change: NewChange) => Promise<string>,
) {
  const again = (tx: Tx, id: string) =>
    jobs.enqueue(tx, LATE, { change: id }, { at: clock.now().add({ seconds: EVERY_SECONDS }) });

  jobs.handleOutside(LATE, LEASE_SECONDS, async (data) => {
    const { change: id } = data as { change: string };
    const row = await find(db, id);
    if (!row?.doubt_until || Temporal.Instant.compare(Temporal.Instant.from(row.doubt_until), clock.now()) <= 0)
      return async () => undefined;
    const plan = row.plan as TrafficPlan;
    const last = await lastTraffic(db, row.endpoint);
    if (!last || last.id === id || (await running(db, row.endpoint))) return (tx) => again(tx, id);
    const after = last.plan as TrafficPlan;
    const now = await estate.traffic(plan.workspace, row.endpoint);
    if (!now || now.updating || !tookLate(plan, after, now)) return (tx) => again(tx, id);
    return async (tx) => {
      await again(tx, id);
      const newest = await lastTraffic(tx, row.endpoint);
      if (newest?.id !== last.id || (await running(tx, row.endpoint))) return;
      const why = `Azure took the order of ${id} late, over that of ${last.id}`;
      const change = await start(tx, {
        endpoint: row.endpoint,
        ...(last.rollout ? { rollout: last.rollout } : {}),
        plan: {
          workspace: plan.workspace,
          from: now.traffic,
          traffic: after.traffic,
          mirror: after.mirror ?? {},
          what: `${row.endpoint} as ${last.id} left it: ${why}`,
        },
      });
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'fleet.change.late',
        objects: [...new Set([change, ...objectsOf(row), last.id])],
        why,
        detail: { found: { traffic: now.traffic, mirror: now.mirror }, put: after.traffic },
      });
    };
  });

  return {
    /** An order was sent and never answered. */
    async doubt(tx: Tx, row: ChangeRow): Promise<void> {
      if (makesDeployment(row.plan as ChangePlan)) return;
      const until = clock.now().add({ minutes: DOUBT_MINUTES }).toString();
      await tx.updateTable('changes').set({ doubt_until: until }).where('id', '=', row.id).execute();
      if (!row.doubt_until) await again(tx, row.id);
    },

    /** Whether what an endpoint shows is an order of ours that was taken late: nobody else did it, and it is put back. */
    async tookLate(at: Db | Tx, endpoint: string, now: Pick<TrafficState, 'traffic' | 'mirror'>): Promise<boolean> {
      const last = await lastTraffic(at, endpoint);
      if (!last) return false;
      const orders = await doubtful(at, endpoint, clock.now().toString());
      return orders.some(
        ({ id, plan }) => id !== last.id && tookLate(plan as TrafficPlan, last.plan as TrafficPlan, now),
      );
    },
  };
}
