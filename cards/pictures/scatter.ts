import { shortly, ticksOf } from './axis.ts';
import { canvas, type Point, textWidth } from './canvas.ts';
import { type Ground, INKS } from './ink.ts';
import { mark, wideOf } from './marks.ts';

interface Axis {
  title: string;
  /** Its ends; those of the points, with some air, when left out. */
  from?: number;
  to?: number;
  /** Each tenfold takes the same room; all values are above zero. */
  log?: boolean;
}

export interface Scatter {
  x: Axis;
  y: Axis;
  points: readonly {
    name: string;
    x: number;
    y: number;
    /** Whose mark and colour, 0 to 3. */
    series: number;
    /** What the area stands for, in any unit; marks of one size when left out. */
    size?: number;
  }[];
  /** The points of series 0 are joined from left to right by steps: what no other point beats in both. */
  front?: boolean;
}

const [WIDTH, HEIGHT] = [500, 350];
const [LEFT, RIGHT, TOP, FLOOR] = [58, 484, 14, 300];
const [PLAIN, LEAST, MOST] = [5, 5, 20];
const LETTER = 11;

/** Points in a plane, each with its name beside it where there is room. */
export function scatter({ x, y, points, front }: Scatter, ground: Ground): Buffer {
  const ink = INKS[ground];
  const on = canvas(WIDTH, HEIGHT, ink.paper);
  const across = scaleOf(
    x,
    points.map((each) => each.x),
    [LEFT, RIGHT],
  );
  const up = scaleOf(
    y,
    points.map((each) => each.y),
    [FLOOR, TOP],
  );
  const grid = (at: number, from: Point, to: Point, label: Point, align: 'middle' | 'right') => {
    on.line([from, to], ink.grid, 1);
    on.text(shortly(at), label, ink.quiet, { size: 10, align });
  };
  for (const at of across.ticks) {
    const column = across.place(at);
    grid(at, [column, TOP], [column, FLOOR], [column, FLOOR + 15], 'middle');
  }
  for (const at of up.ticks) {
    const row = up.place(at);
    grid(at, [LEFT, row], [RIGHT, row], [LEFT - 6, row + 4], 'right');
  }
  on.line(
    [
      [LEFT, TOP],
      [LEFT, FLOOR],
      [RIGHT, FLOOR],
    ],
    ink.axis,
    1,
  );
  on.text(`${x.title} >`, [RIGHT, FLOOR + 36], ink.quiet, { size: 11, align: 'right' });
  on.text(y.title, [LEFT + 6, TOP + 10], ink.quiet, { size: 11 });

  const largest = Math.max(...points.map(({ size }) => size ?? 0));
  const reachOf = (size: number | undefined) =>
    size === undefined || largest <= 0 ? PLAIN : Math.max(LEAST, MOST * Math.sqrt(size / largest));
  // The small ones lie on the large ones.
  const placed = points
    .map((each) => {
      const reach = reachOf(each.size);
      return {
        ...each,
        at: [across.place(each.x), up.place(each.y)] as Point,
        reach,
        wide: wideOf(each.series, reach),
      };
    })
    .sort((a, b) => b.reach - a.reach);
  const steps = stepsOf(placed.filter(({ series }) => series === 0));
  if (front) on.line(steps, ink.series[0] ?? ink.axis, 1.5);
  for (const { series, at, reach } of placed) {
    const colour = ink.series[series % ink.series.length] ?? ink.text;
    mark(on, series, at, reach > PLAIN ? `${colour}b0` : colour, reach);
  }
  const taken: Box[] = placed.map(({ at: [px, py], wide }) => [px - wide, py - wide, px + wide, py + wide]);
  if (front) taken.push(...levels(steps));
  // Those that are named first come first.
  for (const { name } of points) {
    const each = placed.find((one) => one.name === name);
    const written = each && spotFor(name, each.at, each.wide, taken);
    if (written) on.text(written.words, written.at, ink.text, { size: LETTER });
  }
  return on.png();
}

function scaleOf({ from, to, log }: Axis, values: readonly number[], [begin, end]: readonly [number, number]) {
  const of = (value: number) => (log ? Math.log10(value) : value);
  const [least, most] = [Math.min(...values.map(of)), Math.max(...values.map(of))];
  const air = (most - least || Math.abs(most) || 1) * 0.1;
  const [low, high] = [from === undefined ? least - air : of(from), to === undefined ? most + air : of(to)];
  const tenfolds = log ? Math.floor(high) - Math.ceil(low) + 1 : 0;
  const ticks =
    tenfolds > 1
      ? Array.from({ length: tenfolds }, (_, index) => 10 ** (Math.ceil(low) + index))
      : log
        ? ticksOf(10 ** low, 10 ** high)
        : ticksOf(low, high);
  return { ticks, place: (value: number) => begin + ((of(value) - low) / (high - low)) * (end - begin) };
}

/** From left to right: level until the next point, then up to it. */
function stepsOf(points: readonly { at: Point }[]): Point[] {
  const ordered = points.map(({ at }) => at).sort((a, b) => a[0] - b[0]);
  return ordered.flatMap((at, index): Point[] => {
    const before = ordered[index - 1];
    return before ? [[at[0], before[1]], at] : [at];
  });
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** The level parts of the steps, which a name would lie on. */
const levels = (steps: readonly Point[]): Box[] =>
  steps.slice(1).flatMap(([x, y], index): Box[] => {
    const [left, row] = steps[index] ?? [x, y];
    return row === y ? [[left, y - 1, x, y + 1]] : [];
  });

/** Where the name is in nobody's way: right, left, above or below, or at least its first word. What it takes is noted. */
function spotFor(name: string, [x, y]: Point, reach: number, taken: Box[]): { words: string; at: Point } | undefined {
  const free = ([left, top, right, bottom]: Box) =>
    left >= LEFT + 2 &&
    right <= WIDTH - 2 &&
    top >= TOP &&
    bottom <= FLOOR &&
    taken.every((box) => right <= box[0] || left >= box[2] || bottom <= box[1] || top >= box[3]);
  for (const words of new Set([name, name.split(' ')[0] ?? name])) {
    const wide = textWidth(words, LETTER);
    const spots = [
      [x + reach + 4, y - 6],
      [x - reach - 4 - wide, y - 6],
      [x - wide / 2, y - reach - 15],
      [x - wide / 2, y + reach + 3],
      [x, y - reach - 15],
      [x - wide, y - reach - 15],
    ] as const;
    for (const [left, top] of spots) {
      const box: Box = [left, top, left + wide, top + LETTER + 2];
      if (!free(box)) continue;
      taken.push(box);
      return { words, at: [left, box[3] - 2] };
    }
  }
  return undefined;
}
