import { pipelineSandbox } from '../infra/sandbox/pipelines.ts';
import { type Gate, planMinutes } from '../services/approvals/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { outbound } from '../services/azure/outbound.ts';
import { pipelines } from '../services/azure/pipelines.ts';
import { endpointId, type WorkspaceRef } from '../services/azure/refs.ts';
import type { Clock } from '../services/core/clock.ts';
import type { Config } from '../services/core/config.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Organisation } from '../services/core/organisation.ts';
import { type Windows, windows } from '../services/windows/index.ts';
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

/** The calendar, the changes and the gate. Part of the composition root. */
export function windowsServices(shared: Shared, options: WindowsOptions, served: Served): Windows {
  const { sandbox, ids, outbound: out, standInKey } = options;
  const { githubToken, azureDevOpsToken } = out;
  const named = shared.organisation.automations.map(({ key }) => key);
  const automationKeys = standInKey ? named.map((id) => ({ id, secret: standInKey })) : out.automationKeys;
  const wire = sandbox ? pipelineSandbox(shared.clock) : undefined;
  const clients = pipelines({ githubToken, azureDevOpsToken, fetch: wire });
  return windows({
    ...shared,
    ids,
    served,
    pipelines: clients,
    automationKeys,
    outside: outbound({ allowInside: sandbox, allowedHosts: out.hosts }),
    deliver: ({ source, callback }, answer) =>
      source === 'github'
        ? clients.review(callback.url, undefined, {
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
    const failed = value.filter(({ dimensions }) => Object.values(dimensions).some((word) => /^5/.test(word)));
    const sum = (list: typeof value) => list.reduce((total, series) => total + count(series), 0);
    return { requests: sum(value), errors: sum(failed) };
  };
}
