import type { Temporal } from 'temporal-polyfill';
import type { AutoscaleLimits } from '../azure/autoscale.ts';
import { counted } from '../core/counted.ts';
import { messageOf } from '../core/errors.ts';
import type { Endpoint } from '../core/organisation.ts';
import type { Answers } from './answers.ts';
import type { CostDeps } from './deps.ts';
import { idleComputes } from './idle.rules.ts';
import { type Decimal, decimal, sumOf } from './money.rules.ts';
import type { SavingPlan } from './plans.ts';
import { autoscaleLimits, autoscaleSaving, rightsize, scaledByHour, smallerSku, spotPlan } from './savings.rules.ts';
import type { DeploymentUse, SkuPrice } from './source.ts';
import { overviewOf, type Sight, type Viewer } from './visibility.rules.ts';

const MONTH_HOURS = 730;
const IDLE_REQUESTS_A_DAY = 1;
const LOW_CPU_PERCENT = 45;
const LOOK_BACK_DAYS = 28;
/** An autoscaled deployment keeps two, so that one may fail. */
const AUTOSCALED_LEAST = 2;

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
  /** Whose machine it is, if it is one person's. */
  owner?: string;
  /** Can be carried out from here, when it is voted for. */
  plan?: SavingPlan;
}

interface Of {
  visibleEndpoints: (viewer: Viewer) => Endpoint[];
  regionOf: (workspace: string) => string;
  since: (days: number) => Temporal.Instant;
}

