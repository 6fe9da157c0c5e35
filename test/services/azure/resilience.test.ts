import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../services/core/errors.ts';
import { FRAUD, stage } from '../../infra/azure/story.ts';

const now = () => performance.now();

describe('when Azure does not behave', () => {
  it('tries a read again after 500 and after 429', async () => {
    const { azure, estate, sent } = stage();
    estate.fault({ service: 'ml', mode: '500', count: 1 });
    estate.fault({ service: 'ml', mode: '429', count: 1, retryAfter: 0 });
    expect((await azure.ml.getEndpoint(FRAUD)).value?.traffic).toEqual({ blue: 90, green: 10 });
    expect(sent).toHaveLength(3);
  });

  it('does not multiply its tries with the SDK’s own', async () => {
    const { azure, estate, sent } = stage({ tuning: { maxRetries: 2 } });
    estate.fault({ service: 'ml', mode: '500' });
    await expect(azure.ml.getEndpoint(FRAUD)).rejects.toThrow(Unavailable);
    expect(sent).toHaveLength(3);
  });

  it('waits as long as Retry-After says', async () => {
    const { azure, estate } = stage();
    estate.fault({ service: 'ml', mode: '429', count: 1, retryAfter: 1 });
    const from = now();
    await azure.ml.getEndpoint(FRAUD);
    expect(now() - from).toBeGreaterThanOrEqual(990);
  });

  it('hands a long Retry-After to the caller instead of waiting for it', async () => {
    const { azure, estate, sent } = stage();
    estate.fault({ service: 'ml', mode: '429', retryAfter: 120 });
    await expect(azure.ml.getEndpoint(FRAUD)).rejects.toMatchObject({
      service: 'Azure Machine Learning',
      retryAfterSeconds: 120,
    });
    expect(sent).toHaveLength(1);
  });

  it('answers a read with the last good value and its age', async () => {
    const { azure, estate, advance, clock } = stage();
    const good = await azure.ml.getEndpoint(FRAUD);
    await advance({ minutes: 7 });
    estate.fault({ service: 'ml', mode: '500' });
    const old = await azure.ml.getEndpoint(FRAUD);
    expect(old).toEqual({ ...good, stale: true });
    expect(clock.now().since(old.asOf).total('minutes')).toBe(7);
  });

  it('never decides on an old value', async () => {
    const { azure, estate } = stage();
    await azure.ml.getEndpoint(FRAUD);
    estate.fault({ service: 'ml', mode: '500' });
    await expect(azure.ml.getEndpoint(FRAUD, { fresh: true })).rejects.toThrow(Unavailable);
    await expect(azure.ml.startTraffic(FRAUD, { blue: 100 })).rejects.toThrow(Unavailable);
  });

  it('gives up at the deadline when nobody answers', async () => {
    const { azure, estate } = stage({ tuning: { deadlineMs: 80 } });
    estate.fault({ service: 'ml', mode: 'timeout' });
    const from = now();
    await expect(azure.ml.getEndpoint(FRAUD)).rejects.toThrow('no answer within 0.08 s');
    expect(now() - from).toBeLessThan(1_000);
  });

  it('names the service and the field when the answer is garbage', async () => {
    const { azure, estate } = stage();
    estate.fault({ service: '*', mode: 'garbage' });
    await expect(azure.ml.getEndpoint(FRAUD)).rejects.toThrow(
      /^Azure Machine Learning: sent something we cannot read in /,
    );
  });

  it('stops asking a service that is down, and asks again when the pause is over', async () => {
    const { azure, estate, sent } = stage({ tuning: { maxRetries: 0, breakAfter: 3, breakMs: 60 } });
    estate.fault({ service: 'ml', mode: '500', count: 3 });
    for (let turn = 0; turn < 5; turn += 1) await expect(azure.ml.getEndpoint(FRAUD)).rejects.toThrow(Unavailable);
    expect(sent).toHaveLength(3);
    expect(azure.health()).toMatchObject({ 'Azure Machine Learning': false, 'Azure Monitor metrics': true });
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect((await azure.ml.getEndpoint(FRAUD)).stale).toBe(false);
    expect(azure.health()['Azure Machine Learning']).toBe(true);
  });

  it('repeats a write that was throttled, but not one that may have arrived', async () => {
    const throttled = stage();
    throttled.estate.fault({ service: 'ml', mode: 'lost-answer', count: 1 });
    await expect(throttled.azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 })).rejects.toThrow(Unavailable);
    expect(throttled.sent.filter((each) => each.method === 'PUT')).toHaveLength(1);
  });
});
