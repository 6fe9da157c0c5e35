import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import * as cost from '../../../services/cost/index.ts';

/** Numbers from the FOCUS specification, the FinOps toolkit, Infracost, OpenCost and Kubecost: see each case's `source`. */
const golden = JSON.parse(readFileSync(new URL('../../data/golden-cost.json', import.meta.url), 'utf8'));
const find = (family: string, id: string) => golden[family].find((each: { id: string }) => each.id === id);
const cents = (amount: { toFixed(places: number): string } | undefined) => amount?.toFixed(2);
const percent = (amount: { toNumber(): number } | undefined, expected: number) =>
  expect(Math.abs((amount?.toNumber() ?? Number.NaN) - expected)).toBeLessThan(1e-4);

describe('focus', () => {
  it('a purchase, half of it paid at once', () => {
    const { given, then } = find('focus', 'focus-purchase-partial');
    const found = cost.commitmentPurchase({
      perHour: given['commit_per_hour'],
      termDays: given['term_days'],
      upfront: given['option'],
    });
    expect([found.oneTime, found.recurringMonth, found.recurringHour].map(cents)).toEqual([
      then['one_time'],
      then['recurring_month'],
      then['recurring_hour'],
    ]);
  });
  it('a commitment used to three quarters', () => {
    const { given, then } = find('focus', 'focus-usage-75');
    const found = cost.commitmentUse(given['commit'], given['eligible_usage']);
    expect([found.used, found.unused, found.onDemand, found.effectiveTotal].map(cents)).toEqual([
      then['used'],
      then['unused'],
      then['on_demand'],
      then['effective_total'],
    ]);
    percent(found.utilisationPercent, then['utilisation_pct']);
    percent(found.wastagePercent, then['wastage_pct']);
  });
  it('a flexible commitment covers smaller machines', () => {
    const { then } = find('focus', 'focus-flex-medium+small-on-large');
    const found = cost.flexibleUse({ factor: 3, cost: '1.50' }, [
      { name: 'VM_MEDIUM', factor: 2 },
      { name: 'VM_SMALL', factor: 1 },
    ]);
    expect(found.coveredFactor.toNumber()).toBe(then['covered_factor']);
    expect(
      [found.unusedEffective, ...found.lines.map(({ effective }) => effective), found.totalEffective].map(cents),
    ).toEqual([then['unused_effective'], then['effective_medium'], then['effective_small'], then['total_effective']]);
  });
  it('what was billed and what is effective are the same money', () => {
    const { given, then } = find('focus', 'focus-invariant-violated');
    const rows = (given['rows'] as string[][]).map(([category, BilledCost, EffectiveCost]) => ({
      ChargeCategory: category ?? '',
      BilledCost,
      EffectiveCost,
    }));
    const found = cost.commitmentInvariant(rows);
    expect({ valid: found.valid, missing: cents(found.missingEffective) }).toEqual({
      valid: then['valid'],
      missing: then['missing_effective'],
    });
    const bought = { ChargeCategory: 'Purchase', BilledCost: '8.00', EffectiveCost: '8.00' };
    expect(cost.chargeProblems(bought)).toEqual([
      { column: 'EffectiveCost', why: expect.stringContaining('must be 0') },
    ]);
    expect(cost.chargeProblems({ ChargeCategory: 'Usage', BilledCost: null })).toHaveLength(1);
  });
  it('the savings summary keeps the unused commitment', () => {
    const { given, then } = find('focus', 'savings-summary');
    const rows = (given['rows_category_commit_list_contracted_effective'] as (string | number)[][]).map(
      ([category, type, ListCost, ContractedCost, EffectiveCost]) => ({
        ChargeCategory: String(category),
        CommitmentDiscountType: type as string | null,
        ListCost,
        ContractedCost,
        EffectiveCost,
      }),
    );
    const found = cost.savingsSummary(rows);
    expect({
      list: found.list.toNumber(),
      effective: found.effective.toNumber(),
      negotiated_savings: found.negotiatedSavings.toNumber(),
      commitment_savings: found.commitmentSavings.toNumber(),
      net_total_savings: found.netTotalSavings.toNumber(),
    }).toEqual(Object.fromEntries(Object.entries(then).filter(([key]) => !/pct|wrong/.test(key))));
    percent(found.effectiveSavingsRatePercent, then['esr_pct']);
  });
  it('the marks of a commitment', () => {
    const { given, then } = find('focus', 'kpi-commitment');
    const found = cost.commitmentKpis({
      committedHours: given['committed_hours'],
      usedHours: given['used_hours'],
      eligibleCost: given['eligible_cost'],
      coveredCost: given['covered_cost'],
      commitmentCost: given['commitment_cost'],
    });
    percent(found.utilisationPercent, then['utilisation_pct']);
    percent(found.wastagePercent, then['wastage_pct']);
    percent(found.coveragePercent, then['coverage_pct']);
    expect(cents(found.wastedCost)).toBe(then['wasted_cost']);
    expect(found.flags).toEqual(then['flags']);
  });
  it.each(['cv-stable', 'cv-volatile'])('%s', (id) => {
    const { given, then } = find('focus', id);
    const found = cost.steadiness(given['hourly']);
    expect(found.class).toBe(then['class']);
    expect([found.mean, found.sd, found.cv].map((x) => x.toFixed(4))).toEqual(
      [then['mean'], then['sd_population'], then['cv']].map((x: number) => x.toFixed(4)),
    );
  });
  it('a management group buys seventy percent', () => {
    const { given, then } = find('focus', 'mg-70-percent-rule');
    const found = cost.commitmentToBuy(given['recommended_hourly']);
    expect({ sum: cents(found.sum), buy: cents(found.buy) }).toEqual(then);
  });
});

