import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Message, openHouse, START, textOf } from '../../house.ts';

/** A finance partner's questions, asked of the whole house over the estate. */
let house: House;
beforeAll(async () => {
  house = await openHouse();
  // The first months are read, then budgets and anomalies are looked at.
  await house.advance('PT3M');
}, 120_000);
afterAll(() => house.stop());

const last = async (who: string, conversation = 'personal'): Promise<Message | undefined> =>
  (await house.messages(who, conversation)).filter(({ from }) => from.kind !== 'person').at(-1);
async function ask(who: string, words: string): Promise<string> {
  await house.say(who, 'personal', words);
  await house.advance('PT1S');
  return textOf(await last(who));
}

describe('what it costs', () => {
  it('this month, for whoever may see everything', async () => {
    const said = await ask('kim', 'cost this month');
    expect(said).toMatch(/Everything cost €[\d,]+ in November 2026, to date/);
    for (const part of ['training', 'inference', 'storage', 'data transfer']) expect(said).toContain(`**${part}**`);
    expect(said).toContain('Cost Management, actual cost, EUR');
  }, 60_000);
  it('one’s own part, with whom to ask for more', async () => {
    const said = await ask('ann', 'cost by department');
    expect(said).toContain('Payments');
    expect(said).not.toContain('**Retail**');
    expect(said).toContain('Ask Kim Lee or Léa Novák');
    expect(await ask('ann', 'cost of retail')).toContain('You may not see what Retail costs. Ask Gita Rao');
  }, 60_000);
  it('a model, over a quarter, by endpoint', async () => {
    const said = await ask('ann', 'cost of fraud-detector last quarter by endpoint');
    expect(said).toMatch(/cost €[\d,]+ in Q3 2026/);
    expect(said).toContain('ep-fraud');
  }, 60_000);
  it('the ten largest (cost.top), and what changed', async () => {
    expect(await ask('kim', 'top 10')).toContain('gpu-a100');
    const said = await ask('kim', 'what changed in cost last 14 days');
    expect(said).toContain('ep-recommend');
    expect(said).toContain('gita.rao');
    // The sweep of a fortnight ago and a machine that was started lie behind what their computes cost.
    const before = await ask('kim', 'what changed in cost 2026-11-08 to 2026-11-14');
    expect(before).toContain('the sweep “fraud depth and rate” of 60 trials ran');
    expect(before).toContain('hugo.weiss');
  }, 60_000);
  it('amortised, a purchase is spread', async () => {
    await house.advance('PT2M');
    expect(await ask('kim', 'amortised cost')).toContain('amortised cost, EUR');
  }, 60_000);
});

describe('words as a finance partner says them', () => {
  it.each([
    ['the fraud team cost last month', 'Fraud cost €1,'],
    ['what did fraud cost us in october', 'in October 2026'],
    ['fraud costs october', 'Fraud cost €1,'],
    ['the bill', 'Everything cost €'],
    ['how much money does retail spend', 'Retail cost €'],
    ['who spent the most last month', 'Fraud costs most'],
    ['fraud budget', 'Fraud, monthly'],
    ['will we stay within budget?', '4 budgets'],
    ['what if we train twice as often', 'would cost €'],
    ['what if traffic is banana', 'I cannot read “is banana” as a change.'],
    ['chargeback for payments last month', 'for October 2026'],
    ['cost last month in euros', 'in October 2026'],
    ['cost in us dollars', 'Costs are told in the currency that Azure bills, EUR'],
    ['cost today', 'the day is not over'],
    ['savings ep-nobody', 'I do not know the endpoint ep-nobody'],
    ['savings plan', 'Committing to €'],
  ])('%s', async (words, answer) => {
    expect(await ask('kim', words)).toContain(answer);
  });
});

