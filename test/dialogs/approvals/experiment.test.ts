import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sizeOf, type TestWish } from '../../../services/approvals/experiment.rules.ts';
import { type Bucket, readTest } from '../../../services/approvals/experiment-reading.rules.ts';
import { type House, openHouse } from '../../house.ts';
import { asked, trafficOf } from './promotions.ts';

describe('the size of a test', () => {
  it('is the golden one for 10 % against 12 %', () => {
    const size = sizeOf({ metric: 'errors', baseline: 10, effect: 2, power: 80, share: 10 }, 38_410);
    expect(size.perArm).toBe(3841);
    expect(size.days).toBeCloseTo(1, 6);
    expect(size.inAWeek).toBeLessThan(1);
  });
  it.each([
    [
      'a t test of half a deviation',
      { metric: 'mean', outcome: 'basket', baseline: 100, effect: 20, power: 80, share: 50 },
      394,
    ],
    ['a rate with room for it', { metric: 'accuracy', baseline: 98, effect: 2, power: 80, share: 50 }, 388],
    ['a rate near its end, downwards', { metric: 'accuracy', baseline: 98, effect: 3, power: 80, share: 50 }, 588],
    ['the mean of a latency', { metric: 'mean-latency', baseline: 50, effect: 5, power: 90, share: 20 }, 2103],
  ] as const)('%s', (_what, wish, perArm) => {
    const size = sizeOf(wish, 50_000);
    expect([size.perArm, size.inAWeek !== undefined]).toEqual([perArm, true]);
  });
  it('refuses wishes without an answer', () =>
    expect(() => sizeOf({ metric: 'errors', baseline: 99, effect: 2, power: 80, share: 10 }, 1000)).toThrow(
      RangeError,
    ));
});

