import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../house.ts';
import { only, STORY } from './script.ts';

describe('the story of ep-fraud', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ log: process.env['STORY_LOG'] === '1' });
  });
  afterAll(() => house.stop());

  for (const step of STORY) it(step.name, () => step.play(house));

  it('names the row when the log was altered afterwards', async () => {
    await sql`update audit set why = 'nothing happened' where seq = 5`.execute(house.app.rooms.db);
    await house.say('finn', 'personal', 'audit verify');
    const message = await only(house, 'finn', 'personal', /altered/);
    expect(JSON.stringify(message)).toMatch(/Entry 5/);
  });

  it('created every message once: no create was repeated and none was refused', async () => {
    const calls = await house.transcript();
    const created = calls.filter(({ operation }) => operation === 'create');
    expect(created.filter(({ status }) => status >= 300)).toEqual([]);
  });
});
