import type { MonitorInfo } from '../azure/ml.schedules.ts';
import { Refused } from '../core/errors.ts';
import type { ModelsDeps } from './deps.ts';

export interface KnownMonitor extends MonitorInfo {
  workspace: string;
}

/** Monitors of Azure ML as they are set up, over every workspace of wardroom.yaml. */
export function monitors({ azure, ref, organisation }: ModelsDeps) {
  /** What a workspace does not answer is named, and does not hide the others. */
  async function all(): Promise<{ monitors: KnownMonitor[]; missing: string[]; asOf: string; stale: boolean }> {
    const found = await Promise.allSettled(
      organisation.workspaces.map(async ({ id }) => ({ id, answer: await azure.ml.listMonitors(ref(id)) })),
    );
    const answered = found.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    return {
      monitors: answered.flatMap(({ id, answer }) => answer.value.map((each) => ({ ...each, workspace: id }))),
      missing: organisation.workspaces.map(({ id }) => id).filter((id) => !answered.some((each) => each.id === id)),
      asOf: answered.map(({ answer }) => answer.asOf.toString()).sort()[0] ?? '',
      stale: answered.some(({ answer }) => answer.stale),
    };
  }

  return {
    all,
    async needed(name: string): Promise<KnownMonitor> {
      const { monitors: known, missing } = await all();
      const found = known.find((each) => each.name.toLowerCase() === name.trim().toLowerCase());
      if (found) return found;
      const unasked = missing.length > 0 ? ` ${missing.join(', ')} did not answer.` : '';
      const names = known.map((each) => each.name);
      throw new Refused(
        `There is no monitor ${name.slice(0, 80)}.${unasked}`,
        names.length > 0 ? `There are ${names.slice(0, 8).join(', ')}.` : 'Say “new monitor for ep-fraud” to make one.',
        'unknown-monitor',
      );
    },
  };
}

export type Monitors = ReturnType<typeof monitors>;
