import { describe, expect, it } from 'vitest';
import { isRefused } from '../../../services/core/errors.ts';
import * as windows from '../../../services/windows/index.ts';
import { type Any, at, type Case, each, everything, golden } from './cases.ts';

each('nth_weekday', ({ given, then }) =>
  expect(windows.nthWeekday(given['expr'], given['month']) ?? null).toBe(then['day']),
);

each('schedule_periods', ({ given, then }) => {
  const {
    rule,
    periods,
    at: when,
  } = given as unknown as { rule?: string; periods?: [string, string][]; at: string | string[] };
  const hours = rule
    ? windows.readHours(rule, 'UTC')
    : { zone: 'UTC', otherwise: 'stopped' as const, periods: (periods ?? []).map(([from, to]) => ({ from, to })) };
  const ask = (text: string) => {
    try {
      const instant = windows.readInstant(/^\d{2}:/.test(text) ? `2024-01-02T${text}Z` : text);
      return windows.desiredState(hours, instant);
    } catch (error) {
      if (isRefused(error)) return error.code;
      throw error;
    }
  };
  const found = Array.isArray(when) ? when.map(ask) : ask(when);
  expect(found).toEqual(then['desired'] ?? then['error']);
});

each('offhours', ({ given, then }) => {
  if (given['policy'] === undefined)
    return expect(windows.readOffhoursTag(given['tag']) !== undefined).toBe(then['parses']);
  const { op, offhour, onhour, opt_out, tz, weekends, weekends_only, skip_days, fallback_schedule } = given[
    'policy'
  ] as Any;
  const policy = {
    op,
    hour: op === 'offhour' ? offhour : onhour,
    zone: tz ?? 'America/New_York',
    weekends,
    weekendsOnly: weekends_only,
    optOut: opt_out,
    skipDays: skip_days,
    fallback: fallback_schedule,
  } as windows.OffhoursPolicy;
  const ask = (now: string) => windows.actsNow(policy, given['tag'], at(now));
  expect(given['days'] ? (given['days'] as string[]).map(ask) : ask(given['now'])).toEqual(
    then['stop'] ?? then['start'],
  );
});

each('conflicts', ({ given, then }) => {
  const span = ([start = '', end = '']: string[]) => ({
    start: at(start).epochMilliseconds,
    end: at(end).epochMilliseconds,
  });
  const planned = (one: Record<string, string>): windows.Planned => ({
    id: one['id'] ?? '',
    targets: [one['target'] ?? ''],
    ...(one['assignee'] ? { assignee: one['assignee'] } : {}),
    ...(one['state'] ? { state: one['state'] } : {}),
    ...span([one['start'] ?? '', one['end'] ?? '']),
  });
  const {
    change,
    others,
    topology = {},
    shared,
    maintenance,
    blackout,
    targets_n,
    event,
    free_quota_cores,
  } = given as Any;
  if (free_quota_cores !== undefined) {
    const { instances, cores_per_instance } = change as Any;
    const missing = windows.missingCores({
      freeCores: free_quota_cores,
      instances,
      coresPerInstance: cores_per_instance,
    });
    expect(missing).toBe(then['missing_cores'] ?? 0);
    return expect(missing > 0).toBe((then['conflicts'] as string[]).includes('insufficient_quota'));
  }
  const base = planned(change);
  const targets = targets_n ? Array.from({ length: targets_n as number }, (_, index) => `ci-${index}`) : base.targets;
  const onAll = (spans: string[][] | undefined) =>
    spans ? Object.fromEntries(targets.map((target) => [target, spans.map(span)])) : {};
  // "CHG2 moved onto CHG1": the same question, asked again with the other one at its new place.
  const moved = event ? [{ ...base, id: 'CHG2', assignee: 'somebody else' }] : [];
  const found = windows.conflictsOf(
    { ...base, targets },
    {
      others: [...((others ?? []) as Record<string, string>[]).map(planned), ...moved],
      parents: Object.fromEntries(
        Object.entries(topology as Record<string, { parent: string }>).map(([child, { parent }]) => [child, parent]),
      ),
      ...(shared ? { shared } : {}),
      maintenance: onAll(maintenance),
      freezes: onAll(blackout),
    },
  );
  const codes = found.map(({ code }) => code);
  const wanted = (then['conflicts'] as string[]).flatMap((text) => {
    const [code = '', count] = text.split(/ x (\d+).*/);
    return Array.from({ length: Number(count ?? 1) }, () => code);
  });
  expect(codes).toEqual(wanted);
  if (targets_n) expect(new Set(found.map(({ target }) => target)).size).toBe(targets_n);
});

