import { Temporal } from 'temporal-polyfill';
import { pipelineSandbox } from '../infra/sandbox/pipelines.ts';
import type { Alerts } from '../services/alerts/index.ts';
import { type Gate, planMinutes, type Rollouts, type RolloutWatcher } from '../services/approvals/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { isServerError } from '../services/azure/metrics.ts';
import { outbound } from '../services/azure/outbound.ts';
import { pipelines } from '../services/azure/pipelines.ts';
import { endpointId, type WorkspaceRef } from '../services/azure/refs.ts';
import type { Clock } from '../services/core/clock.ts';
import type { Config } from '../services/core/config.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Organisation } from '../services/core/organisation.ts';
import type { CostSource, Costs } from '../services/cost/index.ts';
import type { Fleet } from '../services/fleet/index.ts';
import { type Capacity, type Care, type Windows, windows } from '../services/windows/index.ts';
import type { Shared } from './app.services.ts';

/** What of the outside windows may reach. Part of the composition root. */
export interface WindowsOptions {
  /** In the sandbox pipelines are simulated, and addresses of this machine may be called. */
  sandbox: boolean;
  ids: Ids;
  outbound: Config['outbound'];
  /** In the sandbox every automation is signed with this. */
  standInKey?: string;
}

type Served = (endpoint: string) => Promise<{ requests: number; errors: number } | undefined>;

/** What windows need of the other domains. */
export interface Around {
  served: Served;
  capacity: Capacity;
  care: Care;
}

/** The calendar, the changes and the gate. Part of the composition root. */
export function windowsServices(shared: Shared, options: WindowsOptions, around: Around): Windows {
  const { sandbox, ids, outbound: out, standInKey } = options;
  // The simulated hosts take anybody, and nothing that is real (app.approvals.ts).
  const credentials = sandbox ? {} : out;
  const named = shared.organisation.automations.map(({ key }) => key);
  const automationKeys = standInKey ? named.map((id) => ({ id, secret: standInKey })) : out.automationKeys;
  const wire = sandbox ? pipelineSandbox(shared.clock) : undefined;
  const clients = pipelines({ ...credentials, clock: shared.clock, fetch: wire });
  return windows({
    ...shared,
    ids,
    ...around,
    pipelines: clients,
    automationKeys,
    outside: outbound({ allowInside: sandbox, allowedHosts: out.hosts }),
    deliver: ({ source, callback }, answer) =>
      source === 'github'
        ? clients.review(callback.url, {
            environment_name: callback.environment ?? '',
            state: answer.allowed ? 'approved' : 'rejected',
            comment: answer.why,
          })
        : clients.completed(callback, { succeeded: answer.allowed, message: answer.why }),
  });
}

/**
 * Asked before every step of a promotion. The first step needs an open window that lasts for all of them and the way back;
 * what has begun goes on when its window closes, and stops at a freeze.
 */
export const windowGate =
  (calendar: Windows): Gate =>
  async (tx, { endpoint, plan, step, now }) => {
    const [begins] = plan.steps;
    const first = begins?.kind === step.kind && begins.percent === step.percent;
    const needMinutes = first ? planMinutes(plan.steps).withWayBack : 0;
    const decision = await calendar.ask({ endpoint, now, needMinutes }, tx);
    if (decision.allowed || (!first && decision.code !== 'freeze')) return { open: true };
    return { open: false, why: decision.why, ...(decision.next ? { again: decision.next } : {}) };
  };

const BUDGET_DAYS = 28;

/** Requests of four weeks and those answered 5xx, by the hour, from Azure Monitor. */
export function servedRequests(
  azure: AzureClients,
  ref: (workspace: string) => WorkspaceRef,
  organisation: Organisation,
  clock: Clock,
): Served {
  return async (name) => {
    const entry = organisation.endpoints.find(({ id }) => id === name);
    if (!entry) return undefined;
    const { value } = await azure.metrics.query({
      resource: endpointId({ ...ref(entry.workspace), endpoint: name }),
      from: clock.now().subtract({ hours: 24 * BUDGET_DAYS }),
      to: clock.now(),
      granularity: 'PT1H',
      metrics: ['RequestsPerMinute'],
      aggregation: 'Average',
      filter: "statusCodeClass eq '*'",
    });
    const count = (series: (typeof value)[number]) =>
      series.points.reduce((sum, point) => sum + (point.value ?? 0) * 60, 0);
    const failed = value.filter(isServerError);
    const sum = (list: typeof value) => list.reduce((total, series) => total + count(series), 0);
    return { requests: sum(value), errors: sum(failed) };
  };
}

