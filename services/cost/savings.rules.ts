import type { AutoscaleLimits } from '../azure/autoscale.ts';
import { type Amount, Decimal, decimal, percentOf } from './money.rules.ts';

/** What could be had for less, with its arithmetic. Prices are of one currency. */

export interface SpotPlan {
  dedicated: Decimal;
  lowPriority: Decimal;
  /** Work, checkpoints and what is done again. */
  effectiveHours: Decimal;
  savingPercent: Decimal | undefined;
  /** Beyond this many hours for one hour of work, dedicated is cheaper. */
  maxReworkFactor: Decimal;
  pays: boolean;
}

/** A job on spot (low-priority) nodes: cheaper by the hour, longer by checkpoints and by work lost to preemptions. */
export function spotPlan(of: {
  dedicatedHour: Amount;
  lowPriorityHour: Amount;
  workHours: Amount;
  preemptions?: Amount;
  lostHoursEach?: Amount;
  checkpointOverheadPercent?: Amount;
}): SpotPlan {
  const work = decimal(of.workHours);
  const overhead = decimal(of.checkpointOverheadPercent ?? 0).div(100);
  const effectiveHours = work
    .times(overhead.plus(1))
    .plus(decimal(of.preemptions ?? 0).times(decimal(of.lostHoursEach ?? 0)));
  const dedicated = work.times(decimal(of.dedicatedHour));
  const lowPriority = effectiveHours.times(decimal(of.lowPriorityHour));
  return {
    dedicated,
    lowPriority,
    effectiveHours,
    savingPercent: percentOf(dedicated.minus(lowPriority), dedicated),
    maxReworkFactor: maxReworkFactor(of.dedicatedHour, of.lowPriorityHour),
    pays: lowPriority.lessThan(dedicated),
  };
}

/** How often the work may be done over before spot is no cheaper. */
export function maxReworkFactor(dedicatedHour: Amount, lowPriorityHour: Amount): Decimal {
  const spot = decimal(lowPriorityHour);
  if (spot.lte(0)) throw new RangeError('a spot price is above zero');
  return decimal(dedicatedHour).div(spot);
}

const IDLE_SHUTDOWN_MINUTES = { least: 15, most: 3 * 24 * 60 };

/** Azure ML takes 15 minutes to three days as the idle time before a compute instance shuts down. */
export const isIdleShutdown = (minutes: number): boolean =>
  Number.isInteger(minutes) && minutes >= IDLE_SHUTDOWN_MINUTES.least && minutes <= IDLE_SHUTDOWN_MINUTES.most;

/** One load balancer for each compute instance and for each begun fifty cluster nodes, also while they are stopped. */
export function loadBalancerFees(of: {
  computeInstances: number;
  clusterNodes: number;
  days: number;
  perDay?: Amount;
}): { count: number; cost: Decimal } {
  const count = of.computeInstances + Math.ceil(of.clusterNodes / 50);
  return {
    count,
    cost: decimal(of.perDay ?? '0.33')
      .times(count)
      .times(of.days),
  };
}

export interface DeploymentState {
  state: string;
  provisionedInstances: number;
  hourPrice: Amount;
  hours: Amount;
}

/** A deployment that failed keeps its instances and is billed for them until it is deleted. */
export function failedDeploymentWaste(of: DeploymentState): { waste: Decimal; finding: string | undefined } {
  const failed = /^(failed|canceled|cancelled)$/i.test(of.state) && of.provisionedInstances > 0;
  return {
    waste: failed ? decimal(of.hourPrice).times(of.hours).times(of.provisionedInstances) : new Decimal(0),
    finding: failed ? 'failed_deployment_with_compute' : undefined,
  };
}

/** Jobs are ended after 21 days on dedicated nodes and after 7 on low-priority ones. */
export const LIFETIME_DAYS = { dedicated: 21, low: 7 } as const;

export function jobLifetime(priority: 'low' | 'dedicated', runningDays: number): { warn: string | undefined } {
  const most = LIFETIME_DAYS[priority];
  return { warn: runningDays > most ? `exceeds ${most} day lifetime` : undefined };
}

export interface Rightsize {
  /** Fewest that carry the peak with the headroom asked for. */
  replicas: number;
  savingMonth: Decimal;
}

/** Fewer replicas for the same peak: `peakUtilisation` is the busiest replica's use from 0 to 1 with `replicas` of them. */
export function rightsize(of: {
  replicas: number;
  peakUtilisation: Amount;
  target?: Amount;
  least?: number;
  monthPerReplica: Amount;
}): Rightsize {
  const { target = '0.7', least = 1 } = of;
  // Exactly: 7 × 0.3 / 0.7 is 3, and as binary fractions a little more.
  const needed = Math.max(least, decimal(of.peakUtilisation).times(of.replicas).div(decimal(target)).ceil().toNumber());
  const replicas = Math.min(of.replicas, needed);
  return { replicas, savingMonth: decimal(of.monthPerReplica).times(of.replicas - replicas) };
}

/** Autoscaling against fixed replicas: instance hours by hour of the day, each at least `least`, against all on for 24 h. */
export function autoscaleSaving(of: {
  neededByHour: readonly number[];
  fixed: number;
  least?: number;
  hourPrice: Amount;
}): { fixedDay: Decimal; scaledDay: Decimal; savingMonth: Decimal } {
  const { least = 1 } = of;
  const price = decimal(of.hourPrice);
  const scaledHours = of.neededByHour.reduce(
    (sum, needed) => sum + Math.min(of.fixed, Math.max(least, Math.ceil(needed))),
    0,
  );
  const fixedDay = price.times(of.fixed).times(of.neededByHour.length);
  const scaledDay = price.times(scaledHours);
  return {
    fixedDay,
    scaledDay,
    savingMonth: fixedDay.minus(scaledDay).times(730).div(Math.max(1, of.neededByHour.length)),
  };
}

/** So far below the limit the rest stays after an instance was taken away. */
const CALM_PERCENT = 5;

/**
 * When an instance is added and when one is taken away. The lower limit is such that the others do not exceed the upper one
 * at once, which would bring it back: 30 % for a least of one, as in Azure's own example; 41 % for two.
 */
export const autoscaleLimits = (least: number, most: number): AutoscaleLimits => {
  const outAbovePercent = 70;
  return {
    least,
    most,
    outAbovePercent,
    inBelowPercent: Math.floor((outAbovePercent * least) / (least + 1)) - CALM_PERCENT,
  };
};

/**
 * Instances that each hour would have had under these limits, from the use of `fixed` instances in percent: one is added
 * while they are too busy, one is taken away while they have too little to do. Begins with the most.
 */
export function scaledByHour(hourlyPercent: readonly number[], fixed: number, limits: AutoscaleLimits): number[] {
  let instances = limits.most;
  return hourlyPercent.map((percent) => {
    const load = percent * fixed;
    while (instances < limits.most && load / instances > limits.outAbovePercent) instances += 1;
    while (instances > limits.least && load / instances < limits.inBelowPercent) instances -= 1;
    return instances;
  });
}

/** The next smaller machine of the same family: half the cores; undefined below two. */
export function smallerSku(sku: string): string | undefined {
  const found = /^(Standard_[A-Z]+)(\d+)(.*)$/.exec(sku);
  const cores = Number(found?.[2]);
  return found && cores >= 2 ? `${found[1]}${cores === 3 ? 2 : Math.floor(cores / 2)}${found[3]}` : undefined;
}
