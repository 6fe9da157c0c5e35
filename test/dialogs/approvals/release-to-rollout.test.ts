import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyFile } from '../../../bot/console-verify.ts';
import { sealOf, verifyDossier } from '../../../services/approvals/dossier.rules.ts';
import { type House, openHouse, textOf } from '../../house.ts';
import { approved, asked, quickPlan, served, trafficOf, writeCard } from './promotions.ts';

interface Found {
  kind: string;
  body: object;
}

/** A promotion from the question to all of the traffic: the votes and the rollout together, nothing set up by hand. */
describe('from the question to all of the traffic', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
    await writeCard(house);
    await served(house, '6');
  }, 60_000);
  afterAll(() => house.stop());

  const say = (as: string, text: string) => asked(house, as, text, true);
  const rolloutOf = async (id: string) =>
    (await say('jon', `rollout ${id}`)).data as { state: string; step: number; note: string };
  const stateOf = async (id: string) => ((await say('jon', `request ${id}`)).data as { state: string }).state;
  const recordOf = async (object: string) => house.app.rooms.audit.about(house.app.rooms.db, object);

  /** Registered, asked for, proven, and approved by everybody who is needed; the id of the request. */
  async function approvedBy(version: string, plan: string): Promise<string> {
    await house.event('model-registered', { model: 'fraud-detector', version });
    const opened = await say(
      'ann',
      `request approval for fraud-detector:${version} on ep-fraud with plan ${plan} because it finds more`,
    );
    expect(opened.kind, opened.text).toBe('answer');
    const id = /REQ-\d+/.exec(opened.text)?.[0] ?? '';
    await house.advance('PT1S');
    const { lacking } = (await say('jon', `evidence of ${id}`)).data as { lacking: string[] };
    expect(lacking).toEqual([]);
    expect(await stateOf(id)).toBe('voting');
    for (const who of ['dev', 'eva', 'lea', 'cara', 'ines']) {
      const cast = await say(who, `approve ${id}`);
      expect(cast.kind, cast.text).toBe('answer');
    }
    return id;
  }

  it('goes back by itself when a guard trips, and the request says so', { timeout: 90_000 }, async () => {
    const id = await approvedBy('8', '10 for 10m, 100');
    expect(await stateOf(id)).toBe('executing');
    await house.advance('PT9M');
    expect(await rolloutOf('ROL-101')).toMatchObject({ state: 'baking', step: 0 });
    await house.event('regression', {
      endpoint: 'ep-fraud',
      deployment: 'version-8',
      errorPoints: 3,
      latencyFactor: 1,
    });
    await house.advance('PT25M');
    expect(await rolloutOf('ROL-101')).toMatchObject({ state: 'rolled-back' });
    expect(await stateOf(id)).toBe('rolled-back');
    const end = (await recordOf(id)).filter(({ action }) => action === 'approvals.rolled-back');
    expect(end.map(({ actor, why }) => [actor, why])).toEqual([['wardroom', expect.stringMatching(/Errors/)]]);
  });

  it('is deployed, on record and provable, and the one before it is superseded', { timeout: 120_000 }, async () => {
    const first = await approvedBy('9', 'mirror 20 for 35m, 10 for 10m, 50 for 10m, 100');
    expect(await stateOf(first)).toBe('executing');
    await house.advance('PT10M');
    expect(await rolloutOf('ROL-102')).toMatchObject({ state: 'baking', step: 0 });
    await house.advance('PT52M');
    expect(await rolloutOf('ROL-102')).toMatchObject({ state: 'baking', step: 1 });
    await house.advance('PT50M');
    expect(await rolloutOf('ROL-102')).toMatchObject({ state: 'succeeded', step: 3 });
    expect(await trafficOf(house)).toMatchObject({ blue: 0, green: 0, 'version-9': 100 });
    expect(await stateOf(first)).toBe('deployed');
    // Jon only looks.
    const steps = (await recordOf(first)).filter(({ actor }) => actor !== 'jon');
    expect(steps.map(({ action }) => action.replace('approvals.', '')).join(' ')).toBe(
      [
        'opened request evidence vote-opened vote vote vote vote approved vote',
        'rollout-step rollout-step rollout-passed rollout-step rollout-passed rollout-step rollout-passed',
        'rollout-step rollout-succeeded deployed',
      ].join(' '),
    );
    expect(await stateOf('REQ-900')).toBe('superseded');
    const end = (await recordOf('REQ-900')).filter(({ actor }) => actor !== 'jon').at(-1);
    expect([end?.action, end?.why]).toEqual(['approvals.superseded', `fraud-detector:9 was deployed by ${first}.`]);
    // How it was decided stays with it.
    const before = await house.app.rooms.approvals.find(house.app.rooms.db, 'REQ-900');
    expect([before?.decision, before?.decided_at]).toMatchObject([
      { by: 'votes', reason: 'approved' },
      '2026-11-23T14:00:00.000Z',
    ]);

    const { happenings } = (await say('jon', 'history of fraud-detector')).data as {
      happenings: { what: string; kind: string }[];
    };
    const told = happenings.map(({ what }) => what).join('\n');
    expect(told).toMatch(/Ann \S+ asked: Promote fraud-detector:9 to ep-fraud/);
    expect(told).toMatch(new RegExp(`Cara Lindt voted approve on ${first}`));
    expect(told).toMatch(/ROL-102 ended as succeeded: fraud-detector:9 serves all of ep-fraud/);
    expect(told).toMatch(/REQ-900 is superseded/);
    expect(told).toMatch(new RegExp(`${first} is approved and deployed: Approved, 5 for`));

    const file = (await say('cara', `export decision ${first}`)).data as {
      evidence: unknown[];
      rollout: { id: string } | null;
      changes: unknown[];
    };
    expect(file.evidence.length).toBeGreaterThanOrEqual(14);
    expect(file.rollout?.id).toBe('ROL-102');
    expect(file.changes, 'the deployment and four moves of the traffic').toHaveLength(5);
    const path = join(house.home, `${first}.json`);
    writeFileSync(path, JSON.stringify(file));
    const { code, lines } = await verifyFile(path);
    expect(lines.join('\n')).toMatch(new RegExp(`${first} .*the file is whole and agrees with itself`));
    expect(lines.join('\n')).toMatch(/5 votes, each of them in the record/);
    expect(code).toBe(0);
    // Somebody who can seal it anew still cannot change what was found, or leave out what was voted on.
    const resealed = (change: (evidence: Found[]) => Found[]) => {
      const altered = { ...file, evidence: change(structuredClone(file.evidence) as Found[]) };
      return verifyDossier(JSON.stringify({ ...altered, seal: sealOf(altered) }));
    };
    const wrong = (change: (evidence: Found[]) => Found[]) =>
      resealed(change)
        .findings.filter((each) => !each.ok)
        .map((each) => each.what);
    expect(wrong((all) => all)).toEqual([]);
    const other = (kind: string, values: object) => (all: Found[]) =>
      all.map((each) => (each.kind === kind ? { ...each, ...values } : each));
    expect(wrong(other('fairness', { body: { results: [] } }))).toEqual([
      'the evidence was changed: fairness does not have its digest',
    ]);
    expect(wrong(other('drift', { binding: { over: ['amount', 'hour'] } }))).toEqual([
      'the evidence was changed: drift does not have its digest',
    ]);
    expect(wrong((all) => all.filter(({ kind }) => kind !== 'tests'))).toEqual([
      'the file does not have the evidence that was voted on: tests',
    ]);
    expect((await say('finn', 'audit verify')).data).toMatchObject({ ok: true });
  });

  it('waits for a freeze to end and starts by itself, and stops at a new one in the middle', {
    timeout: 90_000,
  }, async () => {
    await house.event('model-registered', { model: 'fraud-detector', version: '10' });
    const plan = quickPlan({
      model: { name: 'fraud-detector', version: '10' },
      deployment: 'violet',
      from: { blue: 0, green: 0, 'version-9': 100 },
      steps: quickPlan().steps.slice(1),
    });
    const shownOf = async () => (await say('jon', 'request REQ-950')).shown;
    const inChannel = async () => (await house.messages('ann', 'fraud-ops')).map(textOf);
    const freeze = async (until: string, reason: string) => {
      const answer = await say('eva', `freeze ep-fraud until ${until} because ${reason}`);
      return /FRZ-\d+/.exec(answer.shown)?.[0] ?? '';
    };
    await freeze('2026-11-23T17:10:00Z', 'the payment provider migrates');
    const id = await approved(house, plan, 'REQ-950');
    await house.advance('PT20M');
    const why = /Frozen by “the payment provider migrates” until/;
    expect(await rolloutOf(id)).toMatchObject({ state: 'waiting', step: -2, note: expect.stringMatching(why) });
    expect((await house.app.rooms.fleet.of(house.app.rooms.db, 'ep-fraud', 1))[0]?.rollout).not.toBe(id);
    // The cards of the request and of the rollout say what is waited for, the thread says it once.
    expect(await shownOf()).toMatch(new RegExp(`${id} waits: Frozen by`));
    expect((await inChannel()).filter((text) => new RegExp(`${id}[^]*Frozen by`).test(text))).not.toEqual([]);
    expect((await inChannel()).filter((text) => /Waits: Frozen by/.test(text))).toHaveLength(1);
    // Nobody has to say anything at 17:10.
    await house.advance('PT30M');
    expect(await rolloutOf(id)).toMatchObject({ state: 'baking', step: 0 });
    expect(await shownOf()).not.toMatch(/waits:/);
    const second = await freeze('2026-11-24T12:00:00Z', 'of an audit');
    await house.advance('PT22M');
    expect(await rolloutOf(id)).toMatchObject({ state: 'waiting', step: 0, note: expect.stringMatching(/an audit/) });
    expect(await trafficOf(house)).toMatchObject({ 'version-9': 90, violet: 10 });
    // Opened before its time: nobody waits until tomorrow noon.
    await say('eva', `end freeze ${second} because the audit is over`);
    await house.advance('PT10M');
    expect(await rolloutOf(id)).toMatchObject({ state: 'baking', step: 1 });
  });
});
