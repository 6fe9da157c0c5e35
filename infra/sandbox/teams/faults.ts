import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { Clock } from '../../../services/core/clock.ts';
import type { Ids } from '../../../services/core/ids.ts';
import type { Fault, FaultOperation } from './facts.ts';
import type { Store } from './store.ts';

const OPERATIONS = ['create', 'edit', 'delete', 'typing', 'conversation', 'members', 'history'] as const;
const STATUSES = [400, 401, 403, 404, 412, 413, 429, 500, 502, 503, 504] as const;

/** How a fault is asked for. `create` covers new messages, replies and new threads alike. */
export const faultRequest = z.strictObject({
  answer: z.union([z.literal(STATUSES), z.enum(['reset', 'hang'])], {
    error: `answer must be one of ${STATUSES.join(', ')}, "reset" or "hang"`,
  }),
  delivered: z.boolean().default(false),
  retryAfter: z.number().min(0).max(86_400).optional(),
  on: z
    .union([z.enum(OPERATIONS), z.array(z.enum(OPERATIONS)).min(1)], {
      error: `on must be one or several of ${OPERATIONS.join(', ')}`,
    })
    .default(['create', 'edit', 'delete']),
  conversation: z.string().optional(),
  count: z.number().int().min(1).max(1_000_000).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
});
export type FaultRequest = z.input<typeof faultRequest>;

export interface Faults {
  /** `place` is already a conversation id. Once, when neither `count` nor `until` is given. */
  add(request: FaultRequest, place: string | undefined): Fault;
  /** The fault that strikes this request, used up by one. */
  strike(operation: FaultOperation, place: string | undefined): Fault | undefined;
  list(): Fault[];
  clear(): void;
}

export function createFaults({ store, clock, ids }: { store: Store; clock: Clock; ids: Ids }): Faults {
  const expired = (fault: Fault) =>
    fault.until !== undefined && Temporal.Instant.from(fault.until).epochMilliseconds <= clock.ms();
  return {
    add(request, place) {
      const { answer, delivered, retryAfter, on, count, until } = faultRequest.parse(request);
      const left = count ?? (until === undefined ? 1 : undefined);
      const fault: Fault = {
        id: `fault-${ids.reference()}`,
        answer,
        delivered,
        operations: typeof on === 'string' ? [on] : on,
        ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
        ...(place === undefined ? {} : { place }),
        ...(left === undefined ? {} : { left }),
        ...(until === undefined ? {} : { until }),
      };
      store.write({ kind: 'fault', fault });
      return fault;
    },
    strike(operation, place) {
      for (const fault of store.state.faults.values()) {
        if (expired(fault)) {
          store.write({ kind: 'fault-cleared', id: fault.id });
          continue;
        }
        if (!fault.operations.includes(operation)) continue;
        if (fault.place !== undefined && fault.place !== place) continue;
        const struck = { ...fault };
        if (fault.left !== undefined) store.write({ kind: 'fault-used', id: fault.id });
        return struck;
      }
      return undefined;
    },
    list: () => [...store.state.faults.values()].filter((fault) => !expired(fault)),
    clear: () => store.write(...[...store.state.faults.keys()].map((id) => ({ kind: 'fault-cleared' as const, id }))),
  };
}
