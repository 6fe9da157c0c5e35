import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, counted, countedIn, joined, link, plain, shorten } from '../../../cards/parts/text.ts';
import { cpuMs } from '../../cpu.ts';

describe('text from outside', () => {
  it('keeps an ordinary sentence as it is', () => {
    const text = "Finn O'Hara: p95 of ep-fraud/green is 810 ms (limit 400), 5 < 7 & 3 > 2";
    expect(plain(text)).toBe(text);
  });
  it('keeps the names that models and features have', () => {
    expect(plain('fraud_detector_v2:amount_eur')).toBe('fraud_detector_v2:amount_eur');
  });
  it('cannot be bold, italic or a link', () => {
    expect(plain('*a* **b** _c_ [d](https://e.example)')).toBe(
      '\\*a\\* \\*\\*b\\*\\* \\_c\\_ \\[d\\](https://e.example)',
    );
  });
  it('cannot un-escape itself', () => expect(plain('\\*a\\*')).toBe('\\\\\\*a\\\\\\*'));
  it('cannot start a list, a heading or a quote', () => {
    for (const mark of ['- a', '+ a', '# a', '> a', '1. a', '12) a']) expect(plain(mark)).toBe(`\u200B${mark}`);
    expect(plain('-5 is less than 0')).toBe('\u200B-5 is less than 0');
    expect(plain('3.5 times')).toBe('3.5 times');
  });
  it('cannot mention anybody or bring HTML', () => {
    expect(clean('<at>Ann Berg</at> <b>x</b>')).toBe('‹at›Ann Berg‹/at› ‹b›x‹/b›');
  });
  it('cannot call a card function', () => {
    expect(clean('{{DATE(2026-01-01T00:00:00Z)}}')).not.toContain('{{');
    expect(clean('{{{x')).not.toContain('{{');
  });
  it('cannot turn the direction of what follows', () => expect(clean('a\u202Egnp.exe\u202C\u2066b')).toBe('agnp.exeb'));
  it('keeps a right-to-left name together', () => expect(clean('דוד 5')).toBe('\u2068דוד 5\u2069'));
  it('cannot break the line or hide in it', () => expect(clean('a\r\nb\u0000\u200B\u2028c\u{E0041}')).toBe('a b c'));
  it('cannot cover its neighbours with piled marks', () => {
    expect(clean(`a${'\u0338'.repeat(50)}b`).length).toBeLessThan(8);
  });
  it('keeps emoji, accents and joined scripts whole', () => {
    expect(clean('Inês 👩‍💻 می‌روم'.slice(0, 10))).toBe('Inês 👩‍💻');
    expect(clean('می‌روم')).toContain('\u200C');
  });
  it('is cut at a whole character and says so', () => {
    expect(shorten('👩‍💻👩‍💻👩‍💻', 12)).toBe('👩‍💻👩‍💻…');
    expect(clean('x'.repeat(50_000)).length).toBe(240);
  });
  it('survives half a surrogate pair', () => expect(clean('a\uD83D')).toBe('a\uFFFD'));

  it('whatever it is, nothing in it acts', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '*',
        '_',
        '[',
        ']',
        '(',
        ')',
        '<',
        '>',
        '/',
        'at',
        'a',
        ' ',
        '{',
        '}',
        '\\',
        '`',
        '~',
        '\n',
        '\u202E',
        '👩',
        '-',
        '1.',
      ),
    });
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (text) => {
        const shown = plain(text, 100);
        expect(shown).not.toMatch(/<\/?[a-z]/i);
        expect(shown).not.toContain('{{');
        expect(shown).not.toMatch(/[\u202A-\u202E\u2066\u2067\p{Cc}]/u);
        // Every active character has an odd number of backslashes before it.
        for (const found of shown.matchAll(/(\\*)[*[\]]/g)) expect((found[1] ?? '').length % 2).toBe(1);
        expect(clean(text, 100).length).toBeLessThanOrEqual(102);
        expect(shown.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
  it('is read in time that does not grow with its length', () => {
    const started = cpuMs();
    for (const unit of ['<', '{', '[', '_a', '\u0338', '‹', '>']) plain(unit.repeat(2_000_000), 200);
    expect(cpuMs() - started).toBeLessThan(500);
  });
});

describe('links', () => {
  it('lead to https only', () => {
    expect(link('run 42', 'https://ml.azure.com/runs/42')).toBe('[run 42](https://ml.azure.com/runs/42)');
    expect(link('run 42', 'javascript:alert(1)')).toBe('run 42');
    expect(link('run 42', 'not a url')).toBe('run 42');
  });
  it('cannot end early', () => expect(link('a', 'https://x.example/(b)')).toBe('[a](https://x.example/%28b%29)'));
});

describe('words', () => {
  it('join like a sentence', () => {
    expect([joined([]), joined(['a']), joined(['a', 'b']), joined(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
  it('count', () => {
    expect([counted(0, 'alert'), counted(1, 'alert'), counted(1200, 'entry', 'entries')]).toEqual([
      '0 alerts',
      '1 alert',
      '1,200 entries',
    ]);
  });
  it.each([
    ['payments', '1 payment'],
    ['page views', '1 page view'],
    ['enquiries', '1 enquiry'],
    ['searches', '1 search'],
    ['boxes of tea', '1 box of tea'],
    ['claims per policy', '1 claim per policy'],
    ['sales', '1 sale'],
    ['invoices', '1 invoice'],
    ['address', '1 address'],
    ['bus', '1 bus'],
    ['Zahlungen', '1 Zahlungen'],
  ])('say one of %s', (many, one) => {
    expect(countedIn(1, many)).toBe(one);
    expect(countedIn(3100, many)).toBe(`3,100 ${many}`);
  });
});
