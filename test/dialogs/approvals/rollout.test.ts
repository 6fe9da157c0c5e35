import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse, textOf } from '../../house.ts';
import { approved, asked, quickPlan, trafficOf } from './promotions.ts';

const rolloutOf = async (house: House, id = 'ROL-101') =>
  (await asked(house, 'jon', `rollout ${id}`)).data as { state: string; step: number; note: string };
const cardIn = async (house: House) =>
  (await house.messages('ann', 'fraud-ops')).filter((message) => /\| ROL-101 \|/.test(textOf(message)));
const changes = async (house: House) => {
  const rows = await house.app.rooms.fleet.of(house.app.rooms.db, 'ep-fraud', 50);
  return rows.reverse().map(({ kind, state, plan }) => `${kind} ${state}: ${(plan as { what: string }).what}`);
};

describe('a promotion in steps', () => {
  let home: string;
  let house: House;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'wardroom-'));
    // In the morning: all of this takes more hours than are left of the change window at the usual hour.
    house = await openHouse({ home, env: { WARDROOM_SANDBOX_START: '2026-11-23T08:05:00Z' } });
  }, 60_000);
  beforeEach(async () => {
    const answer = await fetch(`${house.url}/sandbox/reset`, { method: 'POST' });
    expect(answer.ok).toBe(true);
    await house.event('model-registered', { model: 'fraud-detector', version: '8' });
  });
  afterAll(async () => {
    await house.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('goes from the mirror to all of the traffic, and one card tells it', { timeout: 60_000 }, async () => {
    await approved(house, quickPlan());
    await house.advance('PT2M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'deploying' });
    await house.advance('PT8M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 0 });
    await house.advance('PT52M');
    expect(await trafficOf(house)).toEqual({ blue: 81, green: 9, violet: 10 });
    expect((await asked(house, 'jon', 'quality of ROL-101')).text).toMatch(
      /ROL-101, fraud-detector:8: (not enough data: \d+ of 200|.*rows with labels)/,
    );
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 1 });
    await house.advance('PT24M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 2 });
    expect(await trafficOf(house)).toEqual({ blue: 45, green: 5, violet: 50 });
    await house.advance('PT26M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'succeeded', step: 3 });
    expect(await trafficOf(house)).toEqual({ blue: 0, green: 0, violet: 100 });
    const cards = await cardIn(house);
    expect(cards).toHaveLength(1);
    expect(textOf(cards[0])).toMatch(/fraud-detector:8 serves all of ep-fraud/);
    expect(textOf(cards[0])).toMatch(/Chart\.Line/);
    expect(await changes(house)).toEqual([
      'deployment succeeded: violet of ep-fraud with fraud-detector:8',
      'traffic succeeded: ep-fraud: fraud-detector:8 20 % mirrored',
      'traffic succeeded: ep-fraud: fraud-detector:8 10 % live',
      'traffic succeeded: ep-fraud: fraud-detector:8 50 % live',
      'traffic succeeded: ep-fraud: fraud-detector:8 100 % live',
    ]);
    expect((await asked(house, 'jon', 'request REQ-901')).shown).toMatch(/deployed/);
    expect(await asked(house, 'jon', 'audit verify')).toMatchObject({ data: { ok: true } });
  });

  it('goes back by itself when the new version answers with more errors', { timeout: 60_000 }, async () => {
    const around = await plannedAround(house);
    await approved(house, quickPlan({ steps: quickPlan().steps.slice(1) }));
    await house.advance('PT9M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 0 });
    await house.event('regression', { endpoint: 'ep-fraud', deployment: 'violet', errorPoints: 3, latencyFactor: 1 });
    await house.advance('PT20M');
    expect(await rolloutOf(house)).toMatchObject({
      state: 'rolled-back',
      note: expect.stringMatching(/Errors .* limit 0.50 points/),
    });
    expect(await trafficOf(house)).toEqual({ blue: 90, green: 10, violet: 0 });
    const told = (await house.messages('ann', 'fraud-ops')).map(textOf);
    expect(told.filter((text) => /Rolled back by itself/.test(text))).toHaveLength(1);
    expect((await asked(house, 'jon', 'request REQ-901')).shown).toMatch(/rolled back/);
    // The planned change around it shows the steps and leaves the decision, and the way back, to the promotion.
    const change = await asked(house, 'jon', `change ${around}`);
    expect(change.data).toMatchObject({ state: 'running' });
    expect(change.shown).toMatch(/ep-fraud blue 81 %, green 9 %, violet 10 %: (worse|inconclusive)/);
    expect(change.shown).toMatch(/ep-fraud blue 90 %, green 10 %: inconclusive/);
    expect(await changes(house), 'one way back').toHaveLength(3);
  });

  it('holds, goes on and goes back when somebody says so, and puts right what ARM takes late', {
    timeout: 60_000,
  }, async () => {
    await approved(house, quickPlan({ steps: quickPlan().steps.slice(1) }));
    await house.advance('PT3M');
    // The order for 10 % is lost from our view, sent again, and taken 37 minutes later.
    await house.fault({ where: 'azure', service: 'ml', mode: 'late-request', count: 1, retryAfter: 37 * 60 });
    await house.advance('PT9M');
    const [card] = await cardIn(house);
    await house.click('ben', card?.id ?? '', 'Hold', { reason: 'a customer complained' });
    expect(await rolloutOf(house)).toMatchObject({ state: 'held', step: 0 });
    await house.advance('PT10M');
    expect(await rolloutOf(house), 'it stands still').toMatchObject({ state: 'held', step: 0 });
    await house.click('ben', card?.id ?? '', 'Go on', { reason: 'it was something else' });
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking' });
    await house.advance('PT24M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 1 });
    await house.advance('PT5M');
    const late = 'ep-fraud as CHG-103 left it: Azure took the order of CHG-102 late, over that of CHG-103';
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 1, note: late });
    expect(await trafficOf(house)).toEqual({ blue: 45, green: 5, violet: 50 });
    expect((await house.messages('ann', 'fraud-ops')).map(textOf).filter((text) => text.includes(late))).toHaveLength(
      2,
    );
    expect(await changes(house)).toEqual([
      'deployment succeeded: violet of ep-fraud with fraud-detector:8',
      'traffic succeeded: ep-fraud: fraud-detector:8 10 % live',
      'traffic succeeded: ep-fraud: fraud-detector:8 50 % live',
      `traffic succeeded: ${late}`,
    ]);
    await house.click('dev', card?.id ?? '', 'Go back now', { reason: 'good payments are declined' });
    await house.advance('PT5M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'aborted' });
    expect(await trafficOf(house)).toEqual({ blue: 90, green: 10, violet: 0 });
    const record = await house.app.rooms.audit.about(house.app.rooms.db, 'ROL-101');
    const said = record.map(({ actor, action, why }) => `${actor} ${action}: ${why}`);
    expect(said).toContain('ben approvals.rollout-held: a customer complained');
    expect(said).toContain('ben approvals.rollout-continued: it was something else');
    expect(said).toContain('dev approvals.rollout-aborted: good payments are declined');
    expect((await asked(house, 'ben', 'hold ROL-101 because x')).text).toMatch(/ROL-101 is over/);
  });

  it('waits while an alarm is open on the endpoint', { timeout: 60_000 }, async () => {
    await house.event('drift', { endpoint: 'ep-fraud' });
    await house.advance('PT2M');
    await approved(house, quickPlan());
    await house.advance('PT20M');
    expect(await rolloutOf(house)).toMatchObject({
      state: 'waiting',
      note: expect.stringMatching(/INC-101 is open on ep-fraud/),
    });
    expect(await changes(house)).toEqual([]);
    await asked(house, 'ann', 'resolve INC-101 because it was a test', true);
    await house.advance('PT12M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 0 });
  });

  it('says what ARM refused, keeps the traffic, and tries again when told', { timeout: 60_000 }, async () => {
    await house.fault({ where: 'azure', service: 'ml', mode: 'operation-fails', count: 1 });
    await approved(house, quickPlan({ steps: quickPlan().steps.slice(1) }));
    await house.advance('PT5M');
    expect(await rolloutOf(house)).toMatchObject({
      state: 'held',
      note: expect.stringMatching(/^The deployment could not be made\. Azure refused: .*did not become ready/),
    });
    await asked(house, 'ben', 'continue ROL-101 because there are machines again');
    await house.advance('PT3M');
    await house.fault({ where: 'azure', service: 'ml', mode: 'operation-fails', count: 1 });
    await house.advance('PT4M');
    expect(await rolloutOf(house)).toMatchObject({
      state: 'held',
      note: expect.stringMatching(/Azure refused: The endpoint ep-fraud could not be updated/),
    });
    expect(await trafficOf(house)).toEqual({ blue: 90, green: 10 });
    await asked(house, 'ben', 'continue ROL-101 because the platform team mended it');
    await house.advance('PT4M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 0 });
  });

  it('recognises by reading that ARM did what it did not answer', { timeout: 60_000 }, async () => {
    await house.fault({ where: 'azure', service: 'ml', mode: 'lost-answer', count: 2 });
    await approved(house, quickPlan({ steps: quickPlan().steps.slice(1) }));
    await house.advance('PT15M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 0 });
    expect(await trafficOf(house)).toEqual({ blue: 81, green: 9, violet: 10 });
    expect(await puts(house), 'one PUT of the deployment and one of the endpoint were taken').toEqual([
      'deployment',
      'endpoint',
    ]);
  });

  it('tries again what Azure did not take, says so meanwhile, and claims nothing when it gives up', {
    timeout: 60_000,
  }, async () => {
    const lose = (more: object) => house.fault({ where: 'azure', service: 'ml', mode: 'lost-request', ...more });
    await lose({ count: 1 });
    await approved(house, quickPlan({ steps: quickPlan().steps.slice(1) }));
    await house.advance('PT2S');
    expect(textOf((await cardIn(house))[0])).toMatch(
      /Making violet with fraud-detector:8\. Azure did not answer \(.*\); trying again/,
    );
    expect(await puts(house), 'nothing was taken').toEqual([]);
    await house.advance('PT10M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'baking', step: 0 });
    expect(await puts(house), 'each once').toEqual(['deployment', 'endpoint']);
    await lose({ forMs: 7_200_000 });
    await asked(house, 'ben', 'abort ROL-101 because good payments are declined');
    await house.advance('PT40M');
    expect(await rolloutOf(house)).toMatchObject({
      state: 'held',
      note: expect.stringMatching(/Azure did not answer 41 times .*whether it was done is not known/),
    });
    const said = (await house.messages('ann', 'fraud-ops')).map(textOf).filter((text) => /not known/.test(text));
    expect(said.some((text) => /Look at the endpoint, then press “Go back now” to try again/.test(text))).toBe(true);
    expect(
      said.some((text) => /refused/.test(text)),
      'nobody refused anything',
    ).toBe(false);
    expect(await trafficOf(house)).toEqual({ blue: 81, green: 9, violet: 10 });
    await lose({ mode: 'off' });
    await asked(house, 'ben', 'continue ROL-101 because Azure answers again');
    await house.advance('PT4M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'aborted' });
    expect(await trafficOf(house)).toEqual({ blue: 90, green: 10, violet: 0 });
    expect(await puts(house), 'one way back').toEqual(['deployment', 'endpoint', 'endpoint']);
  });

  it('ends with the reason of whoever ended it while the deployment was made, and moves nothing', async () => {
    await approved(house, quickPlan());
    await house.advance('PT2M');
    await asked(house, 'ben', 'abort ROL-101 because the label was wrong');
    await house.advance('PT8M');
    expect(await rolloutOf(house)).toMatchObject({ state: 'aborted', note: 'the label was wrong' });
    expect(await puts(house)).toEqual(['deployment']);
  });

  it('refuses to mirror on Kubernetes with the reason, and ends where the model version was deleted', {
    timeout: 60_000,
  }, async () => {
    const demand = {
      endpoint: 'ep-demand',
      workspace: 'mlw-retail-weu',
      from: { blue: 100 },
      model: { name: 'demand-forecast', version: '2' },
    };
    await approved(house, quickPlan(demand), 'REQ-902');
    await house.advance('PT1M');
    expect(await rolloutOf(house)).toMatchObject({
      state: 'failed',
      note: 'ep-demand runs on Kubernetes, and Azure mirrors no traffic of Kubernetes endpoints.',
    });
    await house.event('model-deleted', { model: 'fraud-detector', version: '8' });
    await approved(house, quickPlan());
    await house.advance('PT2M');
    expect(await rolloutOf(house, 'ROL-102')).toMatchObject({
      state: 'failed',
      note: expect.stringMatching(/fraud-detector:8 is not in mlw-payments-weu any more/),
    });
  });

  it('holds when the split is not what was set up, and ends when somebody moves the traffic past it', {
    timeout: 60_000,
  }, async () => {
    await approved(house, quickPlan({ steps: quickPlan().steps.slice(1) }));
    await house.advance('PT9M');
    await house.event('split', { endpoint: 'ep-fraud', deployment: 'violet', factor: 1.6 });
    await house.advance('PT15M');
    expect(await rolloutOf(house)).toMatchObject({
      state: 'held',
      note: expect.stringMatching(/not split as it was set up/),
    });
    await house.event('traffic-changed', { endpoint: 'ep-fraud', deployment: 'blue', percent: 100 });
    await house.advance('PT10M');
    expect(await rolloutOf(house)).toMatchObject({
      state: 'overtaken',
      note: expect.stringMatching(/Somebody changed the traffic/),
    });
  });
});

/** A planned change of the same endpoint, on its way. */
async function plannedAround(house: House): Promise<string> {
  const { db, windows } = house.app.rooms;
  const { now } = (await (await fetch(`${house.url}/sandbox/clock`)).json()) as { now: string };
  const id = await db.transaction().execute((tx) =>
    windows.changes.request(tx, {
      class: 'standard',
      title: 'fraud-detector:8 goes live',
      targets: ['ep-fraud'],
      body: {
        plan: 'the promotion',
        wayBack: 'the promotion goes back',
        standard: 'scale-replicas',
        risk: 'low',
        security: false,
      },
      checks: [],
      requester: 'ann',
      assignee: 'ann',
      start: Temporal.Instant.from(now).add({ minutes: 1 }),
      minutes: 90,
    }),
  );
  await asked(house, 'ann', `start ${id}`);
  return id;
}

/** What Azure took, by the estate's own journal. */
const puts = async (house: House): Promise<string[]> =>
  readFileSync(join(house.home, 'sandbox', 'estate.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => /"type":"(endpoint|deployment)"/.test(line))
    .map((line) => (JSON.parse(line) as { type: string }).type);
