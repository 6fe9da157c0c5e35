import { Temporal } from 'temporal-polyfill';
import type { Compute } from '../azure/ml.computes.ts';
import { counted } from '../core/counted.ts';

/** A machine of one's own is looked at after a working day: nobody works longer than that without a pause. */
const MACHINE_HOURS = 12;

export interface Idle {
  name: string;
  kind: Compute['kind'];
  size: string;
  /** Nodes that are paid for and do nothing. */
  nodes: number;
  /** Why it is taken for idle, in words. */
  because: string;
  owner?: string;
}

/**
 * Which computes cost without doing anything: nodes that a cluster keeps warm and that are idle, and machines of people that
 * have run since yesterday and that Azure does not stop by itself. What cannot be told is left alone.
 */
export function idleComputes(computes: readonly Compute[], now: Temporal.Instant): Idle[] {
  return computes.flatMap((each): Idle[] => {
    const { name, kind, size } = each;
    if (kind === 'cluster') {
      const nodes = Math.min(each.leastNodes, each.idleNodes);
      if (nodes === 0) return [];
      return [{ name, kind, size, nodes, because: `keeps ${counted(nodes, 'node')} although nothing runs` }];
    }
    if (each.nodes === 0 || each.stopsWhenIdle || each.since === undefined) return [];
    const hours = Temporal.Instant.from(each.since).until(now).total('hours');
    if (hours < MACHINE_HOURS) return [];
    const long = hours >= 48 ? counted(Math.floor(hours / 24), 'day') : counted(Math.floor(hours), 'hour');
    return [
      {
        name,
        kind,
        size,
        nodes: 1,
        because: `has run for ${long}, and Azure does not stop it when it is idle`,
        ...(each.owner ? { owner: each.owner } : {}),
      },
    ];
  });
}
