import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutes, minutesOf } from '../../../services/core/organisation.ts';

describe('a duration', () => {
  it.each([
    ['10m', 10],
    ['10 min', 10],
    ['2h', 120],
    ['1d', 1440],
    ['PT10M', 10],
    ['P1DT2H3M', 1563],
    ['P1D', 1440],
    [' 5m ', 5],
  ])('%s is %i minutes', (text, expected) => {
    expect(minutesOf(text)).toBe(expected);
    expect(minutes.parse(text)).toBe(expected);
  });

  it.each([
    '',
    'P',
    'PT',
    '0m',
    'P0D',
    '-5m',
    '1.5h',
    '10',
    '10s',
    'PT10S',
    'P1W',
    '1h30m',
    'soon',
    '10M',
    '367d',
    0,
    -1,
    1.5,
    1e9,
  ])('%s is none', (text) => {
    expect(minutes.safeParse(text).success).toBe(false);
  });

  it('is read back as it was written, in both ways of writing', () => {
    const parts = fc.tuple(fc.nat(300), fc.nat(23), fc.nat(59)).filter(([d, h, m]) => d + h + m > 0);
    fc.assert(
      fc.property(parts, ([days, hours, mins]) => {
        const time = hours + mins > 0 ? `T${hours ? `${hours}H` : ''}${mins ? `${mins}M` : ''}` : '';
        const total = days * 1440 + hours * 60 + mins;
        expect(minutesOf(`P${days ? `${days}D` : ''}${time}`)).toBe(total);
        expect(minutesOf(`${total}m`)).toBe(total);
      }),
    );
  });

  it('is a whole number of minutes above zero or nothing, whatever is written', () => {
    const likely = fc.stringMatching(/^[PT0-9DHMmhd .+-]{0,12}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), likely), (text) => {
        const read = minutes.safeParse(text);
        if (read.success) expect(Number.isSafeInteger(read.data) && read.data > 0 && read.data <= 527_040).toBe(true);
      }),
    );
  });
});
