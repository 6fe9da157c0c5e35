import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Budget } from '../core/organisation.ts';
import { nearest } from '../core/similar.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Answers, Subject } from './answers.ts';
import { type BudgetPeriod, type Grain, periodOf, wouldBreak } from './budgets.rules.ts';
import type { CostDeps } from './deps.ts';
import { chooseForecast, type Method, nextOf } from './forecast.rules.ts';
import { type Amount, type Decimal, decimal, percentOf, sumOf, ZERO } from './money.rules.ts';

import { type Sight, sees } from './visibility.rules.ts';

const GRAINS: Readonly<Record<Budget['every'], Grain>> = {
  week: 'weekly',
  month: 'monthly',
  quarter: 'quarterly',
  year: 'annually',
};
/** Enough to know the weekdays, and cheap: it runs for every budget after every read. */
const METHODS: readonly Method[] = ['seasonal naive', 'weekday mean', 'exponential smoothing'];
const HISTORY_DAYS = 126;

export interface BudgetStanding {
  budget: Budget;
  period: BudgetPeriod;
  /** The amount of wardroom.yaml, or what it was raised to. */
  amount: Decimal;
  raisedBy: string | undefined;
  currency: string;
  actual: Decimal;
  /** At the end of the period, with the low and high of four in five. */
  forecast: { value: Decimal; low: Decimal; high: Decimal } | undefined;
  percent: Decimal;
  forecastPercent: Decimal | undefined;
  /** Costs in other currencies than the budget's: named, never added. */
  otherCurrencies: readonly string[];
  /** Running total by day, for the picture. */
  running: { day: string; amount: number }[];
  team: string | undefined;
  asOf: Temporal.Instant | undefined;
  warnings: readonly string[];
}

export interface BudgetCheck {
  ok: boolean;
  /** A second person has to agree before it starts. */
  needsSecondPerson: boolean;
  budget: string | undefined;
  /** In words, with the arithmetic. */
  reason: string;
  percentAfter: Decimal | undefined;
}