describe('reading a test', () => {
  const minutes = (count: number, errors: number) => ({
    steps: Array.from({ length: count }, (_, at) => ({
      at: `m${at}`,
      current: { requests: 1800, errors: 3, p95Ms: 90 },
      candidate: { requests: 200, errors, p95Ms: 92 },
    })),
    split: [
      { deployment: 'blue', requests: 1800 * count, share: 90 },
      { deployment: 'green', requests: 200 * count, share: 10 },
    ],
    drift: [],
    rows: [],
    missing: [],
  });
  const errors: TestWish & { perArm: number } = {
    metric: 'errors',
    baseline: 0.2,
    effect: 0.3,
    power: 80,
    share: 10,
    perArm: 6108,
  };
  it.each([
    [2, 0, 'not enough data'],
    [10, 0, 'no difference yet'],
    [40, 6, 'candidate is worse'],
  ])('%i minutes with %i errors of 200: %s', (count, found, verdict) =>
    expect(readTest(errors, minutes(count, found)).verdict).toBe(verdict),
  );
  it('does not count what was measured on a broken split', () => {
    const measured = minutes(40, 6);
    const broken = {
      ...measured,
      split: [measured.split[0], { deployment: 'green', requests: 9_000, share: 10 }],
    } as typeof measured;
    expect(readTest(errors, broken).verdict).toBe('split broken');
  });

  /** Steps of a minute whose values are all alike in mean and spread: what a test makes of them is arithmetic. */
  const steps = (count: number, a: { n: number; mean: number; sd: number }, b: typeof a): Bucket[] => {
    const sums = ({ n, mean, sd }: typeof a) => ({ n, sum: n * mean, squares: (n - 1) * sd ** 2 + n * mean ** 2 });
    return Array.from({ length: count }, (_, at) => ({
      at: new Date(Date.UTC(2026, 10, 23, 14, at)).toISOString(),
      current: sums(a),
      candidate: sums(b),
    }));
  };
  const rates = (count: number, a: number, b: number) =>
    steps(count, { n: 900, mean: a / 900, sd: 0 }, { n: 100, mean: b / 100, sd: 0 }).map(
      ({ at, current, candidate }) => ({
        at,
        current: current && { ...current, squares: current.sum },
        candidate: candidate && { ...candidate, squares: candidate.sum },
      }),
    );
  const accuracy = { ...errors, metric: 'accuracy' as const, baseline: 79, effect: 2 };
  const conversion = { ...errors, metric: 'rate' as const, outcome: 'conversion', baseline: 4, effect: 1, margin: 1 };
  const latency = { ...errors, metric: 'mean-latency' as const, baseline: 50, effect: 5, perArm: 2000 };
  const whole = minutes(60, 0);

  it.each([
    ['more right answers', accuracy, rates(60, 711, 83), 'candidate is better'],
    ['fewer right answers', accuracy, rates(60, 711, 74), 'candidate is worse'],
    ['about as many', accuracy, rates(60, 711, 79), 'no difference yet'],
    ['about as many, and a margin', { ...accuracy, margin: 3 }, rates(60, 711, 79), 'not worse'],
    ['fewer who buy', conversion, rates(60, 36, 2), 'candidate is worse'],
    [
      'fewer of what should be few',
      { ...conversion, better: 'lower' as const },
      rates(60, 36, 2),
      'candidate is better',
    ],
    ['a few minutes', conversion, rates(3, 36, 2), 'not enough data'],
    ['slower', latency, steps(40, { n: 900, mean: 90, sd: 40 }, { n: 100, mean: 97, sd: 40 }), 'candidate is worse'],
    ['faster', latency, steps(40, { n: 900, mean: 90, sd: 40 }, { n: 100, mean: 82, sd: 40 }), 'candidate is better'],
    [
      'as fast, within a margin',
      { ...latency, margin: 6 },
      steps(60, { n: 900, mean: 90, sd: 40 }, { n: 100, mean: 90.2, sd: 40 }),
      'not worse',
    ],
  ])('%s: %s', (_what, wish, values, verdict) => expect(readTest(wish, whole, values).verdict).toBe(verdict));

  it('says what the test says that is valid once, as soon as both have the planned size', () => {
    const early = readTest(conversion, whole, rates(60, 36, 4));
    expect(early.planned).toBeUndefined();
    const { planned, words } = readTest({ ...conversion, perArm: 3000 }, whole, rates(60, 36, 4));
    expect(planned).toBe(
      'at the planned size z +0.00, p 1.000; +0.00 points (−0.69 to +0.80); not worse by 1 point: p 0.004',
    );
    expect(words).toMatch(/^conversion: \+0\.00 points \(.*\), always-valid p 1\.000, may be worse by 1 point$/);
    const slow = steps(40, { n: 900, mean: 90, sd: 40 }, { n: 100, mean: 97, sd: 40 });
    expect(readTest(latency, whole, slow).planned).toMatch(
      /^at the planned size Welch t \+7\.\d+, p below 0\.001; \+7\.78 % \(/,
    );
  });

  it('refuses a rate whose values are none, and a mean that is 0', () => {
    const money = steps(60, { n: 900, mean: 62, sd: 41 }, { n: 100, mean: 62, sd: 41 });
    expect(readTest(conversion, whole, money).words).toBe(
      'conversion has values other than 0 and 1; plan the test of a mean instead',
    );
    const nothing = steps(60, { n: 900, mean: 0, sd: 0 }, { n: 100, mean: 0, sd: 0 });
    expect(readTest({ ...latency, metric: 'mean', outcome: 'basket' }, whole, nothing)).toMatchObject({
      verdict: 'not enough data',
      words: expect.stringMatching(/basket is 0 at the present version/),
    });
    const loss = steps(60, { n: 900, mean: -5, sd: 3 }, { n: 100, mean: -4, sd: 3 });
    expect(readTest({ ...latency, metric: 'mean', outcome: 'margin' }, whole, loss).words).toMatch(
      /margin is below 0 at/,
    );
    expect(readTest(latency, whole, []).verdict).toBe('not enough data');
  });
});

describe('an A/B test in the chat', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  }, 60_000);
  afterAll(() => house.stop());

  /** Through all steps of the form. */
  async function planned(measured: Record<string, string>): Promise<void> {
    const form = await asked(house, 'ann', 'plan test of fraud-detector:7 against 6 on ep-fraud');
    expect(form.text).toMatch(/step 1 of 3 \((DRF-\d+)\)/);
    const draft = /DRF-\d+/.exec(form.text)?.[0] ?? '';
    await house.say('ann', 'personal', `continue test ${draft}`);
    const next = async (inputs: Record<string, string>) => {
      const card = (await house.messages('ann', 'personal')).filter(({ from }) => from.kind === 'bot').at(-1);
      return house
        .click('ann', card?.id ?? '', 'Next', inputs)
        .catch(() => house.click('ann', card?.id ?? '', 'Send', inputs));
    };
    await next({});
    await next(measured);
    await next({ power: '80', share: '20' });
  }

  it('is planned by a form, started by a vote, read at any time and stopped', { timeout: 60_000 }, async () => {
    await planned({ metric: 'errors', baseline: '0.2', effect: '0.3' });
    const size = await asked(house, 'jon', 'read test AB-101');
    expect(size.text).toMatch(/AB-101 planned: fraud-detector:7 \(green\) against fraud-detector:6 \(blue\)/);
    expect(size.shown).toMatch(/of each, about \d+ (min|h|days)/);
    await asked(house, 'ann', 'start test AB-101');
    await asked(house, 'eva', 'approve REQ-101');
    await asked(house, 'cara', 'approve REQ-101');
    await house.advance('PT25M');
    expect(await trafficOf(house)).toEqual({ blue: 80, green: 20 });
    expect((await asked(house, 'jon', 'read test AB-101')).text).toMatch(
      /AB-101 running.*(no difference yet|not enough data)/,
    );
    await house.event('regression', { endpoint: 'ep-fraud', deployment: 'green', errorPoints: 3 });
    await house.advance('PT20M');
    expect((await asked(house, 'jon', 'read test AB-101')).text).toMatch(/candidate is worse/);
    await asked(house, 'ann', 'stop test AB-101');
    await house.advance('PT4M');
    expect(await trafficOf(house)).toEqual({ blue: 90, green: 10 });
    expect((await asked(house, 'jon', 'read test AB-101')).text).toMatch(/AB-101 stopped.*candidate is worse/);
  });

  it('is found again without its number', async () => {
    expect((await asked(house, 'jon', 'a/b tests')).text).toMatch(
      /^No test is running\nAB-101 {2}stopped · candidate is worse {2}fraud-detector:7 \(green\) against .* on ep-fraud: errors$/,
    );
    expect((await asked(house, 'jon', 'tests on ep-fraud')).data).toMatchObject([{ id: 'AB-101', state: 'stopped' }]);
    expect((await asked(house, 'jon', 'ab tests on ep-demand')).text).toBe('There was no A/B test yet');
    expect((await asked(house, 'jon', 'read test AB-999')).text).toMatch(/There is no test AB-999.*“a\/b tests”/s);
  });

  it('measures what the business counts, and what labels say', { timeout: 60_000 }, async () => {
    await house.event('regression', { endpoint: 'ep-fraud', deployment: 'green', outcomePercent: 40, errorPoints: 0 });
    await planned({ metric: 'rate', outcome: 'conversion', better: 'higher', baseline: '4', effect: '1', margin: '1' });
    expect((await asked(house, 'jon', 'read test AB-102')).shown).toMatch(
      /not worse means by less than 1\spoint\b.*Measured +conversion/s,
    );
    await asked(house, 'ann', 'start test AB-102');
    await asked(house, 'eva', 'approve REQ-103');
    await asked(house, 'cara', 'approve REQ-103');
    await house.advance('PT45M');
    const { text, shown } = await asked(house, 'jon', 'read test AB-102');
    expect(text).toMatch(/AB-102 running.*candidate is worse/);
    expect(shown).toMatch(/Conversion: −1\.\d\d points \(.*\), always-valid p below 0\.001, may be worse by 1 point/);
    expect(shown).toMatch(/At the planned size z −\d/);
    // The same traffic, read by other values: what was measured is looked up, nothing was kept of it.
    const { db, experiments } = house.app.rooms;
    const row = await experiments.needed(db, 'AB-102');
    const by = async (wish: object) =>
      (await experiments.read({ ...row, plan: { ...(row.plan as object), outcome: undefined, ...wish } }))?.words;
    expect(await by({ metric: 'mean-latency', baseline: 50, effect: 5 })).toMatch(/^mean latency: [+−]/);
    expect(await by({ metric: 'mean', outcome: 'basket', effect: 5 })).toMatch(/^basket: −(39|40)\.\d\d %/);
    expect(await by({ metric: 'rate', outcome: 'never-sent' })).toMatch(/not enough data: 0 values of the candidate/);
    expect(await by({ metric: 'accuracy' })).toMatch(/^not enough data|^accuracy/);
  });
  it('ends where an emergency moved the traffic, and its stop undoes nothing of that', {
    timeout: 60_000,
  }, async () => {
    await planned({ metric: 'errors', baseline: '0.2', effect: '0.3' });
    const { text } = await asked(house, 'ben', 'emergency rollback ep-fraud because good payments are declined');
    await asked(house, 'ann', `confirm ${/CNF-[\w-]+/.exec(text)?.[0]}`);
    await house.advance('PT4M');
    expect(await trafficOf(house)).toEqual({ blue: 100, green: 0 });
    expect((await asked(house, 'ann', 'start test AB-103')).text).toMatch(
      /The traffic of ep-fraud is no longer what AB-103 was planned on\. Plan it anew/,
    );
    expect((await asked(house, 'jon', 'read test AB-102')).shown).toMatch(
      /overtaken · candidate is worse.*CHG-\d+ moved the traffic/s,
    );
    // What it said last cannot be read now; it ends all the same.
    await house.fault({ where: 'azure', service: 'logs', mode: '500', forMs: 600_000 });
    expect((await asked(house, 'ann', 'stop test AB-102')).text).toMatch(/had moved the traffic of ep-fraud already/);
    await house.advance('PT4M');
    expect(await trafficOf(house)).toEqual({ blue: 100, green: 0 });
    expect((await asked(house, 'jon', 'read test AB-102')).text).toMatch(/AB-102 stopped/);
  });
});
