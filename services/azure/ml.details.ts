import { z } from 'zod/v4';
import { read } from './border.ts';
import { type WorkspaceRef, workspaceId } from './refs.ts';
import { type Fresh, type Guard, statusOf } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Azure ML run history';

/** How a run ended, as the service says it, and where its logs are. */
export interface RunDetails {
  status: string;
  error?: { code: string; message: string };
  /** Name (`user_logs/std_log.txt`) to a short-lived signed address in the workspace's storage. */
  logs: Readonly<Record<string, string>>;
}

export interface Details {
  /** `undefined` when the run is unknown. */
  runDetails(ref: WorkspaceRef, experimentId: string, runId: string): Promise<Fresh<RunDetails | undefined>>;
}

const details = z.object({
  status: z.string(),
  error: z
    .object({ error: z.object({ code: z.string().nullish(), message: z.string().nullish() }).nullish() })
    .nullish(),
  logFiles: z.record(z.string(), z.string()).nullish(),
});

/** Run history's own REST interface (`/history/v1.0`), which MLflow's lacks: the error and the log files of a run. */
export function runDetails(deps: {
  guard: Guard;
  /** `westeurope` of a workspace. */
  region(ref: WorkspaceRef): Promise<string>;
  restAt(origin: string): Rest;
}): Details {
  return {
    runDetails: (ref, experimentId, runId) =>
      deps.guard.read(`details:${ref.workspace}:${runId}`, async (signal) => {
        const origin = `https://${await deps.region(ref)}.api.azureml.ms`;
        const path = `/history/v1.0${workspaceId(ref)}/experimentids/${experimentId}/runs/${encodeURIComponent(runId)}/details`;
        try {
          const { body } = await deps.restAt(origin)({ method: 'GET', path, signal });
          const { status, error, logFiles } = read(SERVICE, details, body);
          const said = error?.error;
          return {
            status,
            ...(said ? { error: { code: said.code ?? 'Unknown', message: said.message ?? '' } } : {}),
            logs: logFiles ?? {},
          };
        } catch (failure) {
          if (statusOf(failure) === 404) return undefined;
          throw failure;
        }
      }),
  };
}
