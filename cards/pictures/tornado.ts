import { shortly, ticksOf } from './axis.ts';
import { type Canvas, canvas, type Point, textWidth } from './canvas.ts';
import { type Ground, INKS, type Ink } from './ink.ts';

export interface Tornado {
  /** Written under the axis: "Building is better by (EUR)". */
  axis: string;
  /** The result as it stands. */
  base: number;
  bars: readonly {
    name: string;
    /** The input's two values as they are written, and the result with each. */
    low: string;
    high: string;
    atLow: number;
    atHigh: number;
    /** The input that turns the choice around soonest. */
    turns?: boolean;
  }[];
  /** What each side of zero means: "buying is better". */
  below: string;
  above: string;
}

const WIDTH = 500;
const [LEFT, RIGHT] = [178, 462];
const [TOP, ROW, BAR] = [84, 30, 16];

/** Bars left and right of the result as it stands, the widest swing on top; zero is where the choice turns. */
export function tornado({ axis, base, bars, below, above }: Tornado, ground: Ground): Buffer {
  const ink = INKS[ground];
  const height = TOP + bars.length * ROW + 46;
  const on = canvas(WIDTH, height, ink.paper);
  const ends = bars.flatMap(({ atLow, atHigh }) => [atLow, atHigh]);
  // Zero is on the picture where it is near enough to be reached; the room at the sides is for the values.
  const [least, most] = [Math.min(base, ...ends), Math.max(base, ...ends)];
  const span = most - least || Math.abs(base) || 1;
  const zeroSeen = 0 >= least - span * 0.6 && 0 <= most + span * 0.6;
  const [from, to] = zeroSeen ? [Math.min(least, 0), Math.max(most, 0)] : [least, most];
  const [low, high] = [from - (to - from || 1) * 0.17, to + (to - from || 1) * 0.17];
  const x = (value: number) => LEFT + ((value - low) / (high - low || 1)) * (RIGHT - LEFT);
  const floor = TOP + bars.length * ROW + 4;

  const ticks = ticksOf(low, high);
  for (const tick of ticks) {
    on.line(
      [
        [x(tick), TOP - 6],
        [x(tick), floor],
      ],
      ink.grid,
      1,
    );
    on.text(shortly(tick), [x(tick), floor + 15], ink.quiet, { size: 10, align: 'middle' });
  }
  on.text(axis, [(LEFT + RIGHT) / 2, floor + 34], ink.quiet, { size: 11, align: 'middle' });
  if (zeroSeen) {
    dashed([x(0), TOP - 12], [x(0), floor], (a, b) => on.line([a, b], ink.alarm, 1.5));
    const left = `< ${below}`;
    const right = `${above} >`;
    if (x(0) - 6 - textWidth(left, 10) > 4)
      on.text(left, [x(0) - 6, TOP - 16], ink.alarm, { size: 10, align: 'right' });
    if (x(0) + 6 + textWidth(right, 10) < WIDTH - 4) on.text(right, [x(0) + 6, TOP - 16], ink.alarm, { size: 10 });
  }
  for (const [index, bar] of bars.entries()) {
    const y = TOP + index * ROW + (ROW - BAR) / 2;
    const middle = y + BAR / 2 + 4;
    const box = (value: number): Point[] => [
      [x(base), y],
      [x(value), y],
      [x(value), y + BAR],
      [x(base), y + BAR],
    ];
    on.fill(box(bar.atLow), ink.lower);
    on.fill(box(bar.atHigh), ink.higher);
    on.text(bar.name, [LEFT - 10, middle], ink.text, { size: 12, align: 'right', bold: bar.turns === true });
    if (bar.turns) diamond(on, [LEFT - 20 - textWidth(bar.name, 12), middle - 4], ink.alarm);
    for (const [value, words] of [
      [bar.atLow, bar.low],
      [bar.atHigh, bar.high],
    ] as const) {
      // Two ends on one side of the base: the shorter one has no room of its own beside the longer one.
      const other = value === bar.atLow ? bar.atHigh : bar.atLow;
      const hidden =
        Math.sign(value - base) === Math.sign(other - base) && Math.abs(value - base) < Math.abs(other - base);
      if (hidden) continue;
      const right = value > base || (value === base && other < base);
      on.text(words, [x(value) + (right ? 5 : -5), middle], ink.text, { size: 10, align: right ? 'left' : 'right' });
    }
  }
  on.line(
    [
      [x(base), TOP - 6],
      [x(base), floor],
    ],
    ink.text,
    1.5,
  );
  on.text(`now ${shortly(base)}`, [x(base), TOP - 34], ink.text, { size: 11, align: 'middle', bold: true });
  legend(on, ink);
  return on.png();
}

function legend(on: Canvas, { lower, higher, alarm, text }: Ink): void {
  const square = (x: number, colour: string) =>
    on.fill(
      [
        [x, 6],
        [x + 11, 6],
        [x + 11, 17],
        [x, 17],
      ],
      colour,
    );
  square(12, lower);
  on.text('input a fifth lower', [28, 16], text, { size: 11 });
  square(158, higher);
  on.text('input a fifth higher', [174, 16], text, { size: 11 });
  diamond(on, [314, 11.5], alarm);
  on.text('turns the choice soonest', [324, 16], text, { size: 11 });
}

const diamond = (on: Canvas, [x, y]: Point, colour: string) =>
  on.fill(
    [
      [x, y - 6],
      [x + 6, y],
      [x, y + 6],
      [x - 6, y],
    ],
    colour,
  );

function dashed(from: Point, to: Point, draw: (a: Point, b: Point) => void): void {
  for (let y = from[1]; y < to[1]; y += 8) draw([from[0], y], [to[0], Math.min(to[1], y + 4)]);
}
