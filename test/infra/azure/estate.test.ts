import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { z } from 'zod/v4';
import { fileJournal } from '../../../infra/sandbox/azure/journal.ts';
import type { Webhook } from '../../../infra/sandbox/azure/webhooks.ts';
import { cpuMs } from '../../cpu.ts';
import { FRAUD, START, type Stage, stage } from './story.ts';

const alert = z.object({
  data: z.object({
    essentials: z.object({
      alertId: z.string(),
      alertRule: z.string(),
      monitorCondition: z.enum(['Fired', 'Resolved']),
      severity: z.string(),
      alertTargetIDs: z.array(z.string()),
      firedDateTime: z.string(),
      resolvedDateTime: z.string().optional(),
    }),
    alertContext: z.object({
      condition: z.object({ allOf: z.array(z.object({ metricValue: z.number(), threshold: z.string() })) }),
    }),
  }),
});
const event = z.tuple([
  z.object({
    eventType: z.string(),
    topic: z.string(),
    data: z.object({ runId: z.string(), runTags: z.record(z.string(), z.string()) }),
  }),
]);
const alertsIn = (hooks: readonly Webhook[]) =>
  hooks.filter((each) => each.hook === 'azure-monitor').map((each) => alert.parse(each.body).data.essentials);
const eventsIn = (hooks: readonly Webhook[]) =>
  hooks.filter((each) => each.hook === 'event-grid').map((each) => event.parse(each.body)[0]);

/** Minute by minute, as the sandbox's clock does it. */
async function run({ estate, advance, clock }: Stage, minutes: number): Promise<Webhook[]> {
  const hooks: Webhook[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    await advance({ minutes: 1 });
    hooks.push(...estate.advanceTo(clock.now()));
  }
  return hooks;
}

const fraud = ({ estate }: Stage) => estate.snapshot().endpoints.find((each) => each.endpoint === 'ep-fraud');

describe('the estate before anything happens', () => {
  it('is quiet for a day except for the nightly monitor runs', async () => {
    const on = stage();
    await on.advance({ hours: 24 });
    const hooks = on.estate.advanceTo(on.clock.now());
    expect(alertsIn(hooks)).toEqual([]);
    expect(eventsIn(hooks).map((each) => each.data.runId)).toHaveLength(6);
  });

  it('has green on ep-fraud since almost three hours, and its inputs have drifted', () => {
    const on = stage();
    expect(fraud(on)).toMatchObject({
      traffic: { blue: 90, green: 10 },
      health: 'degraded',
      breachedFeatures: ['amount', 'merchant_category'],
    });
    expect(on.estate.snapshot().endpoints.filter((each) => each.health === 'good')).toHaveLength(5);
  });
});

