import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Message, openHouse, textOf } from '../../house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.stop());

/** What the bot answered last in this person's own chat. */
async function answer(as: string, text: string): Promise<string> {
  await house.say(as, 'personal', text);
  return textOf(await lastOf(as));
}

async function lastOf(as: string): Promise<Message | undefined> {
  return (await house.messages(as, 'personal')).filter(({ from }) => from.kind === 'bot').at(-1);
}

describe('who is on call', () => {
  it('names who is on call everywhere, until when and who is next', async () => {
    const text = await answer('jon', 'who is on call');
    expect(text).toMatch(/Ann Berg, Ben Okafor and Dev Patel are on call/);
    // Monday 09:00 in Dublin, drawn on each reader's own clock.
    expect(text).toMatch(/\*\*platform-primary\*\* · Dev Patel \| TextBlock \| until {{DATE\(2026-11-30T09:00:00Z, SHORT\)}}/);
    expect(text).toMatch(/then Gita Rao/);
    expect(text).toMatch(/\*\*fraud-primary\*\* · Ann Berg \| TextBlock \| no change of hands is planned/);
  });

  it('names the steps of an endpoint, its team and one schedule', async () => {
    const endpoint = await answer('jon', "who's on call for ep-fraud?");
    expect(endpoint).toMatch(/Ann Berg and Ben Okafor are on call for ep-fraud/);
    expect(endpoint).toMatch(/step 2 · no change.*everybody with the role admin/s);
    expect(await answer('jon', 'who is on call for retail')).toMatch(/Dev Patel is on call for Retail/);
    expect(await answer('jon', 'who is on call for fraud-secondary')).toMatch(/Ben Okafor is on call/);
  });

  it('says the nearest name to one that does not exist, and shows a hostile one as it was typed', async () => {
    expect(await answer('jon', 'who is on call for fraud-primry')).toMatch(/Did you mean fraud-primary/);
    const hostile = await answer('jon', 'who is on call for [Approve](https://evil.example) **now**');
    expect(hostile).toMatch(/no endpoint, team or schedule called/);
    expect(hostile).not.toMatch(/(?<!\\)\[Approve\]\(https/);
  });
});

describe('my shifts', () => {
  it('are those of whoever asks', async () => {
    expect(await answer('gita', 'my shifts')).toMatch(/You are not on call; your next shift begins in 6 days 19 h/);
    expect(await answer('dev', 'my shifts')).toMatch(/You are on call for platform-primary/);
    expect(await answer('jon', 'my shifts')).toMatch(/You have no shift in the next 70 days/);
  });
});

describe('a schedule', () => {
  it('is pictured for two weeks, and opened by a click on who is on call', async () => {
    const text = await answer('jon', 'schedule platform-primary');
    expect(text).toMatch(/platform-primary: 14 days ahead/);
    expect(text).toMatch(/Dev Patel 49%, Gita Rao 50%|Dev Patel 50%, Gita Rao 50%/);
    expect(text).toMatch(/Europe\/Dublin/);
    await house.say('jon', 'personal', 'who is on call for platform-primary');
    const { outcome } = await house.click('jon', (await lastOf('jon'))?.id ?? '', 'Two weeks');
    expect(textOf(outcome.message)).toMatch(/platform-primary: 14 days ahead/);
  });
});
