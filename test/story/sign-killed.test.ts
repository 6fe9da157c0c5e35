import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Child, child, type Driven } from '../child.ts';
import { signedNorthwind, visitor } from '../visitor.ts';

/** Votes are signed in a house that dies whenever it has written something down and not yet answered. */
describe('a vote is signed in a house that is killed', () => {
  let house: Child & { drive: Driven };
  beforeAll(async () => {
    house = await child({ WARDROOM_CONFIG: signedNorthwind('{ acrs: c1 }') });
    await house.start();
  });
  afterAll(() => house.end());

  async function type(
    as: string,
    text: string,
  ): Promise<{ kind: string; text: string; data: Record<string, unknown> }> {
    const answer = await fetch(`${house.url}/console`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as, text, yes: true }),
    });
    return (await answer.json()) as never;
  }
  const dies = (about: string[]) => house.drive.fault({ where: 'process', at: 'turn-committed', about });

  it('begins again where it was, and counts once', { timeout: 120_000 }, async () => {
    await type('ben', 'rollback ep-fraud because v7 drifts');
    const address = String((await type('eva', 'approve REQ-101')).data['address']);
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
    const { votes, state } = (await type('jon', 'request REQ-101')).data as {
      votes: { voter: string }[];
      state: string;
    };
    expect([state, votes.map(({ voter }) => voter)]).toEqual(['voting', ['Eva Moreau']]);
    expect((await type('finn', 'audit verify')).data).toMatchObject({ ok: true });
  });
});
