import { CAPITAL, strokesOf, widthOf } from './letters.ts';
import { png } from './png.ts';

export type Point = readonly [x: number, y: number];
/** "#0f6cbd" or with alpha "#0f6cbd33". */
export type Colour = string;

/** Pixels to a unit: sharp on screens of twice the density, and still under the 1024 pixels that Teams draws. */
const DENSITY = 2;
/** Lines that each pixel row is looked at; across, the cover is exact. */
const SUBROWS = 4;

export interface Written {
  size?: number;
  align?: 'left' | 'middle' | 'right';
  bold?: boolean;
}

/** A unit of the lettering at size 1: its capitals are as high as those of a font of that size. */
const UNIT = 0.72 / CAPITAL;
export const textWidth = (words: string, size: number): number => widthOf(words) * size * UNIT;

/** A small picture: polygons with smooth edges, lines, and letters made of lines. Units are CSS pixels, y downwards. */
export function canvas(width: number, height: number, paper?: Colour) {
  const [wide, high] = [Math.round(width * DENSITY), Math.round(height * DENSITY)];
  const pixels = new Uint8Array(wide * high * 4);
  if (paper) {
    const [r, g, b, a] = channels(paper);
    new Uint32Array(pixels.buffer).fill(Buffer.from([r, g, b, Math.round(a * 255)]).readUInt32LE());
  }

  /** Puts a colour over what is there, as far as it covers the pixel (source over, straight alpha). */
  function blend(at: number, [r, g, b, a]: readonly [number, number, number, number], cover: number): void {
    const over = a * Math.min(1, cover);
    const under = ((pixels[at + 3] ?? 0) / 255) * (1 - over);
    const alpha = over + under;
    if (alpha === 0) return;
    const mix = (mine: number, theirs: number) => Math.round((mine * over + theirs * under) / alpha);
    pixels[at] = mix(r, pixels[at] ?? 0);
    pixels[at + 1] = mix(g, pixels[at + 1] ?? 0);
    pixels[at + 2] = mix(b, pixels[at + 2] ?? 0);
    pixels[at + 3] = Math.round(alpha * 255);
  }

  /** Fills what lies inside any of the outlines, which all turn the same way or overlap as they like (non-zero rule). */
  function fill(outlines: readonly (readonly Point[])[], colour: Colour): void {
    const rgba = channels(colour);
    const edges = outlines.flatMap((outline) =>
      outline.map((from, index): [Point, Point] => {
        const to = outline[(index + 1) % outline.length] ?? from;
        return [
          [from[0] * DENSITY, from[1] * DENSITY],
          [to[0] * DENSITY, to[1] * DENSITY],
        ];
      }),
    );
    const ys = edges.flatMap(([from, to]) => [from[1], to[1]]);
    const [top, bottom] = [Math.max(0, Math.floor(Math.min(...ys))), Math.min(high, Math.ceil(Math.max(...ys)))];
    const xs = edges.flatMap(([from, to]) => [from[0], to[0]]);
    const [left, right] = [Math.max(0, Math.floor(Math.min(...xs))), Math.min(wide, Math.ceil(Math.max(...xs)))];
    const cover = new Float32Array(wide);
    for (let row = top; row < bottom; row += 1) {
      cover.fill(0, left, right);
      const near = edges.filter(([from, to]) => Math.min(from[1], to[1]) < row + 1 && Math.max(from[1], to[1]) > row);
      for (let sub = 0; sub < SUBROWS; sub += 1) spans(near, row + (sub + 0.5) / SUBROWS, cover);
      for (let x = left; x < right; x += 1) {
        const share = (cover[x] ?? 0) / SUBROWS;
        if (share > 0) blend((row * wide + x) * 4, rgba, share);
      }
    }
  }

  /** A line with round ends and corners, one mask, so that it is even where it crosses itself. */
  function line(points: readonly Point[], colour: Colour, thick = 1): void {
    const parts = points.slice(1).map((to, index) => capsule(points[index] ?? to, to, thick / 2));
    const [only] = points;
    fill(points.length === 1 && only ? [capsule(only, only, thick / 2)] : parts, colour);
  }

  function text(words: string, [x, y]: Point, colour: Colour, { size = 12, align = 'left', bold }: Written = {}): void {
    const unit = size * UNIT;
    const wideness = textWidth(words, size);
    const left = align === 'left' ? x : align === 'right' ? x - wideness : x - wideness / 2;
    const thick = size * (bold ? 0.14 : 0.095);
    const outlines = strokesOf(words).flatMap(({ points, rounded }) => {
      const placed = points.map(([px, py]): Point => [left + px * unit, y - py * unit]);
      const smooth = rounded ? soft(soft(placed)) : placed;
      return smooth.slice(1).map((to, index) => capsule(smooth[index] ?? to, to, thick / 2));
    });
    if (outlines.length > 0) fill(outlines, colour);
  }

  return {
    fill: (outline: readonly Point[], colour: Colour) => fill([outline], colour),
    line,
    text,
    png: () => png(wide, high, pixels),
  };
}
export type Canvas = ReturnType<typeof canvas>;

/** Adds to each pixel of a row how much of this one line through it lies inside. */
function spans(edges: readonly (readonly [Point, Point])[], y: number, cover: Float32Array): void {
  const crossings: { x: number; turn: number }[] = [];
  for (const [from, to] of edges) {
    if (from[1] <= y === to[1] <= y) continue;
    const x = from[0] + ((y - from[1]) / (to[1] - from[1])) * (to[0] - from[0]);
    crossings.push({ x, turn: from[1] < to[1] ? 1 : -1 });
  }
  crossings.sort((a, b) => a.x - b.x);
  let winding = 0;
  let start = 0;
  for (const { x, turn } of crossings) {
    if (winding === 0) start = x;
    winding += turn;
    if (winding === 0) addSpan(cover, start, x);
  }
}

function addSpan(cover: Float32Array, from: number, to: number): void {
  const [left, right] = [Math.max(0, from), Math.min(cover.length, to)];
  for (let x = Math.floor(left); x < right; x += 1)
    cover[x] = (cover[x] ?? 0) + Math.min(right, x + 1) - Math.max(left, x);
}

const CORNERS = 5;
/** The outline of everything within `radius` of a stretch. */
function capsule(from: Point, to: Point, radius: number): Point[] {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const half = (centre: Point, begin: number) =>
    Array.from({ length: CORNERS + 1 }, (_, index): Point => {
      const turn = begin + (index / CORNERS) * Math.PI;
      return [centre[0] + radius * Math.cos(turn), centre[1] + radius * Math.sin(turn)];
    });
  return [...half(to, angle - Math.PI / 2), ...half(from, angle + Math.PI / 2)];
}

/** Cuts the corners of an open line (Chaikin); its ends stay. */
function soft(points: readonly Point[]): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 3) return [...points];
  const cut = points.slice(1).flatMap((to, index): Point[] => {
    const from = points[index] ?? to;
    const at = (share: number): Point => [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    return [at(0.25), at(0.75)];
  });
  return [first, ...cut, last];
}

function channels(colour: Colour): [number, number, number, number] {
  const hex = (from: number) => Number.parseInt(colour.slice(from, from + 2), 16);
  return [hex(1), hex(3), hex(5), colour.length > 7 ? hex(7) / 255 : 1];
}