describe('the story of fraud-detector:7', () => {
  it('reports the drift as Azure ML model monitoring does: a failed run with its tag and no numbers', () => {
    const [event] = eventsIn(stage().estate.happen('drift'));
    expect(event?.eventType).toBe('Microsoft.MachineLearningServices.RunStatusChanged');
    expect(event?.topic).toMatch(/\/workspaces\/mlw-payments-weu$/);
    expect(event?.data.runTags.azureml_modelmonitor_threshold_breached).toContain(
      'has failed due to one or more features violating metric thresholds',
    );
  });

  it('fires the latency and the error alert when green becomes slow', () => {
    const on = stage();
    const fired = alertsIn(on.estate.happen('latency'));
    expect(fired.map((each) => [each.alertRule, each.monitorCondition, each.severity])).toEqual([
      ['ep-fraud-latency-p95', 'Fired', 'Sev2'],
      ['ep-fraud-5xx', 'Fired', 'Sev1'],
    ]);
    expect(fired[0]?.alertTargetIDs[0]).toMatch(/\/onlineendpoints\/ep-fraud$/);
    expect(fraud(on)?.p95Ms).toBeGreaterThan(250);
  });

  it('recovers within minutes of the rollback and resolves both alerts under the same alert ids', async () => {
    const on = stage();
    const fired = alertsIn(on.estate.happen('latency'));
    on.estate.happen('drift');
    await on.advance({ minutes: 12 });
    expect(on.estate.advanceTo(on.clock.now())).toEqual([]);
    await on.azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 });
    const after = await run(on, 15);
    const resolved = alertsIn(after);
    expect(resolved.map((each) => each.monitorCondition)).toEqual(['Resolved', 'Resolved']);
    expect(resolved.map((each) => each.alertId).sort()).toEqual(fired.map((each) => each.alertId).sort());
    expect(eventsIn(after).map((each) => each.eventType)).toEqual(['Microsoft.MachineLearningServices.RunCompleted']);
    const last = after.at(-1)?.at ?? 0;
    expect((last - on.clock.ms()) / 60_000).toBeGreaterThan(-12);
    expect(fraud(on)).toMatchObject({ health: 'good', breachedFeatures: [] });
  });

  it('never resolves while the traffic stays', async () => {
    const on = stage();
    on.estate.happen('latency');
    expect(alertsIn(await run(on, 60))).toEqual([]);
  });

  it('fires a new episode when the traffic goes back to the slow deployment', async () => {
    const on = stage();
    const first = alertsIn(on.estate.happen('latency'));
    await on.azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 });
    await run(on, 20);
    await on.azure.ml.startTraffic(FRAUD, { blue: 80, green: 20 });
    const again = alertsIn(await run(on, 20));
    expect(again.map((each) => each.monitorCondition)).toEqual(['Fired', 'Fired']);
    expect(again.map((each) => each.alertId)).not.toContain(first[0]?.alertId);
  });

  it('shows the trouble in the metrics API, per deployment', async () => {
    const on = stage();
    on.estate.happen('latency');
    await on.advance({ minutes: 5 });
    const { value } = await on.azure.metrics.query({
      resource: (await on.azure.ml.getEndpoint(FRAUD)).value?.id ?? '',
      metrics: ['RequestLatency_P95'],
      from: on.clock.now().subtract({ minutes: 5 }),
      to: on.clock.now(),
      granularity: 'PT1M',
      aggregation: 'Average',
      filter: "deployment eq '*'",
    });
    expect(value.map((each) => [each.metric, each.unit, each.dimensions.deployment, each.points.length])).toEqual([
      ['RequestLatency_P95', 'MilliSeconds', 'blue', 5],
      ['RequestLatency_P95', 'MilliSeconds', 'green', 5],
    ]);
    const worst = value.map((each) => Math.max(...each.points.map((point) => point.value)));
    expect(worst[0]).toBeLessThan(150);
    expect(worst[1]).toBeGreaterThan(800);
  });
});

