import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { nearest } from '../core/similar.ts';
import type { Db, Tx } from '../store/store.ts';
import type { CostDeps } from './deps.ts';
import { type Dimension, type Facets, facetsOf, NONE, PURCHASES } from './facets.rules.ts';
import * as store from './ledger.store.ts';
import { type Decimal, decimal, percentOf, sumByCurrency, ZERO } from './money.rules.ts';
import { before, dayFrom, dayNumber, findPeriod, type Period, readPeriod, stretches } from './period.rules.ts';
import { notYours, overviewOf, type Sight, sees, sightOf, type Viewer } from './visibility.rules.ts';

export type Basis = store.Basis;

/** What is asked about: one value of one dimension. */
export interface Subject {
  dimension: Dimension;
  value: string;
}

export interface Question {
  subject?: Subject;
  period: Period;
  by: Dimension;
  basis: Basis;
}

export interface Line {
  name: string;
  currency: string;
  amount: Decimal;
  /** In the period before; undefined when nothing is known of that time. */
  before: Decimal | undefined;
}

/** How fresh the numbers are and what is wrong with them. */
export interface Standing {
  asOf: Temporal.Instant | undefined;
  /** What is missing or failed, for people. */
  warnings: readonly string[];
}

export interface Breakdown extends Standing {
  question: Question;
  lines: Line[];
  /** One for each currency; never added. */
  totals: { currency: string; amount: Decimal; before: Decimal | undefined; changePercent: Decimal | undefined }[];
  previous: Period;
  /** Daily totals of the largest currency. */
  daily: { day: string; amount: number }[];
  /** Only a part is shown, as the viewer may see no more. */
  partial: boolean;
}

type Span = Pick<Period, 'from' | 'to'>;
type Grain = store.Grain;
const grainOf = (subject: Subject | undefined, by?: Dimension): Grain =>
  subject?.dimension === 'resource' || by === 'resource' ? 'resource' : 'group';

interface Row {
  facets: Facets;
  /** Number of the resource, or of the group of resources. */
  resource: number;
  charge: string;
  currency: string;
  amount: Decimal;
}

/** Beyond it a line of days cannot be read; months are drawn. */
const MOST_DAYS_DRAWN = 186;

