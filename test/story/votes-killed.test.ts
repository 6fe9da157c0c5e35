import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, child, type Driven } from '../child.ts';
import { textOf } from '../house.ts';
import { signedNorthwind, visitor } from '../visitor.ts';
import { stubborn } from './killed.ts';

interface Said {
  kind: string;
  text: string;
  shown: string;
  data: { draft: string; state: string; address: string; votes: { voter: string }[] };
}

/** Votes in a house that dies when one of them is committed and not yet answered. */
describe('people vote in a house that is killed', () => {
  let house: Child & { drive: Driven };
  let deaths = 0;
  beforeAll(async () => {
    house = await child({ WARDROOM_CONFIG: signedNorthwind('{ acrs: c1 }') });
    await house.start();
  });
  afterAll(() => house.end());

  async function type(as: string, text: string, set?: Record<string, string>): Promise<Said> {
    const answer = await fetch(`${house.url}/console`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as, text, yes: true, ...(set ? { set } : {}) }),
    });
    return (await answer.json()) as Said;
  }
  const heard = async (as: string) =>
    (await house.drive.messages(as, 'personal')).filter(({ from }) => from.kind === 'bot').map(textOf);

  it('asks everybody once about a pilot, keeps each vote once, and decides once', { timeout: 240_000 }, async () => {
    const idea = { title: 'Returns', problem: 'Too many come back', baselineMetric: 'share', baseline: '0.3' };
    const worth = {
      target: '0.2',
      currency: 'EUR',
      benefitLow: '1',
      benefitLikely: '2',
      benefitHigh: '3',
      owner: 'Ann',
    };
    const { data } = await type('ann', 'new use case Returns');
    for (const at of ['0', '1', '2'])
      await type('ann', `continue use case ${data.draft}`, { sent: 'yes', at, ...idea, ...worth });
    const plan = {
      metric: 'recall',
      direction: 'up',
      baseline: '0.6',
      target: '0.75',
      cases: '5',
      deadline: 'in 10 days',
    };
    expect((await type('ann', 'plan pilot of UC-101', plan)).text).toContain('“recall” is agreed');

    await house.drive.say('eva', 'personal', 'pilot of UC-101');
    await house.drive.fault({ where: 'process', at: 'turn-committed', about: ['vote stop on pilot'] });
    await house.drive.fault({
      where: 'process',
      at: 'turn-committed',
      about: ['vote go on pilot of UC-101 because both'],
    });
    const person = stubborn(house, () => {
      deaths += 1;
    });
    await person.say('eva', 'personal', 'vote stop on pilot of UC-101 because labels are late');
    await person.say('eva', 'personal', 'vote go on pilot of UC-101 because labels came');
    expect((await type('jon', 'use case UC-101')).data.state).toBe('pilot');
    await person.say('ann', 'personal', 'vote go on pilot of UC-101 because both targets are met');
    await person.advance('PT1M');

    expect(deaths).toBe(2);
    expect((await type('jon', 'use case UC-101')).data.state).toBe('live');
    expect((await type('cara', 'vote stop on pilot of UC-101 because of doubts')).text).toContain('was decided: go');
    const asked = await heard('eva');
    expect(asked.filter((text) => /You are asked to vote on what follows/.test(text)).length).toBeLessThanOrEqual(1);
    const ballot = (await type('jon', 'pilot of UC-101')).shown;
    expect(ballot).toContain('2 to go live');
    expect((await type('finn', 'audit verify')).text).toMatch(/whole/);
  });

  const dies = (about: string[]) => house.drive.fault({ where: 'process', at: 'turn-committed', about });

  it('begins the sign-in for a vote again where it was, and counts it once', { timeout: 120_000 }, async () => {
    await type('ben', 'rollback ep-fraud because v7 drifts');
    const address = (await type('eva', 'approve REQ-101')).data.address;
    const browser = visitor();
    // The way to the issuer is written down and the browser does not learn it.
    await dies([new URL(address).pathname]);
    await expect(browser.go(address, {})).rejects.toThrow();
    await house.died();
    await house.start();
    const asked = await browser.go(address, {});
    const weak = await browser.go(asked.url, { as: 'eva', how: 'weak' });
    expect(weak.text).toMatch(/does not satisfy the authentication context c1/);
    const issuer = await browser.go(address, {});
    // The vote is counted and the browser does not learn it.
    await dies(['/sign/callback']);
    await expect(browser.go(issuer.url, { as: 'eva' })).rejects.toThrow();
    await house.died();
    await house.start();
    const again = await browser.go(browser.been.at(-1) ?? '');
    expect(again.text).toMatch(/Signed and counted/);
    const { votes, state } = (await type('jon', 'request REQ-101')).data;
    expect([state, votes.map(({ voter }) => voter)]).toEqual(['voting', ['Eva Moreau']]);
    expect((await type('finn', 'audit verify')).data).toMatchObject({ ok: true });
  });
});