describe('after kill -9', () => {
  const path = () => join(mkdtempSync(join(tmpdir(), 'estate-')), 'estate.jsonl');

  it('continues the same story: traffic, running operation, open alerts, what was delivered', async () => {
    const file = path();
    const before = stage({ journal: fileJournal(file) });
    const [, errors] = before.estate.happen('latency');
    before.estate.delivered(errors?.id ?? '');
    const { operationUrl } = await before.azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 });

    const after = stage({ journal: fileJournal(file), start: START.add({ seconds: 60 }) });
    expect(await after.azure.ml.pollOperation(operationUrl)).toMatchObject({ status: 'running', percent: 66 });
    expect(alertsIn(after.estate.advanceTo(after.clock.now())).map((each) => each.alertRule)).toEqual([
      'ep-fraud-latency-p95',
    ]);
    const rest = alertsIn(await run(after, 20));

    const whole = stage();
    const uninterrupted = whole.estate.happen('latency');
    await whole.azure.ml.startTraffic(FRAUD, { blue: 100, green: 0 });
    const all = [...alertsIn(uninterrupted), ...alertsIn(await run(whole, 21))];
    expect(rest).toEqual(all.filter((each) => each.monitorCondition === 'Resolved'));
  });

  it('tolerates a torn last line and refuses a damaged one', async () => {
    const file = path();
    stage({ journal: fileJournal(file) }).estate.happen('latency');
    appendFileSync(file, '{"type":"happened","at":17');
    expect(stage({ journal: fileJournal(file) }).estate.state().happened).toHaveLength(1);
    appendFileSync(file, 'nonsense\n');
    expect(() => stage({ journal: fileJournal(file) })).toThrow(/estate\.jsonl:3/);
  });

  it('does not let a later scenario rewrite what was already told', async () => {
    const file = path();
    const before = stage({ journal: fileJournal(file) });
    before.estate.happen('latency', { forMinutes: 10 });
    const told = alertsIn(await run(before, 30));
    const second = alertsIn(before.estate.happen('latency'));
    const after = stage({ journal: fileJournal(file), start: before.clock.now() });
    const replayed = alertsIn(after.estate.advanceTo(after.clock.now()));
    expect(replayed.slice(2)).toEqual([...told, ...second]);
  });

  it('starts afresh on reset', async () => {
    const on = stage({ journal: fileJournal(path()) });
    on.estate.happen('latency');
    await on.advance({ hours: 1 });
    on.estate.reset();
    expect(on.estate.state()).toMatchObject({ startedAt: on.clock.ms(), happened: [], changes: [] });
    expect(on.estate.advanceTo(on.clock.now())).toEqual([]);
  });
});

describe('other scenarios', () => {
  it('ends by itself where no traffic can be moved away', async () => {
    const on = stage();
    const fired = alertsIn(on.estate.happen('latency', { endpoint: 'ep-credit' }));
    expect(fired.map((each) => each.alertRule)).toEqual(['ep-credit-latency-p95', 'ep-credit-5xx']);
    await on.advance({ minutes: 55 });
    expect(alertsIn(on.estate.advanceTo(on.clock.now())).map((each) => each.monitorCondition)).toEqual([
      'Resolved',
      'Resolved',
    ]);
  });

  it('sends the webhooks of a failed run, a budget, a quota and a new model', () => {
    const { estate } = stage();
    const hooks = (['failed-run', 'cost-spike', 'quota', 'model-registered'] as const).flatMap((each) =>
      estate.happen(each),
    );
    expect(hooks.map((each) => each.hook)).toEqual(['event-grid', 'azure-monitor', 'azure-monitor', 'event-grid']);
    expect(hooks[1]?.body).toMatchObject({
      data: {
        essentials: { monitoringService: 'CostAlerts', alertRule: null },
        alertContext: { AlertData: { SpentAmount: '€46,380.50' } },
      },
    });
  });

  it('refuses a scenario for an endpoint that does not exist', () => {
    expect(() => stage().estate.happen('latency', { endpoint: 'ep-x' })).toThrow(/ep-x; there are ep-fraud/);
    expect(() => stage().estate.happen('split', { deployment: 'red' })).toThrow(
      /no deployment red; it has blue, green/,
    );
    expect(() => stage().estate.happen('model-registered', { model: 'x' })).toThrow(/no model x; there are fraud-/);
    expect(() => stage().estate.happen('model-deleted', { version: '70' })).toThrow(/no version 70; it has 1, 2/);
    expect(() => stage().estate.happen('quota', { workspace: 'x' })).toThrow(/no workspace x/);
  });

  it('lets a quarter pass in a moment', async () => {
    const on = stage();
    on.estate.happen('latency', { forMinutes: 30 });
    await on.clock.moveTo(on.clock.now().add(Temporal.Duration.from({ hours: 24 * 90 })));
    const started = cpuMs();
    const hooks = on.estate.advanceTo(on.clock.now());
    expect(alertsIn(hooks)).toHaveLength(2);
    expect(cpuMs() - started).toBeLessThan(5_000);
  });
});
