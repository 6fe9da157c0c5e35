import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { ConsoleAnswer } from '../../../bot/console-door.ts';
import { sealOf, verifyDossier } from '../../../services/approvals/dossier.rules.ts';
import type { ApprovalPolicy } from '../../../services/core/organisation.ts';
import { type House, type Message, openHouse, textOf } from '../../house.ts';

/**
 * Votes under every kind of policy, through the terminal and the cards. The policy of a rollback is what each story needs;
 * a request keeps the one it was opened with.
 */
let home: string;
let house: House;
let base: ApprovalPolicy;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'wardroom-'));
  house = await openHouse({ home });
  base = { ...policyOf('production-change') };
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
  // What the story before has still to say is not said into this one.
  await house.advance('PT1S');
  const answer = await fetch(`${house.url}/sandbox/reset`, { method: 'POST' });
  expect(answer.ok).toBe(true);
});

const policies = () => house.app.rooms.organisation.approvalPolicies;
const policyOf = (id: string): ApprovalPolicy => {
  const found = policies().find((policy) => policy.id === id);
  if (!found) throw new Error(`no policy ${id}`);
  return found;
};
const policy = (over: Partial<ApprovalPolicy>) => Object.assign(policyOf('production-change'), base, over);

async function type(as: string, text: string): Promise<ConsoleAnswer> {
  const answer = await house.app.console.ask({ as, text, yes: true });
  if (answer.status !== 200) throw new Error(answer.body.error);
  return answer.body;
}
const vote = async (as: string, text: string) => {
  const answer = await type(as, text);
  expect(answer.kind, answer.text).toBe('answer');
  return answer.text;
};
const refused = async (as: string, text: string) => {
  const answer = await type(as, text);
  expect(answer.kind, answer.text).toBe('refused');
  return answer.text;
};
/** Ben, who may not vote, asks for the rollback of ep-fraud; Cara and Inês hold risk, Dev, Eva and Léa are approvers. */
async function open(): Promise<string> {
  await vote('ben', 'rollback ep-fraud because v7 drifts');
  await house.advance('PT1S');
  return 'REQ-101';
}
interface Seen {
  state: string;
  votes: { voter: string; choice: string }[];
  missing: string[];
}
const seen = async (as = 'jon') => {
  const { data, shown } = await type(as, 'request REQ-101');
  return { ...(data as Seen), shown };
};
const stored = () =>
  house.app.rooms.db.selectFrom('votes').selectAll().where('request', '=', 'REQ-101').orderBy('id').execute();
const recorded = async () => house.app.rooms.audit.about(house.app.rooms.db, 'REQ-101', 500);
const actions = async () => (await recorded()).map(({ action }) => action);
const cardOf = async (as: string, conversation: string): Promise<Message> => {
  const found = (await house.messages(as, conversation)).filter((each) => /\| REQ-101 \|/.test(textOf(each)));
  expect(found.map(textOf), `the card in ${conversation}`).toHaveLength(1);
  return found[0] as Message;
};
const history = async () => JSON.stringify((await type('jon', 'history of fraud-detector')).data);
const exported = async (id = 'REQ-101') => JSON.stringify((await type('cara', `export decision ${id}`)).data);
/** What does not hold in the file of a decision. */
const faults = async (id?: string) => verifyDossier(await exported(id)).findings.filter(({ ok }) => !ok);

