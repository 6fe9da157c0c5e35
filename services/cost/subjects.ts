import type { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Organisation } from '../core/organisation.ts';
import { nearest } from '../core/similar.ts';
import type { Db } from '../store/store.ts';
import { type Asked, dimensionOf, readAsked } from './asked.rules.ts';
import { type Dimension, NONE, PURCHASES } from './facets.rules.ts';
import * as store from './ledger.store.ts';
import { before, dayNumber, findPeriod, type Period, readPeriod } from './period.rules.ts';
import type { Subject, sums } from './sums.ts';
import { notYours, sightOf, type Viewer } from './visibility.rules.ts';

const VERSUS = /\s+(?:vs\.?|versus|compared (?:to|with)|against|with)\s+/i;
const CURRENCY = /\s*\bin (?:us )?(dollars?|usd|euros?|eur|pounds?|gbp|francs?|chf|yen|jpy|rupees?|inr)\b/i;
const CODES: Readonly<Record<string, string>> = {
  dollar: 'USD',
  euro: 'EUR',
  pound: 'GBP',
  franc: 'CHF',
  yen: 'JPY',
  rupee: 'INR',
};

/** What somebody asks about: a thing that costs, a time, and by what it is to be split. */
export function subjectBook(
  { db, organisation }: { db: Db; organisation: Organisation },
  today: () => Temporal.PlainDate,
  { register, facetter }: Pick<ReturnType<typeof sums>, 'register' | 'facetter'>,
) {
  /**
   * Reads "fraud-detector last quarter by endpoint": a thing, a time (`timed`; else this month) and a split. Throws `Refused`
   * for an unknown thing (with the nearest known one), a time that is none, and what the viewer may not see.
   */
  async function understand(
    words: string | undefined,
    viewer: Viewer,
  ): Promise<{ subject?: Subject; period: Period; timed?: true; by?: Dimension }> {
    const [one = '', other] = billedIn(words ?? '').split(VERSUS);
    const { text, by, timeless } = readAsked(one);
    const found = findPeriod(text, today());
    const period = found?.period ?? readPeriod(timeless ?? 'this month', today());
    if (other !== undefined) comparable(period, other);
    const raw = found ? found.rest : text;
    const { text: rest, kind } = readAsked(raw);
    // "cost endpoints": the split alone.
    const split = by ?? dimensionOf(rest);
    const asked = { period, ...(found ? { timed: true as const } : {}), ...(split ? { by: split } : {}) };
    if (rest === '' || (split && !by)) return asked;
    const subject = await subjectOf(rest, { raw, ...(kind ? { kind } : {}) });
    allowed(subject, viewer);
    return { ...asked, subject };
  }

  /** Azure bills in one currency, and costs are told in it: the same one may be named, another one is not converted to. */
  function billedIn(words: string): string {
    const [whole = '', named = ''] = CURRENCY.exec(words) ?? [];
    const { currency } = organisation.cost;
    if (whole === '' || (CODES[named.toLowerCase().replace(/s$/, '')] ?? named.toUpperCase()) === currency)
      return words.replace(whole, '');
    throw new Refused(
      `Costs are told in the currency that Azure bills, ${currency}; I convert none, because a rate of today would change what was spent.`,
      'Ask without the currency.',
      'other-currency',
    );
  }

  /** A time is compared with the one before it, which every answer does; two things are seen side by side in a split. */
  function comparable(period: Period, other: string): void {
    const text = readAsked(other).text;
    const then = findPeriod(text, today());
    if (then && then.rest === '') {
      const previous = before(period);
      if (previous.from.equals(then.period.from)) return;
      throw new Refused(
        `I compare a time with the one before it, and before ${period.words} is ${previous.words}.`,
        `Ask for ${then.period.words} by itself too.`,
        'no-comparison',
      );
    }
    throw new Refused(
      'I answer for one thing at a time.',
      'Say “cost by team”, “cost by endpoint” or “cost by department” to see them side by side.',
      'no-comparison',
    );
  }

  async function subjectOf(words: string, more: { raw?: string; kind?: Asked['kind'] } = {}): Promise<Subject> {
    const [said = '', asTyped] = [words, more.raw].map((text) =>
      text
        ?.toLowerCase()
        .replace(/^["“”']|["“”']$/g, '')
        .trim(),
    );
    const known = await subjects();
    const called = (name: string | undefined, among = known) =>
      among.find(({ names }) => name !== undefined && names.includes(name)) ??
      among.find(({ value }) => name !== undefined && value.toLowerCase().endsWith(`-${name}`));
    const ofKind = more.kind && known.filter(({ dimension }) => dimension === more.kind?.dimension);
    const first = called(asTyped) ?? called(said) ?? (ofKind && called(more.kind?.text.toLowerCase(), ofKind));
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
  return { understand, subjectOf, allowed };
}
