import { encodePng } from './png.ts';

/**
 * The two icons of the Teams app, drawn from the same letter as the Room's favicon. Teams asks for 192 x 192 in full
 * colour, filled to the edge with the symbol inside the middle 96 x 96, and 32 x 32 in white on nothing
 * (https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/apps-package#app-icons).
 */
export const colourIcon = (): Uint8Array => draw(192, { ground: BRAND, scale: 0.7 });
export const outlineIcon = (): Uint8Array => draw(32, { ground: undefined, scale: 1.2 });

/** Also the manifest's accent colour. */
export const BRAND_COLOUR = '#5B5FC7';

type Rgb = readonly [red: number, green: number, blue: number];
const BRAND: Rgb = [0x5b, 0x5f, 0xc7];
const WHITE: Rgb = [255, 255, 255];

/** The letter W on a grid of 32, centred on its middle; the line is 2.6 wide with round ends. */
const LETTER = [
  [-10, -6.5],
  [-6, 6.5],
  [-2, -3.5],
  [2, -3.5],
  [6, 6.5],
  [10, -6.5],
] as const;
const HALF_LINE = 1.3;
const GRID = 32;

function draw(size: number, { ground, scale }: { ground: Rgb | undefined; scale: number }): Uint8Array {
  const pixels = new Uint8Array(size * size * 4);
  const unit = (size / GRID) * scale;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const away = distance((x + 0.5 - size / 2) / unit, (y + 0.5 - size / 2) / unit) - HALF_LINE;
      // How much of the pixel the line covers: exact enough for a line that is wider than a pixel.
      const cover = Math.min(1, Math.max(0, 0.5 - away * unit));
      const colour = ground ? ground.map((low, i) => Math.round(low + ((WHITE[i] ?? 255) - low) * cover)) : WHITE;
      pixels.set([...colour, ground ? 255 : Math.round(255 * cover)], (y * size + x) * 4);
    }
  }
  return encodePng({ width: size, height: size, pixels });
}

/** From a point of the grid to the nearest stroke of the letter. */
function distance(x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const [index, [x2, y2]] of LETTER.entries()) {
    const [x1, y1] = LETTER[index - 1] ?? [x2, y2];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = dx === 0 && dy === 0 ? 0 : ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy);
    const t = Math.min(1, Math.max(0, along));
    nearest = Math.min(nearest, Math.hypot(x - x1 - t * dx, y - y1 - t * dy));
  }
  return nearest;
}