describe('words that cannot be right', () => {
  it.each([
    ['cost of fruad', 'Did you mean fraud?'],
    ['cost 2027-03', 'lies ahead: nothing is spent yet'],
    ['cost 2026-10-31 to 2026-10-01', 'Did you mean 2026-10-01 to 2026-10-31?'],
    ['cost 2026-02-30', 'There is no day 2026-02-30'],
    ['statement marketing', 'There is no department “marketing”'],
    ['budget frad', 'Did you mean fraud?'],
    ['retrain cost fraud-detecter', 'Did you mean fraud-detector?'],
    ['anomaly ANO-999', 'There is no cost anomaly ANO-999'],
  ])(
    '%s',
    async (words, answer) => {
      expect(await ask('kim', words)).toContain(answer);
    },
    60_000,
  );
});

describe('what will be, and what is meant to be', () => {
  it('forecasts with an interval and the error of the back-test', async () => {
    const said = await ask('kim', 'forecast');
    expect(said).toMatch(/will cost about €[\d,]+ in November 2026: €[\d,]+ to €[\d,]+/);
    expect(said).toMatch(/totals were off by [\d.]+ % in \d back-tests/);
    expect(await ask('kim', 'what if training 2')).toContain('runs × 2, data × 1');
  }, 60_000);
  it('shows budgets, and raises one by two people', async () => {
    expect(await ask('kim', 'budgets')).toContain('Training clusters');
    expect(await ask('ann', 'budget fraud')).toMatch(/Fraud, monthly: €[\d,]+ of €2,400 spent in November 2026/);
    const question = await ask('ann', 'raise budget fraud to 3000 because the campaign doubles the traffic');
    expect(question).toContain('Raise the budget Fraud, monthly from €2,400 to €3,000');
    expect(question).toContain('the campaign doubles the traffic');
    const [id = ''] = /REQ-\d+/.exec(question) ?? [];
    // The owners' channel sees it, and the same is not asked for twice.
    expect((await house.messages('ben', 'fraud-ops')).map(textOf).join()).toContain(id);
    expect(await ask('ann', 'raise budget fraud to 3000 because the campaign doubles the traffic')).toContain(
      `${id} asks for that already`,
    );
    expect(await ask('ann', `approve ${id}`)).toContain('You asked for this approval, so you cannot vote on it');
    expect(await ask('ann', 'budget fraud')).toContain('of €2,400 spent');
    await ask('ben', `approve ${id}`);
    await house.advance('PT10S');
    expect(await ask('ann', `request ${id}`)).toContain('Fraud, monthly is 3000 now.');
    const raised = await ask('ann', 'budget fraud');
    expect(raised).toContain('of €3,000 spent');
    expect(raised).toContain(id);
    expect(await ask('ann', 'raise budget fraud to 300 because of nothing')).toContain('Name a higher amount');
  }, 60_000);
  it('asks whether a job would break a budget', async () => {
    const { budgets } = house.app.rooms.cost;
    const small = await budgets.check({ team: 'fraud', once: '10' });
    expect(small).toMatchObject({ ok: true, needsSecondPerson: false });
    const large = await budgets.check({ team: 'fraud', once: '5000' });
    expect(large).toMatchObject({ ok: false, needsSecondPerson: true, budget: 'fraud-monthly' });
    expect(large.reason).toContain('over the budget');
    expect((await budgets.check({ team: 'nobody', once: '1' })).reason).toBe('No budget covers this.');
  }, 60_000);
});

