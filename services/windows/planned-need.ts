import { messageOf } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import {
  addedCost,
  type BrokenBudget,
  coresLeft,
  type Need,
  type NeedPart,
  type Running,
  surgeOf,
} from './need.rules.ts';
import type { ChangeBody } from './planned.rules.ts';
import * as rows from './planned.store.ts';
import type { PlannedDeps } from './planned.ts';

const NEED = 'windows-need';
const LEASE_SECONDS = 60;
/** Azure that does not answer is asked again, a little later each time. */
const AGAIN_MINUTES = [1, 5, 20, 60];

/** What windows ask of Azure about machines. Workspaces by their names in wardroom.yaml; bot/app.windows.ts wires it. */
export interface Capacity {
  currency: string;
  /** Undefined for one that Azure does not run itself (Kubernetes), or that is not there. */
  deployments(workspace: string, endpoint: string): Promise<readonly Running[] | undefined>;
  usages(workspace: string): Promise<readonly { name: string; used: number; limit: number | undefined }[]>;
  sizes(workspace: string): Promise<readonly { name: string; family: string; cores: number }[]>;
  /** An hour of a machine where this workspace is, exact; undefined when it is not sold there. */
  hourPrice(workspace: string, machine: string): Promise<string | undefined>;
  regionOf(workspace: string): string;
  /** The budget of an endpoint that this would break. Amounts are decimals in `currency`. */
  breaks(endpoint: string, adds: { once: string; monthly: string }): Promise<BrokenBudget | undefined>;
}

/** Quota and cost of a change: asked of Azure after it was sent or edited, shown on its card, and looked at again. */
export function plannedNeed(
  deps: PlannedDeps,
  seen: (tx: Tx, change: string, revision: number, need: Need) => Promise<void>,
): { ask: (tx: Tx, change: string, revision: number) => Promise<void> } {
  const { db, clock, jobs, organisation, capacity } = deps;

  const ask = (tx: Tx, change: string, revision: number, look = 0): Promise<void> =>
    jobs.enqueue(
      tx,
      NEED,
      { change, revision, look },
      look === 0 ? {} : { at: clock.now().add({ minutes: AGAIN_MINUTES[look - 1] ?? 60 }) },
    );

  jobs.handleOutside(NEED, LEASE_SECONDS, async (data) => {
    const { change, revision, look } = data as { change: string; revision: number; look: number };
    const row = await rows.findPlanned(db, change);
    if (row?.revision !== revision || row.finished_at) return async () => undefined;
    const need = await needOf(row);
    return async (tx) => {
      await seen(tx, change, revision, need);
      if (need.unknown.length > 0 && look < AGAIN_MINUTES.length) await ask(tx, change, revision, look + 1);
    };
  });

  async function needOf(row: rows.PlannedRow): Promise<Need> {
    const parts: NeedPart[] = [];
    const unknown: string[] = [];
    for (const target of row.targets) {
      const endpoint = organisation.endpoints.find(({ id }) => id === target.split('/')[0]);
      if (endpoint?.kind !== 'online') continue;
      try {
        const part = await partOf(target, endpoint, row.body as ChangeBody);
        if (part) parts.push(part);
      } catch (error) {
        unknown.push(`${target}: ${messageOf(error)}`);
      }
    }
    const { currency } = capacity;
    const hours = row.need_minutes / 60;
    const budget = await brokenBy(parts, hours);
    return { at: clock.now().toString(), currency, hours, parts, unknown, ...(budget ? { budget } : {}) };
  }

  /** The first budget that holds it up, or else the first that it breaks. */
  async function brokenBy(parts: readonly NeedPart[], hours: number): Promise<BrokenBudget | undefined> {
    let told: BrokenBudget | undefined;
    for (const endpoint of new Set(parts.map(({ target }) => target.split('/')[0] ?? target))) {
      const own = parts.filter(({ target }) => target.split('/')[0] === endpoint);
      const adds = addedCost(own, hours);
      const broken = adds && (await capacity.breaks(endpoint, adds));
      if (broken?.enforce) return broken;
      told ??= broken;
    }
    return told;
  }

  async function partOf(
    target: string,
    { id, workspace }: { id: string; workspace: string },
    body: ChangeBody,
  ): Promise<NeedPart | undefined> {
    const running = await capacity.deployments(workspace, id);
    const surge = running && surgeOf(target, running, body.instances);
    if (!surge) return undefined;
    const [sizes, usages, hourPrice] = await Promise.all([
      capacity.sizes(workspace),
      capacity.usages(workspace),
      capacity.hourPrice(workspace, surge.machine),
    ]);
    const size = sizes.find(({ name }) => name.toLowerCase() === surge.machine.toLowerCase());
    if (!size) throw new Error(`Azure does not say how many cores a ${surge.machine} has`);
    const left = coresLeft(size.family, usages);
    return {
      target,
      region: capacity.regionOf(workspace),
      machine: surge.machine,
      family: size.family,
      extra: surge.extra,
      cores: surge.reservedExtra * (body.coresPerInstance ?? size.cores),
      ...left,
      ...(hourPrice === undefined ? {} : { hourPrice }),
    };
  }

  return { ask: (tx, change, revision) => ask(tx, change, revision) };
}
