import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Message, openHouse, textOf } from '../../house.ts';

/** Models in the chat: monitors, what is collected, drift from it, limits and labels; one house, one afternoon. */
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.stop());

const all = async (who = 'ann') => house.messages(who, 'personal');
/** What the bot said to a sentence, after everything that is due has been done. */
async function ask(text: string, who = 'ann'): Promise<string> {
  const before = new Set((await all(who)).map(({ id }) => id));
  await house.say(who, 'personal', text);
  await house.advance('PT1S');
  const fresh = (await all(who)).filter(({ id, from }) => !before.has(id) && from.kind === 'bot');
  return fresh.map(textOf).join('\n');
}
async function confirmed(text: string, who = 'ann'): Promise<string> {
  const question = await ask(text, who);
  const id = /CNF-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(question)?.[0];
  if (!id) throw new Error(`no question: ${question}`);
  return ask(`confirm ${id}`, who);
}
const last = async (pattern: RegExp, who = 'ann'): Promise<Message> => {
  const found = (await all(who)).filter((message) => pattern.test(textOf(message))).at(-1);
  if (!found) throw new Error(`no message like ${pattern}`);
  return found;
};

describe('monitors', () => {
  it('are listed, with what nobody watches', async () => {
    const said = await ask('monitors');
    expect(said).toContain('6 model monitors, 6 running.');
    expect(said).toContain('all watched');
    expect(await ask('monitors of ep-fraud')).toContain('1 monitor of ep-fraud, 1 running.');
    expect(await ask('monitor ep-nothing')).toContain('There is no monitor ep-nothing. There are ');
  });

  it('are shown with their limits', async () => {
    const said = await ask('monitor ep-fraud-monitor');
    expect(said).toContain('ep-fraud-monitor watches ep-fraud/green');
    expect(said).toContain('every day at 02:10 UTC');
  });

  it('are paused and resumed in Azure, each once', async () => {
    const said = await confirmed('pause monitor ep-aml-monitor');
    expect(said).toMatch(/ORD-\d+/);
    expect(textOf(await last(/ORD-101/))).toContain('done');
    expect(await ask('monitors')).toContain('nobody watches ep-aml');
    expect(await ask('pause monitor ep-aml-monitor')).toContain('is paused already');
    await confirmed('resume monitor ep-aml-monitor');
    expect(await ask('monitors of ep-aml')).toContain('1 running');
  });

  it('are made in steps, left and gone on with, and confirmed', async () => {
    await ask('new monitor for ep-fraud');
    const step = async (inputs: object) => {
      const form = await last(/DRF-101|step \d of 4|Step \d of 4/i);
      return house.click('ann', form.id, form.attachments.length > 0 ? 'Next' : '', inputs);
    };
    const second = await step({ endpoint: 'ep-fraud', signal: 'data-quality' });
    expect(JSON.stringify(second)).toContain('Step 2 of 4');
    expect(await ask('continue monitor DRF-101')).toContain('Step 2 of 4');
    await step({ limit: '0.01' });
    await ask('continue monitor DRF-101');
    await step({ baseline: 'earlier' });
    await ask('continue monitor DRF-101');
    const form = await last(/Step 4 of 4/);
    const ready = await house.click('ann', form.id, 'Send', { every: 'week', hour: '4', emails: '' });
    expect(JSON.stringify(ready)).toContain('ep-fraud-data-quality will watch ep-fraud');
    expect(await confirmed('create monitor DRF-101')).toContain('ep-fraud-data-quality');
    expect(await ask('monitors of ep-fraud')).toContain('2 monitors of ep-fraud, 2 running.');
    expect(await ask('create monitor DRF-101')).toContain('There is a monitor ep-fraud-data-quality already.');
  });

  it('get another limit, and are deleted', async () => {
    expect(await confirmed('change limit of monitor ep-fraud-data-quality to 0.02')).toContain('0.02');
    expect(await ask('monitor ep-fraud-data-quality')).toContain('0.02');
    await confirmed('delete monitor ep-fraud-data-quality');
    expect(await ask('monitors of ep-fraud')).toContain('1 monitor of ep-fraud');
    expect(await ask('order ORD-105')).toContain('delete the monitor');
  });
});