describe('approvals', () => {
  const own = (golden['approvals'] ?? []).filter((one: Case) => /^(gh|ado)-/.test(one.id));
  it.each(own.map((one: Case) => [one.id, one] as const))('%s', (_id, { given, then }) => {
    const { required_reviewers, approvals, wait_timer_min, triggered_at, now, timeout_min, created } = given as Any;
    if (timeout_min !== undefined) {
      const check = windows.checkTimeout({ created: at(created), timeoutMinutes: timeout_min, now: at(now) });
      return expect(check.failed ? 'failed' : 'pending').toBe(then['check']);
    }
    if (triggered_at) {
      const timer = windows.waitTimer(wait_timer_min, at(triggered_at), at(now));
      expect(timer.pass).toBe(then['pass']);
      return expect(timer.readyAt.toString()).toBe(then['ready_at']);
    }
    if (wait_timer_min !== undefined) return expect(windows.validWait(wait_timer_min)).toBe(then['valid']);
    if (approvals) return expect(windows.reviewersPass(required_reviewers, approvals)).toBe(then['pass']);
    const count = typeof required_reviewers === 'number' ? required_reviewers : (required_reviewers as string[]).length;
    return expect(windows.validReviewers(count)).toBe(then['valid']);
  });
});

describe('rollout_analysis: the time it takes', () => {
  const own = (golden['rollout_analysis'] ?? []).filter((one: Case) => one.id.startsWith('flagger-'));
  it.each(own.map((one: Case) => [one.id, one] as const))('%s', (_id, { given, then }) => {
    const { interval_s, maxWeight, stepWeight, threshold, window_left_minutes } = given as Any;
    const plan = windows.rolloutMinutes({
      intervalSeconds: interval_s,
      maxWeight,
      stepWeight,
      ...(threshold ? { threshold } : {}),
    });
    if (then['min_promote_minutes'] !== undefined) expect(plan.promote).toBe(then['min_promote_minutes']);
    if (then['needed_minutes'] !== undefined) expect(plan.needed).toBe(then['needed_minutes']);
    if (window_left_minutes === undefined) return;
    const start = at('2026-11-23T22:00:00Z');
    const end = start.add({ minutes: window_left_minutes }).toString().slice(0, -1);
    const calendar = windows.calendarOf([
      { id: 'w', kind: 'allow', zone: 'UTC', start: '2026-11-23T22:00', end, scope: everything },
    ]);
    expect(windows.decide(calendar, { now: start, needMinutes: plan.needed }).allowed).toBe(then['start_allowed']);
  });
});

each('freeze_policy', ({ given, then }) => {
  const { slo, requests_4w, errors_4w = 0, incident_errors, budget_errors } = given as Any;
  if (incident_errors !== undefined)
    return expect(windows.postmortemRequired(incident_errors, budget_errors)).toBe(then['postmortem_required']);
  const budget = windows.errorBudget({ slo, requests: requests_4w, errors: errors_4w });
  if (then['budget_errors'] !== undefined) expect(budget.allowed).toBe(then['budget_errors']);
  if (then['frozen'] !== undefined) expect(budget.frozen).toBe(then['frozen']);
});

each('windows_tz_map', ({ given, then }) => {
  if (given['iana']) expect(windows.windowsZoneOf(given['iana'])).toBe(then['windows']);
  else expect(windows.readZone(given['windows']).name).toBe(then['iana']);
});
