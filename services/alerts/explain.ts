import { z } from 'zod/v4';
import type { Organisation } from '../core/organisation.ts';
import type { Db } from '../store/store.ts';
import * as rows from './hooks.store.ts';
import { type Signal, storedFact, storedSignal, type UpstreamFact } from './signal.ts';
import { onEstate } from './signal-place.ts';

/** A message that came by webhook, and what became of it. */
export interface Explained {
  /** "EVT-1204": what people say to it. */
  id: string;
  /** "alertmanager", "generic/data-quality" */
  hook: string;
  receivedAt: string;
  state: 'new' | 'done' | 'unknown' | 'malformed';
  /** As it was read; left out for what nobody could read. */
  signal?: Signal;
  fact?: UpstreamFact;
  /** The endpoint of wardroom.yaml, as that is now, that it was found to be about. */
  endpoint?: string;
  /** Of a message nobody knows: the sender's type. Of a bad one: what is wrong. */
  type: string;
  why?: string;
  /** Which incident, and why that one. */
  decision?: {
    action: string;
    incident?: string;
    reason: string;
    steps?: readonly { rule: string; what: string; why: string }[];
  };
}

const stepShape = z.object({ rule: z.string(), what: z.string(), why: z.string() });
const decisionShape = z.object({
  action: z.string(),
  incident: z.string().optional(),
  reason: z.string(),
  steps: z.array(stepShape).optional(),
});
const malformedShape = z.object({ why: z.string() });

export const eventName = (id: string): string => `EVT-${id}`;

/** The event of this name ("EVT-1204"); `undefined` when there is none. */
export async function explain(db: Db, { endpoints }: Organisation, name: string): Promise<Explained | undefined> {
  const row = await rows.findEvent(db, name.replace(/^EVT-/, ''));
  return row && explained(row, endpoints);
}

/** The latest events, newest first; of one incident, those that it is made of. */
export async function latest(
  db: Db,
  { endpoints }: Organisation,
  options: { most: number; incident?: { id: string; opened_at: string; last_signal_at: string } },
): Promise<Explained[]> {
  return (await rows.latestEvents(db, options)).map((row) => explained(row, endpoints));
}

function explained(row: rows.EventRow, endpoints: Organisation['endpoints']): Explained {
  const { id, source: hook, received_at: receivedAt, state, type, body, result } = row;
  const common = { id: eventName(id), hook, receivedAt, state, type };
  if (state === 'malformed') return { ...common, why: malformedShape.safeParse(body).data?.why ?? 'not readable' };
  const decision = decisionShape.safeParse(result).data;
  const told = decision ? { decision } : {};
  const fact = type === 'fact' ? storedFact.safeParse(body).data : undefined;
  if (fact) return { ...common, fact: fact as UpstreamFact, ...told };
  const signal = type === 'signal' ? (storedSignal.safeParse(body).data as Signal | undefined) : undefined;
  if (!signal) return { ...common, ...told };
  const found = onEstate(signal, endpoints).endpoint;
  const known = endpoints.some(({ id: each }) => each === found);
  return { ...common, signal, ...(known && found ? { endpoint: found } : {}), ...told };
}
