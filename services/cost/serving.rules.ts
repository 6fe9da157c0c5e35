import { MONTH_HOURS } from './estimate.rules.ts';
import { type Amount, Decimal, decimal, displayed } from './money.rules.ts';

/** Real-time against batch against serverless for a stated volume: the arithmetic of total cost of ownership a month. */

export type ServingKind = 'realtime' | 'batch' | 'serverless';

export interface ServingPrices {
  realtime?: { instances: number; hour: Amount } | undefined;
  batch?: { runs: number; hour: Amount; throughputPerNodeHour: Amount; overheadMinutesPerRun: Amount } | undefined;
  serverless?: ServerlessPrice | undefined;
}

export interface ServerlessPrice {
  per1kRequests: Amount;
  perGbSecond: Amount;
  memoryGb: Amount;
  seconds: Amount;
  /** Requests and GB seconds a month that are not charged. */
  freeRequests?: Amount | undefined;
  freeGbSeconds?: Amount | undefined;
  /** What a month costs at least. */
  minimum?: Amount | undefined;
}

export interface ServingNeeds {
  requestsMonth: Amount;
  /** Answers within this many seconds: batch cannot. */
  maxLatencySeconds?: number | undefined;
  /** Results no older than this: needs enough batch runs a month. */
  maxAgeHours?: number | undefined;
}

export interface ServingOption {
  kind: ServingKind;
  monthly: Decimal;
  arithmetic: string;
  /** Why it is out; undefined when it meets what is asked for. */
  excluded: string | undefined;
}

const DAYS_OF_MONTH = '30.4166666667';
/** What asks for an answer within an hour is asked one by one, and batch is not. */
const INTERACTIVE_SECONDS = 3600;

/** Which kinds meet a latency. */
export function eligibleServing(
  maxLatencySeconds: number | undefined,
  options: readonly ServingKind[] = ['realtime', 'batch', 'serverless'],
): ServingKind[] {
  return options.filter((kind) => servingRefusal(kind, { maxLatencySeconds }) === undefined);
}

function servingRefusal(
  kind: ServingKind,
  { maxLatencySeconds, maxAgeHours }: Omit<ServingNeeds, 'requestsMonth'>,
  batchRuns?: number,
): string | undefined {
  if (kind !== 'batch') return undefined;
  if (maxLatencySeconds !== undefined && maxLatencySeconds < INTERACTIVE_SECONDS)
    return `batch does not answer within ${maxLatencySeconds} s`;
  const every = batchRuns ? MONTH_HOURS / batchRuns : undefined;
  if (maxAgeHours !== undefined && every !== undefined && every > maxAgeHours)
    return `results are up to ${every.toFixed(0)} h old with ${batchRuns} runs a month; ${maxAgeHours} h are asked for`;
  return undefined;
}

/** What each way of serving costs a month, and the cheapest of those that meet the needs. */
export function compareServing(
  prices: ServingPrices,
  needs: ServingNeeds,
): { options: ServingOption[]; cheapest: ServingOption | undefined } {
  const requests = decimal(needs.requestsMonth);
  if (requests.isNegative()) throw new RangeError('a volume is not below zero');
  const reckoned: { exact: Decimal; option: ServingOption }[] = [];
  const add = (kind: ServingKind, exact: Decimal, arithmetic: string, runs?: number) => {
    const excluded = servingRefusal(kind, needs, runs);
    reckoned.push({ exact, option: { kind, monthly: displayed(exact), arithmetic, excluded } });
  };
  const { realtime, batch, serverless } = prices;
  if (realtime) {
    const exact = decimal(realtime.hour).times(realtime.instances).times(MONTH_HOURS);
    add('realtime', exact, `${realtime.instances} × ${realtime.hour} × ${MONTH_HOURS} h`);
  }
  if (batch) {
    if (decimal(batch.throughputPerNodeHour).lte(0)) throw new RangeError('the throughput of batch is above zero');
    const hours = requests
      .div(decimal(batch.throughputPerNodeHour))
      .plus(decimal(batch.overheadMinutesPerRun).times(batch.runs).div(60));
    const arithmetic = `${batch.hour} × (${requests} / ${batch.throughputPerNodeHour} + ${batch.runs} × ${batch.overheadMinutesPerRun} / 60) h`;
    add('batch', hours.times(decimal(batch.hour)), arithmetic, batch.runs);
  }
  if (serverless) {
    add('serverless', serverlessMonth(serverless, requests), serverlessWords(serverless, requests));
  }
  // Compared before they are rounded: two that show the same cents are not equally cheap.
  const cheapest = reckoned
    .filter(({ option }) => option.excluded === undefined)
    .reduce<(typeof reckoned)[number] | undefined>(
      (best, each) => (best?.exact.lte(each.exact) ? best : each),
      undefined,
    );
  return { options: reckoned.map(({ option }) => option), cheapest: cheapest?.option };
}

/** A month of serverless: what is beyond the free grants, and never less than the minimum. */
function serverlessMonth(of: ServerlessPrice, requests: Decimal): Decimal {
  const beyond = (used: Decimal, free: Amount | undefined) => Decimal.max(0, used.minus(decimal(free ?? 0)));
  const gbSeconds = requests.times(decimal(of.memoryGb)).times(decimal(of.seconds));
  const charged = beyond(requests, of.freeRequests)
    .div(1000)
    .times(decimal(of.per1kRequests))
    .plus(beyond(gbSeconds, of.freeGbSeconds).times(decimal(of.perGbSecond)));
  return Decimal.max(charged, decimal(of.minimum ?? 0));
}

