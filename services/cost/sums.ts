import type { Organisation } from '../core/organisation.ts';
import type { Db, Tx } from '../store/store.ts';
import { type Dimension, type Facets, facetsOf } from './facets.rules.ts';
import * as store from './ledger.store.ts';
import { type Decimal, decimal, ZERO } from './money.rules.ts';
import { dayFrom, dayNumber, type Period } from './period.rules.ts';
import { type Sight, sees } from './visibility.rules.ts';

export type Basis = store.Basis;

/** What is asked about: one value of one dimension. */
export interface Subject {
  dimension: Dimension;
  value: string;
}

export type Span = Pick<Period, 'from' | 'to'>;
export type Grain = store.Grain;
export const grainOf = (subject: Subject | undefined, by?: Dimension): Grain =>
  subject?.dimension === 'resource' || by === 'resource' ? 'resource' : 'group';

export interface Row {
  facets: Facets;
  /** Number of the resource, or of the group of resources. */
  resource: number;
  charge: string;
  currency: string;
  amount: Decimal;
}

/** Beyond it a line of days cannot be read; months are drawn. */
const MOST_DAYS_DRAWN = 186;

/** What was spent, as somebody may see it: sums and courses from the ledger, by what the charges are about. */
export function sums({ db, organisation }: { db: Db; organisation: Organisation }) {
  /** What sums are about: resources when one of them is asked for, and groups of them otherwise. */
  const register = async (grain: Grain, at: Db | Tx = db) => {
    const all = await (grain === 'group' ? store.allGroups(at) : store.allResources(at));
    return new Map(all.map((each) => [each.id, each]));
  };
  const facetter = (known: Map<number, store.StoredResource>) => {
    const memory = new Map<string, Facets>();
    return (sum: { resource: number; meter: string; charge: string }): Facets => {
      const key = `${sum.resource}|${sum.meter}|${sum.charge}`;
      const found =
        memory.get(key) ??
        facetsOf(
          { ...(known.get(sum.resource) ?? { resource: '', tags: {} }), meter: sum.meter, charge: sum.charge },
          organisation,
        );
      memory.set(key, found);
      return found;
    };
  };
  const inSubject = (facets: Facets, subject: Subject | undefined) =>
    !subject ||
    (subject.dimension === 'model'
      ? modelEndpoints(subject.value).has(facets.endpoint) || facets.model === subject.value
      : facets[subject.dimension] === subject.value);
  const modelEndpoints = (model: string) =>
    new Set(organisation.endpoints.filter(({ models }) => models.includes(model)).map(({ id }) => id));

  /** Sums of a time that the viewer may see, with what they are about. `at`: a transaction that asks. */
  async function seen(
    period: Span,
    basis: Basis,
    sight: Sight,
    { subject, grain = grainOf(subject), at = db }: { subject?: Subject | undefined; grain?: Grain; at?: Db | Tx } = {},
  ): Promise<Row[]> {
    const facets = facetter(await register(grain, at));
    const found = await store.sums(at, basis, dayNumber(period.from), dayNumber(period.to), grain);
    return found
      .map((sum) => ({
        facets: facets(sum),
        resource: sum.resource,
        charge: sum.charge,
        currency: sum.currency,
        amount: decimal(sum.amount),
      }))
      .filter((row) => sees(sight, row.facets) && inSubject(row.facets, subject));
  }

  /** Daily totals of what is asked about, in one currency, in order and without gaps before the last day known. */
  async function series(
    subject: Subject | undefined,
    sight: Sight,
    period: Span,
    { basis = 'actual', at = db }: { basis?: Basis; at?: Db | Tx } = {},
  ) {
    const grain = grainOf(subject);
    const facets = facetter(await register(grain, at));
    const byDay = new Map<string, Decimal>();
    const currencies = new Set<string>();
    const known = new Set<string>();
    for (const sum of await store.days(at, basis, dayNumber(period.from), dayNumber(period.to), grain)) {
      const day = dayFrom(sum.day).toString();
      known.add(day);
      const about = facets(sum);
      if (!sees(sight, about) || !inSubject(about, subject)) continue;
      currencies.add(sum.currency);
      // What was bought at once does not repeat, and is forecast apart.
      if (sum.charge === 'Purchase') continue;
      byDay.set(day, (byDay.get(day) ?? ZERO).plus(decimal(sum.amount)));
    }
    return { byDay, known, currencies: [...currencies] };
  }

  /** How the total came about: day by day, or month by month when that is too many days to draw. */
  async function course(of: {
    period: Period;
    basis: Basis;
    sight: Sight;
    subject: Subject | undefined;
    grain: Grain;
    now: readonly Row[];
    currency: string | undefined;
  }): Promise<{ day: string; amount: number }[]> {
    const { period, basis, sight, subject, grain, now, currency } = of;
    const [from, to] = [dayNumber(period.from), dayNumber(period.to)];
    const everything = sight.all && !subject;
    const mine = everything ? undefined : [...new Set(now.map(({ resource }) => resource))];
    // Only these tell the charges of one resource apart; for all others the resource decides.
    const finer = subject?.dimension === 'part' || subject?.dimension === 'meter';
    const long = period.from.until(period.to).days > MOST_DAYS_DRAWN;
    if (!finer || long) {
      // The total of everything is the same by groups, and there are fewer of them.
      const read = long ? store.monthTotals : store.dayTotals;
      const totals = await read(db, basis, from, to, everything ? 'group' : grain, mine);
      return totals
        .filter((each) => each.currency === currency)
        .map(({ day, amount }) => ({ day: dayFrom(day).toString(), amount: Number(amount) }));
    }
    const facets = facetter(await register(grain));
    const daily = new Map<string, Decimal>();
    for (const sum of await store.days(db, basis, from, to, grain, mine)) {
      const about = facets(sum);
      if (sum.currency !== currency || !sees(sight, about) || !inSubject(about, subject)) continue;
      const day = dayFrom(sum.day).toString();
      daily.set(day, (daily.get(day) ?? ZERO).plus(decimal(sum.amount)));
    }
    return [...daily].map(([day, amount]) => ({ day, amount: amount.toNumber() }));
  }

  return { register, facetter, seen, series, course };
}
