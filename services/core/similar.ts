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
    const distance = slips(wanted, fold(candidate).slice(0, LONGEST_COMPARED));
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

function slips(a: string, b: string): number {
  let twoBack: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (twoBack[j - 2] ?? 0) + 1);
      row[j] = least;
    }
    twoBack = before;
    before = row;
  }
  return before[b.length] ?? 0;
}
