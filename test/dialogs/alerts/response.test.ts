import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPlan } from '../../../services/alerts/oncall-rotations.store.ts';
import { freePort } from '../../child.ts';
import { textOf } from '../../house.ts';
import { FRAUD_OPS, northwind, openPager, type Pager } from './pager.ts';

/**
 * How people answer an incident, over the moved clock: scenarios 21, 24, 26, 28, 36, 42 and 44 of the alerting suites, each
 * on an incident of its own. A message that no step expects fails it.
 */
const POLICIES = `  - id: fraud-oncall
    acknowledgement: { remindAfter: 1h, confirmWithin: 5m }
    steps:
      - after: 30m
        notify: [{ person: ann }]
      - after: 30m
        notify: [{ person: ben }]
  - id: both
    steps:
      - notify: [{ person: gita }, { person: dev }]
  - id: many
    acknowledgement: { remindAfter: 1h, confirmWithin: 5m }
    steps:
      - notify: [{ person: gita }]
        when: { moreThan: 3, within: 1m }
      - after: 10m
        notify: [{ person: dev }]
  - id: never
    steps:
      - notify: [{ schedule: fraud-later }, { schedule: nobody }]
  - id: half
    steps:
      - notify: [{ schedule: nobody }]
      - after: 5m
        notify: [{ schedule: fraud-later }, { person: gita }]
  - id: default-oncall
    repeat: until-acknowledged
    steps:
      - notify: [{ person: dev }]
        again: 4m
      - after: 10m
        notify: [{ person: gita }]
        when: { severity: 1 }`;

const yaml = northwind(POLICIES, [
  [/(id: ep-aml\n[\s\S]*?escalation: )fraud-oncall/, '$1both'],
  [/(id: ep-recommend\n[\s\S]*?escalation: )default-oncall/, '$1many'],
  [/(id: ep-credit\n[\s\S]*?escalation: )default-oncall/, '$1never'],
  [/(id: ep-demand\n[\s\S]*?escalation: )default-oncall/, '$1half'],
  [
    'schedules:\n',
    `schedules:
  - id: fraud-later
    zone: Europe/Amsterdam
    rotation: { people: [ann], from: 2027-12-01, at: '09:00' }
  - id: nobody
    zone: Europe/Amsterdam
    rotation: { people: [ben], from: 2026-11-02, until: 2026-11-03 }
`,
  ],
]);

let pager: Pager;
beforeAll(async () => {
  pager = await openPager(yaml, { PORT: String(await freePort()) });
  for (const who of ['ann', 'ben', 'gita', 'dev', 'finn', 'jon']) await pager.news(who);
});
afterAll(() => pager.stop());

const advance = (by: string) => pager.house.advance(by);
const quiet = async (...people: string[]) => {
  for (const who of people)
    expect(
      (await pager.news(who)).map(({ says }) => says),
      who,
    ).toEqual([]);
};
/** Exactly one new message, with these words. */
async function one(person: string, ...words: (string | RegExp)[]): Promise<string> {
  const news = await pager.news(person);
  expect(
    news.map(({ says }) => says),
    person,
  ).toHaveLength(1);
  const text = news[0]?.text() ?? '';
  for (const word of words) expect(text).toMatch(word);
  return text;
}
const card = async (id: string) =>
  (await pager.channel(FRAUD_OPS)).find((message) => message.id === message.root && textOf(message).includes(id));

describe('scenarios 21 and 42: steps by time, an acknowledgement that is forgotten', () => {
  let id = '';
  it('tells each of two steps once, at its time', async () => {
    await pager.fire('ep-fraud');
    id = await pager.open('ep-fraud');
    await advance('PT29M50S');
    await quiet('ben');
    expect(textOf(await card(id))).not.toContain('<at>');
    await advance('PT20S');
    expect(textOf(await card(id))).toContain('<at>Ann Berg</at>');
    await advance('PT30M');
    await one('ben', 'HighLatency', id);
    await advance('PT3H');
    await quiet('ann', 'ben', 'dev', 'gita', 'finn');
  });

  it('asks whoever acknowledged after an hour, once, and again a full hour after the answer', async () => {
    expect(await pager.ask('ann', `ack ${id}`)).toContain('takes care of');
    await advance('PT59M');
    await quiet('ann', 'ben');
    // The timer stands in the database: the process may end between setting it and its time.
    await pager.restart();
    await advance('PT2M');
    await one('ann', `Are you still at ${id}`, 'Still at it');
    expect(await pager.ask('ann', `ack ${id}`)).toContain('stays with you');
    await advance('PT58M');
    await quiet('ann', 'ben');
    await advance('PT3M');
    await one('ann', `Are you still at ${id}`);
  });

  it('takes it back when nobody answers in five minutes, and goes on with the escalation', async () => {
    await advance('PT4M');
    await quiet('ben');
    await advance('PT2M');
    // Both steps were told before, so it begins anew.
    await one('ann', id);
    await quiet('ben');
    expect(textOf(await card(id))).toContain('firing');
    const thread = (await pager.channel(FRAUD_OPS)).map(textOf).join('\n');
    expect(thread).toContain(`Ann Berg did not say whether they are still at ${id}`);
    await advance('PT30M');
    await one('ben', id);
  });
});

