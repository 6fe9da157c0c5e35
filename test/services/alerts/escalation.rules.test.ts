import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueSteps, escalate, type Plan, plan, resume, started } from '../../../services/alerts/escalation.rules.ts';
import { type Directory, recipients } from '../../../services/alerts/recipients.rules.ts';
import type { EscalationPolicy } from '../../../services/core/organisation.ts';
import { minutes, T0 } from './signal-fixtures.ts';

const policy = (over: Partial<EscalationPolicy> = {}): EscalationPolicy => ({
  id: 'fraud-oncall',
  steps: [
    { notify: [{ schedule: 'fraud-primary' }] },
    { after: 10, notify: [{ schedule: 'fraud-secondary' }] },
    { after: 15, notify: [{ role: 'admin' }] },
  ],
  repeat: 0,
  ...over,
});
const minutesOf = ({ steps }: Plan) => steps.map(({ due }) => (due - T0.epochMilliseconds) / 60_000);

const directory = (over: Partial<Directory> = {}): Directory => ({
  onCall: (schedule) => ({ 'fraud-primary': ['ann'], 'fraud-secondary': ['ben'] })[schedule] ?? [],
  withRole: (role) => (role === 'admin' ? ['finn'] : []),
  reachable: (person) => person !== 'max',
  channelExists: (channel) => channel !== 'gone',
  fallbackChannel: 'ml-platform',
  ...over,
});
const told = (steps: Plan['steps'], over: Partial<Directory> = {}) => recipients(steps, T0, directory(over));

describe('a plan', () => {
  it('has absolute instants, one after the other', () => {
    expect(minutesOf(plan(policy(), T0))).toEqual([0, 10, 25]);
    const later = policy({ steps: [{ after: 5, notify: [{ person: 'ann' }] }, { notify: [{ person: 'ben' }] }] });
    expect(minutesOf(plan(later, T0))).toEqual([5, 5]);
  });

  it('waits before a repeat as before its last step, so that nobody is told twice at once', () => {
    const twice = plan(policy({ repeat: 1 }), T0);
    expect(minutesOf(twice)).toEqual([0, 10, 25, 40, 50, 65]);
    expect(twice.steps.map(({ round }) => round)).toEqual([0, 0, 0, 1, 1, 1]);
    const lone = policy({ steps: [{ notify: [{ person: 'ann' }] }], repeat: 1 });
    expect(minutesOf(plan(lone, T0))).toEqual([0, 15]);
  });

  it('goes on with the policy it is handed to, and stops where they hand in a circle', () => {
    const policies = [policy({ handTo: 'next' }), policy({ id: 'next', handTo: 'fraud-oncall' })];
    const long = plan(policies[0], T0, { policy: (id) => policies.find((one) => one.id === id) });
    expect(long.steps.map((step) => `${step.policy} ${step.number}`)).toEqual([
      'fraud-oncall 1',
      'fraud-oncall 2',
      'fraud-oncall 3',
      'next 1',
      'next 2',
      'next 3',
    ]);
    expect(minutesOf(long)).toEqual([0, 10, 25, 40, 50, 65]);
    expect(plan(policy({ handTo: 'nowhere' }), T0).reason).toBe('Policy fraud-oncall, nowhere cannot take over.');
  });

  it('is empty for an alert inside a window, and not touched by a window that begins later', () => {
    expect(plan(policy(), T0, { frozen: true }).steps).toEqual([]);
    expect(dueSteps(plan(policy(), T0), { ...started, next: 1 }, minutes(10)).due).toHaveLength(1);
  });

  it.each([
    ['an empty policy', policy({ steps: [] })],
    ['no policy', undefined],
  ])('of %s tells the fallback channel at once, with the reason', (_what, empty) => {
    const made = plan(empty, T0);
    const found = told(dueSteps(made, started, T0).due);
    expect(found).toMatchObject({ people: [], fallback: true, channels: [{ channel: 'ml-platform' }] });
    expect(found.channels[0]?.via).toContain('names nobody');
    expect(escalate(made, { ...started, next: 1 }, T0)).toEqual({
      ok: false,
      reason: 'The escalation policy has no steps.',
    });
  });

  it('ends although policies repeat and hand over for ever', () => {
    const policies = Array.from({ length: 30 }, (_, i) => policy({ id: `p${i}`, handTo: `p${i + 1}`, repeat: 10 }));
    const long = plan(policies[0], T0, { policy: (id) => policies.find((one) => one.id === id) });
    expect(long.steps).toHaveLength(200);
  });
});

