import { pipelineSandbox } from '../infra/sandbox/pipelines.ts';
import { type Gate, planMinutes } from '../services/approvals/index.ts';
import { outbound } from '../services/azure/outbound.ts';
import { pipelines } from '../services/azure/pipelines.ts';
import type { Ids } from '../services/core/ids.ts';
import { type Windows, windows } from '../services/windows/index.ts';
import type { Shared } from './app.services.ts';

/** What of the outside windows may reach. Part of the composition root. */
export interface WindowsOptions {
  /** In the sandbox pipelines are simulated, and addresses of this machine may be called. */
  sandbox: boolean;
  ids: Ids;
  allowedHosts?: readonly string[];
  githubToken?: string | undefined;
  azureDevOpsToken?: string | undefined;
}

/** The calendar, the changes and the gate. Part of the composition root. */
export function windowsServices(shared: Shared, options: WindowsOptions): Windows {
  const { sandbox, ids, allowedHosts = [], githubToken, azureDevOpsToken } = options;
  const wire = sandbox ? pipelineSandbox(shared.clock) : undefined;
  const clients = pipelines({ githubToken, azureDevOpsToken, fetch: wire });
  return windows({
    ...shared,
    ids,
    pipelines: clients,
    outside: outbound({ allowInside: sandbox, allowedHosts }),
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
