import type { Temporal } from 'temporal-polyfill';
import { messageOf } from '../core/errors.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Tx } from '../store/store.ts';
import { attribute, classifyCourse, findAnomalies, onOneWeekday, type Series } from './anomalies.rules.ts';
import type { Answers } from './answers.ts';
import { causeOf, causeWords } from './causes.rules.ts';
import type { CostDeps } from './deps.ts';
import type { Dimension, Facets } from './facets.rules.ts';
import { NONE } from './facets.rules.ts';
import * as store from './ledger.store.ts';
import { type Decimal, decimal, ZERO } from './money.rules.ts';
import { dayNumber } from './period.rules.ts';
import { channelOf } from './queues.ts';
import type { Cause } from './source.ts';

/** Each of them is judged by itself, so that a saving in one never hides a rise in another. */
const WATCHED: readonly Dimension[] = ['workspace', 'endpoint', 'team', 'project', 'meter', 'resource'];
const HISTORY_DAYS = 63;
const MOST_A_DAY = 20;
const CAUSES_DAYS = 2;
const causesFrom = (day: Temporal.PlainDate): Temporal.Instant =>
  day.subtract({ days: CAUSES_DAYS }).toZonedDateTime('UTC').toInstant();

interface Found {
  key: string;
  dimension: Dimension;
  value: string;
  currency: string;
  facets: Facets;
  days: (number | undefined)[];
}

/**
 * Looks at yesterday, the last day that is over: every workspace, endpoint, team, project, meter and resource against the
 * same weekday of the eight weeks before. A step that was told is not told again: its new level is compared with itself.
 */
