/**
 * "Did you mean": the known word nearest to a mistyped one, or undefined when none is near enough to be helpful.
 * Distance counts a swapped pair of neighbours as one slip (optimal string alignment), the commonest typing error.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = fold(word).slice(0, LONGEST_COMPARED);
  // A third of the letters may be wrong, so that "cat" does not suggest "dog" but "aprovr" finds "approver".
  let best: { word: string; distance: number } | undefined;
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  for (const candidate of known) {
    const distance = editDistance(wanted, fold(candidate).slice(0, LONGEST_COMPARED), limit);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { word: candidate, distance };
  }
  return best?.word;
}

/** Letter case, accents and width do not count when people look for a name: "Inês" is found by "ines". */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’ʼ`´]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();

const LONGEST_COMPARED = 64;

/**
 * Damerau-Levenshtein distance (optimal string alignment: insert, delete, replace, swap neighbours), or `most + 1` as
 * soon as it must be more than `most`. Cost is bounded by the shorter word times `most`, so long words are cheap.
 */
export function editDistance(left: string, right: string, most: number): number {
  if (left === right) return 0;
  if (Math.abs(left.length - right.length) > most) return most + 1;
  const width = right.length + 1;
  let before = new Array<number>(width).fill(0);
  let above = Array.from({ length: width }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = new Array<number>(width).fill(most + 1);
    current[0] = row;
    let least = row;
    const from = Math.max(1, row - most);
    const to = Math.min(right.length, row + most);
    for (let column = from; column <= to; column++) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (above[column] ?? most) + 1,
        (current[column - 1] ?? most) + 1,
        (above[column - 1] ?? most) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1])
        cost = Math.min(cost, (before[column - 2] ?? most) + 1);
      current[column] = cost;
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    before = above;
    above = current;
  }
  return Math.min(above[right.length] ?? most + 1, most + 1);
}
