import { describe, expect, it } from 'vitest';
import * as windows from '../../../services/windows/index.ts';
import { type Any, at, each, everything, golden, iso } from './cases.ts';

/** An entry of a case: Argo CD's fields. */
function specOf(given: Any, id: string): windows.WindowSpec {
  const { kind, cron, duration, tz, start, end, rrule, selectors, manual, overrun } = given as Record<string, string>;
  const where = selectors as unknown as Record<string, string[]> | undefined;
  return {
    id,
    kind: kind as windows.Kind,
    zone: tz ?? 'UTC',
    ...(cron ? { cron } : {}),
    ...(duration ? { duration } : {}),
    ...(start ? { start } : {}),
    ...(end ? { end } : {}),
    ...(rrule ? { rrule } : {}),
    scope: where ? { where } : everything,
    override: { manual: Boolean(manual), overrun: Boolean(overrun) },
  };
}
const specsOf = (given: Any) => (given['windows'] as Any[]).map((each, index) => specOf(each, String(index)));

for (const family of ['rrule_examples', 'rrule_dst']) {
  describe(family, () => {
    type Expansion = Record<'id' | 'tzid' | 'dtstart' | 'rrule', string> & {
      take: number;
      local: string[];
      utc: string[];
      kind?: string[];
    };
    it.each((golden[family] ?? []).map((one: Expansion) => [one.id, one] as const))('%s', (_id, one) => {
      const rule = windows.readRule(one.rrule, one.tzid);
      const start = windows.readLocal(one.dtstart)?.localMs ?? Number.NaN;
      const until = rule.untilMs ?? Number.POSITIVE_INFINITY;
      const found = windows
        .firstOccurrences(
          rule,
          start,
          one.take ?? (rule.untilMs === undefined ? one.local.length + 1 : one.local.length + 3),
        )
        .filter((local) => windows.localise(one.tzid, local) <= until);
      expect(found.map((local) => new Date(local).toISOString().slice(0, 19))).toEqual(one.local);
      expect(found.map((local) => iso(windows.localise(one.tzid, local)))).toEqual(one.utc);
      // The same through a window, where two occurrences at one instant are one.
      const reading = windows.readWindow({
        id: 'x',
        kind: 'allow',
        zone: one.tzid,
        start: one.dtstart,
        duration: '1m',
        rrule: one.rrule,
        scope: everything,
      });
      if (!reading.ok) return expect(reading.code).toBe('below-daily');
      const last = at(one.utc.at(-1) ?? '').epochMilliseconds;
      const spans = windows.spansOf(reading.window, start - 86_400_000, last + 1);
      expect(spans.map((span) => iso(span.start))).toEqual([...new Set(one.utc)]);
    });
  });
}

each('localise', ({ given, then }) => {
  const local = windows.readLocal(given['local']);
  expect(iso(windows.localise(given['tz'], local?.localMs ?? Number.NaN))).toBe(then['utc']);
});

each('window_dst_length', ({ given, then }) => {
  const { tz, date, start, end, kind, dtstart_date, dtend_date_exclusive } = given as Record<string, string>;
  const spec: windows.WindowSpec = {
    id: 'w',
    kind: kind as windows.Kind,
    zone: tz ?? '',
    start: dtstart_date ?? `${date}T${start}`,
    end: dtend_date_exclusive ?? `${date}T${end}`,
    scope: everything,
  };
  const reading = windows.readWindow(spec);
  if (!reading.ok) throw new Error(reading.error);
  const found = windows.spanAt(reading.window, windows.readLocal(spec.start ?? '')?.localMs ?? Number.NaN);
  expect(iso(found.start)).toBe(then['start']);
  expect(iso(found.end)).toBe(then['effective_end'] ?? then['end_wall']);
  const wall = windows.localise(tz ?? '', windows.readLocal(spec.end ?? '')?.localMs ?? Number.NaN);
  expect(iso(wall)).toBe(then['end_wall']);
  if (then['hours_wall'] !== undefined) expect((wall - found.start) / 3_600_000).toBe(then['hours_wall']);
  if (then['end_exact'] === undefined) return;
  const exact = { ...reading.window, length: { ...reading.window.length, kind: 'exact' as const } };
  const elapsed = windows.spanAt(exact, windows.readLocal(spec.start ?? '')?.localMs ?? Number.NaN);
  expect(iso(elapsed.end)).toBe(then['end_exact']);
  expect((elapsed.end - elapsed.start) / 3_600_000).toBe(then['hours_exact']);
});

each('window_active', ({ given, then }) => {
  const calendar = windows.calendarOf(specsOf(given));
  const active = calendar.about(undefined).active(at(given['now']).epochMilliseconds);
  expect(active.map(({ spec }) => Number(spec.id))).toEqual(then['active_indexes']);
});

each('window_validation', ({ given, then }) => {
  const { openEnded, owner, review_date } = given as Record<string, string>;
  const specs = given['windows'] ? specsOf(given) : [specOf(given, 'w')];
  const full = specs.map((spec) =>
    openEnded && owner && review_date ? { ...spec, openEnded: { owner, review: review_date } } : spec,
  );
  expect(windows.readWindows(full).every(({ ok }) => ok)).toBe(then['valid']);
});