/** Machines of the endpoints, their quota from Azure Machine Learning and their price from the price list. */
export function machineCapacity(
  azure: AzureClients,
  ref: (workspace: string) => WorkspaceRef,
  organisation: Organisation,
  prices: Pick<CostSource, 'price'>,
  budgets: () => Costs['budgets'],
): Capacity {
  const regionOf = (workspace: string) => organisation.workspaces.find(({ id }) => id === workspace)?.region ?? '';
  const currency = organisation.cost.currency;
  return {
    currency,
    regionOf,
    async deployments(workspace, endpoint) {
      const place = { ...ref(workspace), endpoint };
      const [{ value: state }, { value: list }] = await Promise.all([
        azure.ml.getEndpoint(place),
        azure.ml.listDeployments(place),
      ]);
      if (!state || state.kubernetes) return undefined;
      return list.map(({ name, instanceType, instances }) => ({
        name,
        machine: instanceType,
        instances,
        traffic: state.traffic[name] ?? 0,
      }));
    },
    usages: async (workspace) =>
      (await azure.ml.coreUsages(ref(workspace).subscription, regionOf(workspace), { fresh: true })).value,
    sizes: async (workspace) => (await azure.ml.machineSizes(ref(workspace).subscription, regionOf(workspace))).value,
    async breaks(id, adds) {
      const owner = organisation.endpoints.find((endpoint) => endpoint.id === id)?.owner;
      const department = organisation.departments.find(({ teams }) => owner !== undefined && teams.includes(owner));
      const check = await budgets().check({
        ...(owner ? { team: owner } : {}),
        ...(department ? { department: department.id } : {}),
        ...adds,
      });
      if (check.ok) return undefined;
      const agree = [...(department?.owner ? [department.owner] : []), ...(organisation.cost.seeAll?.people ?? [])];
      return { words: check.reason, enforce: check.needsSecondPerson, agree: [...new Set(agree)] };
    },
    hourPrice: async (workspace, machine) =>
      (await prices.price(machine, regionOf(workspace), currency))?.onDemand.toString(),
  };
}

/** Alerts, on-call and traffic for changes that run. The domains are made after the calendar, so they are asked late. */
export function changeCare(
  clock: Clock,
  azure: AzureClients,
  ref: (workspace: string) => WorkspaceRef,
  watcher: Pick<RolloutWatcher, 'measure'>,
  domains: { alerts: () => Alerts; fleet: () => Fleet; promotions: () => Rollouts },
): Care {
  const inForce = async (tx: Parameters<Care['unsilence']>[0], id: string) => {
    const found = await domains.alerts().silences.find(tx, id);
    return found && (found.state === 'in force' || found.state === 'ahead') ? found : undefined;
  };
  return {
    silence: async (tx, { what, until, reason, by }) =>
      (await domains.alerts().silences.make(tx, { kind: 'maintenance', what, from: clock.now(), until, reason }, by))
        .id,
    async prolong(tx, id, until) {
      const found = await inForce(tx, id);
      if (found && Temporal.Instant.compare(until, found.until) > 0)
        await domains.alerts().silences.extend(tx, id, found.until.until(until));
    },
    async unsilence(tx, id, by) {
      if (await inForce(tx, id)) await domains.alerts().silences.end(tx, id, by);
    },
    measure: (ask) => watcher.measure({ ...ask, mirrored: false }),
    promotion: async (tx, endpoint) => (await domains.promotions().openOn(tx, endpoint))?.id,
    async onCall(db, endpoint) {
      const { standings } = await domains.alerts().oncall.now(db, endpoint, clock.now());
      const [first] = [...standings].sort((a, b) => Math.min(...a.steps) - Math.min(...b.steps));
      return first?.people[0];
    },
    async traffic(workspace, endpoint) {
      const { value } = await azure.ml.getEndpoint({ ...ref(workspace), endpoint }, { fresh: true });
      return value?.traffic;
    },
    async move(tx, { workspace, endpoint, from, to, what }) {
      if (await domains.fleet().running(tx, endpoint)) return undefined;
      return domains.fleet().start(tx, { endpoint, plan: { workspace, from, traffic: to, what } });
    },
  };
}
