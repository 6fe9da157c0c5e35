import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pictures } from '../../../bot/app.pictures.ts';
import { SAMPLE_PICTURES } from '../../../cards/gallery/pictures.ts';
import { shortly } from '../../../cards/pictures/axis.ts';
import { GROUNDS } from '../../../cards/pictures/ink.ts';
import { strokesOf, widthOf } from '../../../cards/pictures/letters.ts';
import { draw, type Picture } from '../../../cards/pictures/picture.ts';
import { seal } from '../../../services/core/seal.ts';

/** Width, height, and the colour at a place in CSS pixels. */
function read(png: Buffer) {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const [wide, high] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const body = png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8);
  const lines = inflateSync(body);
  return {
    wide,
    high,
    at: (x: number, y: number) => {
      const from = Math.round(y * 2) * (wide * 4 + 1) + 1 + Math.round(x * 2) * 4;
      return [...lines.subarray(from, from + 4)];
    },
  };
}
const RADAR = SAMPLE_PICTURES['sample-radar'] as Picture & { kind: 'radar' };
const TORNADO = SAMPLE_PICTURES['sample-tornado'] as Picture & { kind: 'tornado' };

describe('a picture', () => {
  it.each(Object.keys(SAMPLE_PICTURES))('%s is a PNG that Teams takes, on every ground', (name) => {
    for (const ground of GROUNDS) {
      const png = draw(SAMPLE_PICTURES[name] as Picture, ground);
      const { wide, high, at } = read(png);
      expect(wide).toBeLessThanOrEqual(1024);
      expect(high).toBeLessThanOrEqual(1024);
      expect(png.length).toBeLessThan(1024 * 1024);
      expect(at(1, 1)[3]).toBe(ground === 'paper' ? 255 : 0);
    }
  });

  it('of levels reaches as far as each level says', () => {
    const at = (level: number) => {
      const levels = RADAR.axes.map((_, axis) => (axis === 0 ? level : 1));
      const { at: colour } = read(draw({ ...RADAR, series: [levels] }, 'light'));
      // The mark of the first spoke, straight up from the middle.
      return colour(230, 180 - (level / 5) * 118);
    };
    for (const level of [1, 2.5, 5]) expect(at(level)).toEqual([0x0f, 0x6c, 0xbd, 255]);
  });

  it('of swings has its lower input left or right of the base, as the result says', () => {
    const bar = { name: 'x', low: '1', high: '2', atLow: 50, atHigh: 150 };
    const of = (over: object) => read(draw({ ...TORNADO, base: 100, bars: [{ ...bar, ...over }] }, 'light'));
    const blue = (picture: ReturnType<typeof read>) =>
      Array.from({ length: 284 }, (_, index) => 178 + index).filter(
        (x) => picture.at(x, 99).join() === '15,108,189,255',
      );
    const [plain, turned] = [blue(of({})), blue(of({ atLow: 150, atHigh: 50 }))];
    expect(plain.length).toBeGreaterThan(20);
    expect(Math.max(...plain)).toBeLessThan(Math.min(...turned));
  });

  it('of points has each where its values say, on plain scales and on those of tenfolds, also when there is one only', () => {
    const of = (points: { x: number; y: number }[], log = false) =>
      read(
        draw(
          {
            kind: 'scatter',
            x: { title: 'x', ...(log ? { log } : { from: 0, to: 100 }) },
            y: { title: 'y', from: 0, to: 100 },
            points: points.map((point) => ({ name: '', series: 0, ...point })),
          },
          'light',
        ),
      );
    const blue = [0x0f, 0x6c, 0xbd, 255];
    const plain = of([
      { x: 0, y: 0 },
      { x: 50, y: 100 },
    ]);
    expect([plain.at(58, 300), plain.at(58 + 213, 14), plain.at(58 + 213, 200)]).toEqual([
      blue,
      blue,
      expect.not.arrayContaining([0x0f]),
    ]);
    // From 1 to 100 with a tenth of air at each side: 10 is in the middle.
    const tenfolds = of(
      [1, 10, 100].map((x) => ({ x, y: 50 })),
      true,
    );
    expect(tenfolds.at(58 + 213, 157)).toEqual(blue);
    expect(of([{ x: 7, y: 50 }], true).at(58 + 213, 157)).toEqual(blue);
  });

  it('writes numbers short', () => {
    expect([1_234_567, 350_000, -40, 0, 0.5, 2.5e9, 999, 12_345].map((value) => shortly(value))).toEqual([
      '1.23M',
      '350k',
      '−40',
      '0',
      '0.5',
      '2.5bn',
      '999',
      '12.3k',
    ]);
    expect(shortly(0.064, true)).toBe('6.4 %');
  });

  it('has a letter for everything that it writes, and a mark for what it does not know', () => {
    const words = 'The quick brown fox jumps over the lazy dog, PACK MY BOX 0123456789 −+%():/=<>€.';
    expect(strokesOf(words).every(({ points }) => points.every(([x, y]) => x >= 0 && Number.isFinite(y)))).toBe(true);
    expect(widthOf('')).toBeLessThanOrEqual(0);
    expect(widthOf('mm')).toBeGreaterThan(widthOf('ii'));
    expect(strokesOf('ü')).toEqual(strokesOf('?'));
  });
});

describe('its address', () => {
  const house = (key: string) =>
    pictures({ seal: seal(Buffer.from(key)), addressOf: (path) => `https://wardroom.example${path}` });
  const [ours, theirs] = [house('one'), house('two')];
  const partsOf = (url: string) => new URL(url).pathname.match(/^\/pictures\/(\w+)\/([\w-]+)\.png$/)?.slice(1) ?? [];

  it('holds all of the picture, tells none of it, and is the same each time', () => {
    const addresses = ours.addresses(TORNADO);
    expect(addresses).toEqual(house('one').addresses(TORNADO));
    expect(addresses.paper.length).toBeLessThan(1500);
    const [ground = '', token = ''] = partsOf(addresses.dark);
    expect(ground).toBe('dark');
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('benefit');
    expect(ours.open(ground, token)?.equals(draw(TORNADO, 'dark'))).toBe(true);
    expect(ours.open(ground, token)).toBe(ours.open(ground, token));
  });

  it('opens nothing that was not made here', () => {
    const [, token = ''] = partsOf(ours.addresses(RADAR).light);
    const other = `${token[0] === 'A' ? 'B' : 'A'}${token.slice(1)}`;
    for (const made of ['', 'x', other, token.slice(0, -4), 'a'.repeat(9000), '../../etc/passwd', 'sample-radar'])
      expect(ours.open('light', made)).toBeUndefined();
    expect(ours.open('blue', token)).toBeUndefined();
    expect(theirs.open('light', token)).toBeUndefined();
    expect(ours.open('light', token)).toBeDefined();
  });
});