describe('a secret ballot', () => {
  const SECRET: Partial<ApprovalPolicy> = { secret: true, close: 'when-certain', quorum: '3/5', vetoRoles: [] };

  it('tells nobody but the voter what they voted until it closes, and then everybody', async () => {
    policy(SECRET);
    await open();
    await vote('dev', 'approve REQ-101 because the risk is small');
    const before = await seen();
    expect(before.votes).toEqual([]);
    expect(before.missing).toEqual(['2 more votes', 'a vote from risk']);
    expect(before.shown).toMatch(/1 voted in secret/);
    await vote('dev', 'reject REQ-101 because something smells');
    expect((await seen()).missing, 'another choice changes nothing that others see').toEqual(before.missing);
    await house.click('eva', (await cardOf('eva', 'personal')).id, 'Approve');
    expect((await seen('dev')).shown).toMatch(/You rejected/);
    expect((await seen('eva')).shown).toMatch(/You approved/);
    await house.advance('PT1S');

    // Whatever was said to others, written down, or can be asked for.
    const told = [
      ...(await recorded()).map((entry) => JSON.stringify(entry)),
      (await type('jon', 'requests')).text,
      await history(),
      (await type('jon', 'board agenda')).text,
      await exported(),
      textOf(await cardOf('lea', 'fraud-ops')),
      textOf(await cardOf('lea', 'personal')),
      JSON.stringify(await seen('lea')),
    ];
    for (const text of told)
      expect(text).not.toMatch(
        /smells|risk is small|voted (approve|reject)|Dev Patel rejected|Eva Moreau approved|of 2 approvals/,
      );
    const votes = (await recorded()).filter(({ action }) => action === 'approvals.vote');
    expect(votes.map(({ detail }) => [detail['input'], typeof detail['sealed']])).toEqual(
      Array(3).fill([{ request: 'REQ-101' }, 'string']),
    );
    expect(await history()).toMatch(/Dev Patel voted on REQ-101 by secret ballot/);
    expect(verifyDossier(await exported())).toMatchObject({ ok: true });

    expect(await refused('cara', 'approve REQ-101 if the report covers age by Hugo until Friday 17:00')).toMatch(
      /a condition would say how you voted/,
    );
    await house.say('lea', 'fraud-ops', '@Wardroom approve REQ-101');
    await house.advance('PT1S');
    const [answer] = (await house.messages('lea', 'fraud-ops')).filter((each) =>
      /voted on in secret/.test(textOf(each)),
    );
    expect(textOf(answer)).toMatch(/it was not counted/);

    for (const who of ['cara', 'ines', 'lea']) await vote(who, 'approve REQ-101');
    const after = await seen();
    expect(after.votes.map(({ voter, choice }) => `${voter} ${choice}`)).toContain('Dev Patel reject');
    expect(after.state).toBe('executing');
    const file = await exported();
    const checked = verifyDossier(file);
    expect(checked).toMatchObject({ ok: true });
    expect(checked.findings.map(({ what }) => what).join()).toMatch(/6 votes of a secret ballot, as sealed when cast/);
    expect(
      verifyDossier(file.replace('"choice":"reject"', '"choice":"approve"'))
        .findings.map(({ what }) => what)
        .join(),
    ).toMatch(/the votes of Dev Patel are not those that were sealed/);
    // Without its nonce a vote is not read out, whatever the file says of it.
    const unread = JSON.parse(file.replace('"choice":"reject"', '"choice":"approve"')) as {
      votes: { nonce: unknown }[];
    };
    for (const each of unread.votes) each.nonce = null;
    const { findings } = verifyDossier(JSON.stringify({ ...unread, seal: sealOf(unread) }));
    expect(findings.map(({ what }) => what).join('; ')).toMatch(
      /the votes of [^;]*Dev Patel[^;]* are not in the record/,
    );
    expect(await actions()).toContain('approvals.ballot-read');
  });

  it('does not say in the record what somebody tried to vote', async () => {
    policy({ ...SECRET, vetoRoles: ['risk'] });
    await open();
    expect(await refused('cara', 'vote reject on REQ-101')).toMatch(/needs a reason/);
    const tried = (await house.app.rooms.db
      .selectFrom('audit')
      .selectAll()
      .where('action', '=', 'approvals.vote')
      .execute()) as { why: string | null; detail: object }[];
    expect(tried.map(({ why, detail }) => [why, detail])).toEqual([['sealed', {}]]);
  });
});

