import { describe, expect, it } from 'vitest';
import { modelEvents } from '../../../services/azure/kql/model-events.columns.ts';
import { guard } from '../../../services/azure/resilience.ts';
import { Unavailable } from '../../../services/core/errors.ts';
import { FRAUD, type Stage, stage } from '../../infra/azure/story.ts';

const now = () => performance.now();

const lastHour = ({ clock }: Stage) => ({ from: clock.now().subtract({ hours: 1 }), to: clock.now() });
const askMetrics = (on: Stage) =>
  on.azure.metrics.query({
    resource: '/subscriptions/x',
    metrics: ['RequestsPerMinute'],
    ...lastHour(on),
    granularity: 'PT1M',
    aggregation: 'Average',
  });
const askLogs = (on: Stage) =>
  on.azure.logs.run({ query: modelEvents, workspace: 'w', parameters: {}, ...lastHour(on) });

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

  it.each([
    ['ml.getEndpoint', ({ azure }: Stage) => azure.ml.getEndpoint(FRAUD)],
    ['ml.listDeployments', ({ azure }: Stage) => azure.ml.listDeployments(FRAUD)],
    ['ml.listWorkspaces', ({ azure }: Stage) => azure.ml.listWorkspaces(FRAUD.subscription)],
    ['ml.startTraffic', ({ azure }: Stage) => azure.ml.startTraffic(FRAUD, { blue: 100 })],
    ['ml.getRun', ({ azure }: Stage) => azure.ml.getRun(FRAUD, 'a')],
    ['ml.pollOperation', ({ azure }: Stage) => azure.ml.pollOperation('/subscriptions/x')],
    ['metrics.query', askMetrics],
    ['logs.run', askLogs],
    ['graph.user', ({ azure }: Stage) => azure.graph.user('a')],
    ['graph.members', ({ azure }: Stage) => azure.graph.members('a')],
    ['graph.findMessage', ({ azure }: Stage) => azure.graph.findMessage({ chatId: 'a' }, 'key')],
  ] as const)('names the service and the field when %s answers garbage', async (_, ask) => {
    const on = stage({ tuning: { maxRetries: 0 } });
    on.estate.fault({ service: '*', mode: 'garbage' });
    const asked = ask(on);
    await expect(asked).rejects.toBeInstanceOf(Unavailable);
    await expect(asked).rejects.toThrow(
      /^(Azure|Log|Microsoft) [A-Za-z ]+: sent something we cannot read in [a-z.0-9]+: /i,
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

  it('does not repeat a write that may have arrived', async () => {
    const { azure, estate, sent } = stage();
    estate.fault({ service: 'ml', mode: 'lost-answer', count: 1 });
    await expect(azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 })).rejects.toThrow(Unavailable);
    expect(sent.filter((each) => each.method === 'PUT')).toHaveLength(1);
  });

  it('repeats a write that was throttled: it changed nothing', async () => {
    const writes = guard({ service: 'Azure', clock: stage().clock, tuning: { backoffMs: 1 } });
    const answers = [429, 429, 200];
    const write = () =>
      writes.write(async () => {
        const status = answers.shift() ?? 500;
        if (status !== 200) throw Object.assign(new Error(`answered ${status}`), { statusCode: status });
        return 'done';
      });
    expect(await write()).toBe('done');
    answers.push(500, 200);
    await expect(write()).rejects.toThrow('Azure: answered 500');
    expect(answers).toEqual([200]);
  });
});