describe('scenario 26: escalate what is acknowledged', () => {
  it('takes the acknowledgement back and tells the step, another one, a person or another policy', async () => {
    const id = await pager.open('ep-fraud');
    await pager.ask('ben', `ack ${id}`);
    expect(await pager.ask('ben', `escalate ${id} to step 1`)).toMatch(/step 1 now: Ann Berg/);
    await one('ann', id);
    expect(await pager.ask('jon', `escalate ${id}`)).toContain('is for responders');
    expect(await pager.ask('ann', `escalate ${id} to step 7`)).toContain('There is no step 7; its policy has 2');
    expect(await pager.ask('ann', `escalate ${id} to policy fruad-oncall`)).toContain('Did you mean fraud-oncall');
    expect(await pager.ask('ann', `escalate ${id} to policy both`)).toMatch(/Gita Rao, Dev Patel|Dev Patel, Gita Rao/);
    await one('gita', id);
    await one('dev', id);
    expect(await pager.ask('ann', `escalate ${id} to Finn`)).toContain('goes to Finn');
    await one('finn', id, 'asked by name');
    await quiet('ben', 'gita', 'dev');
  });

  it('goes to whoever is on call in a schedule that was made in chat, by hand and by a step that calls it', async () => {
    const { db } = pager.house.app.rooms;
    const plan = {
      id: 'nights',
      zone: 'Europe/Amsterdam',
      rotation: { people: ['finn'], from: '2026-11-02', at: '09:00', every: 1, unit: 'weeks' as const },
      hours: [],
      layers: [],
      overrides: [],
    };
    await db
      .transaction()
      .execute((tx) =>
        addPlan(
          tx,
          { schedule: 'nights', plan, words: 'nights', by: 'ann' },
          Temporal.Instant.from('2026-11-02T00:00:00Z'),
        ),
      );
    const id = await pager.open('ep-fraud');
    await pager.ask('ben', `ack ${id}`);
    expect(await pager.ask('ann', `escalate ${id} to schedule nobody`)).toContain(
      'Nobody who can be reached is on call in nobody',
    );
    expect(await pager.ask('ann', `escalate ${id} to schedule nigths`)).toContain('Did you mean nights');
    await quiet('finn');
    expect(await pager.ask('ann', `escalate ${id} to schedule nights`)).toContain('goes to nights now: Finn');
    await one('finn', id);
    const confirmed = async (text: string) => {
      const number = /CNF-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(await pager.ask('ann', text))?.[0];
      return pager.ask('ann', `confirm ${number}`);
    };
    expect(await confirmed('call nights at step 1 of fraud-oncall')).toContain('calls nights as well');
    await pager.ask('ann', `use policy fraud-oncall for ${id}`);
    await quiet('finn');
    await advance('PT30M');
    await one('finn', id);
    await one('ann', id);
    expect(await confirmed('stop calling nights at step 1 of fraud-oncall')).toContain('does not call nights any more');
    await pager.ask('ben', `ack ${id}`);
    for (const who of ['ann', 'ben', 'finn', 'gita', 'dev']) await pager.news(who);
  });

  it('another policy leaves what is acknowledged alone', async () => {
    const id = await pager.open('ep-fraud');
    await pager.ask('ann', `ack ${id}`);
    expect(await pager.ask('ann', `use policy default-oncall for ${id}`)).toContain('follows default-oncall');
    await advance('PT30M');
    await quiet('ann', 'ben', 'gita', 'dev');
    await pager.ask('ann', `resolve ${id} because traffic is normal`);
  });
});

describe('snooze, assign and follow', () => {
  it('rests, wakes who snoozed it, and calls on', async () => {
    await quiet('dev', 'gita');
    await pager.fire('ep-churn', { of: 'Slow' });
    const id = await pager.open('ep-churn');
    expect(await pager.ask('jon', `follow ${id}`)).toContain(`You follow ${id}`);
    expect(await pager.ask('dev', `snooze ${id} for 20 minutes`)).toContain('rests until');
    await one('jon', 'Dev Patel lets');
    await advance('PT19M');
    await quiet('dev', 'gita', 'jon');
    await advance('PT2M');
    await one('dev', id);
    await one('jon', 'is told again');
    expect(await pager.ask('dev', `assign ${id} to Gita`)).toContain('Gita Rao is asked');
    await one('gita', 'You were asked by name', 'Acknowledge');
    await one('jon', 'asked Gita Rao');
    await pager.ask('gita', `ack ${id}`);
    await one('jon', 'acknowledged');
    await quiet('dev', 'gita');
  });

  it('scenario 44: a follower who was idle for a week hears no more', async () => {
    const id = await pager.open('ep-churn');
    await advance('P8D');
    await pager.news('dev');
    await pager.news('gita');
    await pager.ask('gita', `resolve ${id} because it is over`);
    await quiet('jon');
    expect(await pager.ask('jon', `unfollow ${id}`)).toContain('do not follow');
    expect(await pager.ask('jon', `unfollow ${id}`)).toContain('You do not follow');
  });
});

