import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Message, openHouse } from '../../house.ts';

describe('drift of an endpoint', () => {
  let house: House;
  const home = mkdtempSync(join(tmpdir(), 'wardroom-drift-'));
  beforeAll(async () => {
    const northwind = readFileSync(new URL('../../../infra/sandbox/northwind.yaml', import.meta.url), 'utf8');
    const context = `
driftContexts:
  - id: demand-price
    endpoint: ep-demand
    feature: price
    moneyPerHour: { amount: '12000', currency: EUR }`;
    writeFileSync(join(home, 'wardroom.yaml'), northwind.replace('\ndriftContexts:', context));
    house = await openHouse({ home, env: { WARDROOM_CONFIG: join(home, 'wardroom.yaml') } });
  });
  afterAll(async () => {
    await house.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const ask = async (text: string): Promise<Message> => {
    const before = new Set((await house.messages('ann', 'personal')).map(({ id }) => id));
    await house.say('ann', 'personal', text);
    const fresh = (await house.messages('ann', 'personal')).filter(
      ({ id, from }) => !before.has(id) && from.kind === 'bot',
    );
    expect(fresh).toHaveLength(1);
    return fresh[0] as Message;
  };
  const drawn = (message: Message) => JSON.stringify(message.attachments[0]?.content ?? message.text);

  it('says that nothing drifts, from the results of its monitor', async () => {
    const card = drawn(await ask('drift ep-churn'));
    expect(card).toContain('ep-churn does not drift: PSI of');
    expect(card).toContain('ep-churn-monitor');
    expect(card).toContain('azureml');
    expect(card).toContain('the monitor does not say how many');
  });

  it('draws every feature against its limit once it drifts', async () => {
    await house.event('drift');
    const card = drawn(await ask('drift ep-fraud'));
    expect(card).toContain('ep-fraud drifts: PSI of amount is 0.3');
    expect(card).toContain('PSI by feature, limit 0.20');
    expect(card).toContain('merchant_category');
    expect(card).toMatch(/Show INC-\d+/);
  });

  it('explains what is usual and what cannot be told', async () => {
    const card = drawn(await ask('explain drift of ep-fraud'));
    expect(card).toMatch(
      /PSI is 0\.3\d, above its limit 0\.20: Azure ML alarms only above it\. Over the \d+ results before, its median was 0\.0\d/,
    );
    expect(card).toMatch(
      /samples of [\d,]+ and [\d,]+ rows would give a PSI below 0\.0053 in 19 of 20 comparisons: 0\.31 is hardly chance\./,
    );
    expect(card).toMatch(
      /By Wardroom’s own rule: watch\. psi 0\.3\d+ is above its limit 0\.20 .*over the limit in 1 of \d windows, 2 of 3 needed/,
    );
    const churn = drawn(await ask('explain drift of ep-churn'));
    expect(churn).toContain('How many rows were compared is unknown, so chance cannot be ruled out.');
  });

  it('shows one feature over time', async () => {
    const card = drawn(await ask('drift ep-fraud of amount'));
    expect(card).toContain('Chart.Line');
    expect(card).toContain('PSI of amount by day');
    expect(card).not.toContain('merchant');
  });

  it('is judged by the context of what drifts once the run of the monitor was read, when that is worse', async () => {
    await house.event('drift', { endpoint: 'ep-demand' });
    await house.advance('PT5S');
    const { alerts, db } = house.app.rooms;
    const found = (await alerts.list(db, { open: true, most: 9 })).find(({ endpoint }) => endpoint === 'ep-demand');
    expect(found?.severity).toBe(2);
    const story = drawn(await ask(`incident ${found?.id} timeline`));
    expect(story).toContain('Opened as SEV 3');
    expect(story).toContain('SEV 2 by what its drift touches');
    expect(story).toContain('about €12,000 an hour');
  });

  it.each([
    ['drift ep-nothing', 'I do not know the endpoint ep-nothing.'],
    ['drift ep-fraud of shoe size', 'The monitor of ep-fraud does not watch shoe size. It watches amount'],
  ])('refuses “%s”', async (text, why) => expect(drawn(await ask(text))).toContain(why));
});
