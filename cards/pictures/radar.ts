import { canvas, type Point } from './canvas.ts';
import { type Ground, INKS } from './ink.ts';
import { mark } from './marks.ts';

export interface Radar {
  /** Levels of each axis on the scale, the middle is 0. */
  scale: number;
  /** Axes clockwise from the top; those of one group stand together. */
  axes: readonly { name: string; group: string }[];
  /** At most four. */
  series: readonly (readonly number[])[];
}

const [WIDTH, HEIGHT] = [460, 350];
const [CENTRE_X, CENTRE_Y, RADIUS] = [230, 180, 118];

/** Levels on spokes, a closed line for each series. */
export function radar({ scale, axes, series }: Radar, ground: Ground): Buffer {
  const ink = INKS[ground];
  const on = canvas(WIDTH, HEIGHT, ink.paper);
  const turnOf = (axis: number) => (axis / axes.length) * 2 * Math.PI - Math.PI / 2;
  const at = (axis: number, level: number, out = 0): Point => {
    const reach = (Math.max(0, Math.min(scale, level)) / scale) * RADIUS + out;
    return [CENTRE_X + reach * Math.cos(turnOf(axis)), CENTRE_Y + reach * Math.sin(turnOf(axis))];
  };
  const ring = (level: number) => [...axes.map((_, axis) => at(axis, level)), at(0, level)];
  for (let level = 1; level <= scale; level += 1) on.line(ring(level), level === scale ? ink.axis : ink.grid, 1);
  for (const axis of axes.keys()) on.line([[CENTRE_X, CENTRE_Y], at(axis, scale)], ink.grid, 1);
  for (const [index, levels] of series.entries()) {
    const colour = ink.series[index % ink.series.length] ?? ink.text;
    const points = axes.map((_, axis) => at(axis, levels[axis] ?? 0));
    on.fill(points, `${colour}26`);
    on.line([...points, points[0] ?? [CENTRE_X, CENTRE_Y]], colour, 2);
    for (const point of points) mark(on, index, point, colour);
  }
  for (let level = 1; level <= scale; level += 1) {
    const [x, y] = at(0, level);
    on.text(String(level), [x + 5, y + 10], ink.quiet, { size: 9 });
  }
  for (const [axis, { name, group }] of axes.entries()) {
    const [x, y] = at(axis, scale, 12);
    const side = Math.cos(turnOf(axis));
    const align = side > 0.2 ? 'left' : side < -0.2 ? 'right' : 'middle';
    const down = 4 + Math.sin(turnOf(axis)) * 5;
    on.text(name, [x, y + down], ink.text, { size: 12, align });
    // The group is named once, at its middle spoke, outside its own name.
    const own = axes.flatMap((each, index) => (each.group === group ? [index] : []));
    if (own[Math.floor(own.length / 2)] === axis)
      on.text(group, [x, y + down + (y > CENTRE_Y ? 17 : -15)], ink.quiet, { size: 11, align, bold: true });
  }
  return on.png();
}
