import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkConfig } from '../../../bot/check-config.ts';

const NORTHWIND = readFileSync('infra/sandbox/northwind.yaml', 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'wardroom-check-'));
const file = join(folder, 'wardroom.yaml');

/** What check-config says of Northwind's file with one piece written otherwise, and the line that piece stands on. */
async function checked(from: string, to: string) {
  expect(NORTHWIND).toContain(from);
  const text = NORTHWIND.replace(from, to);
  writeFileSync(file, text);
  const line = text.slice(0, text.indexOf(to)).split('\n').length;
  return { ...(await checkConfig(file)), line };
}

describe('check-config names the line of a calendar entry, what is wrong with it and what would be right', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const friday = 'rrule: FREQ=WEEKLY;BYDAY=FR';
  const start = "start: '2026-01-09T08:00'\n    end: '2026-01-09T12:00'\n    rrule: FREQ=WEEKLY;BYDAY=FR";
  it.each([
    [friday, 'rrule: FREQ=WEEKLY;BYDAY=FRI', 'windows[friday-morning].rrule: “FRI” is no weekday. It is one of MO, TU'],
    [
      friday,
      'rrule: FREQ=HOURLY;INTERVAL=2',
      'FREQ=HOURLY repeats within a day. A window repeats daily or more rarely.',
    ],
    [friday, 'rrule: FREQ=WEEKLY;BYDAY=2FR', 'A numbered weekday (2TU) goes with FREQ=MONTHLY or YEARLY only'],
    [friday, 'rrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never happens'],
    [friday, 'rrule: FREQ=WEEKLY;UNTIL=soon', 'UNTIL=SOON is no time. Write 20261224T000000Z.'],
    [friday, 'cron: 0 25 * * 5\n    duration: 4h', '“25” is no hour: 0 to 23. Write five fields'],
    [friday, "exdate: ['2026-02-30']", 'exdate “2026-02-30” is no local time'],
    ["end: '2026-01-09T12:00'", "end: '2026-01-09T07:00'", 'it ends (2026-01-09T07:00) before or when it starts'],
    ["end: '2026-01-09T12:00'", 'duration: four hours', '“four hours” is no duration. Write 8h, 90m or PT8H.'],
    [
      'scope: { teams: [retail] }',
      'scope: { teams: [retial] }',
      'there is no team "retial", so this is about nothing. Did you mean "retail"?',
    ],
    [
      "zone: Europe/Amsterdam\n    start: '2026-11-26T18:00'",
      "zone: Europe/Amsterdm\n    start: '2026-11-26T18:00'",
      '"Europe/Amsterdm" is not a time zone. Did you mean Europe/Amsterdam?',
    ],
    [
      "zone: Europe/Amsterdam\n    start: '2026-11-26T18:00'",
      "zone: Middle Earth Standard Time\n    start: '2026-11-26T18:00'",
      'I do not know the time zone “Middle Earth Standard Time”',
    ],
  ])('%s → %s', async (from, to, words) => {
    const cron = to.startsWith('cron') || to.startsWith('exdate');
    const found = cron
      ? await checked(start, to.startsWith('cron') ? to : start.replace(friday, to))
      : await checked(from, to);
    expect(found.code).toBe(1);
    expect(found.lines[0]).toContain(words);
    expect(found.lines).toHaveLength(2);
    const line = Number(/:(\d+):\d+: /.exec(found.lines[0] ?? '')?.[1]);
    expect(line).toBe(found.line + (to.startsWith('exdate') ? 2 : 0));
  });

  it('tells that a Windows zone was translated, and takes it', async () => {
    const from = "zone: Europe/Amsterdam\n    start: '2026-11-26T18:00'";
    const { code, lines } = await checked(from, from.replace('Europe/Amsterdam', 'W. Europe Standard Time'));
    expect(code).toBe(0);
    expect(lines[1]).toBe(
      'windows[black-friday].zone: “W. Europe Standard Time” is a Windows name; I read it as Europe/Berlin.',
    );
  });
});