describe('optimisation', () => {
  it('when a reservation pays', () => {
    const { given, then } = find('optimisation', 'ri-break-even');
    const found = cost.reservationBreakEven(given['payg_hour'], given['ri_hour']);
    percent(found.savingPercent, then['saving_pct']);
    percent(found.utilisationPercent, then['break_even_utilisation_pct']);
    percent(found.hoursAMonth, then['break_even_hours_per_month_730']);
  });
  it('fragmentation', () => {
    const { given, then } = find('optimisation', 'ri-fragmentation');
    expect((given['avg_hours_per_day'] as number[]).map(cost.fragmentation)).toEqual(then['fragmentation']);
  });
  it('spot with rework', () => {
    const { given, then } = find('optimisation', 'lowpri-saving');
    const found = cost.spotPlan({
      dedicatedHour: given['dedicated_hour'],
      lowPriorityHour: given['low_priority_hour'],
      workHours: given['work_hours'],
      preemptions: given['preemptions'],
      lostHoursEach: given['lost_hours_each'],
      checkpointOverheadPercent: given['checkpoint_overhead_pct'],
    });
    expect([cents(found.dedicated), cents(found.lowPriority)]).toEqual([then['dedicated'], then['low_priority']]);
    percent(found.effectiveHours, then['effective_hours']);
    percent(found.savingPercent, then['saving_pct']);
    expect(cost.maxReworkFactor('0.90', '0.18').toNumber()).toBe(5);
  });
  it('idle shutdown, load balancers, failed deployments, lifetimes, cores', () => {
    const bounds = find('optimisation', 'idle-shutdown-bounds');
    expect((bounds.given['minutes'] as number[]).map(cost.isIdleShutdown)).toEqual(bounds.then['valid']);
    const fees = cost.loadBalancerFees({ computeInstances: 7, clusterNodes: 120, days: 30, perDay: '0.33' });
    expect({ lb_count: fees.count, cost: cents(fees.cost) }).toEqual(find('optimisation', 'load-balancer-fees').then);
    const failed = cost.failedDeploymentWaste({
      state: 'Failed',
      provisionedInstances: 3,
      hourPrice: '1.20',
      hours: 48,
    });
    expect({ waste: cents(failed.waste), finding: failed.finding }).toEqual(
      find('optimisation', 'failed-deployment-still-billed').then,
    );
    expect(cost.jobLifetime('low', 7.1)).toEqual(find('optimisation', 'job-lifetime-lowpri').then);
    expect(cost.jobLifetime('dedicated', 7.1).warn).toBeUndefined();
    const kept = cost.coresAllowed({ limitCores: 24, stoppedInstanceCores: 16, wantCores: 12 });
    expect({ allowed: kept.allowed, free_cores: kept.freeCores }).toEqual(
      find('optimisation', 'stopped-ci-keeps-quota').then,
    );
  });
});

