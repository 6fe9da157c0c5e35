import { Temporal } from 'temporal-polyfill';
import { systemClock } from '../../services/core/clock.ts';
import { openStore } from '../../services/store/store.ts';
import { calendarOf, decide, readWindow, spansOf, targetOf, type WindowSpec } from '../../services/windows/index.ts';
import { calendarStore } from '../../services/windows/windows.ts';

const ENDPOINTS = 200;
const RULES = 2_000;
const CHANGES = 10_000;
const ZONES = ['Europe/Amsterdam', 'America/New_York', 'Asia/Kolkata', 'Australia/Sydney'];
const RRULES = [
  'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH',
  'FREQ=DAILY',
  'FREQ=MONTHLY;BYDAY=2TU',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=FR',
  'FREQ=YEARLY',
];

const specs: Omit<WindowSpec, 'id'>[] = Array.from({ length: RULES }, (_, index) => ({
  name: `rule ${index}`,
  kind: index % 5 === 0 ? 'deny' : 'allow',
  zone: ZONES[index % ZONES.length] ?? 'UTC',
  start: `2026-01-0${(index % 8) + 1}T0${index % 10}:00`,
  end: `2026-01-0${(index % 8) + 1}T${10 + (index % 10)}:00`,
  rrule: RRULES[index % RRULES.length] ?? 'FREQ=DAILY',
  scope: { where: { endpoint: [`ep-${index % ENDPOINTS}`] } },
}));

export interface WindowsFigures {
  expandYearMs: number;
  spans: number;
  coldMs: number;
  answersPerSecond: number;
  p50Us: number;
  p99Us: number;
  afterChangeMs: number;
}

/** Gate answers with 2,000 recurring windows and 10,000 changes stored; expanding one year of 2,000 rules. */
export async function measureWindows(answers = 50_000): Promise<WindowsFigures> {
  const clock = systemClock;
  const now = Temporal.Instant.from('2026-11-23T14:05:00Z');
  const from = Date.UTC(2026, 0, 1);
  let started = clock.monotonic();
  let spans = 0;
  for (const [index, spec] of specs.entries()) {
    const reading = readWindow({ ...spec, id: String(index) });
    if (reading.ok) spans += spansOf(reading.window, from, Date.UTC(2027, 0, 1)).length;
  }
  const expandYearMs = clock.monotonic() - started;
  const store = await openStore({});
  await store.db.transaction().execute(async (tx) => {
    const at = now.toString();
    for (let begin = 0; begin < RULES; begin += 500) {
      const rows = specs.slice(begin, begin + 500).map((spec, index) => ({
        id: `WIN-${begin + index}`,
        kind: spec.kind,
        spec: JSON.stringify(spec),
        reason: null,
        batch: null,
        source: 'chat' as const,
        created_by: 'ann',
        created_at: at,
      }));
      await tx.insertInto('windows').values(rows).execute();
    }
    const change = {
      class: 'normal' as const,
      state: 'done' as const,
      title: 'a change',
      body: '{}',
      requester: 'ann',
      assignee: 'ann',
      starts_at: at,
      ends_at: at,
      need_minutes: 60,
      revision: 1,
      approved_revision: 1,
      eligible: '[]',
      conflicts: '[]',
      checklist: '[]',
      channel: 'channel:x',
      created_at: at,
      finished_at: at,
    };
    for (let begin = 0; begin < CHANGES; begin += 500) {
      const rows = Array.from({ length: 500 }, (_, index) => ({
        ...change,
        id: `RFC-${begin + index}`,
        targets: JSON.stringify([`ep-${index % ENDPOINTS}`]),
      }));
      await tx.insertInto('planned_changes').values(rows).execute();
    }
  });
  const organisation = {
    windows: [],
    endpoints: [],
    name: 'bench',
    teams: [],
    workspaces: [],
    departments: [],
  } as never;
  const calendar = calendarStore({
    db: store.db,
    clock,
    audit: { append: async () => undefined } as never,
    organisation,
    onChange: async () => undefined,
  });
  started = clock.monotonic();
  for (let each = 0; each < ENDPOINTS; each += 1) await calendar.ask({ endpoint: `ep-${each}`, now });
  const coldMs = clock.monotonic() - started;
  const times: number[] = [];
  const whole = clock.monotonic();
  for (let each = 0; each < answers; each += 1) {
    const one = clock.monotonic();
    await calendar.ask({ endpoint: `ep-${each % ENDPOINTS}`, now, needMinutes: 45 });
    times.push(clock.monotonic() - one);
  }
  const seconds = (clock.monotonic() - whole) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 1000);
  const spec = {
    ...(specs[0] as Omit<WindowSpec, 'id'>),
    kind: 'deny' as const,
    rrule: 'FREQ=DAILY',
    start: '2026-01-01T05:00',
    end: '2026-01-01T06:00',
  };
  await store.db.transaction().execute((tx) => calendar.add(tx, [{ spec, by: 'ann', source: 'chat' }]));
  started = clock.monotonic();
  await calendar.ask({ endpoint: 'ep-0', now });
  const afterChangeMs = clock.monotonic() - started;
  // The engine alone, to tell a slow database from slow rules.
  decide(calendarOf(specs.map((each, index) => ({ ...each, id: String(index) }))), {
    now,
    target: targetOf(organisation, 'ep-1'),
  });
  await store.close();
  return {
    expandYearMs: Math.round(expandYearMs),
    spans,
    coldMs: Math.round(coldMs),
    answersPerSecond: Math.round(answers / seconds),
    p50Us: at(0.5),
    p99Us: at(0.99),
    afterChangeMs: Math.round(afterChangeMs),
  };
}

export const windowsTable = (found: WindowsFigures): string =>
  [
    '',
    '### Windows: 2,000 recurring rules, 200 endpoints, 10,000 changes stored (PGlite)',
    '',
    '| what | figure |',
    '|---|---|',
    `| expanding one year of 2,000 rules | ${found.expandYearMs} ms, ${found.spans.toLocaleString('en-GB')} spans |`,
    `| first answer of each of 200 endpoints, together | ${found.coldMs} ms |`,
    `| gate answers, calendar in memory | ${found.answersPerSecond.toLocaleString('en-GB')}/s, p50 ${found.p50Us} µs, p99 ${found.p99Us} µs |`,
    `| first answer after a change of the calendar | ${found.afterChangeMs} ms |`,
  ].join('\n');
