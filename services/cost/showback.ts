import { Refused } from '../core/errors.ts';
import { nearest } from '../core/similar.ts';
import { type Allocated, type AllocationRules, allocate, normalTag, UNALLOCATED } from './allocation.rules.ts';
import type { Answers, Basis } from './answers.ts';
import type { CostDeps } from './deps.ts';
import { type Facets, NONE, SHARED, tagOf } from './facets.rules.ts';
import { type Decimal, decimal, MixedCurrencies, percentOf, sumByCurrency, sumOf, ZERO } from './money.rules.ts';
import type { Period } from './period.rules.ts';
import { notYours, overviewOf, sightOf, type Viewer } from './visibility.rules.ts';

export interface Statement {
  currency: string;
  lines: (Allocated & { name: string })[];
  total: Decimal;
  untagged: Decimal;
  period: Period;
}

/** Who carries what: direct by tag, shared and untagged cost by the rules of wardroom.yaml, to the cent. */
export function showback(deps: CostDeps, answers: Answers) {
  const { organisation } = deps;
  const everything = { all: true, teams: new Set<string>(), departments: new Set<string>() };
  const rules = (): AllocationRules => ({
    departments: Object.fromEntries(organisation.departments.map(({ id, tags }) => [id, tags])),
    shared: organisation.cost.shared.map(({ tags, by }) => ({ match: tags, by })),
    untagged: organisation.cost.untagged,
  });

  async function statement(period: Period, basis: Basis = 'actual'): Promise<Statement> {
    if (organisation.departments.length === 0)
      throw new Refused(
        'wardroom.yaml names no departments.',
        'List them under departments, with the values of their tag.',
        'no-departments',
      );
    const rows = await answers.seen(period, basis, everything);
    const sums = sumByCurrency(rows);
    const currencies = Object.keys(sums);
    if (currencies.length > 1) throw new MixedCurrencies(sums);
    const known = await answers.register('group');
    const tagged = rows.map((row) => ({
      tag: tagOf(known.get(row.resource)?.tags ?? {}, organisation.cost.departmentTag),
      amount: row.amount,
    }));
    const { lines, total, untagged } = allocate(tagged, rules());
    const name = (id: string) =>
      organisation.departments.find((each) => each.id === id)?.name ?? (id === UNALLOCATED ? 'Unallocated' : id);
    return {
      currency: currencies[0] ?? organisation.cost.currency,
      lines: lines.map((line) => ({ ...line, name: name(line.department) })),
      total,
      untagged,
      period,
    };
  }

  return {
    statement,

    /** A department by its id or name; throws `Refused` with the nearest known one. */
    department(words: string, viewer: Viewer) {
      const said = normalTag(words);
      const found = organisation.departments.find(({ id, name }) => id === said || normalTag(name) === said);
      if (!found) {
        const near = nearest(
          said,
          organisation.departments.flatMap(({ id, name }) => [id, normalTag(name)]),
        );
        throw new Refused(
          `There is no department “${words.slice(0, 60)}”.`,
          near ? `Did you mean ${near}?` : `There are ${organisation.departments.map(({ name }) => name).join(', ')}.`,
          'unknown-department',
        );
      }
      const sight = sightOf(viewer, organisation);
      if (!sight.all && !sight.departments.has(found.id)) throw notYours(found.name, organisation, found.id);
      return found;
    },

    /** Every charge that a department carries, for its statement: direct by resource, then its shares. */
    async details(department: string, period: Period, basis: Basis = 'actual') {
      const rows = (await answers.seen(period, basis, everything, { grain: 'resource' })).filter(
        ({ facets }) => facets.department === department,
      );
      const known = await answers.register('resource');
      const sums = new Map<string, { facets: Facets; resource: string; currency: string; amount: Decimal }>();
      for (const row of rows) {
        const key = `${row.resource}|${row.facets.meter}|${row.currency}`;
        const sum = sums.get(key);
        if (sum) sum.amount = sum.amount.plus(row.amount);
        else
          sums.set(key, {
            facets: row.facets,
            resource: known.get(row.resource)?.resource ?? '',
            currency: row.currency,
            amount: row.amount,
          });
      }
      return [...sums.values()].sort((a, b) => b.amount.comparedTo(a.amount));
    },

    /** How much of the cost bears the tag, what does not, and who could tell. */
    async coverage(period: Period, viewer: Viewer) {
      const sight = overviewOf(viewer, organisation);
      const rows = await answers.seen(period, 'actual', sight.all ? everything : sight, { grain: 'resource' });
      const known = await answers.register('resource');
      const sums = sumByCurrency(rows);
      if (Object.keys(sums).length > 1) throw new MixedCurrencies(sums);
      const [[currency, total] = [organisation.cost.currency, ZERO]] = Object.entries(sums);
      const tag = organisation.cost.departmentTag;
      const bare = rows.filter((row) => tagOf(known.get(row.resource)?.tags ?? {}, tag) === '');
      const strange = rows.filter(
        (row) => tagOf(known.get(row.resource)?.tags ?? {}, tag) !== '' && row.facets.department === UNALLOCATED,
      );
      const list = (some: typeof rows) => {
        const by = new Map<number, Decimal>();
        for (const row of some) by.set(row.resource, (by.get(row.resource) ?? ZERO).plus(row.amount));
        return [...by]
          .map(([id, amount]) => {
            const each = known.get(id);
            const workspace = rows.find((row) => row.resource === id)?.facets.workspace;
            return {
              resource: each?.resource ?? '',
              value: tagOf(each?.tags ?? {}, tag),
              amount,
              ask: askOf(each?.resource ?? '', workspace),
            };
          })
          .sort((a, b) => b.amount.comparedTo(a.amount));
      };
      const untagged = sumOf(bare.map(({ amount }) => amount));
      return {
        currency,
        total,
        untagged,
        coveragePercent: percentOf(total.minus(untagged), total) ?? decimal(100),
        missing: list(bare),
        unknown: list(strange),
        shared: sumOf(rows.filter(({ facets }) => facets.department === SHARED).map(({ amount }) => amount)),
      };
    },
  };

  /** The owner of what lies in the same workspace or resource group. */
  function askOf(resource: string, workspace: string | undefined): string | undefined {
    const group = /\/resourcegroups\/([^/]+)\//.exec(resource)?.[1];
    const near = organisation.workspaces.find(
      ({ id, resourceGroup }) => id === workspace || (workspace === NONE && resourceGroup.toLowerCase() === group),
    );
    const team = organisation.endpoints.find((endpoint) => endpoint.workspace === near?.id)?.owner;
    const department = organisation.departments.find(({ teams }) => team !== undefined && teams.includes(team));
    return department ? organisation.people.find(({ id }) => id === department.owner)?.name : undefined;
  }
}
