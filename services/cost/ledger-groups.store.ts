import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { Group } from './facets.rules.ts';
import type { Basis, StoredResource } from './ledger.store.ts';

/** Groups of resources: who belongs to which, and their sums, which are always made from the days of the resources. */
export type GroupOf = (resource: Pick<StoredResource, 'resource' | 'tags'>) => Group;

type Placed = StoredResource & { grp: number | null };

/** Whoever writes into a scope holds this row until the end of the transaction. */
export async function lockScope(tx: Tx, scope: string): Promise<void> {
  await sql`insert into cost_scopes (scope, writes) values (${scope}, 1)
    on conflict (scope) do update set writes = cost_scopes.writes + 1`.execute(tx);
}

/**
 * Puts resources into their groups. The sums of groups that lost or won one are made again; `known` says that resources
 * without a group have costs already (they were read before there were groups), which a new resource has not.
 */
export async function place(
  tx: Tx,
  scope: string,
  resources: readonly Placed[],
  groupOf: GroupOf,
  { known }: { known: boolean },
): Promise<void> {
  const wanted = new Map(resources.map((each) => [each.id, groupOf(each)]));
  const ids = await groupIds(tx, scope, [...wanted.values()]);
  const moved = resources.flatMap((each) => {
    const group = wanted.get(each.id);
    const to = group && ids.get(keyOf(group));
    return to === undefined || to === each.grp ? [] : [{ ...each, to }];
  });
  if (moved.length === 0) return;
  await sql`update cost_resources r set grp = u.grp
    from unnest(${moved.map(({ id }) => id)}::bigint[], ${moved.map(({ to }) => to)}::bigint[]) as u (id, grp)
    where r.id = u.id`.execute(tx);
  const concerned = moved.filter(({ grp }) => known || grp !== null).flatMap(({ grp, to }) => (grp ? [grp, to] : [to]));
  if (concerned.length === 0) return;
  const groups = sql`select unnest(${[...new Set(concerned)]}::bigint[])`;
  for (const basis of ['actual', 'amortised'] as const) await sumGroups(tx, groups, basis);
}

/** All resources, when tags are allocated by other names than before, or were read before there were groups. */
export async function placeAll(tx: Tx, groupOf: GroupOf): Promise<void> {
  const all = await tx.selectFrom('cost_resources').selectAll().orderBy('scope').execute();
  for (const [scope, resources] of Map.groupBy(all, (each) => each.scope)) {
    await lockScope(tx, scope);
    await place(tx, scope, resources, groupOf, { known: true });
  }
}

/** Days and months of groups, from the days of their resources; `months` bounds them, YYYYMM. */
export async function sumGroups(
  tx: Tx,
  groups: RawBuilder<unknown>,
  basis: Basis,
  months: { first: number; last: number } = { first: 0, last: 999_999 },
): Promise<void> {
  const { first, last } = months;
  const days = sql`between ${first * 100} and ${last * 100 + 99}`;
  await sql`delete from cost_group_days where basis = ${basis} and day ${days} and grp in (${groups})`.execute(tx);
  await sql`delete from cost_group_months where basis = ${basis} and month between ${first} and ${last}
    and grp in (${groups})`.execute(tx);
  await sql`insert into cost_group_days (basis, day, grp, meter, charge, currency, amount)
    select d.basis, d.day, r.grp, d.meter, d.charge, d.currency, sum(d.amount)
    from cost_days d join cost_resources r on r.id = d.resource
    where d.basis = ${basis} and d.day ${days} and r.grp in (${groups})
    group by 1, 2, 3, 4, 5, 6`.execute(tx);
  await sql`insert into cost_group_months (basis, month, grp, meter, charge, currency, amount)
    select basis, day / 100, grp, meter, charge, currency, sum(amount) from cost_group_days
    where basis = ${basis} and day ${days} and grp in (${groups})
    group by 1, 2, 3, 4, 5, 6`.execute(tx);
}

async function groupIds(tx: Db | Tx, scope: string, groups: readonly Group[]): Promise<Map<string, number>> {
  const once = new Map(groups.map((group) => [keyOf(group), group]));
  const names = [...once.values()].map(({ resource }) => resource);
  const tags = [...once.values()].map((each) => JSON.stringify(each.tags));
  const { rows } = await sql<{ id: number } & Group>`
    insert into cost_groups (scope, resource, tags)
    select ${scope}, u.resource, u.tags::jsonb from unnest(${names}::text[], ${tags}::text[]) as u (resource, tags)
    on conflict (scope, resource, tags) do update set scope = excluded.scope
    returning id, resource, tags`.execute(tx);
  return new Map(rows.map((row) => [keyOf(row), row.id]));
}

/** PostgreSQL keeps the names of an object in an order of its own. */
const keyOf = ({ resource, tags }: Group): string =>
  JSON.stringify([resource, ...Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))]);