export function anomalyRound(deps: CostDeps, answers: Answers) {
  const { db, clock, outbox, audit, organisation, source } = deps;
  const { floor, percent } = organisation.cost.anomalies;

  return async (): Promise<(tx: Tx) => Promise<void>> => {
    const last = answers.today().subtract({ days: 1 });
    const first = last.subtract({ days: HISTORY_DAYS });
    const found = await gather(first, last);
    const series = found.map(({ key, days }): Series => ({ key, days, firstWeekday: (first.dayOfWeek + 6) % 7 }));
    const findings = findAnomalies(series, { absoluteFloor: floor, relativeFloor: percent / 350 });
    // The narrowest thing that explains it comes first; the wider ones that only repeat it are left out.
    const byKey = new Map(found.map((each) => [each.key, each]));
    const candidates = findings
      .flatMap((finding) => {
        const about = byKey.get(finding.key);
        return about ? [{ ...finding, about, delta: finding.value - finding.expected }] : [];
      })
      .sort((a, b) => rankOf(a.about) - rankOf(b.about) || Math.abs(b.delta) - Math.abs(a.delta));
    const kept: Candidate[] = [];
    for (const each of candidates) if (!kept.some((other) => repeats(each, other))) kept.push(each);
    const done = doneIn(last);
    const told: Told[] = [];
    for (const each of kept.slice(0, MOST_A_DAY)) {
      const drivers = await driversOf(each.about, last);
      told.push({ each, drivers, did: await doneBehind(each, drivers, last, done) });
    }
    return async (tx) => {
      for (const each of told) await tell(tx, each, last);
    };
  };

  async function gather(first: Temporal.PlainDate, last: Temporal.PlainDate): Promise<Found[]> {
    const facets = answers.facetter(await answers.register('resource'));
    const rows = await store.days(db, 'actual', dayNumber(first), dayNumber(last));
    const length = first.until(last).days + 1;
    const present = new Set(rows.map(({ day }) => day));
    const sums = new Map<string, Found & { exact: Map<number, Decimal> }>();
    for (const row of rows) {
      // What was bought or given back on one day is no usage out of the ordinary.
      if (row.charge !== 'Usage') continue;
      const about = facets(row);
      for (const dimension of WATCHED) {
        const value = about[dimension];
        if (value === NONE) continue;
        const key = `${dimension}:${value}|${row.currency}`;
        const known = sums.get(key) ?? {
          key,
          dimension,
          value,
          currency: row.currency,
          facets: about,
          days: [],
          exact: new Map(),
        };
        const amount = decimal(row.amount);
        known.exact.set(row.day, (known.exact.get(row.day) ?? ZERO).plus(amount));
        sums.set(key, known);
      }
    }
    return [...sums.values()].map(({ exact, ...found }) => ({
      ...found,
      days: Array.from({ length }, (_, index) => {
        const day = dayNumber(first.add({ days: index }));
        // A day without any cost at all is missing, not free.
        return present.has(day) ? (exact.get(day) ?? ZERO).toNumber() : undefined;
      }),
    }));
  }

  async function tell(tx: Tx, { each: finding, drivers, did }: Told, day: Temporal.PlainDate): Promise<void> {
    const { about } = finding;
    const key = `${about.dimension}:${about.value}`;
    const mute = await tx.selectFrom('cost_mutes').selectAll().where('key', '=', key).executeTakeFirst();
    const muted = mute !== undefined && Date.parse(mute.until) > clock.ms();
    const recent = await tx
      .selectFrom('cost_anomalies')
      .select(['day', 'value'])
      .where('key', '=', key)
      .where('day', '>=', dayNumber(day.subtract({ days: 14 })))
      .orderBy('day', 'desc')
      .limit(1)
      .executeTakeFirst();
    // The same step again: it was told, and its level has not moved away since.
    if (
      recent &&
      Math.abs(finding.value - Number(recent.value)) <= Math.max(floor, Math.abs(Number(recent.value)) * 0.2)
    )
      return;
    const planned = await plannedFor(tx, about, day);
    const id = await nextNumber(tx, 'ANO');
    const team = about.facets.team === NONE ? undefined : about.facets.team;
    const channel = channelOf(
      organisation,
      about.dimension === 'meter' || about.dimension === 'project' ? undefined : team,
    );
    const course = classifyCourse(finding.expected, onOneWeekday(about.days), {
      thresholdPercent: percent,
      absoluteFloor: floor,
    }).class;
    const cause = planned ?? did;
    const state = muted ? 'muted' : planned ? 'planned' : 'open';
    await tx
      .insertInto('cost_anomalies')
      .values({
        id,
        key,
        day: dayNumber(day),
        value: String(finding.value),
        expected: String(finding.expected),
        currency: about.currency,
        kind: finding.kind,
        course,
        team: team ?? null,
        channel,
        drivers: JSON.stringify(drivers),
        cause: cause ? JSON.stringify(cause) : null,
        state,
        found_at: clock.now().toString(),
        reason: muted ? (mute?.reason ?? null) : null,
      })
      .onConflict((conflict) => conflict.columns(['key', 'day']).doNothing())
      .execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'cost.anomaly.found',
      objects: [id, key],
      why: `${finding.value.toFixed(2)} ${about.currency} on ${day}, usually ${finding.expected.toFixed(2)}`,
      detail: { kind: finding.kind, course, muted, drivers },
    });
    // What vanished is first taken for missing data, and waits for somebody to look.
    if (muted || finding.kind === 'removed_cost') return;
    await outbox.show(tx, { card: `anomaly:${id}`, kind: 'cost.anomaly', ids: { anomaly: id }, conversation: channel });
  }

  /** Which resources and meters made the difference to a week before. */
  async function driversOf(about: Found, day: Temporal.PlainDate): Promise<{ name: string; delta: string }[]> {
    const facets = answers.facetter(await answers.register('resource'));
    const at = async (when: Temporal.PlainDate) => {
      const parts: Record<string, number> = {};
      for (const row of await store.days(db, 'actual', dayNumber(when), dayNumber(when))) {
        const each = facets(row);
        if (each[about.dimension] !== about.value || row.currency !== about.currency || row.charge !== 'Usage')
          continue;
        const name = `${each.resource}, ${each.meter}`;
        parts[name] = (parts[name] ?? 0) + Number(row.amount);
      }
      return parts;
    };
    const { drivers } = attribute(await at(day.subtract({ days: 7 })), await at(day));
    return [...drivers]
      .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta))
      .slice(0, 4)
      .map(({ name, delta }) => ({ name, delta: delta.toFixed(2) }));
  }

  /** What was done in a workspace in the days before, the latest first; Azure is asked once for each. */
  function doneIn(day: Temporal.PlainDate): (workspace: string) => Promise<Cause[]> {
    const since = causesFrom(day);
    const until = day.add({ days: 1 }).toZonedDateTime('UTC').epochMilliseconds;
    const asked = new Map<string, Promise<Cause[]>>();
    const ask = async (workspace: string): Promise<Cause[]> =>
      (await source.causes(workspace, since))
        .filter(({ at }) => at.epochMilliseconds < until)
        .sort((a, b) => b.at.epochMilliseconds - a.at.epochMilliseconds);
    return (workspace) => {
      const known = asked.get(workspace) ?? ask(workspace);
      asked.set(workspace, known);
      return known;
    };
  }

  /** What somebody did in Azure to what drives it: a cluster that was made, a sweep, a deployment. */
  async function doneBehind(
    { about, expected }: Candidate,
    drivers: Told['drivers'],
    day: Temporal.PlainDate,
    done: ReturnType<typeof doneIn>,
  ): Promise<Told['did']> {
    const { workspace } = about.facets;
    if (workspace === NONE) return undefined;
    try {
      const then = await done(workspace);
      const name = drivers[0]?.name.split(', ')[0] ?? about.value;
      const cause = causeOf({ name: name.toLowerCase(), before: Math.round(expected) }, then);
      return cause && { what: causeWords(cause), at: cause.at.toString() };
    } catch (error) {
      // A cost is told although Azure does not say who did what.
      return { what: `not known: ${messageOf(error)}`, at: causesFrom(day).toString() };
    }
  }

  /** A change that Wardroom made itself to the endpoint, the day before or on the day. */
  async function plannedFor(tx: Tx, about: Found, day: Temporal.PlainDate) {
    if (about.facets.endpoint === NONE) return undefined;
    const since = day.subtract({ days: 1 }).toZonedDateTime('UTC').toInstant().toString();
    const row = await tx
      .selectFrom('changes')
      .select(['id', 'plan', 'created_at'])
      .where('endpoint', '=', about.facets.endpoint)
      .where('created_at', '>=', since)
      .orderBy('created_at')
      .limit(1)
      .executeTakeFirst();
    return row && { what: `${row.id}: ${(row.plan as { what?: string }).what ?? 'a change'}`, at: row.created_at };
  }
}

const ORDER: readonly Dimension[] = ['endpoint', 'resource', 'project', 'team', 'workspace', 'meter'];
const rankOf = (about: Found | undefined): number => ORDER.indexOf(about?.dimension ?? 'meter');

interface Told {
  each: Candidate;
  drivers: { name: string; delta: string }[];
  did: { what: string; at: string } | undefined;
}

type Candidate = ReturnType<typeof findAnomalies>[number] & { about: Found; delta: number };

/** A team, workspace or meter that moves because one of its resources moved, which is told already. */
function repeats(wide: Candidate, narrow: Candidate): boolean {
  if (Math.sign(wide.delta) !== Math.sign(narrow.delta)) return false;
  const { dimension, value } = wide.about;
  if (narrow.about.facets[dimension] !== value) return false;
  return Math.abs(narrow.delta) >= 0.5 * Math.abs(wide.delta);
}
