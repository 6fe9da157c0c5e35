/** The portfolio in order: what gives most for its effort first, as far as the people reach. */
export interface Candidate {
  id: string;
  title: string;
  score: number;
  /** Person-months; a use case without a figure is ranked behind those with one. */
  effort: number | undefined;
  /** Weighted shortest job first: (value + time criticality + risk reduction) / size; breaks ties. */
  wsjf: number;
  /** ISO 8601, the older one first when all else is equal. */
  submittedAt: string;
  /** Why it is not ranked at all: the gate it does not pass. */
  gate?: string;
}

export interface Ranked extends Candidate {
  place: number;
  /** Score per person-month. */
  perEffort: number | undefined;
  /** Person-months up to and with this one. */
  cumulative: number;
  within: boolean;
}

export interface Ranking {
  ranked: readonly Ranked[];
  /** Not ranked, with the gate that holds it. */
  held: readonly Candidate[];
}

/** `capacity` in person-months; without it everything is within. */
export function rank(candidates: readonly Candidate[], capacity?: number): Ranking {
  const open = candidates.filter(({ gate }) => gate === undefined);
  const perEffort = ({ score, effort }: Candidate) => (effort !== undefined && effort > 0 ? score / effort : undefined);
  const sorted = [...open].sort((a, b) => compare(a, b, perEffort));
  let cumulative = 0;
  // What does not fit does not stop a smaller one behind it: the line is where the people end, not the list.
  let left = capacity ?? Number.POSITIVE_INFINITY;
  const ranked = sorted.map((candidate, index) => {
    const effort = candidate.effort ?? 0;
    const within = candidate.effort !== undefined && effort <= left;
    if (within) {
      left -= effort;
      cumulative += effort;
    }
    return {
      ...candidate,
      place: index + 1,
      perEffort: perEffort(candidate),
      cumulative,
      within: capacity === undefined || within,
    };
  });
  return { ranked, held: candidates.filter(({ gate }) => gate !== undefined) };
}

type PerEffort = (candidate: Candidate) => number | undefined;
function compare(a: Candidate, b: Candidate, perEffort: PerEffort): number {
  const [left, right] = [perEffort(a), perEffort(b)];
  if ((left === undefined) !== (right === undefined)) return left === undefined ? 1 : -1;
  return (
    (right ?? 0) - (left ?? 0) ||
    b.wsjf - a.wsjf ||
    a.submittedAt.localeCompare(b.submittedAt) ||
    a.id.localeCompare(b.id, 'en', { numeric: true })
  );
}

/** Why one stands above the other, in a sentence. */
export function whyAbove(above: Ranked, below: Ranked): string {
  const number = (value: number | undefined) => (value === undefined ? 'no effort is given' : value.toFixed(1));
  const name = ({ id, score, effort, perEffort }: Ranked) =>
    `${id}: ${score.toFixed(1)} points${effort === undefined ? ', no effort given' : ` for ${effort} person-months = ${number(perEffort)} each`}`;
  const decided =
    above.perEffort !== below.perEffort
      ? 'More score for each person-month'
      : above.wsjf !== below.wsjf
        ? `The same for each person-month; it cannot wait as long (WSJF ${above.wsjf.toFixed(1)} against ${below.wsjf.toFixed(1)})`
        : 'All else is equal; it has waited longer';
  return `${decided}. ${name(above)}; ${name(below)}.`;
}

/** Weighted shortest job first (SAFe), from modified Fibonacci ratings. */
export const wsjf = (rated: { value: number; time: number; riskReduction: number; size: number }): number =>
  rated.size > 0 ? (rated.value + rated.time + rated.riskReduction) / rated.size : 0;
