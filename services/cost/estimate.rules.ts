import { type Amount, Decimal, decimal, displayed } from './money.rules.ts';

export const MONTH_HOURS = 730;

export interface ClusterUse {
  /** Nodes that run, also none; without them `minNodes` do. */
  instances?: number | undefined;
  minNodes?: number | undefined;
  /** Hours a month; a month has 730. */
  monthlyHours?: Amount | undefined;
  hourPrice: Amount;
}

/**
 * What a compute cluster or instance costs a month. A cluster that scales to zero is one node for the hours stated, and
 * nothing when no hours are stated: use that nobody knows is not guessed.
 */
export function monthlyCompute(of: ClusterUse): { nodeHours: Decimal; monthly: Decimal } {
  const least = of.minNodes ?? 1;
  const nodes = of.instances ?? (least === 0 && of.monthlyHours !== undefined ? 1 : least);
  const nodeHours = decimal(nodes).times(decimal(of.monthlyHours ?? MONTH_HOURS));
  return { nodeHours, monthly: displayed(nodeHours.times(decimal(of.hourPrice))) };
}

export interface RetrainPlan {
  /** Rows or gigabytes of training data, in the unit of `unitsPerNodeHour`. */
  dataVolume: Amount;
  unitsPerNodeHour: Amount;
  runsPerMonth: Amount;
  hourPrice: Amount;
  spotHourPrice?: Amount;
  /** Part of the runs that fails and is run again, 0 to below 1. */
  failureRate?: Amount;
  setupHours?: Amount;
  checkpointOverheadPercent?: Amount;
  preemptionsPerRun?: Amount;
  lostHoursEach?: Amount;
  storageMonth?: Amount;
}

export interface RetrainCost {
  hoursPerRun: Decimal;
  /** Tries for one run that succeeds. */
  tries: Decimal;
  perRun: Decimal;
  perMonth: Decimal;
  spotPerRun: Decimal | undefined;
  spotPerMonth: Decimal | undefined;
  arithmetic: string;
}

/** One retraining and a month of them: data over speed, setup, retries, dedicated and spot. */
export function retrainCost(of: RetrainPlan): RetrainCost {
  const speed = decimal(of.unitsPerNodeHour);
  if (speed.lte(0)) throw new RangeError('the speed must be above zero');
  const failure = decimal(of.failureRate ?? 0);
  if (failure.lessThan(0) || failure.gte(1))
    throw new RangeError('the part of runs that fail is 0 or more and below 1');
  const setup = decimal(of.setupHours ?? 0);
  const hoursPerRun = decimal(of.dataVolume).div(speed).plus(setup);
  const tries = new Decimal(1).div(new Decimal(1).minus(failure));
  const perRun = hoursPerRun.times(tries).times(decimal(of.hourPrice));
  const storage = decimal(of.storageMonth ?? 0);
  const monthOf = (run: Decimal) => run.times(decimal(of.runsPerMonth)).plus(storage);
  const spotHours = hoursPerRun
    .times(
      decimal(of.checkpointOverheadPercent ?? 4)
        .div(100)
        .plus(1),
    )
    .plus(decimal(of.preemptionsPerRun ?? 0).times(decimal(of.lostHoursEach ?? 0)));
  const spotPerRun =
    of.spotHourPrice === undefined ? undefined : spotHours.times(tries).times(decimal(of.spotHourPrice));
  return {
    hoursPerRun,
    tries,
    perRun,
    perMonth: monthOf(perRun),
    spotPerRun,
    spotPerMonth: spotPerRun && monthOf(spotPerRun),
    arithmetic: `${decimal(of.dataVolume)} / ${speed} per node hour + ${setup} h = ${hoursPerRun.toDecimalPlaces(2)} h; × ${tries.toDecimalPlaces(3)} tries × ${decimal(of.hourPrice)} = ${perRun.toFixed(2)} a run; × ${decimal(of.runsPerMonth)} runs a month`,
  };
}
