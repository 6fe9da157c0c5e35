import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../house.ts';
import { asking } from './asking.ts';
import { livingStory } from './living.ts';

const home = mkdtempSync(join(tmpdir(), 'wardroom-'));
let house: House;
beforeAll(async () => {
  house = await openHouse({ home });
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

const { answer, press, ask, counted } = asking(() => house);

const DATA = {
  sources: 'CRM, Gita',
  availability: '5',
  labels: 'cancellations, 30 days',
  labelsReady: '4',
  quality: '4',
  legalBasis: 'contract',
  legalReady: '4',
  dataClass: 'personal',
};
const BUILD = { task: 'classification', method: '4', integrationReady: '4', skills: '4', latencyReady: '5' };
const RISK = { autonomy: 'advise', reversibility: 'easily', costFalsePositive: '12', costFalseNegative: '900' };

// One house for one story: each test goes on where the one before ended.
describe('a use case is brought in', () => {
  it('in steps that are kept, prefilled with what is known', async () => {
    const first = await answer('ann', 'new use case Churn of business customers');
    expect(first).toContain('What is it about?');
    expect(first).toContain('Churn of business customers');
    expect(first).toContain('Ann Berg');
    const form = JSON.stringify((await house.messages('ann', 'personal')).at(-1)?.attachments[0]?.content);
    expect(form).toContain('"id":"department","type":"Input.ChoiceSet"');
    expect(form).toContain('{"title":"Retail","value":"Retail"}');
    const second = await press('ann', 'Next', {
      title: 'Churn of business customers',
      problem: 'Managers call whom they like',
      department: 'Retail',
      owner: 'Ann',
    });
    expect(second).toContain('How would you know that it works?');
  });

  it('survives a restart half-filled and is gone on with', async () => {
    await house.stop();
    house = await openHouse({ home });
    // The restarted house has another address; whoever speaks tells it theirs.
    for (const person of ['gita', 'hugo', 'cara', 'eva']) await answer(person, 'my drafts');
    expect(await answer('ann', 'my drafts')).toContain('Churn of business customers');
    const again = await press('ann', 'Go on with DRF-101');
    expect(again).toContain('Step 2 of 3');
    await answer('ann', 'continue use case DRF-101');
    await press('ann', 'Next', { baselineMetric: 'share noticed in time', baseline: '0.3', target: '0.6' });
    const wrong = await press('ann', 'Send', {
      currency: 'XXQ',
      benefitLow: '120000',
      benefitLikely: '300000',
      benefitHigh: '500000',
      effort: '6',
    });
    expect(wrong).toContain('"XXQ" is not the code of a currency of ISO 4217, such as EUR');
    const negative = await press('ann', 'Send', {
      currency: 'EUR',
      benefitLow: '-5',
      benefitLikely: '300000',
      benefitHigh: '500000',
    });
    expect(negative).toContain('not negative');
    const done = await press('ann', 'Send', {
      currency: 'EUR',
      benefitLow: '120000',
      benefitLikely: '300000',
      benefitHigh: '500000',
      effort: '6',
    });
    expect(done).toContain('Churn of business customers is not ranked: Nobody has answered for its data yet');
  });

  it('is one when the form is sent twice', async () => {
    expect((await ask('ann', 'continue use case DRF-101', { sent: 'yes' })).text).toContain(
      'sent already: it is UC-101',
    );
    expect((await ask('ann', 'use cases')).text.split('\n')).toHaveLength(1);
  });

  it('shows what sounds like it before more is typed', async () => {
    await ask('gita', 'new use case Churn among business customers');
    const odd = { sent: 'yes', title: 'Churn among business customers', problem: 'the same', department: 'Retial' };
    expect((await ask('gita', 'continue use case DRF-102', { ...odd, at: '0' })).text).toContain(
      'There is no department “Retial”. Did you mean Retail?',
    );
    const next = await ask('gita', 'continue use case DRF-102', {
      sent: 'yes',
      at: '0',
      title: 'Churn among business customers',
      problem: 'the same',
    });
    expect(next.text).toContain('This sounds like UC-101 “Churn of business customers”');
    expect((await ask('gita', 'discard DRF-102')).text).toBe('DRF-102 is discarded.');
  });

  it('takes hostile text as text', async () => {
    const nasty = '=cmd|calc <script>alert(1)</script> **bold** [Approve](https://evil.example)';
    await ask('gita', 'new use case');
    await ask('gita', 'continue use case DRF-103', { sent: 'yes', title: nasty.slice(0, 80), problem: nasty });
    expect(
      (
        await ask('gita', 'continue use case DRF-103', {
          sent: 'yes',
          at: '0',
          title: 'x',
          problem: 'y'.repeat(10_000),
        })
      ).text,
    ).toContain('up to 2000 characters');
    const beyond = { sent: 'yes', at: '9', title: 'x', problem: 'y' };
    expect((await ask('gita', 'continue use case DRF-103', beyond)).text).toContain('This form has 3 steps');
    await ask('gita', 'discard DRF-103');
  });
});

describe('answers come from whoever knows', () => {
  it('is asked one to one, passed on, and never round in a circle', async () => {
    const asked = await ask('ann', 'ask Gita for the data of UC-101');
    expect(asked.capability).toBe('intake.ask');
    expect(asked.text).toContain('Gita Rao is asked for the data of UC-101');
    await house.advance('PT5S');
    expect(await counted('gita', /Ann Berg asks you about/)).toBe(1);
    expect((await ask('gita', 'ask Hugo for the data of UC-101')).text).toContain('instead of Gita Rao');
    expect((await ask('hugo', 'ask Gita for the data of UC-101')).text).toContain(
      'round in a circle: Gita Rao → Hugo Weiss → Gita Rao',
    );
    expect((await ask('ann', 'ask Max for the data of UC-101')).kind).not.toBe('answer');
  });

  it('is answered, and whoever asked hears of it', async () => {
    await house.say('hugo', 'personal', 'answer data of UC-101');
    await press('hugo', 'Next', { sources: DATA.sources, availability: '5', labels: DATA.labels, labelsReady: '4' });
    const done = await press('hugo', 'Send', {
      quality: '4',
      legalBasis: 'contract',
      legalReady: '4',
      dataClass: 'personal',
    });
    expect(done).toContain('UC-101');
    await house.advance('PT5S');
    expect(await counted('ann', /Hugo Weiss answered for the data/)).toBe(1);
  });

  it('tells two people who edit the same, and loses neither', async () => {
    const one = await ask('ann', 'answer build of UC-101');
    const two = await ask('gita', 'answer build of UC-101');
    const [first, second] = [one.data['draft'] as string, two.data['draft'] as string];
    await house.advance('PT1M');
    await ask('ann', `continue answers ${first}`, { sent: 'yes', at: '0', ...BUILD });
    await ask('ann', `continue answers ${first}`, { sent: 'yes', at: '1', ...BUILD });
    await ask('gita', `continue answers ${second}`, { sent: 'yes', at: '0', ...BUILD, method: '2' });
    const crossed = await ask('gita', `continue answers ${second}`, { sent: 'yes', at: '1', ...BUILD, method: '2' });
    expect(crossed.text).toContain('Ann Berg answered “Method is mature” with “4” meanwhile');
    const meant = await ask('gita', `continue answers ${second}`, { sent: 'yes', at: '1', ...BUILD, method: '2' });
    expect(meant.text).toContain('1 answer kept');
    expect(JSON.stringify((await ask('ann', 'score UC-101')).data)).toContain('method 2 of 5');
  });
});

describe('the score', () => {
  it('is held by a gate, explained term by term, and says what would change it most', async () => {
    const worth = await ask('ann', 'answer worth of UC-101');
    const draft = worth.data['draft'] as string;
    const known = worth.data['values'] as Record<string, string>;
    const given = { ...known, volume: '40000', confidence: 'estimated', strategicFit: '4', timeCriticality: '8' };
    for (const at of ['0', '1', '2']) await ask('ann', `continue answers ${draft}`, { sent: 'yes', at, ...given });
    const scored = await ask('ann', 'score UC-101');
    // V 300,000 → 30 + 20·ln 3 / ln 5; F (25+75+75+100)/4; D 75; S 75; c 0.8; no risk class yet
    const value = 30 + (20 * Math.log(3)) / Math.log(5);
    const expected = 0.8 * (0.35 * value + 0.25 * 68.75 + 0.25 * 75 + 0.15 * 75);
    expect(scored.data['score'] as number).toBeCloseTo(expected, 9);
    expect(scored.text).toMatch(/It would change most if the benefit is measured/);
  });

  it('ranks the portfolio, with a what-if that changes nothing, and weights that are on record', async () => {
    expect((await ask('jon', 'rank')).text).toMatch(/^1\. UC-101 {2}\d+\.\d for 6 pm/);
    expect((await ask('jon', 'rank with value 50 feasibility 20 data 20 strategic 20')).text).toContain(
      'these make 110 %',
    );
    const whatIf = await ask('jon', 'rank with value 100 feasibility 0 data 0 strategic 0');
    expect((whatIf.data['weights'] as { value: number }).value).toBe(1);
    expect((await ask('jon', 'set weights value 40 feasibility 25 data 25 strategic 10 because growth')).kind).toBe(
      'refused',
    );
    expect(
      (await ask('eva', 'set weights value 40 feasibility 25 data 25 strategic 10 because growth')).text,
    ).toContain('they were value 35 feasibility 25 data 25 strategic 15');
    expect((await ask('jon', 'why is UC-101 above UC-999')).text).toContain('There is no use case UC-999');
  });
});

describe('risk and sign-off', () => {
  it('classifies by the Act, keeps the reasoning, and refuses an exit while it profiles', async () => {
    const form = await answer('cara', 'classify UC-101');
    expect(form).toContain('Profiles people');
    const base = {
      prohibitedPractice: 'none',
      area: 'employment',
      profilesPeople: 'yes',
      decidesAlone: 'no',
      healthData: 'no',
      safetyComponent: 'no',
      sensitiveUse: 'none',
      dutyToTell: 'none',
      deployer: 'private',
    };
    expect((await ask('cara', 'classify UC-101', base)).text).toContain('classed as high (Annex III(4)');
    const out = { ...base, profilesPeople: 'no', exception: 'narrow-task' };
    expect((await ask('cara', 'classify UC-101', { ...out, reasonForException: 'no' })).text).toContain('Article 6(4)');
    const reasoned = {
      ...out,
      reasonForException: 'It only sorts finished letters by postcode; nobody is judged by it.',
    };
    expect((await ask('cara', 'classify UC-101', reasoned)).text).toContain('classed as transparency');
  });

  it('is not signed while answers are missing; an objection blocks until it is answered', async () => {
    expect((await ask('ann', 'sign off UC-101')).text).toContain('mandatory answers are missing');
    for (const [section, given] of [
      ['idea', { users: 'account managers', alternative: 'a report' }],
      ['risk', RISK],
    ] as const) {
      const opened = await ask('ann', `answer ${section} of UC-101`);
      const draft = opened.data['draft'] as string;
      const of = opened.data['of'] as number;
      const known = { ...(opened.data['values'] as Record<string, string>), ...given };
      for (let at = 0; at < of; at += 1)
        await ask('ann', `continue answers ${draft}`, { sent: 'yes', at: String(at), ...known });
    }
    expect((await ask('ann', 'sign off UC-101')).text).toContain('for business and data science');
    expect((await ask('jon', 'sign off UC-101')).text).toContain('You sign for none of');
    expect((await ask('cara', 'object to UC-101 because nobody asked the works council')).text).toContain('for risk');
    expect((await ask('jon', 'who holds up UC-101')).text).toContain('risk objects, and nobody has answered');
    await ask('ann', 'answer objection of risk to UC-101 with the works council agreed on Monday');
    await house.advance('PT5S');
    expect(await counted('cara', /answered your objection/)).toBe(1);
    await ask('cara', 'sign off UC-101');
    expect((await ask('finn', 'sign off UC-101 for IT')).text).toContain('Everybody has signed');
    expect((await ask('jon', 'use case UC-101')).data['state']).toBe('signed');
  });

  it('is signed again when the answers change', async () => {
    const carried = await ask('ann', 'map UC-101 to churn-rate by 2 points lower');
    expect(carried.capability).toBe('intake.carry');
    expect((await ask('jon', 'kpi map')).text).toContain('Churn of business customers: UC-101 (2 points lower)');
    await ask('cara', 'classify UC-101', {
      prohibitedPractice: 'none',
      area: 'none',
      profilesPeople: 'no',
      decidesAlone: 'no',
      healthData: 'no',
      safetyComponent: 'no',
      sensitiveUse: 'none',
      dutyToTell: 'none',
      deployer: 'private',
    });
    expect((await ask('jon', 'who holds up UC-101')).text).toContain('signed other answers than these');
  });
});

describe('the business case', () => {
  it('is typed in three steps, pasted years included, and names what turns the choice', async () => {
    const opened = await ask('kim', 'business case of UC-101');
    const draft = opened.data['draft'] as string;
    const frame = {
      years: '3',
      discountRate: '8',
      benefits: '400000\n400000\t400000',
      adoption: '50 100',
      volume: '2000000',
    };
    const build = {
      development: '200000',
      contingency: '50',
      compute: '30000',
      people: '90000',
      retraining: '10000',
      monitoring: '5000',
      governance: '5000',
      chanceToBuild: '80',
    };
    const buy = {
      integration: '60000',
      licence: '80000',
      licenceGrowth: '5',
      price: '0.02',
      vendorWork: '10000',
      egress: '2000',
      exit: '30000',
      chanceToBuy: '95',
    };
    await ask('kim', `continue business case ${draft}`, { sent: 'yes', at: '0', ...frame });
    await ask('kim', `continue business case ${draft}`, { sent: 'yes', at: '1', ...build });
    const done = await ask('kim', `continue business case ${draft}`, { sent: 'yes', at: '2', ...buy });
    expect(done.text).toBe('UC-101: over 3 years buying is worth €353,711 more (build €15,729, buy €369,440).');
    expect((done.data['flip'] as { input: string }).input.length).toBeGreaterThan(3);
    expect((await ask('kim', 'business case of UC-101')).text).toBe(done.text);
  });
});

livingStory(() => house);

describe('readiness', () => {
  it('is assessed on nine statements, with gaps and a trend', async () => {
    const levels = {
      access: '4',
      pipelines: '3',
      serving: '1',
      literacy: '3',
      science: '4',
      operations: '3',
      owners: '2',
      rules: '2',
      records: '1',
    };
    expect((await ask('gita', 'assess readiness of Retail', { ...levels, access: '9' })).kind).not.toBe('answer');
    await ask('gita', 'assess readiness of Retail', levels);
    await ask('gita', 'assess readiness of Retail', { ...levels, records: '4' });
    const shown = await ask('jon', 'readiness');
    expect(shown.text).toBe(
      'Retail: data infrastructure 2.7 (repeatable), skills 3.3 (defined), governance 2.7 (repeatable)',
    );
    expect(JSON.stringify(shown.data)).toContain('"trend":0.3');
    expect(shown.shown).toContain('Retail: access 4, pipelines 3, serving 1');
  });

  it('is drawn, at an address of its own', async () => {
    await house.say('jon', 'personal', 'readiness of retail');
    const [, url = ''] =
      /"url":"([^"]+\/pictures\/paper\/[^"]+)"/.exec(JSON.stringify(await house.messages('jon', 'personal'))) ?? [];
    const picture = await fetch(url);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(5_000);
    expect((await fetch(url.replace('/paper/', '/paper/A'))).status).toBe(404);
  });

  it('has gaps that are given to somebody, who is told', async () => {
    const given = await ask('gita', 'give gap serving of Retail to Hugo');
    expect(given.text).toBe('Hugo Weiss owns the gap “There is a way from a model to where people work” of Retail.');
    expect((await ask('gita', 'give gap servng of Retail to Hugo')).text).toContain('Hugo Weiss owns the gap');
    expect((await ask('gita', 'give gap moon of Retail to Hugo')).text).toContain('There are access, pipelines');
    await house.advance('PT5S');
    expect(await counted('hugo', /gave you the gap/)).toBeGreaterThan(0);
    expect((await ask('jon', 'readiness of Retail')).shown).toContain('Hugo Weiss owns it');
    expect((await ask('jon', 'readiness of Payments')).text).toContain('Payments was not assessed yet');
  });
});

it('a use case is withdrawn with a reason, and the record of all this is whole', async () => {
  await ask('gita', 'new use case');
  const { data } = await ask('gita', 'my drafts');
  const [{ id }] = data as unknown as [{ id: string }];
  const given = {
    title: 'Reading invoices',
    problem: '=cmd|calc, typed by hand',
    baselineMetric: 'minutes',
    baseline: '4',
    target: '1',
    currency: 'EUR',
    benefitLow: '1',
    benefitLikely: '2',
    benefitHigh: '3',
    owner: 'Gita',
  };
  for (const at of ['0', '1', '2']) await ask('gita', `continue use case ${id}`, { sent: 'yes', at, ...given });
  const { data: file } = await ask('gita', 'export use cases');
  const csv = await (await fetch(file['url'] as string)).text();
  expect(csv).toContain("'=cmd|calc");
  expect(csv.split('\r\n').length).toBeGreaterThan(3);
  expect((await ask('gita', 'withdraw UC-102 because UC-101 does it')).text).toBe('UC-102 is withdrawn.');
  expect((await ask('jon', 'use cases')).text).not.toContain('UC-102');
  expect((await ask('finn', 'audit verify')).text).toMatch(/whole|not altered|verified/i);
});