describe('a vote in stages', () => {
  it('asks the next ones only when the first have approved, and silence of the second approves nothing', async () => {
    policies().push({
      ...base,
      id: 'second-look',
      deadline: 20,
      voters: { people: ['lea', 'eva'], roles: [], boards: [] },
      minApprovals: 1,
      requiredRoles: [],
      vetoRoles: [],
    });
    policy({ nextStage: 'second-look' });
    await open();
    expect(await refused('lea', 'approve REQ-999')).toMatch(/no request REQ-999/);
    await vote('cara', 'approve REQ-101');
    expect(await vote('dev', 'approve REQ-101')).toMatch(/Approved, 2 for, 0 against\. Stage 2 of 2 votes now\./);
    const second = await seen();
    expect([second.state, second.votes, second.missing]).toEqual(['voting', [], ['1 more approval']]);
    expect(second.shown).toMatch(/Stage +2 of 2/);
    expect(second.shown).toMatch(/Stage 1 of 2: Approved, 2 for, 0 against/);
    expect(await refused('dev', 'approve REQ-101')).toMatch(/not among those who may vote/);
    expect((await type('lea', 'my votes')).text).toMatch(/REQ-101/);
    expect((await type('dev', 'my votes')).text).not.toMatch(/REQ-101/);
    expect((await type('ben', 'my requests')).text, 'who asked').toMatch(/REQ-101/);
    expect((await type('ben', 'my votes')).text).toBe('No request waits for your vote.');
    await house.advance('PT20M');
    expect((await seen()).state).toBe('expired');
    expect(await faults()).toEqual([]);
    // Asked in the first stage, anew in the second, and reminded twice of that: each is a message, since an edit notifies nobody.
    const mail = (await house.messages('lea', 'personal')).map(textOf).filter((text) => /\| REQ-101 \|/.test(text));
    expect(mail).toHaveLength(4);
    for (const text of mail) expect(text).toMatch(/expired/);
    const told = (await house.messages('ben', 'personal')).map(textOf).join();
    expect(told, 'who asked').toMatch(/The deadline passed\. Still needed was: 1 more approval/);
    expect(await house.app.rooms.db.selectFrom('changes').selectAll().execute(), 'nothing was carried out').toEqual([]);

    await type('ben', 'rollback ep-fraud because v7 drifts');
    for (const who of ['cara', 'dev', 'lea']) await vote(who, 'approve REQ-102');
    expect(((await type('jon', 'request REQ-102')).data as Seen).state).toBe('executing');
    expect(await faults('REQ-102')).toEqual([]);
    policies().pop();
  });
});

describe('who asks', () => {
  it('may say where the way back should lead, and is told when it leads elsewhere; takes it back with a reason', async () => {
    expect(await refused('ben', 'rollback ep-fraud to green because v7 drifts')).toContain(
      'leads to blue, not to green',
    );
    expect(await vote('ben', 'roll back ep-fraud to v6 because v7 drifts')).toContain('REQ-101');
    expect(await vote('ben', 'withdraw REQ-101 because v8 is on its way')).toContain('is withdrawn');
    expect((await recorded()).map(({ why }) => why)).toContain('v8 is on its way');
  });
});