/** Answers from the store; nobody waits for Azure. */
export function answers(deps: CostDeps) {
  const { db, clock, organisation } = deps;
  const today = () => clock.now().toZonedDateTimeISO('UTC').toPlainDate();

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

  /** What there is to know about the data themselves. */
  async function standing(period?: Span, basis: Basis = 'actual', at: Db | Tx = db): Promise<Standing> {
    const reads = (await store.reads(at)).filter((read) => read.basis === basis);
    const known = reads.flatMap(({ as_of }) => (as_of ? [Temporal.Instant.from(as_of)] : []));
    const asOf = known.sort(Temporal.Instant.compare)[0];
    const failing = reads.filter(({ error }) => error);
    return {
      asOf,
      warnings: [
        ...(reads.length === 0 || !asOf ? ['No costs have been read from Azure yet.'] : []),
        ...failing.map(
          ({ error, as_of }) =>
            `Azure does not tell more at the moment (${error}); ${as_of ? 'this is what was known before' : 'nothing was known before'}.`,
        ),
        ...(period && asOf ? gaps(await missing(period, basis, at)) : []),
        ...(period && reads.some(({ from_day }) => from_day !== null && dayNumber(period.from) < from_day)
          ? [
              `Costs are known from ${dayFrom(Math.min(...reads.map(({ from_day }) => from_day ?? 99_999_999)))} on; what was before is not in these numbers.`,
            ]
          : []),
        ...reads.flatMap(({ missing: parts }) =>
          parts.filter((part) => !/^\d{4}-\d\d-\d\d$/.test(part)).map((part) => `The export lacks a part: ${part}.`),
        ),
      ],
    };
  }

  /** Days that are over, lie between the first and the last day known, and have no costs at all. */
  async function missing(period: Span, basis: Basis, at: Db | Tx = db): Promise<Temporal.PlainDate[]> {
    const { from, to } = period;
    const reads = (await store.reads(at)).filter((read) => read.basis === basis);
    const first = Math.min(...reads.map(({ from_day }) => from_day ?? 99_999_999));
    const last = Math.max(...reads.map(({ to_day }) => to_day ?? 0));
    const due: Temporal.PlainDate[] = [];
    for (let day = from; Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) {
      const number = dayNumber(day);
      if (number >= first && number <= last && !day.equals(today())) due.push(day);
    }
    const there = await store.daysWithCost(at, basis, due.map(dayNumber));
    return due.filter((day) => !there.has(dayNumber(day)));
  }

  return {
    today,
    seen,
    standing,
    missing,
    register,
    facetter,

    sight: (viewer: Viewer) => sightOf(viewer, organisation),

    /**
     * Reads "fraud-detector last quarter": a thing and a time, either may be left out. Throws `Refused` for an unknown
     * thing (with the nearest known one), a time that is none, and what the viewer may not see.
     */
    async understand(words: string | undefined, viewer: Viewer): Promise<{ subject?: Subject; period: Period }> {
      const text = (words ?? '').trim();
      const found = findPeriod(text, today());
      const period = found?.period ?? readPeriod('this month', today());
      const rest = (found ? found.rest : text).replace(/^(of|for)\s+/i, '').trim();
      if (rest === '' || /^(all|everything|total|us)$/i.test(rest)) return { period };
      const subject = await subjectOf(rest);
      allowed(subject, viewer);
      return { subject, period };
    },

    async breakdown(question: Question, viewer: Viewer): Promise<Breakdown> {
      const { period, basis, by, subject } = question;
      const sight = subject ? sightOf(viewer, organisation) : overviewOf(viewer, organisation);
      const previous = before(period);
      const grain = grainOf(subject, by);
      const now = await seen(period, basis, sight, { subject, grain });
      const then = await seen(previous, basis, sight, { subject, grain });
      if (subject && !sight.all && now.length + then.length === 0) await refuseHidden(subject, period, basis);
      const reads = (await store.reads(db)).filter((read) => read.basis === basis);
      const known = reads.some(({ from_day }) => from_day !== null && from_day <= dayNumber(previous.from));
      const sumBy = (rows: Row[]) => {
        const sums = new Map<string, Decimal>();
        for (const { facets, currency, amount } of rows) {
          const key = `${facets[by]}\u0001${currency}`;
          sums.set(key, (sums.get(key) ?? ZERO).plus(amount));
        }
        return sums;
      };
      const [after, earlier] = [sumBy(now), sumBy(then)];
      const keys = [...new Set([...after.keys(), ...(known ? earlier.keys() : [])])];
      const lines = keys
        .map((key) => {
          const [name = NONE, currency = ''] = key.split('\u0001');
          return {
            name,
            currency,
            amount: after.get(key) ?? ZERO,
            before: known ? (earlier.get(key) ?? ZERO) : undefined,
          };
        })
        .sort((a, b) => b.amount.comparedTo(a.amount) || (a.name < b.name ? -1 : 1));
      const [total, prior] = [sumByCurrency(now), sumByCurrency(then)];
      const totals = Object.entries(total).map(([currency, amount]) => {
        const past = known ? (prior[currency] ?? ZERO) : undefined;
        return { currency, amount, before: past, changePercent: past && percentOf(amount.minus(past), past.abs()) };
      });
      const main = totals.reduce<(typeof totals)[number] | undefined>(
        (best, each) => (best?.amount.gte(each.amount) ? best : each),
        undefined,
      );
      const daily = await course({ period, basis, sight, subject, grain, now, currency: main?.currency });
      return {
        question,
        lines,
        totals,
        previous,
        daily,
        partial: !sight.all && !subject,
        ...(await standing(period, basis)),
      };
    },

    subjectOf,
    allowed,

    /** Daily totals of what is asked about, in one currency, in order and without gaps before the last day known. */
    async series(
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
    },
  };

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

  /** Nothing to see, because it is somebody else's: that is said, with whom to ask. */
  async function refuseHidden(subject: Subject, period: Period, basis: Basis): Promise<void> {
    const everything = { all: true, teams: new Set<string>(), departments: new Set<string>() };
    const [row] = await seen(period, basis, everything, { subject });
    if (row) throw notYours(subject.value, organisation, row.facets.department);
  }

  async function subjectOf(words: string): Promise<Subject> {
    const said = words
      .toLowerCase()
      .replace(/^["“”']|["“”']$/g, '')
      .trim();
    const known = await subjects();
    const exact = known.filter(({ names }) => names.includes(said));
    const [first] = exact.length > 0 ? exact : known.filter(({ value }) => value.toLowerCase().endsWith(`-${said}`));
    if (first) return { dimension: first.dimension, value: first.value };
    const near = nearest(
      said,
      known.flatMap(({ names }) => names),
    );
    throw new Refused(
      `I know no cost of “${words.slice(0, 60)}”.`,
      near
        ? `Did you mean ${near}?`
        : 'Name an endpoint, a model, a team, a department, a project or a workspace; say “cost by department” for all of them.',
      'unknown-subject',
    );
  }

  /** Everything that costs can be asked about, in the order in which an ambiguous word is read. */
  async function subjects(): Promise<{ dimension: Dimension; value: string; names: string[] }[]> {
    const entry = (dimension: Dimension, value: string, ...names: string[]) => ({
      dimension,
      value,
      names: [value, ...names].map((name) => name.toLowerCase()),
    });
    const facets = facetter(await register('group'));
    const all = await store.sums(db, 'actual', dayNumber(today().subtract({ days: 400 })), dayNumber(today()), 'group');
    const seenFacets = all.map(facets);
    const distinct = (dimension: Dimension) =>
      [...new Set(seenFacets.map((each) => each[dimension]))].filter((value) => value !== NONE);
    const resources = [...(await register('resource')).values()].map(
      ({ resource }) => resource.split('/').at(-1) ?? '',
    );
    return [
      ...organisation.departments.map(({ id, name }) => entry('department', id, name)),
      ...organisation.teams.map(({ id, name }) => entry('team', id, name)),
      ...organisation.endpoints.map(({ id }) => entry('endpoint', id)),
      ...organisation.endpoints.flatMap(({ models }) => models.map((model) => entry('model', model))),
      ...organisation.workspaces.map(({ id }) => entry('workspace', id)),
      ...(['department', 'endpoint', 'project', 'part', 'workspace', 'meter'] as const).flatMap((dimension) =>
        distinct(dimension).map((value) => entry(dimension, value)),
      ),
      ...[...new Set(resources)].filter((value) => value !== '').map((value) => entry('resource', value)),
      entry('resource', PURCHASES),
    ];
  }

  function allowed({ dimension, value }: Subject, viewer: Viewer): void {
    const sight = sightOf(viewer, organisation);
    if (sight.all) return;
    const department = dimension === 'department' ? organisation.departments.find(({ id }) => id === value) : undefined;
    if (dimension === 'department' && !sight.departments.has(value))
      throw notYours(department?.name ?? value, organisation, value);
    if (dimension === 'team' && !sight.teams.has(value)) {
      const name = organisation.teams.find(({ id }) => id === value)?.name ?? value;
      throw notYours(name, organisation, organisation.departments.find(({ teams }) => teams.includes(value))?.id);
    }
    const owners = organisation.endpoints
      .filter(({ id, models, workspace }) =>
        dimension === 'endpoint'
          ? id === value
          : dimension === 'workspace'
            ? workspace === value
            : dimension === 'model' && models.includes(value),
      )
      .map(({ owner }) => owner);
    if (owners.length > 0 && !owners.some((owner) => sight.teams.has(owner))) {
      throw notYours(
        value,
        organisation,
        organisation.departments.find(({ teams }) => owners.some((owner) => teams.includes(owner)))?.id,
      );
    }
  }
}

const gaps = (days: readonly Temporal.PlainDate[]): string[] =>
  days.length === 0
    ? []
    : [`Azure has no costs for ${stretches(days).join(', ')}: the totals are too low by those days.`];

export type Answers = ReturnType<typeof answers>;