describe('collected data', () => {
  it('is told with what is missing, and switched on', async () => {
    expect(await ask('collection of ep-fraud')).toContain('Every deployment of ep-fraud that serves collects');
    expect(await ask('collection of ep-aml')).toContain('ep-aml/blue does not collect its outputs.');
    await confirmed('collect outputs of ep-aml');
    await house.advance('PT3M');
    expect(await ask('collection of ep-aml')).toContain('Every deployment of ep-aml');
    expect(await ask('collect outputs of ep-aml')).toContain('collects its outputs already');
  });

  it('is compared with training data, feature by feature, with bins and reasons', async () => {
    await ask('check drift of ep-fraud over 2 hours');
    const card = textOf(await last(/CHK-101/));
    expect(card).toContain('ep-fraud drifts: PSI of amount');
    expect(card).toContain('SEV 2: about €2,800 an hour');
    expect(card).toContain('ep-fraud-training:1');
    const explained = await ask('check CHK-101 explain');
    expect(explained).toMatch(/above its limit 0\.\d+ \(the floor; without drift 19 of 20 samples stay below 0\.0\d+,/);
    expect(explained).toContain('Bins of amount');
  });

  it('is compared with an earlier window, and refused where nothing is collected', async () => {
    await ask('check drift of ep-fraud over 4 hours against earlier');
    expect(textOf(await last(/CHK-102/))).toContain('the window before');
    await ask('check drift of ep-credit');
    expect(textOf(await last(/CHK-103/))).toContain('No deployment of ep-credit collects its inputs.');
    expect(await ask('check drift of be-ltv')).toContain('be-ltv is a batch endpoint');
    expect(await ask('who owns be-ltv')).toContain('be-ltv is a batch endpoint of Retail');
    await ask('check drift of ep-fraud against no-such-asset');
    expect(textOf(await last(/CHK-104/))).toContain('There is no data asset no-such-asset');
  });

  it('tells coverage, lag and performance of labels, and what is assumed', async () => {
    await ask('labels of ep-fraud over 3 days');
    const card = textOf(await last(/CHK-105/));
    expect(card).toMatch(/ep-fraud is right \d+(\.\d)? % of the time where labels are known/);
    expect(card).toMatch(/\d+(\.\d)? % \(\d+(\.\d)? % to \d+(\.\d)? %\)/);
    expect(card).toMatch(/about \d+/);
    expect(card).toContain('calibrated within');
    expect(await ask('labels of ep-churn')).toContain('is not in wardroom.yaml');
  });
});

describe('collected Parquet', () => {
  it('is compared with training data that is Parquet, too', async () => {
    await ask('check drift of ep-churn over 6 hours');
    const card = textOf(await last(/CHK-106/));
    expect(card).toContain('ep-churn-training:1');
    expect(card).toMatch(/720 .*6,?000|6,?000 .*720/);
    expect(card).toContain('tenure_months');
  });
});

describe('limits', () => {
  it('are shown with what decides the severity', async () => {
    await house.advance('PT13H');
    const said = await ask('thresholds of ep-fraud');
    expect(said).toContain('drift is an alarm from a PSI of 0.20 on');
    expect(said).toContain('amount €2,800 an hour');
    expect(said).toMatch(/\d+ windows of up to 90 days/);
  });

  it('are suggested from quiet times', async () => {
    const said = await ask('suggest thresholds for ep-aml');
    expect(said).toMatch(/quiet windows reach 0\.0\d+; a quarter of room is left above/);
    expect(said).toMatch(/0\.\d+ SD/);
  });

  it('are changed with a look at the past, kept, and taken back', async () => {
    const question = await ask('set threshold of amount on ep-fraud to 0.9 because payday moves it');
    expect(question).toMatch(
      /The limit of amount on ep-fraud becomes 0\.90 \(now 0\.20\)\. Over \d+ stored windows it would have alarmed \d+ times? instead of \d+\./,
    );
    await ask(`confirm ${/CNF-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(question)?.[0]}`);
    expect(await ask('thresholds of ep-fraud')).toContain('Ann Berg: payday moves it');
    expect(await ask('undo threshold of amount on ep-fraud')).toContain('is 0.20 again; it was 0.90');
    expect(await ask('undo threshold of amount on ep-fraud')).toContain('was not changed in chat');
    expect(await ask('set threshold of shoe on ep-fraud to 0.3')).toContain('Nothing was ever measured for shoe');
  });
});

describe('a watch over collected data', () => {
  it('alarms by itself once two of three windows are over the limit', async () => {
    expect(await ask('watch drift of ep-fraud every 2 hours against training')).toContain('every 2 h, next');
    expect(await ask('monitors')).toContain('ep-fraud, every 2 h against training');
    await house.advance('PT4H10M');
    const rows = await house.app.rooms.db
      .selectFrom('drift_windows')
      .selectAll()
      .where('source', '=', 'collected')
      .where('feature', '=', 'amount')
      .where('metric', '=', 'psi')
      .orderBy('at')
      .execute();
    expect(rows.map(({ state }) => state)).toEqual(['watch', 'alarm']);
    const [incident] = await house.app.rooms.db
      .selectFrom('episodes')
      .selectAll()
      .where('signal', 'is not', null)
      .execute()
      .then((found) => found.filter((each) => JSON.stringify(each.signal).includes('"source":"wardroom"')));
    expect(JSON.stringify(incident?.signal)).toContain('PSI of amount on ep-fraud');
    // It went the way of every alert: asked by name, it tells what each rule did with it.
    const events = await house.app.rooms.alerts.events(house.app.rooms.db, { most: 100 });
    const own = events.find(({ hook }) => hook === 'wardroom');
    expect(own?.decision?.steps?.map(({ rule }) => rule)).toContain('Route');
    expect(await ask(`explain ${own?.id}`)).toContain('drift of collected data');
    expect(await ask('stop watching drift of ep-fraud')).toContain('not compared by itself any more');
    expect(await ask('stop watching drift of ep-fraud')).toContain('I do not watch');
  });
});
