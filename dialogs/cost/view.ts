import type { Temporal } from 'temporal-polyfill';
import type { Source } from '../../cards/cost/report.ts';
import type { Basis, DataStanding, Subject } from '../../services/cost/index.ts';
import type { Actor } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

/** Where numbers come from, on every card: actual or amortised, the scope, the currency, how fresh, what is missing. */
export function sourceOf(
  rooms: Rooms,
  now: Temporal.Instant,
  standing: DataStanding,
  of: { basis?: Basis; scope?: string | undefined; currency?: string | undefined },
): Source {
  const basis = of.basis === 'amortised' ? 'amortised cost' : 'actual cost';
  const via = rooms.organisation.cost.export ? 'FOCUS export' : 'Cost Management';
  return {
    now,
    asOf: standing.asOf,
    of: [via, basis, of.currency, of.scope ?? 'all subscriptions'].filter(Boolean).join(', '),
    warnings: standing.warnings,
  };
}

export const nameOf = (rooms: Rooms, subject: Subject | undefined): string | undefined => {
  if (!subject) return undefined;
  const { organisation } = rooms;
  if (subject.dimension === 'team')
    return organisation.teams.find(({ id }) => id === subject.value)?.name ?? subject.value;
  if (subject.dimension === 'department')
    return organisation.departments.find(({ id }) => id === subject.value)?.name ?? subject.value;
  return subject.value;
};

/** A person who may not see everything is told so, and whom to ask. */
export function partialWords(rooms: Rooms, actor: Actor, whom: string): string | undefined {
  const sight = rooms.cost.sight(actor);
  if (sight.all) return undefined;
  const own = rooms.organisation.teams.filter(({ id }) => sight.teams.has(id)).map(({ name }) => name);
  return `${own.length > 0 ? `Only what concerns ${own.join(', ')}` : 'You are in no team that costs anything'}. ${whom}`;
}
