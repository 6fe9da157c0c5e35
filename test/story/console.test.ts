import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../house.ts';
import { type Ended, terminal } from '../terminal.ts';
import { STORY } from './script.ts';

describe('the story of ep-fraud in the terminal', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.stop());

  const type = (as: string, ...words: string[]): Promise<Ended> => terminal(['--as', as, '--url', house.url, ...words]);
  /** What was answered, or the whole story of why it was not. */
  async function answered(as: string, words: string): Promise<string> {
    const { code, out, err } = await type(as, words);
    expect(err, words).toBe('');
    expect(code, words).toBe(0);
    return out;
  }

  it('1 and 2. shows the incident that the alerts became', async () => {
    await STORY[0]?.play(house);
    expect(await answered('ann', 'incidents')).toMatch(/INC-101/);
    const shown = await answered('ann', 'incident INC-101');
    expect(shown).toMatch(/\[SEV \d · firing\] {2}INC-101/);
    expect(shown).toMatch(/amount.*█+ 0\.\d+/);
    expect(shown).toMatch(/an hour is at risk/);
    expect(shown).toMatch(/→ ack INC-101/);
    expect(shown).toMatch(/→ rollback ep-fraud/);
    expect(shown).not.toMatch(/\{\{|<at>|\*\*/);
  });

  it('says how things stand, and answers people who know no command', async () => {
    expect(await answered('ann', 'what is broken?')).toMatch(/1 not acknowledged[\s\S]*1 incident open[\s\S]*INC-101/);
    expect(await answered('kim', 'hello Wardroom!')).toMatch(/Hello Kim/);
    expect(await answered('kim', 'thanks')).toMatch(/“status”/);
    expect(await answered('kim', 'yes')).toMatch(/done nothing/);
    expect(await answered('ann', 'undo')).toMatch(/remove override 4/);
    expect(await answered('kim', 'could you show me fraud, please')).toMatch(/ep-fraud/);
    expect(await answered('kim', 'INC-101')).toMatch(/INC-101/);
  });

  it('3. Ben is paged and takes care of it by typing what the card says', async () => {
    await house.advance('PT5M');
    expect(await answered('ben', 'ack INC-101')).toMatch(/acknowledged/);
    expect(await answered('ann', 'incident INC-101')).toMatch(/Ben Okafor/);
  });

  it('4. a rollback is asked for and voted on by several people', async () => {
    expect(await answered('dev', 'rollback ep-fraud because v7 drifts')).toMatch(/REQ-101/);
    const own = await type('dev', 'approve REQ-101');
    expect(own).toMatchObject({ code: 1, out: '' });
    expect(own.err).toMatch(/You asked for this approval/);
    expect(await answered('eva', 'approve REQ-101')).toMatch(/risk/);
    expect(await answered('cara', 'requests')).toMatch(/1 waiting for you[\s\S]*REQ-101/);
    expect(await answered('cara', 'status')).toMatch(/1 vote waits for you[\s\S]*REQ-101/);
    expect(await answered('cara', 'approve REQ-101')).toMatch(/being carried out/);
  });

  it('5. the traffic moves, the incident closes, and the timeline tells it', async () => {
    await house.advance('PT30M');
    const { out } = await type('kim', '--json', 'endpoint ep-fraud');
    expect(JSON.parse(out)).toMatchObject({
      kind: 'answer',
      capability: 'fleet.endpoint',
      data: { traffic: { blue: 100, green: 0 } },
    });
    const told = await answered('kim', 'incident INC-101 timeline');
    for (const words of [/Ben Okafor/, /Dev Patel/, /Eva Moreau/, /Cara Lindt/, /v7 drifts/, /resolved/]) {
      expect(told).toMatch(words);
    }
  });

  it('6. the log of all this is whole', async () => {
    expect(await answered('kim', 'audit verify')).toMatch(/whole/);
  });
});