describe('who carries it', () => {
  it('to the cent, with a file that no spreadsheet runs', async () => {
    const said = await ask('kim', 'showback last month');
    expect(said).toContain('Payments');
    expect(said).toContain('platform by direct cost');
    const statement = await ask('kim', 'statement payments for last month');
    const [url = ''] = /http:\/\/[^ |"]+\/files\/[0-9a-f]{64}/.exec(statement) ?? [];
    const answer = await fetch(url);
    expect(answer.headers.get('content-disposition')).toContain('attachment; filename="statement-payments-2026-10-01');
    const csv = await answer.text();
    expect(csv.split('\r\n')[0]).toContain('Period,Department,Resource');
    expect(csv).toContain('share of shared cost');
    expect((await fetch(`${url.slice(0, -1)}0`)).status).toBe(url.endsWith('0') ? 200 : 404);
    expect(await ask('ann', 'showback')).toContain('You may not see what every department costs.');
    expect(await ask('kim', 'tag coverage')).toContain('ask Ben Okafor');
  }, 60_000);
});

describe('what could be had for less', () => {
  it('compares ways of serving (cost.tco) and of ingestion', async () => {
    expect(await ask('kim', 'tco 100000 within 1 seconds')).toContain('batch does not answer within 1 s');
    expect(await ask('kim', 'ingestion 50 gb a day fresh within 60 minutes')).toContain('GB a day');
    expect(await ask('kim', 'retrain cost fraud-detector')).toMatch(/Retraining fraud-detector costs €[\d.]+ a run/);
  }, 60_000);
  it('finds savings, and has one carried out by two people', async () => {
    const said = await ask('kim', 'savings');
    expect(said).toContain('a month could be saved');
    expect(await ask('kim', 'reservations')).toContain('Compute Savings Plan');
    expect(await ask('kim', 'cost efficiency')).toContain('per 1,000');
    const question = await ask('ann', 'save on ep-aml blue with 1 instance');
    expect(question).toContain('Give blue of ep-aml 1 instead of 2 instances');
    const [id = ''] = /REQ-\d+/.exec(question) ?? [];
    await ask('ben', `approve ${id}`);
    await house.advance('PT2M');
    expect(await ask('ben', `request ${id}`)).toContain('blue of ep-aml has 1 instance now.');
    const { economies } = house.app.rooms.cost;
    const { use } = await economies.deployment({ id: 'ep-aml', workspace: 'mlw-payments-weu' }, 'blue');
    expect(use.instances).toBe(1);
    expect(await ask('ann', 'save on ep-aml blue with 5 instances')).toContain('Nothing is saved by that');
  }, 90_000);
});

describe('autoscale instead of fixed', () => {
  it('is asked for by the button of the saving, written into Azure, and taken back', async () => {
    await ask('ann', 'savings ep-fraud');
    const card = await last('ann');
    // The button stands beside the saving and below the card.
    const data = { endpoint: 'ep-fraud', deployment: 'blue', least: '2', most: '4' };
    for (const [key, value] of Object.entries(data)) expect(JSON.stringify(card)).toContain(`"${key}":"${value}"`);
    const asking = await house.click('ann', card?.id ?? '', { type: 'Action.Execute', verb: 'cost.autoscale', data });
    const [id = ''] = /REQ-\d+/.exec(JSON.stringify(asking)) ?? [];
    await ask('ben', `approve ${id}`);
    await house.advance('PT2M');
    expect(await ask('ben', `request ${id}`)).toContain('Azure scales blue of ep-fraud between 2 and 4 instances now.');
    const { economies } = house.app.rooms.cost;
    const blue = () => economies.deployment({ id: 'ep-fraud', workspace: 'mlw-payments-weu' }, 'blue');
    expect((await blue()).use).toMatchObject({
      instances: 4,
      autoscaled: { name: 'wardroom-ep-fraud-blue', least: 2, most: 4 },
    });
    expect(await ask('ann', 'savings ep-fraud')).not.toContain('autoscale');
    expect(await ask('ann', 'save on ep-fraud blue with 1 instances')).toContain('a fixed number would not stay');
    expect(await ask('ann', 'autoscale ep-fraud blue between 2 and 6')).toContain('already, by wardroom-ep-fraud-blue');
    const [back = ''] = /REQ-\d+/.exec(await ask('ann', 'stop autoscaling ep-fraud blue')) ?? [];
    await ask('ben', `approve ${back}`);
    await house.advance('PT2M');
    expect(await ask('ben', `request ${back}`)).toContain('blue of ep-fraud has 4 instances now.');
    expect((await blue()).use.autoscaled).toBeUndefined();
    expect(await ask('ann', 'stop autoscaling ep-fraud blue')).toContain('is not autoscaled; it has 4 instances');
    expect(await ask('ann', 'autoscale ep-fraud blue between 4 and 2')).toContain('leave nothing to scale');
    expect(await ask('gita', 'autoscale ep-demand blue between 1 and 3')).toContain('runs on a Kubernetes cluster');
    const hostile = [
      ['ann', 'autoscale ep-fraud blue between 0 and 4', /from 1 to 100/],
      ['ann', 'autoscale ep-fraud blue between 2 and 101', /from 2 to 100/],
      [
        'ann',
        'autoscale ep-fraud **[blue](https://evil.example)** between 2 and 4',
        /has no deployment .* There are blue, green/,
      ],
      ['ann', 'stop autoscaling ep-nobody blue', /I do not know the endpoint ep-nobody/],
      ['ann', 'stop autoscaling ep-churn blue', /You may not see what/],
      ['jon', 'autoscale ep-fraud blue between 2 and 4', /is for requesters, responders and administrators/],
    ] as const;
    for (const [who, words, answer] of hostile) expect(await ask(who, words), words).toMatch(answer);
    const forged = { endpoint: 'ep-fraud', deployment: 'blue', least: '2; drop', most: ['4'] };
    await house.click('ann', card?.id ?? '', { type: 'Action.Execute', verb: 'cost.autoscale', data: forged });
    expect((await blue()).use.autoscaled).toBeUndefined();
  }, 90_000);
});

describe('computes that stand idle', () => {
  it('are listed, and stopped when somebody else agrees', async () => {
    const said = await ask('ann', 'idle compute');
    expect(said).toContain('Has run for 5 days, and Azure does not stop it when it is idle');
    expect(said).toContain('Keeps 1 node although nothing runs');
    expect(said).not.toContain('ci-ines');
    for (const [compute, done] of [
      ['ci-hugo', 'Azure was told to stop ci-hugo'],
      ['gpu-a100', 'Azure was told to stop gpu-a100'],
    ] as const) {
      const question = await ask('ann', `stop compute ${compute} because nobody needs it`);
      const [id = ''] = /REQ-\d+/.exec(question) ?? [];
      await ask('ben', `approve ${id}`);
      await house.advance('PT10S');
      expect(await ask('ann', `request ${id}`)).toContain(done);
    }
    expect(await ask('ann', 'idle compute')).toContain('No machine stands idle');
    expect(await ask('ann', 'stop compute ci-hugo')).toContain('ci-hugo is stopped already');
    expect(await ask('ann', 'stop compute cpu-train')).toContain('cpu-train keeps no nodes');
    expect(await ask('ann', 'stop compute ci-nobody')).toContain('There are cpu-train, gpu-a100, ci-hugo');
    expect(await ask('ann', 'stop compute ci-ines')).toContain('You may not see what mlw-risk-neu costs');
  }, 90_000);
});

describe('a budget that would break', () => {
  it('needs a second person for training, an owner’s word for a release, and keeps a rule from training', async () => {
    const { rooms } = house.app;
    await rooms.db
      .insertInto('cost_raises')
      .values({
        budget: 'fraud-monthly',
        amount: '100',
        reason: 'for this test',
        asked_by: 'ann',
        approved_by: 'ben',
        at: START,
      })
      .execute();
    const question = await ask('ann', 'retrain fraud-detector now');
    expect(question).toContain('It would break a budget, so somebody else has to agree: Fraud, monthly:');
    const [id = ''] = /CNF-[A-Z0-9-]+/.exec(question) ?? [];
    expect(await ask('ann', `confirm ${id}`)).toContain('This needs a second person');
    // Nobody stands behind a rule: it does not begin, and the owners hear of it with the button that begins it.
    const drift = [{ kind: 'drift' as const, features: ['amount', 'country', 'merchant'] }];
    await rooms.db.transaction().execute((tx) => rooms.training.rules.heard(tx, 'ep-fraud', drift));
    await house.advance('PT1S');
    const told = (await house.messages('ann', 'fraud-ops')).map(textOf).join();
    expect(told).toContain('fraud-detector was to be trained again by fraud-drift, which would break a budget');
    expect(told).toContain('Train it all the same');
    // A release is asked for as ever; the owner of the money has to agree before anything is deployed.
    await house.event('model-registered', { model: 'fraud-detector' });
    await house.advance('PT1S');
    const release = await ask('ann', 'request approval for fraud-detector:8 on ep-fraud because it finds more');
    expect(release).toContain('Agree that the budget is broken');
    expect(release).toContain('Ben Okafor');
  }, 90_000);
});

describe('a week, and a cost out of the ordinary', () => {
  it('tells the teams on Monday, until they stop it', async () => {
    expect(await ask('gita', 'cost digest')).toContain('Retail');
    expect(await ask('gita', 'stop cost digest')).toContain('hears no weekly digest of its costs any more');
    expect(await ask('gita', 'start cost digest')).toContain('every Monday');
    expect(await ask('kim', 'cost data')).toContain('Costs of 18 resources are known');
  }, 60_000);
  it('is told once, acknowledged, muted with a reason, or made an incident', async () => {
    await house.event('cost-spike');
    await house.event('cluster-made', { compute: 'gpu-nlp', nodes: 2, by: 'ines.costa@northwind.example' });
    await house.advance('PT5H');
    const told = (await house.messages('kim', 'ml-platform'))
      .map(textOf)
      .filter((text) => text.includes('cost anomaly'));
    expect(told.length).toBeGreaterThan(0);
    expect(told.join()).toContain('usually');
    // A new cluster, which nobody made through Wardroom: the answer says whose it is.
    const why = await ask('kim', 'why did our costs go up last 3 days');
    expect(why).toContain('**gpu-nlp**');
    expect(why).toContain('the cluster gpu-nlp was made, by ines.costa@northwind.example');
    expect(told.join()).toContain('the cluster gpu-nlp was made, by ines.costa@northwind.example');
    const list = await ask('finn', 'cost anomalies');
    const [id = ''] = /ANO-\d+/.exec(list) ?? [];
    const week = await ask('finn', 'cost anomalies of gpu-nlp last 7 days');
    expect(week).toContain('gpu-nlp, 2026-11-16 to 2026-11-22: 1 cost was out of the ordinary');
    expect(await ask('finn', 'cost anomalies of ep-credit')).toContain('ep-credit: no cost is out of the ordinary');
    expect(await ask('finn', 'anomalies gpu-nlp 2026-01')).toContain('no cost is out of the ordinary');
    expect(await ask('finn', 'anomalies by department')).toContain('listed one by one');
    expect(await ask('finn', 'cost anomalies of ep-fraudd')).toContain('Did you mean ep-fraud?');
    expect(await ask('finn', `anomaly ${id}`)).toContain('Driven by');
    expect(await ask('finn', `acknowledge anomaly ${id} because the sweep was planned`)).toContain('acknowledged');
    expect(await ask('finn', `acknowledge anomaly ${id}`)).toContain('already');
    const [, second = ''] = [...list.matchAll(/ANO-\d+/g)]
      .map(([each]) => each)
      .filter((each, index, all) => all.indexOf(each) === index);
    expect(await ask('finn', `mute anomaly ${second} for 14 days because we load history`)).toContain('muted');
    expect(await ask('finn', `unmute anomaly ${second}`)).toContain('open');
    expect(await ask('finn', `make ${second} an incident`)).toContain('an incident');
  }, 120_000);
});