describe('estimate', () => {
  it.each<string>(golden.estimate.map((each: { id: string }) => each.id))('%s', (id) => {
    const { given, then } = find('estimate', id);
    const found = cost.monthlyCompute({
      instances: given['nodes'] ?? given['instances'],
      minNodes: given['min_nodes'],
      monthlyHours: given['monthly_hours'] ?? given['hours'] ?? given['month_hours'],
      hourPrice: given['hour_price'],
    });
    expect(cents(found.monthly)).toBe(then['monthly']);
    if ('node_hours' in then) expect(found.nodeHours.toNumber()).toBe(then['node_hours']);
  });
});

describe('total cost of ownership', () => {
  it.each(['tco-100k-per-month', 'tco-60M-per-month'])('%s', (id) => {
    const { given, then } = find('tco', id);
    const batch = given['batch'];
    const less = given['serverless'];
    const found = cost.compareServing(
      {
        realtime: given['realtime'],
        batch: {
          runs: batch['runs'],
          hour: batch['hour'],
          throughputPerNodeHour: batch['throughput_per_node_hour'],
          overheadMinutesPerRun: batch['overhead_min_per_run'],
        },
        serverless: {
          per1kRequests: less['per_1k_requests'],
          perGbSecond: less['per_gb_s'],
          memoryGb: less['mem_gb'],
          seconds: less['sec'],
        },
      },
      { requestsMonth: given['requests_month'] },
    );
    const by = Object.fromEntries(found.options.map(({ kind, monthly }) => [kind, cents(monthly)]));
    expect({ ...by, cheapest: found.cheapest?.kind }).toEqual(then);
  });
  it('batch is out where an answer is awaited', () => {
    expect(cost.eligibleServing(1)).toEqual(find('tco', 'tco-latency-excludes-batch').then['eligible']);
  });
});

describe('allocation', () => {
  it.each(['split-even-3', 'split-negative-credit'])('%s', (id) => {
    const { given, then } = find('allocation', id);
    expect(cost.splitByWeights(given['total'], given['weights']).map(cents)).toEqual(then['shares']);
  });
  it('assets, tags, children, charge-back', () => {
    expect(cents(cost.assetCost({ cores: 2, hours: 24, rate: '0.20' }))).toBe('9.60');
    const tags = find('allocation', 'tag-case-and-space');
    expect(cents(cost.sumByTag(tags.given['rows'])['teama'])).toBe(tags.then['teama']);
    const children = find('allocation', 'child-resources-included');
    expect(cents(cost.costWithChildren(children.given['costs'], children.given['resource']))).toBe(
      children.then['total'],
    );
    const back = cost.chargeback({ direct: '700.00', sharedShare: '120.00', budget: '800.00' });
    expect([cents(back.total), back.budgetPercent?.toNumber()]).toEqual(['820.00', 102.5]);
  });
  it('currencies are never added', () => {
    const { given, then } = find('allocation', 'mixed-currency-refused');
    const rows = (given['rows'] as string[][]).map(([currency = '', amount = '']) => ({ currency, amount }));
    try {
      cost.totalOf(rows);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(cost.MixedCurrencies);
      const { code, byCurrency } = error as cost.MixedCurrencies;
      expect(code).toBe(then['error']);
      expect(Object.fromEntries(Object.entries(byCurrency).map(([key, amount]) => [key, cents(amount)]))).toEqual(
        then['by_currency'],
      );
    }
  });
});