describe('the steps that are due', () => {
  const made = plan(policy(), T0);

  it('come one by one, each once', () => {
    let state = started;
    const seen: number[] = [];
    for (let minute = 0; minute <= 30; minute += 1) {
      const found = dueSteps(made, state, minutes(minute));
      seen.push(...found.due.map(({ number }) => number * 100 + minute));
      state = found.state;
    }
    expect(seen).toEqual([100, 210, 325]);
    expect(dueSteps(made, state, minutes(60)).reason).toBe('No step is left.');
  });

  it('stop at an acknowledgement and at the end', () => {
    for (const over of [{ acknowledged: true }, { closed: true }]) {
      const found = dueSteps(made, { ...started, ...over }, minutes(60));
      expect([found.due, found.next]).toEqual([[], undefined]);
    }
  });

  it('after an outage tell each person once', () => {
    const same = policy({
      steps: [
        { after: 1, notify: [{ person: 'ann' }] },
        { after: 1, notify: [{ person: 'ann' }, { channel: 'fraud-ops' }] },
      ],
    });
    const found = dueSteps(plan(same, T0), started, minutes(4));
    expect(found.due).toHaveLength(2);
    expect(found.next).toBeUndefined();
    const { people, channels } = told(found.due);
    expect(people).toEqual([{ person: 'ann', via: 'by name', step: 1 }]);
    expect(channels.map(({ channel }) => channel)).toEqual(['fraud-ops']);
  });

  it('are the same whether time runs smoothly or jumps', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 5 });
    const jumps = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 2 }), jumps, (after, repeat, moves) => {
        const steps = after.map((gap) => ({ ...(gap > 0 ? { after: gap } : {}), notify: [{ person: 'ann' }] }));
        const whole = plan(policy({ steps, repeat }), T0);
        let [state, clock, count] = [started, 0, 0];
        for (const move of [...moves, 10_000]) {
          clock += move;
          const found = dueSteps(whole, state, minutes(clock));
          expect(found.due.map(({ index }) => index)).toEqual(found.due.map((_, offset) => count + offset));
          count += found.due.length;
          state = found.state;
          expect(dueSteps(whole, state, minutes(clock)).due).toEqual([]);
        }
        expect(count).toBe(whole.steps.length);
      }),
    );
  });
});