describe('until somebody acknowledges', () => {
  it('tells a step again, passes one over by its severity, and goes round', async () => {
    await pager.fire('be-ltv', { of: 'Late', severity: 'info' });
    const id = await pager.open('be-ltv');
    await quiet('dev');
    await advance('PT4M');
    await one('dev', id);
    await advance('PT4M');
    await one('dev', id);
    await advance('PT11M');
    await quiet('gita');
    await advance('PT2M');
    await one('dev', id);
    await pager.ask('dev', `ack ${id}`);
    await advance('PT2H');
    await quiet('dev', 'gita');
  });
});

describe('scenario 42: more than three in a minute', () => {
  it('waits at the step while there are two, and tells it with the fourth', async () => {
    await pager.fire('ep-recommend', { of: 'A' });
    await pager.fire('ep-recommend', { of: 'B' });
    const id = await pager.open('ep-recommend');
    await advance('PT20M');
    await quiet('gita', 'dev');
    for (const of of ['C', 'D', 'E', 'F']) await pager.fire('ep-recommend', { of });
    const retail = (await pager.channel('19:retail-ml@thread.tacv2')).map(textOf).join('\n');
    expect(retail).toContain('<at>Gita Rao</at>');
    await advance('PT10M10S');
    await one('dev', id);
    await pager.ask('dev', `resolve ${id} because enough`);
  });
});

describe('scenario 28: a policy that reaches nobody', () => {
  it('goes to the fallback channel within a minute, with the reason', async () => {
    await pager.fire('ep-credit', { of: 'Down' });
    const id = await pager.open('ep-credit');
    await advance('PT30S');
    const fallback = (await pager.channel('19:ml-platform@thread.tacv2')).map(textOf).join('\n');
    expect(fallback).toContain(id);
    const risk = (await pager.channel('19:risk-ml@thread.tacv2')).map(textOf).join('\n');
    expect(risk).toMatch(/nobody is on call in fraud-later/i);
  });

  it('tells the good target of a step whose other one is empty', async () => {
    await pager.fire('ep-demand', { of: 'Down' });
    const id = await pager.open('ep-demand');
    await advance('PT5M5S');
    await one('gita', id);
  });
});

describe('scenario 24: two people with rules of their own', () => {
  it('each is told by their rules until they have it; the second acknowledgement is noted as such', async () => {
    for (const who of ['gita', 'dev']) {
      expect(await pager.ask(who, 'notify me one to one at once')).toContain('at once one to one');
      expect(await pager.ask(who, 'notify me one to one after 30 minutes')).toContain('after 30 min one to one');
      expect(await pager.ask(who, 'notify me one to one after 30 minutes')).toContain('says that already');
    }
    await pager.fire('ep-aml', { of: 'Down' });
    const id = await pager.open('ep-aml');
    await one('gita', id);
    await one('dev', id);
    await pager.ask('gita', `ack ${id}`);
    await advance('PT31M');
    await quiet('gita');
    await one('dev', 'Acknowledge too', 'Gita Rao');
    expect(await pager.ask('dev', `ack ${id}`)).toContain('Gita Rao was first');
    const fraud = (await pager.channel(FRAUD_OPS)).map(textOf).join('\n');
    expect(fraud).toContain('then Dev Patel');
    await pager.ask('dev', `resolve ${id} because it is back`);
    await advance('PT2H');
    await quiet('gita', 'dev');
  });

  it('quiet hours hold a page back unless it is bad enough, and the rules can be shown and taken back', async () => {
    await pager.ask('dev', 'my rules end when anybody acknowledges');
    const shown = await pager.ask('dev', 'quiet hours from 00:00 to 23:58 except severity 0');
    expect(shown).toContain('00:00 to 23:58');
    await pager.fire('ep-aml', { of: 'Again' });
    const id = await pager.open('ep-aml');
    await one('gita', id);
    await quiet('dev');
    expect(await pager.ask('dev', 'no quiet hours')).toContain('are over');
    expect(await pager.ask('dev', 'my rules')).toContain('2 rules');
    const number = /\*\*(\d+)\*\*/.exec(await pager.ask('dev', 'my rules'))?.[1];
    expect(await pager.ask('dev', `remove my rule ${number}`)).toContain('1 rule');
    expect(await pager.ask('dev', 'remove my rule 999')).toContain('You have no rule 999');
    expect(await pager.ask('dev', 'notify schedule nowhere for me after 5 minutes')).toContain('no schedule');
  });
});
