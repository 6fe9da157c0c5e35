import type { Canvas, Colour, Point } from './canvas.ts';

/** The mark of each series, for eyes that do not tell the colours apart; the card's words use the same. */
export const MARKS = ['●', '■', '▲', '◆'] as const;
const MARK_CORNERS = [20, 4, 3, 4] as const;
const MARK_TURNS = [0, Math.PI / 4, -Math.PI / 2, 0] as const;

/** How far the mark of a series reaches whose circle would have this radius. */
export const wideOf = (series: number, size: number): number =>
  MARK_CORNERS[series % MARKS.length] === 20 ? size : size * 1.375;

/** The mark of a series; `size` is the radius of its circle, the others are as large to the eye. */
export function mark(on: Canvas, series: number, [x, y]: Point, colour: Colour, size = 4): void {
  const index = series % MARKS.length;
  const [corners, turn] = [MARK_CORNERS[index] ?? 20, MARK_TURNS[index] ?? 0];
  const reach = wideOf(series, size);
  const outline = Array.from({ length: corners }, (_, corner): Point => {
    const angle = turn + (corner / corners) * 2 * Math.PI;
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  });
  on.fill(outline, colour);
}
