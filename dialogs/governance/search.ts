import { z } from 'zod/v4';
import { type Hit, searchCard } from '../../cards/governance/search.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

/** Looked through, the newest first; a search is a glance, lists have filters of their own. */
const MOST_LOOKED_THROUGH = 500;
const MOST_FOUND = 25;

export const search = capability({
  id: 'governance.search',
  summary: 'Find incidents, requests, use cases, endpoints and models by words or number',
  phrases: ['search {words}', 'search for {words}'],
  examples: ['search fraud', 'search for INC-101'],
  input: z.object({ words: freeText(120) }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { words }) => {
    const hits = (await everything(rooms)).filter((hit) => fits(hit, words)).slice(0, MOST_FOUND);
    return {
      text:
        hits.map(({ kind, id, title, state }) => `${id}  ${kind}, ${state}  ${title}`).join('\n') ||
        `Nothing is called “${words}”.`,
      card: searchCard({ now, words, hits }),
      data: { words, hits },
    };
  },
});

/** Every word must be somewhere in what is said of it. */
function fits({ kind, id, title, state }: Hit, words: string): boolean {
  const text = `${kind} ${id} ${title} ${state}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => text.includes(word));
}

async function everything(rooms: Rooms): Promise<Hit[]> {
  const { db, organisation } = rooms;
  const [incidents, requests, cases] = await Promise.all([
    rooms.alerts.list(db, { open: false, most: MOST_LOOKED_THROUGH }),
    rooms.approvals.list(db, MOST_LOOKED_THROUGH),
    rooms.intake.all(db),
  ]);
  const models = new Map<string, string>();
  for (const { id, models: served } of organisation.endpoints)
    for (const model of served) models.set(model.split(':')[0] ?? model, id);
  return [
    ...incidents.map(
      ({ id, title, state }): Hit => ({
        kind: 'incident',
        id,
        title,
        state,
        verb: 'alerts.show',
        ids: { incident: id },
      }),
    ),
    ...requests.map(
      ({ id, title, state }): Hit => ({
        kind: 'request',
        id,
        title,
        state,
        verb: 'approvals.show',
        ids: { request: id },
      }),
    ),
    ...cases.map(
      ({ row: { id, title, state } }): Hit => ({
        kind: 'use case',
        id,
        title,
        state,
        verb: 'intake.show',
        ids: { useCase: id },
      }),
    ),
    ...organisation.endpoints.map(
      ({ id, business }): Hit => ({
        kind: 'endpoint',
        id,
        title: business.purpose,
        state: `${business.riskClass} risk`,
        verb: 'fleet.endpoint',
        ids: { endpoint: id },
      }),
    ),
    ...[...models].map(
      ([model, endpoint]): Hit => ({
        kind: 'model',
        id: model,
        title: `serves on ${endpoint}`,
        state: 'in service',
        verb: 'fleet.endpoint',
        ids: { endpoint },
      }),
    ),
  ];
}