function serverlessWords(of: ServerlessPrice, requests: Decimal): string {
  const { per1kRequests, perGbSecond, memoryGb, seconds, freeRequests, freeGbSeconds, minimum } = of;
  const less = (words: string, free: Amount | undefined) => (free === undefined ? words : `(${words} − ${free} free)`);
  const calls = `${less(String(requests), freeRequests)} / 1000 × ${per1kRequests}`;
  const work = `${less(`${requests} × ${memoryGb} GB × ${seconds} s`, freeGbSeconds)} × ${perGbSecond}`;
  return `${calls} + ${work}${minimum === undefined ? '' : `, at least ${minimum}`}`;
}

/**
 * Requests a month from which on fixed instances are cheaper than serverless; 0 when they always are, as the minimum
 * alone is more. Undefined when serverless costs nothing more per request.
 */
export function realtimeBreakEven(
  prices: Required<Pick<ServingPrices, 'realtime' | 'serverless'>>,
): Decimal | undefined {
  const { realtime, serverless } = prices;
  if (!realtime || !serverless) return undefined;
  const fixed = decimal(realtime.hour).times(realtime.instances).times(MONTH_HOURS);
  if (decimal(serverless.minimum ?? 0).gte(fixed)) return new Decimal(0);
  const perCall = decimal(serverless.per1kRequests).div(1000);
  const perRequestGb = decimal(serverless.memoryGb).times(decimal(serverless.seconds));
  const perWork = perRequestGb.times(decimal(serverless.perGbSecond));
  if (perCall.plus(perWork).lte(0)) return undefined;
  // Each of the two charges begins where its free grant ends; between those kinks the cost is a straight line.
  const freeCalls = decimal(serverless.freeRequests ?? 0);
  const freeWork = perRequestGb.isZero() ? new Decimal(0) : decimal(serverless.freeGbSeconds ?? 0).div(perRequestGb);
  const both = fixed.plus(perCall.times(freeCalls)).plus(perWork.times(freeWork)).div(perCall.plus(perWork));
  if (both.gte(Decimal.max(freeCalls, freeWork))) return both.ceil();
  const [slope, from] = freeCalls.lt(freeWork) ? [perCall, freeCalls] : [perWork, freeWork];
  return from.plus(fixed.div(slope)).ceil();
}

export interface IngestionPlan {
  /** Gigabytes a day. */
  gbPerDay: Amount;
  /** How old data may be, minutes. */
  freshnessMinutes: number;
  batch: { minutesPerRun: Amount; perGbMinutes: Amount; hour: Amount };
  streaming: { units: number; unitHour: Amount; perGb: Amount; latencyMinutes?: number };
}

export interface IngestionOption {
  kind: 'batch' | 'streaming';
  freshnessMinutes: number;
  monthly: Decimal;
  arithmetic: string;
  excluded: string | undefined;
}

/**
 * Batch ingestion as often as the freshness needs, against streaming units that always run. Data of a run is as old as
 * the time between two runs and the run itself, so a run must be shorter than the freshness asked for.
 */
export function compareIngestion(of: IngestionPlan): {
  options: IngestionOption[];
  cheapest: IngestionOption | undefined;
} {
  const gbMonth = decimal(of.gbPerDay).times(decimal(DAYS_OF_MONTH));
  const perGb = decimal(of.batch.perGbMinutes);
  const setup = decimal(of.batch.minutesPerRun);
  // Interval T and run time setup + gb(T) × minutes per gb; age = T + run. Solve for the longest T that is fresh enough.
  const gbPerMinute = decimal(of.gbPerDay).div(24 * 60);
  const load = gbPerMinute.times(perGb);
  const interval = decimal(of.freshnessMinutes).minus(setup).div(load.plus(1));
  const runTime = setup.plus(interval.times(load));
  const possible = interval.greaterThan(0) && interval.gte(runTime);
  const every = possible ? interval : Decimal.max(1, setup.div(Decimal.max('0.01', new Decimal(1).minus(load))));
  const runs = new Decimal(MONTH_HOURS * 60).div(every).ceil();
  const minutes = runs.times(setup).plus(gbMonth.times(perGb));
  const batch: IngestionOption = {
    kind: 'batch',
    freshnessMinutes: every.times(load.plus(1)).plus(setup).ceil().toNumber(),
    monthly: displayed(minutes.div(60).times(decimal(of.batch.hour))),
    arithmetic: `${runs} runs × ${setup} min + ${gbMonth.toFixed(0)} GB × ${perGb} min, at ${of.batch.hour} an hour`,
    excluded: possible ? undefined : `a run would have to be over before ${of.freshnessMinutes} min are`,
  };
  const latency = of.streaming.latencyMinutes ?? 1;
  const streaming: IngestionOption = {
    kind: 'streaming',
    freshnessMinutes: latency,
    monthly: displayed(
      decimal(of.streaming.unitHour)
        .times(of.streaming.units)
        .times(MONTH_HOURS)
        .plus(gbMonth.times(decimal(of.streaming.perGb))),
    ),
    arithmetic: `${of.streaming.units} × ${of.streaming.unitHour} × ${MONTH_HOURS} h + ${gbMonth.toFixed(0)} GB × ${of.streaming.perGb}`,
    excluded: latency > of.freshnessMinutes ? `streaming is ${latency} min behind` : undefined,
  };
  const options = [batch, streaming];
  const fit = options.filter(({ excluded }) => excluded === undefined);
  const cheapest = fit.reduce<IngestionOption | undefined>(
    (best, each) => (best?.monthly.lte(each.monthly) ? best : each),
    undefined,
  );
  return { options, cheapest };
}
