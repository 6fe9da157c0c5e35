import { same } from './northwind.ts';
import type { ArmWrite, EstateState } from './state.ts';

/** What people wrote into the estate by ARM besides endpoints: schedules, jobs, deployments. */

const of = (state: EstateState, kind: ArmWrite['kind'], workspace: string, at: number): ArmWrite[] =>
  state.writes.filter((each) => each.kind === kind && each.at <= at && same(each.workspace, workspace));

/** The last body of each name at `at`; null when it was deleted. */
export const written = (
  state: EstateState,
  kind: ArmWrite['kind'],
  workspace: string,
  at: number,
): ReadonlyMap<string, ArmWrite> =>
  new Map(of(state, kind, workspace, at).map((each) => [each.name.toLowerCase(), each]));

/** A schedule's properties at `at`: as written last, `null` when deleted, `undefined` when nobody touched it. */
export const scheduleAt = (
  state: EstateState,
  workspace: string,
  name: string,
  at: number,
): Properties | null | undefined => {
  const found = written(state, 'schedule', workspace, at).get(name.toLowerCase());
  return found && (found.body === null ? null : (found.body['properties'] as Properties));
};

export interface Properties {
  isEnabled?: boolean;
  action?: {
    monitorDefinition?: {
      monitoringTarget?: { deploymentId?: string };
      signals?: Record<
        string,
        { metricThresholds?: { dataType: string; metric: string; threshold?: { value?: number } }[] }
      >;
    };
  };
  [more: string]: unknown;
}

/** The limit that a monitor's definition sets for the population stability index of a type of data. */
export function psiLimitOf(properties: Properties, type: string): number | undefined {
  for (const signal of Object.values(properties.action?.monitorDefinition?.signals ?? {}))
    for (const each of signal.metricThresholds ?? [])
      if (each.metric === 'PopulationStabilityIndex' && each.dataType === type) return each.threshold?.value;
  return undefined;
}
