import type { Temporal } from 'temporal-polyfill';
import { messageOf, Refused } from '../core/errors.ts';
import { nearest } from '../core/similar.ts';
import type { Answers } from './answers.ts';
import { bestCommitment, type CommitmentPlan, steadiness } from './commitments.rules.ts';
import type { CostDeps } from './deps.ts';
import { type RetrainCost, retrainCost } from './estimate.rules.ts';
import { type Decimal, decimal, sumOf, ZERO } from './money.rules.ts';
import { type Candidate, type Placed, paretoFront } from './pareto.rules.ts';
import type { SavingPlan } from './plans.ts';
import { rightsize, spotPlan } from './savings.rules.ts';
import type { DeploymentUse, OfferedCommitment } from './source.ts';
import { overviewOf, sees, type Viewer } from './visibility.rules.ts';

const MONTH_HOURS = 730;
const IDLE_REQUESTS_A_DAY = 1;
const LOW_CPU_PERCENT = 45;
const LOOK_BACK_DAYS = 28;

export interface Saving {
  what: string;
  /** A month, in `currency`. */
  saving: Decimal;
  currency: string;
  risk: 'low' | 'medium' | 'high';
  effort: 'low' | 'medium' | 'high';
  /** The arithmetic and what could go wrong. */
  because: string;
  endpoint?: string;
  /** Can be carried out from here, when two people agree. */
  plan?: SavingPlan;
}

export interface RetrainView {
  model: string;
  sku: string;
  currency: string;
  assumptions: readonly string[];
  cost: RetrainCost;
}

