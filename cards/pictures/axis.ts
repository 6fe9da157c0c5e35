/** A number short enough for an axis: 1.2M, 350k, −40; a share as percent. */
export function shortly(value: number, share = false): string {
  if (share) return `${shortly(value * 100)} %`;
  const size = Math.abs(value);
  const [unit, mark] = size >= 1e9 ? [1e9, 'bn'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e3 ? [1e3, 'k'] : [1, ''];
  const short = size / unit;
  // Three digits that count: 1.23M, 12.3k, 999, 0.016.
  return `${value < 0 ? '−' : ''}${Number(short.toPrecision(3))}${mark}`;
}

/** Three to six round places between two numbers. */
export function ticksOf(low: number, high: number): number[] {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step);
}