each('window_decision', ({ given, then }) => {
  const { now, manual, operation_started, actor, override, policy } = given as unknown as {
    now: string;
    manual?: boolean;
    operation_started?: string;
    actor?: { kind?: 'service-principal'; roles: string[] };
    override?: { reason?: string; ticket?: string; expires?: string; used?: boolean };
    policy?: { override_roles: string[]; reason_required?: boolean; ticket_required?: boolean };
  };
  const decision = windows.decide(windows.calendarOf(specsOf(given)), {
    now: at(now),
    ...(manual === undefined ? {} : { manual }),
    ...(operation_started ? { startedAt: at(operation_started) } : {}),
    ...(override && policy
      ? {
          breakGlass: {
            actor: { roles: [], ...actor },
            ...(override.reason === undefined ? {} : { reason: override.reason }),
            ...(override.ticket === undefined ? {} : { ticket: override.ticket }),
            ...(override.expires ? { expires: at(override.expires) } : {}),
            ...(override.used ? { usedAt: at(now) } : {}),
            policy: {
              roles: policy.override_roles,
              ...(policy.reason_required === undefined ? {} : { reasonRequired: policy.reason_required }),
              ...(policy.ticket_required === undefined ? {} : { ticketRequired: policy.ticket_required }),
            },
          },
        }
      : {}),
  });
  expect(decision.allowed).toBe(then['allowed']);
  if (then['error']) expect(decision.code.replaceAll('-', '_')).toBe(then['error']);
  const audit = then['audit'] as Any | undefined;
  if (!audit) return;
  const record = decision.glass?.record;
  expect(record?.event).toBe(audit['event']);
  expect([
    Boolean(record?.actor),
    Boolean(record?.reason),
    (record?.windows.length ?? 0) > 0,
    record?.reviewDue !== undefined,
  ]).toEqual([
    audit['actor_recorded'],
    audit['reason_recorded'],
    audit['window_ids_recorded'],
    audit['post_review_due'],
  ]);
  expect(record?.notify).toEqual(audit['notified']);
});

each('selector_match', ({ given, then }) => {
  const { op, apps = [], namespaces = [], clusters = [] } = given['window'] as Record<string, string[]> & { op: 'AND' };
  const target = given['target'] as Record<string, string>;
  const found = windows.matchesScope(
    { op, where: { app: apps, namespace: namespaces, cluster: clusters } },
    {
      app: [target['name'] ?? ''],
      namespace: [target['namespace'] ?? ''],
      cluster: [target['cluster'] ?? '', target['server'] ?? ''].filter(Boolean),
    },
  );
  expect(found).toBe(then['matches']);
});

each('next_allowed', ({ given, then }) => {
  const specs = windows.dailyAllows({ zone: given['tz'], windows: given['windows'], days: given['days_1sun_7sat'] });
  const { next } = windows.decide(windows.calendarOf(specs), { now: at(given['now']) });
  expect(next?.toString()).toBe(then['next']);
});

each('calendar_state', ({ given, then }) => {
  if (given['calendars']) return expect(windows.combinedState(given['calendars'])).toBe(then['state']);
  const events = (given['events'] as string[][]).map(([start = '', end = '', word]) => ({
    start: at(start),
    end: at(end),
    advisory: word === 'ADVISORY',
  }));
  const found = windows.calendarState({ type: given['type'], events }, at(given['at']));
  expect(found.state).toBe(then['state']);
  if (then['next_transition'] !== undefined)
    expect(found.nextTransition === undefined ? null : iso(found.nextTransition)).toBe(then['next_transition']);
  if (then['advisory'] !== undefined) expect(found.advisory).toBe(then['advisory']);
});

each('maintenance_schedule', ({ given, then }) => {
  const {
    start_date,
    schedule,
    tz,
    duration_h,
    cutoff_h,
    rrule,
    offset_days,
    time,
    month,
    window,
    now,
    estimated_minutes,
  } = given as unknown as Record<string, string> & {
    window?: [string, string];
    duration_h: number;
    cutoff_h: number;
    offset_days: number;
    estimated_minutes: number;
  };
  if (window) {
    const [start, end] = window.map((text) => text.slice(0, -1));
    const calendar = windows.calendarOf([
      { id: 'w', kind: 'allow', zone: 'UTC', ...(start && end ? { start, end } : {}), scope: everything },
    ]);
    const decision = windows.decide(calendar, { now: at(now ?? ''), needMinutes: estimated_minutes });
    expect(decision.allowed).toBe(then['allowed']);
    if (then['reason'])
      expect(then['reason']).toBe(
        `${decision.code.replaceAll('-', '_').replace('does_not_fit', 'does_not_fit_before_window_end')}`,
      );
    return;
  }
  if (schedule) {
    const run = windows.firstRun(
      { id: 'w', kind: 'maintenance', zone: tz ?? '', cron: schedule, duration: `${duration_h}h`, scope: everything },
      at(start_date ?? ''),
      cutoff_h * 60,
    );
    expect([run?.start, run?.lastStart, run?.end].map(String)).toEqual([
      then['first_run'],
      then['last_task_start'],
      then['end'],
    ]);
    return;
  }
  const run = windows.firstRun(
    {
      id: 'w',
      kind: 'maintenance',
      zone: tz ?? '',
      start: `${month}-01T${time}`,
      duration: '1h',
      rrule: rrule ?? '',
      offsetDays: offset_days,
      scope: everything,
    },
    at(`${month}-01T00:00:00Z`),
  );
  expect(run?.start.toString()).toBe(then['run']);
});
