import type { Tx } from '../store/store.ts';
import type { ModelsDeps } from './deps.ts';
import { windowsOf } from './monitor-results.ts';
import type { Windows } from './windows.ts';

export const JUDGE = 'models-judge';

export interface EndedRun {
  workspace?: string | undefined;
  experiment: string;
  runId: string;
  failed: boolean;
}

/** After each run of a monitor its numbers are judged by our own rule and kept. */
export function monitorWatch(
  deps: ModelsDeps,
  windows: Windows,
  breaches: (metric: string, value: number, threshold: number) => boolean,
) {
  const { jobs, azure, ref, store, organisation } = deps;

  jobs.handleOutside(JUDGE, 60, async (data) => {
    const { workspace, experiment } = data as { workspace: string; experiment: string };
    const nothing = async () => undefined;
    const { value: monitors } = await azure.ml.listMonitors(ref(workspace));
    const endpoint = monitors.find(({ name }) => name === experiment)?.endpoint;
    // Most experiments are no monitors, and a monitor may watch what nobody put into wardroom.yaml.
    if (!endpoint || !organisation.endpoints.some(({ id }) => id === endpoint)) return nothing;
    const { value: series } = await azure.ml.latestResults(ref(workspace), experiment);
    if (!series) return nothing;
    const since = await windows.latest(store.db, endpoint, experiment);
    const fresh = windowsOf(endpoint, experiment, series, breaches, since);
    return async (tx) => {
      // Two runs may end together: what the other one stored meanwhile is not judged twice.
      const now = await windows.latest(tx, endpoint, experiment);
      await windows.take(
        tx,
        fresh.filter(({ at }) => !now || at.epochMilliseconds > now.epochMilliseconds),
      );
    };
  });

  return {
    /** A run ended, by Event Grid; only names are known yet. */
    async ended(tx: Tx, { workspace, experiment }: EndedRun): Promise<void> {
      if (!workspace || !organisation.workspaces.some(({ id }) => id === workspace)) return;
      await jobs.enqueue(tx, JUDGE, { workspace, experiment });
    },
  };
}