/** How budgets stand, and whether something may still be started under them. */
export function budgetStandings(deps: CostDeps, answers: Answers) {
  const { db, clock, organisation } = deps;

  const subjectOf = (budget: Budget): Subject => {
    if (budget.team) return { dimension: 'team', value: budget.team };
    return budget.department
      ? { dimension: 'department', value: budget.department }
      : { dimension: 'project', value: budget.project ?? '' };
  };
  const teamOf = (budget: Budget): string | undefined =>
    budget.team ?? organisation.departments.find(({ id }) => id === budget.department)?.teams[0];

  /** `at`: a transaction that asks; everything is in the store. */
  async function standing(budget: Budget, at: Db | Tx = db): Promise<BudgetStanding> {
    const today = answers.today();
    const period = periodOf(GRAINS[budget.every], clock.now());
    const from = period.start.toZonedDateTimeISO('UTC').toPlainDate();
    const end = period.end.toZonedDateTimeISO('UTC').toPlainDate();
    const all = { all: true, teams: new Set<string>(), departments: new Set<string>() } satisfies Sight;
    const history = { from: earlier(from, today.subtract({ days: HISTORY_DAYS })), to: today };
    const subject = subjectOf(budget);
    const series = await answers.series(subject, all, history, { at });
    const now = await answers.seen({ from, to: today }, 'actual', all, { subject, at });
    const currency = organisation.cost.currency;
    const actual = sumOf(now.filter((row) => row.currency === currency).map(({ amount }) => amount));
    const raise = await at
      .selectFrom('cost_raises')
      .selectAll()
      .where('budget', '=', budget.id)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    const amount = decimal(raise?.amount ?? budget.amount);
    const daily: number[] = [];
    const running: { day: string; amount: number }[] = [];
    let total = ZERO;
    for (let day = history.from; Temporal.PlainDate.compare(day, today) < 0; day = day.add({ days: 1 })) {
      const spent = series.byDay.get(day.toString()) ?? ZERO;
      if (daily.length > 0 || !spent.isZero())
        daily.push(nextOf(daily, series.byDay.get(day.toString())?.toNumber(), series.known.has(day.toString())));
      if (Temporal.PlainDate.compare(day, from) < 0) continue;
      total = total.plus(spent);
      running.push({ day: day.toString(), amount: total.toNumber() });
    }
    const left = today.until(end).days;
    // What today has cost so far is part of its forecast, so the forecast begins with today.
    const spentToday = series.byDay.get(today.toString()) ?? ZERO;
    const forecast = daily.length > 0 ? forecastOf(daily, left, actual.minus(spentToday)) : undefined;
    return {
      budget,
      period,
      amount,
      raisedBy: raise?.approved_by,
      currency,
      actual,
      forecast,
      percent: percentOf(actual, amount) ?? ZERO,
      forecastPercent: forecast && percentOf(forecast.value, amount),
      otherCurrencies: [...new Set(now.map((row) => row.currency))].filter((each) => each !== currency),
      running,
      team: teamOf(budget),
      ...(await answers.standing({ from, to: today }, 'actual', at)),
    };
  }

  return {
    subjectOf,
    teamOf,
    standing,

    /** By its id, its name, or what it is for. Throws `Refused` with the nearest known one. */
    find(words: string): Budget {
      const said = words.trim().toLowerCase();
      const names = (budget: Budget) =>
        [budget.id, budget.name, budget.team, budget.department, budget.project]
          .filter((each) => each !== undefined)
          .map((each) => each.toLowerCase());
      const found = organisation.budgets.find((budget) => names(budget).includes(said));
      if (found) return found;
      const near = nearest(said, organisation.budgets.flatMap(names));
      throw new Refused(
        `There is no budget “${words.slice(0, 60)}”.`,
        near
          ? `Did you mean ${near}?`
          : organisation.budgets.length > 0
            ? `There are ${organisation.budgets.map(({ id }) => id).join(', ')}.`
            : 'Budgets are listed in wardroom.yaml.',
        'unknown-budget',
      );
    },

    /** Whether this person may see a budget's numbers. */
    visible: (budget: Budget, sight: Sight): boolean =>
      sees(sight, { team: teamOf(budget) ?? '', department: budget.department ?? '' }),

    /**
     * Asked before a training job, a deployment or a change that costs more is started: `monthly` is what it adds in a
     * month (or `once`, what it costs altogether). When it would break an enforced budget of the team (or project), a
     * second person has to agree. Without a budget, or without numbers, nothing stands in the way, and the reason says so.
     */
    async check(
      of: { team?: string; project?: string; department?: string; once?: Amount; monthly?: Amount },
      at: Db | Tx = db,
    ): Promise<BudgetCheck> {
      const concerned = organisation.budgets.filter(
        (budget) =>
          (budget.team !== undefined && budget.team === of.team) ||
          (budget.project !== undefined && budget.project.toLowerCase() === of.project?.toLowerCase()) ||
          (budget.department !== undefined && (budget.department === of.department || teamOf(budget) === of.team)),
      );
      let worst: BudgetCheck | undefined;
      for (const budget of concerned) {
        const now = await standing(budget, at);
        const end = now.period.end.epochMilliseconds;
        const daysLeft = Math.max(0, (end - clock.ms()) / 86_400_000);
        const addition = decimal(of.once ?? 0).plus(
          decimal(of.monthly ?? 0)
            .times(daysLeft)
            .div('30.4166666667'),
        );
        const verdict = wouldBreak({ amount: now.amount, actual: now.actual, forecast: now.forecast?.value }, addition);
        const check: BudgetCheck = {
          ok: verdict.ok,
          needsSecondPerson: !verdict.ok && budget.enforce,
          budget: budget.id,
          reason: `${budget.name}: ${verdict.reason} ${now.currency}${verdict.ok ? '' : ', over the budget'}`,
          percentAfter: verdict.percentAfter,
        };
        if (!worst || rank(check) > rank(worst)) worst = check;
      }
      return (
        worst ?? {
          ok: true,
          needsSecondPerson: false,
          budget: undefined,
          reason: 'No budget covers this.',
          percentAfter: undefined,
        }
      );
    },
  };
}

const rank = ({ needsSecondPerson, ok, percentAfter }: BudgetCheck): number =>
  (needsSecondPerson ? 1e9 : 0) + (ok ? 0 : 1e6) + (percentAfter?.toNumber() ?? 0);
const earlier = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (Temporal.PlainDate.compare(a, b) < 0 ? a : b);

function forecastOf(daily: readonly number[], left: number, spent: Decimal) {
  const ahead = chooseForecast(daily, Math.max(1, left), {
    methods: METHODS,
    horizon: Math.max(7, Math.min(28, left)),
  });
  const rest = ahead.total(left);
  const at = (value: number) => spent.plus(decimal(Math.max(0, value).toFixed(4)));
  return { value: at(rest.value), low: at(rest.low), high: at(rest.high) };
}
