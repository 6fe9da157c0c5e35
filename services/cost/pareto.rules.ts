import { type Amount, type Decimal, decimal } from './money.rules.ts';

export interface Candidate {
  name: string;
  /** Money spent and predictions made in the same period. */
  cost: Amount;
  predictions: Amount;
  /** Higher is better. */
  quality: number;
}

export interface Placed {
  name: string;
  costPerThousand: Decimal;
  quality: number;
  /** Who is at least as good in both and better in one; undefined on the front. */
  dominatedBy: string | undefined;
}

/** Cost per 1,000 predictions against quality: who is on the Pareto front, and who is beaten by whom. Cheapest first. */
export function paretoFront(candidates: readonly Candidate[]): { placed: Placed[]; withoutPredictions: string[] } {
  const known = candidates.filter(({ predictions }) => decimal(predictions).greaterThan(0));
  const priced = known.map(({ name, cost, predictions, quality }) => ({
    name,
    quality,
    costPerThousand: decimal(cost).times(1000).div(decimal(predictions)),
  }));
  const beats = (one: (typeof priced)[number], other: (typeof priced)[number]) =>
    one.costPerThousand.lte(other.costPerThousand) &&
    one.quality >= other.quality &&
    (one.costPerThousand.lessThan(other.costPerThousand) || one.quality > other.quality);
  return {
    placed: priced
      .map((each) => ({ ...each, dominatedBy: priced.find((other) => beats(other, each))?.name }))
      .sort((a, b) => a.costPerThousand.comparedTo(b.costPerThousand) || b.quality - a.quality),
    withoutPredictions: candidates.filter((each) => !known.includes(each)).map(({ name }) => name),
  };
}