/** Where money could be saved, and what it costs to know more. Asks Azure; what it does not tell is left out and said. */
export function economies(deps: CostDeps, answers: Answers) {
  const { clock, organisation, source } = deps;
  const currency = organisation.cost.currency;

  const visibleEndpoints = (viewer: Viewer) => {
    const sight = overviewOf(viewer, organisation);
    return organisation.endpoints.filter(({ owner }) =>
      sees(sight, {
        team: owner,
        department: organisation.departments.find(({ teams }) => teams.includes(owner))?.id ?? '',
      }),
    );
  };
  const regionOf = (workspace: string) =>
    organisation.workspaces.find(({ id }) => id === workspace)?.region ?? 'westeurope';
  const since = (days: number): Temporal.Instant => clock.now().subtract({ hours: 24 * days });

  async function ofEndpoint(endpoint: (typeof organisation.endpoints)[number]): Promise<Saving[]> {
    if (endpoint.kind === 'batch') return [];
    const found: Saving[] = [];
    const [uses, requests] = await Promise.all([
      source.deployments(endpoint.workspace, endpoint.id),
      source.requests(endpoint.workspace, endpoint.id, since(7), clock.now()),
    ]);
    for (const use of uses) {
      const { instanceType, instances = 0 } = use;
      if (!instanceType || instances === 0) continue;
      const price = await source.price(instanceType, regionOf(endpoint.workspace), currency);
      if (!price) continue;
      const month = decimal(price.onDemand).times(MONTH_HOURS);
      const scale = (to: number): SavingPlan => ({
        kind: 'scale',
        workspace: endpoint.workspace,
        endpoint: endpoint.id,
        deployment: use.name,
        from: instances,
        to,
      });
      if (requests !== undefined && requests < IDLE_REQUESTS_A_DAY * 7) {
        found.push({
          what: `${endpoint.id} ${use.name} answers nobody: delete it, or make it serverless`,
          saving: month.times(instances),
          currency,
          risk: 'medium',
          effort: 'low',
          because: `${Math.round(requests)} requests in 7 days; ${instances} × ${price.onDemand} × ${MONTH_HOURS} h. Somebody may count on it being there.`,
          endpoint: endpoint.id,
        });
        continue;
      }
      if (use.traffic === 0 && uses.length > 1) {
        found.push({
          what: `${endpoint.id} ${use.name} gets no traffic: keep one instance as the way back`,
          saving: month.times(instances - 1),
          currency,
          risk: 'low',
          effort: 'low',
          because: `${instances - 1} × ${price.onDemand} × ${MONTH_HOURS} h; going back then takes a scale-out first.`,
          endpoint: endpoint.id,
          ...(instances > 1 ? { plan: scale(1) } : {}),
        });
      } else if (use.peakCpuPercent !== undefined && use.peakCpuPercent < LOW_CPU_PERCENT && instances > 1) {
        const { replicas, savingMonth } = rightsize({
          replicas: instances,
          peakUtilisation: use.peakCpuPercent / 100,
          monthPerReplica: month,
          least: 1,
        });
        if (replicas < instances) {
          found.push({
            what: `${endpoint.id} ${use.name}: ${instances} to ${replicas} instances of ${instanceType}`,
            saving: savingMonth,
            currency,
            risk: replicas === 1 ? 'medium' : 'low',
            effort: 'low',
            because: `busiest hour ${use.peakCpuPercent.toFixed(0)} % of the processors; ${replicas} carry it at ${((use.peakCpuPercent * instances) / replicas).toFixed(0)} %${replicas === 1 ? '; one instance has no stand-in' : ''}.`,
            endpoint: endpoint.id,
            plan: scale(replicas),
          });
        } else {
          const smaller = smallerSku(instanceType);
          const less = smaller ? await source.price(smaller, regionOf(endpoint.workspace), currency) : undefined;
          if (smaller && less) {
            found.push({
              what: `${endpoint.id} ${use.name}: ${smaller} instead of ${instanceType}`,
              saving: month.minus(decimal(less.onDemand).times(MONTH_HOURS)).times(instances),
              currency,
              risk: 'medium',
              effort: 'medium',
              because: `${instances} × (${price.onDemand} − ${less.onDemand}) × ${MONTH_HOURS} h; latency has to be measured first, or a quantised model used.`,
              endpoint: endpoint.id,
            });
          }
        }
      }
    }
    return found;
  }

  /** Training on spot nodes, with what is lost to preemption and checkpoints. */
  async function ofTraining(viewer: Viewer): Promise<Saving[]> {
    const today = answers.today();
    const period = { from: today.subtract({ days: LOOK_BACK_DAYS }), to: today.subtract({ days: 1 }), words: '' };
    const rows = (await answers.seen(period, 'actual', overviewOf(viewer, organisation))).filter(
      ({ facets, currency: own }) => facets.part === 'training' && own === currency,
    );
    const spent = sumOf(rows.map(({ amount }) => amount))
      .times('30.4166666667')
      .div(LOOK_BACK_DAYS);
    if (spent.lte(0)) return [];
    const price = await source.price('Standard_D16s_v5', organisation.workspaces[0]?.region ?? 'westeurope', currency);
    if (!price?.spot) return [];
    const hours = spent.div(decimal(price.onDemand));
    const plan = spotPlan({
      dedicatedHour: price.onDemand,
      lowPriorityHour: price.spot,
      workHours: hours,
      preemptions: hours.div(20).ceil(),
      lostHoursEach: '0.5',
      checkpointOverheadPercent: 4,
    });
    if (!plan.pays) return [];
    return [
      {
        what: 'Train on spot nodes, with a checkpoint every half hour',
        saving: plan.dedicated.minus(plan.lowPriority),
        currency,
        risk: 'medium',
        effort: 'medium',
        because: `${plan.effectiveHours.toFixed(0)} h at ${price.spot} instead of ${hours.toFixed(0)} h at ${price.onDemand}: 4 % for checkpoints, half an hour lost every 20 h; cheaper until the work is done ${plan.maxReworkFactor.toFixed(1)} times over. Jobs must survive a stop and end within 7 days.`,
      },
    ];
  }

  return {
    /** The largest first; what could not be looked at is named. */
    async savings(
      viewer: Viewer,
      only?: string,
    ): Promise<{ savings: Saving[]; unknown: string[]; total: Decimal; currency: string }> {
      const unknown: string[] = [];
      const endpoints = visibleEndpoints(viewer).filter(({ id }) => only === undefined || id === only);
      const parts = await Promise.all(
        endpoints.map(async (endpoint) => {
          try {
            return await ofEndpoint(endpoint);
          } catch (error) {
            unknown.push(`${endpoint.id} (${messageOf(error)})`);
            return [];
          }
        }),
      );
      const training = only ? [] : await ofTraining(viewer);
      const savings = [...parts.flat(), ...training]
        .filter(({ saving }) => saving.greaterThan(0))
        .sort((a, b) => b.saving.comparedTo(a.saving));
      return { savings, unknown, total: sumOf(savings.map(({ saving }) => saving)), currency };
    },

    /** What a machine costs an hour where the first workspace is. Throws `Refused` when Azure does not sell it there. */
    async hourPrice(sku: string): Promise<string> {
      const region = organisation.workspaces[0]?.region ?? 'westeurope';
      const price = await source.price(sku, region, currency);
      if (price) return price.onDemand;
      throw new Refused(
        `Azure sells no ${sku.slice(0, 60)} in ${region}.`,
        'Name another machine, such as Standard_DS3_v2.',
        'unknown-sku',
      );
    },

    /** A deployment as it is now, and what one of its instances costs a month. */
    async deployment(endpoint: { id: string; workspace: string }, name: string) {
      const uses = await source.deployments(endpoint.workspace, endpoint.id);
      const use = uses.find((each) => each.name === name);
      if (!use) {
        const there = uses.map((each) => each.name).join(', ') || 'none';
        throw new Refused(`${endpoint.id} has no deployment ${name.slice(0, 60)}.`, `There are ${there}.`);
      }
      const price = use.instanceType
        ? await source.price(use.instanceType, regionOf(endpoint.workspace), currency)
        : undefined;
      return { use, currency, perInstance: decimal(price?.onDemand ?? 0).times(MONTH_HOURS) };
    },

    /** Steadiness of daily compute, what a commitment would have brought, and what Azure would buy. */
    async reservations(viewer: Viewer) {
      const today = answers.today();
      const period = { from: today.subtract({ days: 56 }), to: today.subtract({ days: 1 }), words: '' };
      const sight = overviewOf(viewer, organisation);
      const days = new Map<string, Decimal>();
      const { byDay } = await answers.series({ dimension: 'part', value: 'inference' }, sight, period);
      for (const [day, amount] of byDay) days.set(day, amount);
      const hourly = [...days.values()].map((amount) => amount.div(24));
      const steady = steadiness(hourly.map((each) => each.toNumber()));
      const best: CommitmentPlan = bestCommitment(hourly, 30);
      const offered: OfferedCommitment[] = [];
      const failed: string[] = [];
      const scopes = [...new Set(organisation.workspaces.map(({ subscription }) => `/subscriptions/${subscription}`))];
      for (const scope of sight.all ? scopes : []) {
        try {
          offered.push(...(await source.commitments(scope)).value);
        } catch (error) {
          failed.push(messageOf(error));
        }
      }
      const month = { from: today.with({ day: 1 }), to: today, words: '' };
      const amortised = (await answers.seen(month, 'amortised', sight)).filter(({ charge }) => charge === 'Purchase');
      return {
        steady,
        best,
        hourlyMean: hourly.length > 0 ? sumOf(hourly).div(hourly.length) : ZERO,
        commitmentCost: sumOf(amortised.map(({ amount }) => amount)),
        offered,
        failed,
        currency,
        days: hourly.length,
        ...(await answers.standing(period)),
      };
    },

    /** What a retraining of a model costs; what is not stated is assumed and named. */
    async retrain(of: {
      model: string;
      rowsMillion?: number;
      runs?: number;
      sku?: string;
      failurePercent?: number;
    }): Promise<RetrainView> {
      const endpoint = organisation.endpoints.find(({ models }) => models.includes(of.model));
      const models = organisation.endpoints.flatMap((each) => each.models);
      if (!endpoint) {
        const near = nearest(of.model, models);
        throw new Refused(
          `I do not know the model “${of.model.slice(0, 60)}”.`,
          near ? `Did you mean ${near}?` : `There are ${models.join(', ')}.`,
          'unknown-model',
        );
      }
      const sku = of.sku ?? 'Standard_D16s_v5';
      const price = await source.price(sku, regionOf(endpoint.workspace), currency);
      if (!price)
        throw new Refused(
          `Azure sells no ${sku} in ${regionOf(endpoint.workspace)}.`,
          'Name another machine, such as Standard_D16s_v5.',
          'unknown-sku',
        );
      const rowsMillion =
        of.rowsMillion ?? Math.max(1, Math.round((endpoint.business.unitsPerHour ?? 1000) * 24 * 90) / 1_000_000);
      const runs = of.runs ?? 4;
      const failurePercent = of.failurePercent ?? 10;
      const cost = retrainCost({
        dataVolume: rowsMillion,
        unitsPerNodeHour: 2,
        runsPerMonth: runs,
        hourPrice: price.onDemand,
        ...(price.spot ? { spotHourPrice: price.spot } : {}),
        failureRate: failurePercent / 100,
        setupHours: '0.2',
        checkpointOverheadPercent: 4,
        preemptionsPerRun: '0.3',
        lostHoursEach: '0.5',
      });
      return {
        model: of.model,
        sku,
        currency,
        assumptions: [
          `${rowsMillion} million rows${of.rowsMillion === undefined ? ' (90 days of what its endpoint answers)' : ''}`,
          '2 million rows a node hour',
          `${runs} runs a month${of.runs === undefined ? ' (assumed)' : ''}`,
          `${failurePercent} % of the runs fail and are run again`,
        ],
        cost,
      };
    },

    /** Cost per 1,000 predictions against measured quality, over the versions that serve. */
    async efficiency(
      viewer: Viewer,
    ): Promise<{ placed: Placed[]; without: string[]; currency: string; metric: string }> {
      const days = 7;
      const candidates: Candidate[] = [];
      const without: string[] = [];
      let metric = 'AUC';
      for (const endpoint of visibleEndpoints(viewer).filter(({ kind }) => kind === 'online')) {
        const [uses, requests] = await Promise.all([
          source.deployments(endpoint.workspace, endpoint.id),
          source.requests(endpoint.workspace, endpoint.id, since(days), clock.now()),
        ]);
        for (const use of uses) {
          const placed = await candidateOf(endpoint, use, requests, days);
          if (placed) {
            candidates.push(placed.candidate);
            metric = placed.metric;
          } else without.push(`${endpoint.id} ${use.name}`);
        }
      }
      const { placed, withoutPredictions } = paretoFront(candidates);
      return { placed, without: [...without, ...withoutPredictions], currency, metric };
    },
  };

  async function candidateOf(
    endpoint: (typeof organisation.endpoints)[number],
    use: DeploymentUse,
    requests: number | undefined,
    days: number,
  ): Promise<{ candidate: Candidate; metric: string } | undefined> {
    if (!use.model || !use.instanceType || requests === undefined || use.traffic === 0) return undefined;
    const [price, quality] = await Promise.all([
      source.price(use.instanceType, regionOf(endpoint.workspace), currency),
      source.quality(endpoint.workspace, use.model.name, use.model.version),
    ]);
    if (!price || !quality) return undefined;
    const cost = decimal(price.onDemand)
      .times(24 * days)
      .times(use.instances ?? 1);
    return {
      candidate: {
        name: `${use.model.name}:${use.model.version} on ${endpoint.id}`,
        cost,
        predictions: decimal(Math.round((requests * use.traffic) / 100)),
        quality: quality.value,
      },
      metric: quality.metric.toUpperCase(),
    };
  }
}

/** Half the cores of the same family: Standard_F8s_v2 to Standard_F4s_v2. Undefined below two. */
export function smallerSku(sku: string): string | undefined {
  const found = /^(Standard_[A-Z]+)(\d+)(.*)$/.exec(sku);
  const cores = Number(found?.[2]);
  return found && cores >= 2 ? `${found[1]}${cores === 3 ? 2 : Math.floor(cores / 2)}${found[3]}` : undefined;
}
