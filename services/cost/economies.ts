import type { Temporal } from 'temporal-polyfill';
import type { Commitment } from '../azure/cost-offers.ts';
import { messageOf, Refused } from '../core/errors.ts';
import { nearest } from '../core/similar.ts';
import type { Answers } from './answers.ts';
import { bestCommitment, type CommitmentPlan, steadiness } from './commitments.rules.ts';
import type { CostDeps } from './deps.ts';
import { type RetrainCost, retrainCost } from './estimate.rules.ts';
import { idleComputes } from './idle.rules.ts';
import { type Decimal, decimal, sumOf, ZERO } from './money.rules.ts';
import { type Candidate, type Placed, paretoFront } from './pareto.rules.ts';
import { savings } from './savings.ts';
import type { DeploymentUse } from './source.ts';
import { overviewOf, sees, type Viewer } from './visibility.rules.ts';

const MONTH_HOURS = 730;

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

  return {
    savings: savings(deps, answers, { visibleEndpoints, regionOf, since }),

    /** Every compute of every workspace, with why it is taken for idle, if it is. */
    async machines() {
      const unknown: string[] = [];
      const parts = await Promise.all(
        organisation.workspaces.map(async ({ id: workspace }) => {
          try {
            const computes = await source.computes(workspace);
            const idle = new Map(idleComputes(computes, clock.now()).map((each) => [each.name, each]));
            return Promise.all(
              computes.map(async (each) => {
                const price = await source.price(each.size, regionOf(workspace), currency);
                const nodes = each.kind === 'cluster' ? each.leastNodes : each.nodes;
                const month = price && decimal(price.onDemand).times(MONTH_HOURS).times(nodes);
                return {
                  ...each,
                  workspace,
                  because: idle.get(each.name)?.because,
                  monthly: month?.greaterThan(0) ? `${month.toFixed(0)} ${currency}` : undefined,
                };
              }),
            );
          } catch (error) {
            unknown.push(`${workspace} (${messageOf(error)})`);
            return [];
          }
        }),
      );
      return { machines: parts.flat(), unknown };
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

    /** What a deployment that is to be made adds a month, by the machines of the one that serves; undefined when it is there. */
    async deploymentAdds(endpoint: { id: string; workspace: string }, name: string) {
      const uses = await source.deployments(endpoint.workspace, endpoint.id);
      if (uses.some((use) => use.name === name && (use.instances ?? 0) > 0)) return undefined;
      const like = uses.toSorted((a, b) => b.traffic - a.traffic)[0];
      if (!like?.instanceType || !like.instances) return undefined;
      const price = await source.price(like.instanceType, regionOf(endpoint.workspace), currency);
      if (!price) return undefined;
      const monthly = decimal(price.onDemand).times(MONTH_HOURS).times(like.instances);
      const words = `${name} runs beside ${like.name} on ${like.instances} × ${like.instanceType}, ${monthly.toFixed(0)} ${currency} a month`;
      return { monthly: monthly.toFixed(2), words };
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
      const offered: Commitment[] = [];
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