/** What could be had for less, each with its arithmetic; asks Azure, and says what it could not look at. */
export function savings(deps: CostDeps, answers: Answers, { visibleEndpoints, regionOf, since }: Of) {
  const { clock, organisation, source } = deps;
  const currency = organisation.cost.currency;

  async function ofEndpoint(endpoint: Endpoint): Promise<Saving[]> {
    if (endpoint.kind === 'batch') return [];
    const [uses, requests] = await Promise.all([
      source.deployments(endpoint.workspace, endpoint.id),
      source.requests(endpoint.workspace, endpoint.id, since(7), clock.now()),
    ]);
    const found: Saving[] = [];
    for (const use of uses) {
      const { instanceType, instances = 0 } = use;
      if (!instanceType || instances === 0) continue;
      const price = await source.price(instanceType, regionOf(endpoint.workspace), currency);
      if (price)
        found.push(
          ...(await ofDeployment(endpoint, { ...use, instanceType, instances }, price, uses.length, requests)),
        );
    }
    return found;
  }

  async function ofDeployment(
    endpoint: Endpoint,
    use: DeploymentUse & { instanceType: string; instances: number },
    price: SkuPrice,
    deployments: number,
    requests: number | undefined,
  ): Promise<Saving[]> {
    const { instances, instanceType, peakCpuPercent: peak } = use;
    const month = decimal(price.onDemand).times(MONTH_HOURS);
    const name = `${endpoint.id} ${use.name}`;
    const common = { currency, endpoint: endpoint.id };
    const named = { workspace: endpoint.workspace, endpoint: endpoint.id, deployment: use.name, from: instances };
    // What scales itself has the instances it needs: fewer would come back by themselves.
    const scale = (to: number): { plan?: SavingPlan } =>
      use.autoscaled ? {} : { plan: { kind: 'scale', ...named, to } };
    if (requests !== undefined && requests < IDLE_REQUESTS_A_DAY * 7)
      return [
        {
          ...common,
          what: `${name} answers nobody: delete it, or make it serverless`,
          saving: month.times(instances),
          risk: 'medium',
          effort: 'low',
          because: `${Math.round(requests)} requests in 7 days; ${instances} × ${price.onDemand} ${currency} an hour × ${MONTH_HOURS} h. Somebody may count on it being there.`,
          ...(instances > 1 ? scale(1) : {}),
        },
      ];
    if (use.traffic === 0 && deployments > 1)
      return instances === 1
        ? []
        : [
            {
              ...common,
              what: `${name} gets no traffic: keep one instance as the way back`,
              saving: month.times(instances - 1),
              risk: 'low',
              effort: 'low',
              because: `${instances - 1} × ${price.onDemand} ${currency} an hour × ${MONTH_HOURS} h; going back then takes a scale-out first.`,
              ...scale(1),
            },
          ];
    if (use.autoscaled) return [];
    const found: Saving[] = [];
    const limits = autoscaleLimits(AUTOSCALED_LEAST, instances);
    const scaled = autoscaled(use, limits, price);
    if (scaled?.savingMonth.greaterThan(0))
      found.push({
        ...common,
        what: `${name}: autoscale between ${AUTOSCALED_LEAST} and ${instances} instances`,
        saving: scaled.savingMonth,
        risk: 'medium',
        effort: 'medium',
        because: `one more above ${limits.outAbovePercent} % of the processors, one fewer below ${limits.inBelowPercent} %: ${scaled.scaledDay.div(price.onDemand).toFixed(0)} instead of ${scaled.fixedDay.div(price.onDemand).toFixed(0)} instance hours in the last week. New instances need minutes; a sudden peak waits for them.`,
        plan: { kind: 'autoscale', ...named, ...limits },
      });
    if (peak === undefined || peak >= LOW_CPU_PERCENT) return found;
    const fewer = rightsize({ replicas: instances, peakUtilisation: decimal(peak).div(100), monthPerReplica: month });
    if (fewer.replicas < instances)
      found.push({
        ...common,
        what: `${name}: ${instances} to ${counted(fewer.replicas, 'instance')} of ${instanceType}`,
        saving: fewer.savingMonth,
        risk: fewer.replicas === 1 ? 'medium' : 'low',
        effort: 'low',
        because: `busiest hour ${peak.toFixed(0)} % of the processors; ${fewer.replicas} carry it at ${((peak * instances) / fewer.replicas).toFixed(0)} %${fewer.replicas === 1 ? '; one instance has no stand-in' : ''}.`,
        ...scale(fewer.replicas),
      });
    const smaller = smallerSku(instanceType);
    const less = smaller ? await source.price(smaller, regionOf(endpoint.workspace), currency) : undefined;
    if (!smaller || !less) return found;
    const step = month.minus(decimal(less.onDemand).times(MONTH_HOURS)).times(instances);
    const sum = `${instances} × (${price.onDemand} − ${less.onDemand}) ${currency} an hour × ${MONTH_HOURS} h`;
    // Half the processors carry a busiest hour below half; above it the model has to become cheaper first.
    found.push(
      peak * 2 <= 70
        ? {
            ...common,
            what: `${name}: ${smaller} instead of ${instanceType}`,
            saving: step,
            risk: 'medium',
            effort: 'medium',
            because: `${sum}; the busiest hour would be at ${(peak * 2).toFixed(0)} %. Latency has to be measured first, with a mirrored share of the traffic.`,
          }
        : {
            ...common,
            what: `${name}: a quantised or smaller model on ${smaller}`,
            saving: step,
            risk: 'high',
            effort: 'high',
            because: `${sum}; the model as it is would need ${(peak * 2).toFixed(0)} % of it. Compare quality as for a new version, and have it approved.`,
          },
    );
    return found;
  }

  /** What Azure Monitor would have saved in the last week; clusters of one's own are scaled in another way. */
  const autoscaled = (
    { hourlyCpuPercent = [], kubernetes }: DeploymentUse,
    limits: AutoscaleLimits,
    price: SkuPrice,
  ) =>
    kubernetes || limits.most <= limits.least || hourlyCpuPercent.length === 0
      ? undefined
      : autoscaleSaving({
          neededByHour: scaledByHour(hourlyCpuPercent, limits.most, limits),
          fixed: limits.most,
          least: limits.least,
          hourPrice: price.onDemand,
        });

  /** Machines that cost and do nothing: nodes kept warm, and what somebody forgot to stop. */
  async function ofWorkspace(workspace: string): Promise<Saving[]> {
    const found: Saving[] = [];
    for (const idle of idleComputes(await source.computes(workspace), clock.now())) {
      const price = await source.price(idle.size, regionOf(workspace), currency);
      found.push({
        what: `Stop ${idle.name} in ${workspace}`,
        saving: decimal(price?.onDemand ?? 0)
          .times(MONTH_HOURS)
          .times(idle.nodes),
        currency,
        risk: 'low',
        effort: 'low',
        because: `${idle.because}; ${idle.nodes} × ${price ? `${price.onDemand} ${currency} an hour` : 'an unknown price'} × ${MONTH_HOURS} h of ${idle.size}. ${idle.kind === 'cluster' ? 'The next job waits some minutes for its nodes.' : 'What is open on it is closed; its disk stays.'}`,
        ...(idle.owner ? { owner: idle.owner } : {}),
        plan: { kind: 'stop', workspace, compute: idle.name },
      });
    }
    return found;
  }

  /** Training on spot nodes, with what is lost to preemption and checkpoints. */
  async function ofTraining(viewer: Viewer): Promise<Saving[]> {
    const today = answers.today();
    const period = { from: today.subtract({ days: LOOK_BACK_DAYS }), to: today.subtract({ days: 1 }) };
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

  /** Workspaces whose machines this person may ask about: those of endpoints that their teams own. */
  const visibleWorkspaces = (viewer: Viewer, sight: Sight): string[] => {
    const mine = new Set(visibleEndpoints(viewer).map(({ workspace }) => workspace));
    return organisation.workspaces.filter(({ id }) => sight.all || mine.has(id)).map(({ id }) => id);
  };

  /** The largest first; what could not be looked at is named. `only`: an endpoint, or nothing but idle machines. */
  return async (
    viewer: Viewer,
    only?: { endpoint?: string | undefined; idle?: boolean },
  ): Promise<{ savings: Saving[]; unknown: string[]; total: Decimal; currency: string }> => {
    const unknown: string[] = [];
    const looked = async (name: string, look: () => Promise<Saving[]>): Promise<Saving[]> => {
      try {
        return await look();
      } catch (error) {
        unknown.push(`${name} (${messageOf(error)})`);
        return [];
      }
    };
    const endpoints = visibleEndpoints(viewer).filter(({ id }) => only?.endpoint === undefined || id === only.endpoint);
    const machines = only?.endpoint ? [] : visibleWorkspaces(viewer, overviewOf(viewer, organisation));
    const parts = await Promise.all([
      ...(only?.idle ? [] : endpoints.map((each) => looked(each.id, () => ofEndpoint(each)))),
      ...machines.map((each) => looked(each, () => ofWorkspace(each))),
    ]);
    const training = only ? [] : await looked('training', () => ofTraining(viewer));
    const found = [...parts.flat(), ...training]
      .filter(({ saving, plan }) => saving.greaterThan(0) || plan?.kind === 'stop')
      .sort((a, b) => b.saving.comparedTo(a.saving));
    return { savings: found, unknown, total: sumOf(bestOfEach(found)), currency };
  };
}

/** Ways to save on the same deployment exclude each other: only the best of them counts into the sum. */
function bestOfEach(found: readonly Saving[]): Decimal[] {
  const best = new Map<string, Decimal>();
  for (const { what, endpoint, saving } of found) {
    const key = endpoint ? (what.split(/:| answers| gets/, 1)[0] ?? what) : what;
    if (saving.greaterThan(best.get(key) ?? 0)) best.set(key, saving);
  }
  return [...best.values()];
}
