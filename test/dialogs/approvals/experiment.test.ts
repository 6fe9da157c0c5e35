import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTest, sizeOf } from '../../../services/approvals/experiment.rules.ts';
import { type House, openHouse } from '../../house.ts';
import { asked, trafficOf } from './promotions.ts';

describe('the size of a test', () => {
  it('is the golden one for 10 % against 12 %', () => {
    const size = sizeOf({ metric: 'errors', baseline: 10, effect: 2, power: 80, share: 10 }, 38_410);
    expect(size.perArm).toBe(3841);
    expect(size.days).toBeCloseTo(1, 6);
    expect(size.inAWeek).toBeLessThan(1);
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
  it.each([
    [2, 0, 'not enough data'],
    [10, 0, 'no difference yet'],
    [40, 6, 'candidate is worse'],
  ])('%i minutes with %i errors of 200: %s', (count, errors, verdict) =>
    expect(readTest('errors', minutes(count, errors)).verdict).toBe(verdict),
  );
  it('does not count what was measured on a broken split', () => {
    const measured = minutes(40, 6);
    const broken = {
      ...measured,
      split: [measured.split[0], { deployment: 'green', requests: 9_000, share: 10 }],
    } as typeof measured;
    expect(readTest('errors', broken).verdict).toBe('split broken');
  });
});

describe('an A/B test in the chat', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  }, 60_000);
  afterAll(() => house.stop());

  it('is planned by a form, started by a vote, read at any time and stopped', { timeout: 60_000 }, async () => {
    const form = await asked(house, 'ann', 'plan test of fraud-detector:7 against 6 on ep-fraud');
    expect(form.text).toMatch(/step 1 of 3 \((DRF-\d+)\)/);
    const draft = /DRF-\d+/.exec(form.text)?.[0] ?? '';
    await house.say('ann', 'personal', `continue test ${draft}`);
    const next = async (inputs: Record<string, string>) => {
      const card = (await house.messages('ann', 'personal')).filter(({ from }) => from.kind === 'bot').at(-1);
      const { outcome } = await house
        .click('ann', card?.id ?? '', 'Next', inputs)
        .catch(() => house.click('ann', card?.id ?? '', 'Send', inputs));
      return outcome;
    };
    await next({});
    await next({ metric: 'errors', baseline: '0.2', effect: '0.3' });
    await next({ power: '80', share: '20' });
    const planned = await asked(house, 'jon', 'read test AB-101');
    expect(planned.text).toMatch(/AB-101 planned: fraud-detector:7 \(green\) against fraud-detector:6 \(blue\)/);
    expect(planned.shown).toMatch(/of each, about \d+ (minutes|hours|days)/);
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
});
