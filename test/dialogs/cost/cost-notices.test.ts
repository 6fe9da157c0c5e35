import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse, textOf } from '../../house.ts';

/** What the house says by itself about money, with restarts in the middle. It begins on the last Monday of November. */
const home = mkdtempSync(join(tmpdir(), 'wardroom-notices-'));
const env = { WARDROOM_SANDBOX_START: '2026-11-30T07:50:00Z' };
let house: House;
/** The port stays over restarts: conversations remember where their messages go. */
let port = '0';
const open = async () => {
  house = await openHouse({ home, env: { ...env, PORT: port } });
  port = new URL(house.url).port;
};
const restart = async () => {
  await house.stop();
  await open();
};
beforeAll(open, 120_000);
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Budget cards and digests in every team's channel. */
async function told(): Promise<{ budgets: string[]; digests: string[] }> {
  const all = [];
  for (const [who, channel] of [
    ['ann', 'fraud-ops'],
    ['gita', 'retail-ml'],
    ['cara', 'risk-ml'],
    ['finn', 'ml-platform'],
  ] as const)
    all.push(...(await house.messages(who, channel)).map((message) => textOf(message)));
  return {
    budgets: all.filter((text) => text.includes('crossed ') && text.includes('Wallet')),
    digests: all.filter((text) => text.includes('cost.unsubscribe')),
  };
}

describe('what is said by itself', () => {
  it('tells each threshold once in a period, also across a restart between the reading and the telling', async () => {
    // The months are read, and the look at the budgets waits for a minute.
    await house.advance('PT30S');
    for (const [budget, amount] of [
      ['fraud-monthly', '1900'],
      ['training', '5000'],
    ] as const)
      await house.app.rooms.db
        .insertInto('cost_raises')
        .values({
          budget,
          amount,
          reason: 'for this test',
          asked_by: 'ann',
          approved_by: 'ben',
          at: '2026-11-30T07:50:30Z',
        })
        .execute();
    await restart();
    await house.advance('PT2M');
    const { budgets } = await told();
    // A jump over two thresholds is told in one message.
    expect(budgets).toHaveLength(2);
    expect(budgets.join()).toContain('crossed 80 %, 100 %');
    for (const title of ['What changed', 'Raise it', 'Stop idle compute']) expect(budgets[0]).toContain(title);
    const rows = await house.app.rooms.db.selectFrom('cost_told').selectAll().execute();
    expect(rows.every(({ period }) => period === '2026-11')).toBe(true);
    // Another look, and another start: nothing that was told is told again.
    await restart();
    await house.app.rooms.db.transaction().execute((tx) => house.app.rooms.cost.refresh(tx));
    await house.advance('PT3M');
    expect((await told()).budgets).toHaveLength(budgets.length);
    expect(await house.app.rooms.db.selectFrom('cost_told').selectAll().execute()).toHaveLength(rows.length);
  }, 120_000);

  it('sends the digest on Monday morning, once, to those whose costs changed', async () => {
    expect((await told()).digests).toEqual([]);
    await restart();
    await house.advance('PT6M');
    const { digests } = await told();
    expect(digests).toHaveLength(1);
    expect(digests[0]).toContain('Retail');
    const { db, audit } = house.app.rooms;
    const answer = async (who: string, words: string): Promise<string> => {
      await house.say(who, 'personal', words);
      await house.advance('PT1S');
      return textOf((await house.messages(who, 'personal')).at(-1));
    };
    /** Approved while the next change of Azure goes wrong like this. */
    const approved = async (words: string, mode: string): Promise<string> => {
      const [request = ''] = /REQ-\d+/.exec(await answer('ann', words)) ?? [];
      await house.fault({ where: 'azure', service: 'ml', mode, count: 1 });
      await answer('ben', `approve ${request}`);
      return request;
    };
    const blue = async () =>
      (await house.app.rooms.cost.economies.deployment({ id: 'ep-fraud', workspace: 'mlw-payments-weu' }, 'blue')).use;
    // Azure has made the setting, and its answer is lost.
    const scaled = await approved('autoscale ep-fraud blue between 2 and 4', 'lost-answer');
    expect(await db.selectFrom('cost_plans').select(['state', 'attempts']).execute()).toEqual([
      { state: 'waiting', attempts: 1 },
    ]);
    await restart();
    await house.advance('PT2M');
    expect((await told()).digests).toHaveLength(1);
    expect((await blue()).autoscaled).toMatchObject({ name: 'wardroom-ep-fraud-blue', least: 2, most: 4 });
    const back = await approved('stop autoscaling ep-fraud blue', 'lost-request');
    await house.advance('PT1M');
    expect(await blue()).toMatchObject({ instances: 4 });
    expect((await blue()).autoscaled).toBeUndefined();
    for (const request of [scaled, back]) {
      const done = (await audit.about(house.app.rooms.db, request, 50)).filter(({ action }) =>
        /^cost\.plan/.test(action),
      );
      expect(done.map(({ action }) => action)).toEqual(['cost.plan.done']);
    }
    await house.say('gita', 'personal', 'stop cost digest retail');
    expect(await house.app.rooms.cost.digest.stopped('retail')).toBe(true);
  }, 120_000);
});