describe('one person', () => {
  it('who votes on two clients at the same instant is counted once, by the later one; both are kept', async () => {
    policy({ close: 'when-certain', quorum: '3/5', vetoRoles: [] });
    await open();
    const [channel, personal] = [await cardOf('eva', 'fraud-ops'), await cardOf('eva', 'personal')];
    await Promise.all([
      house.click('eva', channel.id, 'Approve'),
      house.click('eva', personal.id, 'Reject REQ-101', { reason: 'it drifts' }),
    ]);
    const both = await stored();
    expect(both.map(({ choice }) => choice).sort()).toEqual(['approve', 'reject']);
    expect((await seen()).votes).toMatchObject([{ voter: 'Eva Moreau', choice: both.at(-1)?.choice }]);
    expect((await actions()).filter((action) => action === 'approvals.vote')).toHaveLength(2);
  });

  it('who is taken off the list cannot vote, and what they voted counts no more; nobody left for a role rejects', async () => {
    policy({});
    await open();
    await vote('cara', 'approve REQ-101');
    const northwind = parse(readFileSync(new URL('../../../infra/sandbox/northwind.yaml', import.meta.url), 'utf8'));
    const without = async (...left: string[]) => {
      for (const person of northwind.people)
        if (left.includes(person.id)) person.roles = [];
        // Somebody holds the role still, who was not on the list when the vote opened.
        else if (person.id === 'gita') person.roles = ['risk'];
      const file = join(home, 'wardroom.yaml');
      writeFileSync(file, stringify(northwind));
      await house.stop();
      house = await openHouse({ home, env: { WARDROOM_CONFIG: file } });
    };
    await without('cara');
    await vote('dev', 'approve REQ-101');
    const open1 = await seen();
    expect([open1.state, open1.missing]).toEqual(['voting', ['1 more approval', 'a vote from risk']]);
    expect(open1.votes.map(({ voter }) => voter)).toEqual(['Dev Patel']);
    expect(await refused('cara', 'approve REQ-101')).toMatch(/You no longer hold a role that may vote on this/);
    await without('ines');
    // Whoever comes next finds out, and everybody learns it.
    expect(await refused('eva', 'approve REQ-101')).toMatch(/Nobody who may vote on this holds the required role risk/);
    const over = await seen();
    expect([over.state, over.shown]).toEqual([
      'rejected',
      expect.stringMatching(/Nobody who may vote on this holds the required role risk/),
    ]);
    expect(await house.app.rooms.db.selectFrom('changes').selectAll().execute()).toEqual([]);
    await house.stop();
    house = await openHouse({ home });
  });
});

describe('time', () => {
  it('ends a vote at its deadline exactly, also when it passes during a vote', async () => {
    policy({ deadline: 20 });
    await open();
    await house.advance('PT19M58S');
    await vote('dev', 'approve REQ-101');
    // Eva holds no risk: whichever is first, the vote or the deadline, nothing is approved by the other one.
    const [eva] = await Promise.all([type('eva', 'approve REQ-101'), house.advance('PT2S')]);
    const { deadline } = await house.app.rooms.db
      .selectFrom('requests')
      .select('deadline')
      .where('id', '=', 'REQ-101')
      .executeTakeFirstOrThrow();
    const counted = (await stored()).filter(({ voter }) => voter === 'eva');
    expect(counted).toHaveLength(eva.kind === 'answer' ? 1 : 0);
    for (const { at } of counted) expect(Date.parse(at)).toBeLessThan(Date.parse(deadline));
    expect((await seen()).state).toBe('expired');
    expect(await refused('cara', 'approve REQ-101')).toMatch(/REQ-101 is expired already/);
    expect((await actions()).filter((action) => /\.(approved|expired|rejected)$/.test(action))).toEqual([
      'approvals.expired',
    ]);
  });

  it('decides one way when the deciding vote and the deadline meet', async () => {
    policy({ deadline: 20 });
    await open();
    await vote('dev', 'approve REQ-101');
    await house.advance('PT19M58S');
    const [cara] = await Promise.all([type('cara', 'approve REQ-101'), house.advance('PT1M')]);
    const { state } = await seen();
    expect(['executing', 'done', 'expired']).toContain(state);
    expect(cara.kind).toBe(state === 'expired' ? 'refused' : 'answer');
    expect((await actions()).filter((action) => /\.(approved|expired)$/.test(action))).toHaveLength(1);
  });

  it('lets an approval expire that waits for its condition', async () => {
    policy({ life: 30 });
    await open();
    await vote('cara', 'approve REQ-101 if the report covers age by Hugo until Friday 17:00');
    await vote('dev', 'approve REQ-101');
    expect((await seen()).state).toBe('conditional');
    await house.advance('PT31M');
    const over = await seen();
    expect([over.state, over.shown]).toEqual(['expired', expect.stringMatching(/was not carried out in time/)]);
    expect((await type('hugo', 'condition 1 of REQ-101 is met because it is on page 4')).kind).toBe('refused');
    expect(await house.app.rooms.db.selectFrom('changes').selectAll().execute()).toEqual([]);
  });
});

