import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runDrift } from '../../bot/console-drift.ts';

const folder = mkdtempSync(join(tmpdir(), 'console-drift-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, shift: number): string => {
  const path = join(folder, name);
  const rows = Array.from({ length: 600 }, (_, i) => `${((i * 7919) % 601) / 100 + shift},${i % (shift > 0 ? 2 : 3)}k`);
  writeFileSync(path, ['amount,kind', ...rows].join('\n'));
  return path;
};
const before = file('before.csv', 0);
const after = file('after.csv', 2);

interface Printed {
  state: string;
  n_ref: number;
  rows: Record<string, unknown>[];
}

describe('drift in the terminal', () => {
  it('prints rows as JSON and ends with 1 when something alarms', async () => {
    const { code, lines } = await runDrift(['--baseline', before, '--current', after, '--json']);
    expect(code).toBe(1);
    const { state, rows, n_ref } = JSON.parse(lines.join('\n')) as Printed;
    expect([state, n_ref]).toEqual(['alarm', 600]);
    const psi = rows.find(({ feature, metric }) => feature === 'amount' && metric === 'psi');
    expect(psi).toMatchObject({ profile: 'native', n_ref: 600, n_cur: 600, bins: 10, floor: 0.1, state: 'alarm' });
    for (const row of rows)
      expect(Object.keys(row)).toEqual(
        expect.arrayContaining([
          'feature',
          'profile',
          'metric',
          'value',
          'n_ref',
          'n_cur',
          'bins',
          'null95',
          'floor',
          'p',
          'state',
        ]),
      );
  });

  it('ends with 0 when nothing moved, and says so', async () => {
    const { code, lines } = await runDrift(['--baseline', before, '--current', before]);
    expect(code).toBe(0);
    expect(lines.at(-1)).toBe('2 features: 0 alarm, 0 watch, 0 with something unknown.');
  });

  it('explains with bins, sizes and reasons', async () => {
    const { lines } = await runDrift(['--baseline', before, '--current', after, '--explain', '--features', 'kind']);
    expect(lines.join('\n')).toContain('  2k: 200 / 0');
    expect(lines.join('\n')).toMatch(
      /kind: psi [\d.]+ is above its limit 0\.10 \(the floor; without drift 19 of 20 samples stay below [\d.]+, 600 rows before and 600 now, 3 bins\)/,
    );
  });

  it('speaks for every profile at once', async () => {
    const { lines } = await runDrift(['--baseline', before, '--current', after, '--profile', 'all', '--json']);
    const { rows } = JSON.parse(lines.join('')) as Printed;
    expect([...new Set(rows.map(({ profile }) => profile))]).toEqual(['azureml', 'evidently', 'nannyml', 'native']);
  });

  it('takes a floor: what is below does not matter', async () => {
    const { lines } = await runDrift([
      '--baseline',
      before,
      '--current',
      after,
      '--floor',
      '50',
      '--features',
      'amount',
      '--json',
    ]);
    const { rows } = JSON.parse(lines.join('')) as Printed;
    expect(rows.find(({ metric }) => metric === 'psi')).toMatchObject({ state: 'ok', limit: 50 });
  });

  it.each([
    [[], 'name the file to compare with: --baseline FILE; name the file to look at: --current FILE'],
    [
      ['--baseline', before, '--current', after, '--profile', 'best'],
      '--profile is one of azureml, evidently, nannyml, native or all',
    ],
    [['--baseline', before, '--current', after, '--floor', 'low'], '--floor is a number'],
    [['--what'], "Unknown option '--what'"],
  ])('refuses %j with 2', async (argv, why) => {
    const { code, lines } = await runDrift(argv);
    expect(code).toBe(2);
    expect(lines[0]).toContain(why);
  });

  it('names a file that is not there', async () => {
    const { code, lines } = await runDrift(['--baseline', before, '--current', '/nowhere.csv']);
    expect([code, lines]).toEqual([1, ['There is no file /nowhere.csv.']]);
  });
});