describe('budget', () => {
  it.each(['budget-80-gt-exact', 'budget-80-gt', 'budget-80-ge-exact', 'budget-forecast-100'])('%s', (id) => {
    const { given, then } = find('budget', id);
    expect(cost.crosses(given, given)).toBe(then['fire']);
  });
  it('limits of a budget', () => {
    expect(cost.notificationProblems(Array.from({ length: 6 }, () => ({ threshold: 80 })))).toHaveLength(1);
    const range = find('budget', 'budget-threshold-range');
    expect((range.given['threshold'] as number[]).map(cost.isThreshold)).toEqual(range.then['valid']);
  });
  it('each threshold is told once in a period, a jump tells several at once', () => {
    const evaluate = (steps: number[], thresholds: number[]) => {
      const told: number[] = [];
      return steps.map((step) => {
        const fired = cost.newlyCrossed(step, thresholds, told);
        told.push(...fired);
        return fired;
      });
    };
    expect(evaluate([81, 85, 92], [80]).filter((each) => each.length > 0)).toHaveLength(1);
    expect(evaluate([45, 55, 101], [50, 80, 100])).toEqual(find('budget', 'budget-escalation-steps').then['fired']);
    const now = Temporal.Instant.from('2026-11-01T00:00:00Z');
    const { key } = cost.periodOf('monthly', now);
    expect(cost.budgetMemory({ period: '2026-10', thresholds: [80] }, key)).toEqual({ state: 'reset', thresholds: [] });
  });
  it('pro rata and weeks', () => {
    const { expectedToDate, variancePercent } = cost.proRata('3000.00', '2026-11', 12);
    expect([cents(expectedToDate), variancePercent(1800)?.toNumber()]).toEqual(['1200.00', 50]);
    const week = cost.periodOf('weekly', Temporal.Instant.from('2026-11-23T00:00:00Z'), 1);
    const { then } = find('budget', 'budget-weekly-reset-day');
    expect([week.start.toString(), week.end.toString()]).toEqual([then['window_start'], then['window_end']]);
  });
});

describe('ingestion', () => {
  it.each(['month-strings-1', 'month-strings-2', 'month-strings-leap'])('%s', (id) => {
    const { given, then } = find('ingestion', id);
    expect(cost.exportMonths(given['start'], given['end'])).toEqual(then);
  });
  it('headers, tags and rows', () => {
    expect(cost.parseTags('{"team":"","env":"prod"}')).toEqual({ env: 'prod' });
    expect(cost.normalHeader('\uFEFFSubscriptionGuid')).toBe('subscriptionguid');
    expect(cost.normalHeader('Datum der Nutzung (Date)')).toBe('date');
    expect(cost.costColumns(['pretaxcost', 'cost']).netCostColumn).toBe('pretaxcost');
    expect(cost.costColumns(['costinbillingcurrency'])).toEqual({
      netCostColumn: 'costinbillingcurrency',
      costColumn: 'costinbillingcurrency',
    });
    const headers = ['Date', 'MeterCategory', 'CostInBillingCurrency', 'PaygCostInBillingCurrency'];
    const row = cost.parseExportRow(headers, ['2021-02-01', 'Virtual Machines', '4', '5']);
    expect([row.netCost.toNumber(), row.cost.toNumber(), row.category]).toEqual([4, 5, 'compute']);
  });
  it('periods, retries, freshness, sums', () => {
    expect(cost.lastDays('2026-11-23', 30)).toEqual(find('ingestion', 'timeframe-30-days').then);
    const retry = find('ingestion', '429-longest-retry-header');
    expect(cost.retryAfterSeconds(retry.given['headers'])).toBe(retry.then['wait_s']);
    expect(cost.cacheDecision(90)).toEqual({ serve: 'cache', asOfShown: true });
    expect(cost.sumOf(['0.1', '0.2']).toString()).toBe('0.3');
    expect(cents(cost.sumByResource(find('ingestion', 'multi-record-same-day').given['rows'])['r1'])).toBe('10.00');
  });
});

it('quota', () => {
  expect(cost.quotaLevel({ limit: 100, used: 86 })).toMatchObject(find('quota', 'quota-usage-warn').then);
  expect(cost.quotaLevel({ limit: 0, used: 0 })).toMatchObject(find('quota', 'quota-zero-limit').then);
  expect(cost.isWorkspaceQuota(120, 100)).toBe(false);
  expect(cost.computeCount({ clusters: 10, computeInstances: 450, deployments: 40 })).toEqual({ used: 500, free: 0 });
  expect(cost.endpointRoom({ endpoints: 50, deploymentsOnEndpoint: 20 })).toEqual({
    canAddEndpoint: false,
    canAddDeployment: false,
  });
});
