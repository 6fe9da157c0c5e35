import { Temporal } from 'temporal-polyfill';
import type { Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import type { Answers } from './answers.ts';
import type { budgetStandings } from './budget-standing.ts';
import type { CostDeps } from './deps.ts';
import { type Decimal, percentOf, ZERO } from './money.rules.ts';
import { dayNumber } from './period.rules.ts';
import { channelOf, DIGEST } from './queues.ts';

const HOUR = 9;
/** Below this a line is no news. */
const NEWS_PERCENT = 10;
const NEWS_AMOUNT = 10;

export interface Digest {
  team: string;
  period: { from: Temporal.PlainDate; to: Temporal.PlainDate };
  currency: string;
  total: Decimal;
  before: Decimal;
  changePercent: Decimal | undefined;
  /** Only what changed, the largest first. */
  changes: { name: string; part: string; before: Decimal; after: Decimal }[];
  anomalies: string[];
  budgets: string[];
}

/** Each team hears on Monday morning what changed in the week before, until it says that it does not want to. */
export function digests(deps: CostDeps, answers: Answers, budgets: ReturnType<typeof budgetStandings>) {
  const { db, clock, jobs, outbox, organisation, store } = deps;

  const nextMonday = (): Temporal.Instant => {
    const now = clock.now().toZonedDateTimeISO(organisation.zone);
    const monday = now.toPlainDate().add({ days: (8 - now.dayOfWeek) % 7 });
    const at = monday.toZonedDateTime({ timeZone: organisation.zone, plainTime: { hour: HOUR } });
    return (
      Temporal.ZonedDateTime.compare(at, now) > 0
        ? at
        : monday.add({ days: 7 }).toZonedDateTime({ timeZone: organisation.zone, plainTime: { hour: HOUR } })
    ).toInstant();
  };
  const stopped = async (team: string): Promise<boolean> =>
    (await db.selectFrom('cost_digests').select('stopped_at').where('team', '=', team).executeTakeFirst())
      ?.stopped_at != null;

  jobs.handleOutside(DIGEST, 120, async () => {
    const monday = answers.today();
    const news: string[] = [];
    for (const { id } of organisation.teams) {
      if (await stopped(id)) continue;
      const digest = await of(id);
      if (digest.changes.length + digest.anomalies.length > 0) news.push(id);
    }
    return async (tx) => {
      for (const team of news) {
        await outbox.say(tx, {
          key: `cost-digest:${team}:${monday}`,
          kind: 'cost.digest',
          ids: { team },
          conversation: channelOf(organisation, team),
          priority: 7,
        });
      }
      await jobs.enqueue(tx, DIGEST, {}, { at: nextMonday() });
    };
  });

  async function of(team: string): Promise<Digest> {
    const today = answers.today();
    const monday = today.subtract({ days: today.dayOfWeek - 1 });
    const period = { from: monday.subtract({ days: 7 }), to: monday.subtract({ days: 1 }) };
    const earlier = { from: monday.subtract({ days: 14 }), to: monday.subtract({ days: 8 }) };
    const sight = {
      all: false,
      teams: new Set([team]),
      departments: new Set(organisation.departments.filter(({ teams }) => teams.includes(team)).map(({ id }) => id)),
    };
    const currency = organisation.cost.currency;
    const read = async (time: typeof period) =>
      (await answers.seen(time, 'actual', sight)).filter((row) => row.currency === currency);
    const [now, then] = [await read(period), await read(earlier)];
    const sum = (rows: typeof now) => rows.reduce((total, { amount }) => total.plus(amount), ZERO);
    const by = (rows: typeof now) => {
      const sums = new Map<string, Decimal>();
      for (const { facets, amount } of rows) {
        const key = `${facets.resource}\u0001${facets.part}`;
        sums.set(key, (sums.get(key) ?? ZERO).plus(amount));
      }
      return sums;
    };
    const [after, before] = [by(now), by(then)];
    const changes = [...new Set([...after.keys(), ...before.keys()])]
      .map((key) => {
        const [name = '', part = ''] = key.split('\u0001');
        return { name, part, before: before.get(key) ?? ZERO, after: after.get(key) ?? ZERO };
      })
      .filter((each) => {
        const delta = each.after.minus(each.before).abs();
        return (
          delta.gte(NEWS_AMOUNT) &&
          (each.before.isZero() || delta.times(100).gte(each.before.abs().times(NEWS_PERCENT)))
        );
      })
      .sort((a, b) => b.after.minus(b.before).abs().comparedTo(a.after.minus(a.before).abs()));
    const found = await db
      .selectFrom('cost_anomalies')
      .select(['id', 'key'])
      .where('team', '=', team)
      .where('day', '>=', dayNumber(period.from))
      .where('state', '!=', 'muted')
      .execute();
    const [total, past] = [sum(now), sum(then)];
    const lines: string[] = [];
    for (const budget of organisation.budgets.filter((each) => budgets.teamOf(each) === team)) {
      const standing = await budgets.standing(budget);
      lines.push(
        `${budget.name}: ${standing.percent.toFixed(0)} % used, ${standing.forecastPercent?.toFixed(0) ?? 'unknown'} % expected`,
      );
    }
    return {
      team,
      period,
      currency,
      total,
      before: past,
      changePercent: percentOf(total.minus(past), past),
      changes,
      anomalies: found.map(({ id, key }) => `${id} ${key.split(':')[1] ?? key}`),
      budgets: lines,
    };
  }

  return {
    of,
    stopped,
    async begin(): Promise<void> {
      if (!organisation.cost.digest || organisation.workspaces.length === 0 || (await jobs.waiting(DIGEST))) return;
      await inTransaction(store.db, (tx) => jobs.enqueue(tx, DIGEST, {}, { at: nextMonday() }));
    },
    async set(tx: Tx, team: string, by: string, wanted: boolean): Promise<void> {
      const values = { stopped_by: wanted ? null : by, stopped_at: wanted ? null : clock.now().toString() };
      await tx
        .insertInto('cost_digests')
        .values({ team, ...values })
        .onConflict((conflict) => conflict.column('team').doUpdateSet(values))
        .execute();
    },
  };
}