describe('escalating by hand', () => {
  const made = plan(policy(), T0);

  it('tells the next step now, takes the acknowledgement back, and goes on from there', () => {
    const acked = { next: 1, acknowledged: true, closed: false };
    const found = escalate(made, acked, minutes(3));
    if (!found.ok) throw new Error(found.reason);
    expect(found.step).toMatchObject({ number: 2, due: minutes(3).epochMilliseconds });
    expect(found.state).toEqual({ next: 2, acknowledged: false, closed: false });
    expect(found.reason).toBe('Step 2 is told now. The acknowledgement is taken back.');
    expect(dueSteps(found.plan, found.state, minutes(17)).due).toEqual([]);
    expect(dueSteps(found.plan, found.state, minutes(18)).due.map(({ number }) => number)).toEqual([3]);
  });

  it.each([
    ['the last step was told', made, { ...started, next: 3 }, 'Every step was told already.'],
    ['the incident is closed', made, { ...started, closed: true }, 'The incident is closed.'],
    ['nothing was planned', plan(policy(), T0, { frozen: true }), started, /^No step is planned\. It came inside/],
  ])('is refused when %s', (_what, which, state, reason) => {
    expect(escalate(which, state, T0)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  it('after an acknowledgement that was not confirmed waits the usual gap', () => {
    const { plan: moved, state } = resume(made, { next: 1, acknowledged: true, closed: false }, minutes(60));
    expect(state.acknowledged).toBe(false);
    expect(minutesOf(moved)).toEqual([0, 70, 85]);
  });
});

describe('who is told', () => {
  const step = (notify: EscalationPolicy['steps'][number]['notify']) => plan(policy({ steps: [{ notify }] }), T0).steps;

  it('is whoever is on call at that instant, with the reason', () => {
    expect(told(step([{ schedule: 'fraud-primary' }])).people).toEqual([
      { person: 'ann', via: 'on call in fraud-primary', step: 1 },
    ]);
  });

  it('is still the good target when another is empty, and says what was wrong', () => {
    const found = told(step([{ schedule: 'empty' }, { role: 'admin' }, { role: 'risk' }]));
    expect(found.people.map(({ person }) => person)).toEqual(['finn']);
    expect(found.problems).toEqual(['nobody is on call in empty', 'nobody holds the role risk']);
    expect(found.fallback).toBe(false);
  });

  it.each<[string, EscalationPolicy['steps'][number]['notify'], string]>([
    ['nobody is on call', [{ schedule: 'empty' }], 'fallback: nobody is on call in empty'],
    ['the person left', [{ person: 'max' }], 'fallback: max cannot be reached'],
    ['the channel is gone', [{ channel: 'gone' }], 'fallback: channel gone is not known'],
  ])('is the fallback channel when %s', (_what, notify, via) => {
    expect(told(step(notify))).toMatchObject({
      people: [],
      fallback: true,
      channels: [{ channel: 'ml-platform', via }],
    });
  });

  it('is nobody when no step is due', () => {
    expect(told([])).toEqual({ people: [], channels: [], problems: [], fallback: false });
  });
});

describe('until somebody acknowledges', () => {
  const names = (found: ReturnType<typeof dueSteps>) =>
    found.due.map(({ number, repeat }) => `${number}${repeat ? '+' : ''}`);
  /** Steps told at each minute, looking once a minute. */
  function walk(made: Plan, until: number, judge?: Parameters<typeof dueSteps>[3]) {
    let [current, state] = [made, started as Parameters<typeof dueSteps>[1]];
    const seen: string[] = [];
    for (let minute = 0; minute <= until; minute += 1) {
      const found = dueSteps(current, state, minutes(minute), judge);
      seen.push(...names(found).map((name) => `${minute}:${name}`));
      [current, state] = [found.plan, found.state];
    }
    return seen;
  }

  it('a step is told again until the next one is due, the last one for ever', () => {
    const again = policy({
      steps: [
        { again: 4, notify: [{ person: 'ann' }] },
        { after: 10, again: 30, notify: [{ person: 'ben' }] },
      ],
    });
    expect(walk(plan(again, T0), 101)).toEqual(['0:1', '4:1+', '8:1+', '10:2', '40:2+', '70:2+', '100:2+']);
  });

  it('a policy goes round for ever, and after a night without us one round is told', () => {
    const round = plan(policy({ repeat: 'until-acknowledged' }), T0);
    expect(walk(round, 90)).toEqual(['0:1', '10:2', '25:3', '40:1', '50:2', '65:3', '80:1', '90:2']);
    const late = dueSteps(round, { ...started, next: 3 }, minutes(600));
    expect(late.due.length).toBeLessThan(5);
    expect((late.next?.due ?? 0) > minutes(600).epochMilliseconds).toBe(true);
    expect(escalate(round, { ...started, next: 3 }, minutes(30))).toMatchObject({
      ok: true,
      step: { number: 1, round: 1 },
    });
  });

  it('a condition lets a step pass over, or everything wait at it and keep its distance', () => {
    const skip = walk(plan(policy(), T0), 30, ({ number }) =>
      number === 2 ? { go: false, wait: false, why: 'mild' } : { go: true },
    );
    expect(skip).toEqual(['0:1', '25:3']);
    const looks: number[] = [];
    const wait = walk(plan(policy(), T0), 60, ({ number }) =>
      number === 2 && looks.push(number) < 6 ? { go: false, wait: true, why: 'few' } : { go: true },
    );
    expect(wait).toEqual(['0:1', '15:2', '30:3']);
  });

  it('by hand a person chooses the step, and repeats are passed over', () => {
    const again = plan(
      policy({
        steps: [
          { again: 4, notify: [{ person: 'ann' }] },
          { after: 10, notify: [{ person: 'ben' }] },
        ],
      }),
      T0,
    );
    expect(escalate(again, { ...started, next: 1 }, minutes(5))).toMatchObject({ ok: true, step: { number: 2 } });
    expect(escalate(plan(policy(), T0), { ...started, next: 1 }, T0, 3)).toMatchObject({
      ok: true,
      step: { number: 3 },
      state: { next: 3 },
    });
    expect(escalate(plan(policy(), T0), { ...started, next: 3 }, T0, 1)).toMatchObject({
      ok: true,
      step: { number: 1 },
    });
    expect(escalate(plan(policy(), T0), started, T0, 9)).toEqual({
      ok: false,
      reason: 'There is no step 9; its policy has 3.',
    });
  });
});