describe('the count', () => {
  it('closes early only when nobody who is left could turn it', async () => {
    policy({ close: 'when-certain', quorum: '3/5', vetoRoles: [], requiredRoles: [] });
    await open();
    for (const who of ['dev', 'eva']) await vote(who, 'approve REQ-101');
    await house.say('lea', 'personal', 'approve REQ-101');
    expect(textOf((await house.messages('lea', 'personal')).at(-1)), 'what is typed is answered').toMatch(
      /You approved/,
    );
    // Three of five: two rejections would leave 3/5, less than 2/3.
    expect((await seen()).state).toBe('voting');
    await vote('cara', 'reject REQ-101 because it drifts');
    await vote('ines', 'abstain on REQ-101');
    expect((await seen()).votes).toHaveLength(5);
    expect((await seen()).state).toBe('executing');
    await house.advance('PT1S');
    expect(textOf((await house.messages('lea', 'personal')).at(-1)), 'and stays in step').toMatch(/being carried out/);
  });

  it('fails closed at once where nobody holds a role that has to vote', async () => {
    policy({ voters: { people: [], roles: ['engineering'], boards: [] }, requiredRoles: ['privacy'] });
    const asked = await type('ben', 'rollback ep-fraud because v7 drifts');
    expect(asked.text).toMatch(/rejected/);
    expect((await seen()).shown).toMatch(/Nobody who may vote on this holds the required role privacy/);
  });
});

describe('a delegation while a vote is open', () => {
  it('asks the stand-in where they are, and the cards say who votes for whom', async () => {
    policy({});
    await open();
    await vote('cara', 'delegate my votes to Hugo until Friday 17:00');
    await house.advance('PT1S');
    expect(textOf(await cardOf('hugo', 'personal'))).toMatch(/Your vote for Cara Lindt is still missing/);
    expect(textOf(await cardOf('dev', 'fraud-ops'))).toMatch(/Hugo Weiss votes for Cara Lindt/);
    expect((await seen('cara')).shown).toMatch(/Hugo Weiss votes in your place/);
    expect((await type('hugo', 'my votes')).text).toMatch(/REQ-101.*you vote for Cara Lindt/);
    expect((await type('cara', 'my votes')).text).not.toMatch(/REQ-101/);
    await house.click('hugo', (await cardOf('hugo', 'personal')).id, 'Approve');
    expect((await seen('hugo')).shown).toMatch(/You approved for Cara Lindt/);
    await vote('dev', 'approve REQ-101');
    expect((await seen()).state).toBe('executing');
    expect((await seen()).shown).toMatch(/Hugo Weiss for Cara Lindt \(risk\)/);
    expect(await faults()).toEqual([]);
  });

  it('that stood before the vote opened asks the stand-in as well, and ends when it is taken back', async () => {
    policy({});
    await vote('cara', 'delegate my votes to Hugo until Friday 17:00');
    await open();
    await cardOf('hugo', 'personal');
    await vote('cara', 'take back my votes');
    await house.advance('PT1S');
    expect(textOf(await cardOf('hugo', 'personal'))).toMatch(/You are not among those who may vote/);
    expect(textOf(await cardOf('cara', 'personal'))).toMatch(/Your vote is still missing/);
    await vote('cara', 'approve REQ-101');
  });
});
