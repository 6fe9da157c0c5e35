import { pipelineSandbox } from '../infra/sandbox/pipelines.ts';
import { outbound } from '../services/azure/outbound.ts';
import { pipelines } from '../services/azure/pipelines.ts';
import { type Windows, windows } from '../services/windows/index.ts';
import type { Shared } from './app.services.ts';

/** What of the outside windows may reach. Part of the composition root. */
export interface WindowsOptions {
  /** In the sandbox pipelines are simulated, and addresses of this machine may be called. */
  sandbox: boolean;
  allowedHosts?: readonly string[];
  githubToken?: string | undefined;
  azureDevOpsToken?: string | undefined;
}

/** The calendar, the changes and the gate. Part of the composition root. */
export function windowsServices(shared: Shared, options: WindowsOptions): Windows {
  const { sandbox, allowedHosts = [], githubToken, azureDevOpsToken } = options;
  const wire = sandbox ? pipelineSandbox(shared.clock) : undefined;
  return windows({
    ...shared,
    pipelines: pipelines({ githubToken, azureDevOpsToken, fetch: wire }),
    outside: outbound({ allowInside: sandbox, allowedHosts }),
  });
}
