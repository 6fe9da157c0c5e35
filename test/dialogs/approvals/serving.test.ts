import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../services/core/canonical.ts';
import { type House, openHouse, textOf } from '../../house.ts';
import { asked, quickPlan, trafficOf } from './promotions.ts';

/** fraud-detector:6 in blue, approved and carried out by Wardroom some time ago. */
async function approvedLongAgo(house: House): Promise<void> {
  const { db } = house.app.rooms;
  const plan = quickPlan({ deployment: 'blue', model: { name: 'fraud-detector', version: '6' } });
  const at = '2026-10-14T09:00:00Z';
  await db
    .insertInto('requests')
    .values({
      id: 'REQ-98',
      kind: 'promote',
      title: plan.what,
      reason: 'finds more fraud',
      requester: 'hugo',
      plan: JSON.stringify(plan),
      digest: digestOf(plan),
      policy: JSON.stringify(house.app.rooms.organisation.approvalPolicies[0]),
      eligible: JSON.stringify([]),
      state: 'deployed',
      created_at: at,
      decided_at: at,
      decision: JSON.stringify({ by: 'votes', reason: 'approved' }),
      deadline: at,
      channel: 'channel:fraud-ops',
    })
    .execute();
  await db
    .insertInto('rollouts')
    .values({
      id: 'ROL-98',
      request: 'REQ-98',
      endpoint: 'ep-fraud',
      workspace: plan.workspace,
      model: 'fraud-detector',
      version: '6',
      plan: JSON.stringify(plan),
      state: 'succeeded',
      step: 3,
      tallies: JSON.stringify({}),
      note: 'done',
      channel: 'channel:fraud-ops',
      created_at: at,
      started_at: at,
      finished_at: at,
    })
    .execute();
}
const reported = async (house: House) =>
  (await house.messages('ann', 'fraud-ops')).filter((message) => /\| DEV-\d+ \|/.test(textOf(message)));

describe('what serves and what was approved', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
    await house.advance('PT1S');
  }, 60_000);
  afterAll(() => house.stop());

  it('reports once who changed an endpoint past Wardroom, and what to do', { timeout: 60_000 }, async () => {
    await house.event('traffic-changed', { endpoint: 'ep-fraud', deployment: 'green', percent: 100 });
    await house.advance('PT61M');
    const [card, ...more] = await reported(house);
    expect(more).toEqual([]);
    expect(textOf(card)).toMatch(/changed past Wardroom/);
    expect(textOf(card)).toMatch(/traffic is green 100 % instead of blue 90 %, green 10 %/);
    expect(textOf(card)).toMatch(/gita\.rao@northwind\.example/);
    expect((await asked(house, 'jon', 'accept DEV-101 because I say so')).kind).not.toBe('done');
    // It was never approved here, so the way back is voted on.
    await house.click('ben', card?.id ?? '', 'Put it back', { reason: 'nobody asked for it' });
    expect((await asked(house, 'jon', 'request REQ-101')).shown).toMatch(/0 of 2 approvals/);
    await asked(house, 'ben', 'withdraw REQ-101');
    await asked(house, 'cara', 'accept DEV-101 because it was agreed with the platform team');
    await house.advance('PT61M');
    expect(textOf((await reported(house))[0])).toMatch(/accepted.*agreed with the platform team/s);
    expect((await asked(house, 'jon', 'deviations')).text).toMatch(/Every endpoint serves what was approved/);
  });

  it('notices another model version in the same deployment', { timeout: 60_000 }, async () => {
    await house.event('deployment-changed', { endpoint: 'ep-fraud', deployment: 'green', version: '5' });
    await house.advance('PT61M');
    const shown = await asked(house, 'jon', 'deviation DEV-102');
    expect(shown.text).toMatch(/green serves fraud-detector:5 instead of fraud-detector:7/);
    expect((await asked(house, 'ben', 'put back DEV-102 because x')).text).toMatch(
      /moving traffic does not change that/,
    );
    await asked(house, 'cara', 'accept DEV-102 because it is a test');
  });

  it('says that an endpoint is gone, who deleted it, and moves nothing that is not there', {
    timeout: 60_000,
  }, async () => {
    await house.event('endpoint-deleted', { endpoint: 'ep-churn' });
    await house.advance('PT61M');
    const shown = await asked(house, 'jon', 'deviation DEV-103');
    expect(shown.text).toMatch(/ep-churn.*it does not exist any more/);
    expect(shown.shown).toMatch(/gita\.rao@northwind\.example/);
    expect(shown.shown).not.toMatch(/Put it back/);
    expect((await asked(house, 'gita', 'put back DEV-103 because we need it')).text).toMatch(
      /ep-churn was deleted, so there is nothing whose traffic could be moved/,
    );
    await house.advance('PT61M');
    expect((await asked(house, 'jon', 'deviations')).data, 'told once').toHaveLength(3);
    await asked(house, 'cara', 'accept DEV-103 because the model was retired');
    await house.advance('PT61M');
    expect((await asked(house, 'jon', 'deviations')).text).toMatch(/Every endpoint serves what was approved/);
  });

  it('rolls back by one person to what was approved before, and asks for a review', { timeout: 60_000 }, async () => {
    await approvedLongAgo(house);
    const done = await asked(house, 'ben', 'rollback ep-fraud because good payments are declined');
    expect(done.text).toMatch(/REQ-102/);
    expect(done.data).toMatchObject({ preapproved: 'REQ-98', plan: { traffic: { blue: 100, green: 0 } } });
    await house.advance('PT5M');
    expect(await trafficOf(house)).toEqual({ blue: 100, green: 0 });
    const card = await asked(house, 'jon', 'request REQ-102');
    expect(card.shown).toMatch(/Approved before by REQ-98\. Ben Okafor goes back: good payments are declined/);
    expect(card.shown).toMatch(/Review due +2026-11-25/);
    await house.advance('PT61M');
    expect(await reported(house), 'a change of our own is no deviation').toHaveLength(2);
    // Put back it is over at once, and keeps what had approved what it should have served.
    await house.event('traffic-changed', { endpoint: 'ep-fraud', deployment: 'green', percent: 100 });
    await house.advance('PT61M');
    await asked(house, 'ben', 'put back DEV-104 because nobody asked for it');
    await house.advance('PT4M');
    expect((await asked(house, 'jon', 'deviation DEV-104')).shown).toMatch(
      /^\[put back\].*what REQ-102 approved.*nobody asked for it.*Ben Okafor/s,
    );
    await asked(house, 'cara', 'review REQ-102 justified because the numbers were clear');
    const { happenings } = (await asked(house, 'jon', 'history of fraud-detector')).data as {
      happenings: { what: string }[];
    };
    const told = happenings.map(({ what }) => what).join('\n');
    expect(told).toMatch(/Cara Lindt reviewed REQ-102: justified, the numbers were clear/);
    expect(told).toMatch(/DEV-101 was accepted by Cara Lindt: it was agreed with the platform team/);
    expect(told).toMatch(/DEV-104 was put back by Ben Okafor: DEV-104: nobody asked for it/);
  });
});
