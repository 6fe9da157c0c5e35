import { netPresentValue } from '../core/cash.rules.ts';
import { type Amount, type Decimal, decimal, sumOf } from './money.rules.ts';

/** What ways of getting the same thing cost over the years. Costs are positive and in one currency. */

export interface CostLine {
  name: string;
  /** In year 0. */
  once?: Amount;
  /** In each year from 1 on. */
  yearly?: Amount;
  /** Of the yearly part, a year: 0.05 grows by 5 %. */
  growth?: Amount;
  /** For each unit of the volume, a year. */
  perUnit?: Amount;
  /** At the end of the last year. */
  atEnd?: Amount;
}

export interface Owned {
  /** Costs by year, year 0 first; positive. */
  years: Decimal[];
  total: Decimal;
  /** Present value of the costs. */
  presentValue: Decimal;
}

/** Total cost of ownership of a list of costs over `years`, for a volume a year. */
export function costOfOwnership(
  lines: readonly CostLine[],
  { years, rate = 0, volume = 0 }: { years: number; rate?: Amount; volume?: Amount },
): Owned {
  if (!Number.isInteger(years) || years < 1 || years > 50) throw new RangeError('1 to 50 years');
  const flows = Array.from({ length: years + 1 }, (_, year) =>
    sumOf(
      lines.map((line) => {
        if (year === 0) return decimal(line.once ?? 0);
        const grown = decimal(line.yearly ?? 0).times(
          decimal(line.growth ?? 0)
            .plus(1)
            .pow(year - 1),
        );
        const used = decimal(line.perUnit ?? 0).times(decimal(volume));
        return grown.plus(used).plus(year === years ? decimal(line.atEnd ?? 0) : 0);
      }),
    ),
  );
  return { years: flows, total: sumOf(flows), presentValue: netPresentValue(flows, rate) };
}

/**
 * The volume a year at which two ways cost the same, present values compared; undefined when one is always cheaper.
 * Both are linear in the volume, so two points say it all.
 */
export function breakEvenVolume(
  one: readonly CostLine[],
  other: readonly CostLine[],
  options: { years: number; rate?: Amount },
): Decimal | undefined {
  const gap = (volume: number) =>
    costOfOwnership(one, { ...options, volume }).presentValue.minus(
      costOfOwnership(other, { ...options, volume }).presentValue,
    );
  const atNothing = gap(0);
  const slope = gap(1).minus(atNothing);
  if (slope.isZero()) return undefined;
  const volume = atNothing.negated().div(slope);
  return volume.lessThan(0) ? undefined : volume;
}
