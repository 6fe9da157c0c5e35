import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConsoleAnswer } from '../../../bot/console-door.ts';
import { verifyDossier } from '../../../services/approvals/dossier.rules.ts';
import type { ApprovalPolicy } from '../../../services/core/organisation.ts';
import { type House, openHouse, textOf } from '../../house.ts';
import { PARTS, writeCard } from './promotions.ts';

/** A model version from its registration to the last vote, through the terminal and the cards. */
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.stop());
beforeEach(async () => {
  const answer = await fetch(`${house.url}/sandbox/reset`, { method: 'POST' });
  expect(answer.ok).toBe(true);
});

async function type(as: string, text: string): Promise<ConsoleAnswer> {
  const answer = await house.app.console.ask({ as, text, yes: true });
  if (answer.status !== 200) throw new Error(answer.body.error);
  return answer.body;
}
const settle = () => house.advance('PT1S');
/** Version 8 with everything that high risk asks for, and its vote open. */
async function voting(): Promise<void> {
  await house.event('model-registered', { model: 'fraud-detector' });
  await writeCard(house);
  const asked = await type('ann', 'request approval for fraud-detector:8 on ep-fraud because it finds more');
  expect(asked.kind, asked.text).toBe('answer');
  await settle();
}
const requestOf = async (as = 'jon', id = 'REQ-102') =>
  (await type(as, `request ${id}`)).data as { state: string; missing: string[]; digest: string };
const gateOf = async (id: string) =>
  (await type('jon', `evidence of ${id}`)).data as {
    lacking: string[];
    items: { kind: string; state: string; summary: string }[];
  };

describe('a new version', () => {
  it('opens a draft that somebody turns into a request, and waits until its evidence is complete', async () => {
    await house.event('model-registered', { model: 'fraud-detector' });
    await settle();
    const draft = await type('jon', 'request REQ-101');
    expect(draft.shown).toMatch(/draft/);
    expect(draft.shown).toMatch(/fraud-detector:8 to ep-fraud/);
    expect((await type('jon', 'submit REQ-101')).kind).toBe('refused');
    expect((await type('ann', 'submit REQ-101 because it finds more')).kind).toBe('answer');
    await settle();
    const { lacking, items } = await gateOf('REQ-101');
    expect(lacking).toEqual([expect.stringMatching(/^model card is missing: nobody has written one/)]);
    expect(items.map(({ state }) => state).filter((state) => state === 'present')).toHaveLength(13);
    expect((await requestOf('jon', 'REQ-101')).state).toBe('evidence');
    // A card without its decision logic is not enough where the risk is high.
    const { decisionLogic: _, ...rest } = PARTS;
    expect(await writeCard(house, rest)).toMatch(/Model card 1 of fraud-detector is kept/);
    await settle();
    expect((await gateOf('REQ-101')).lacking.join()).toMatch(
      /model card is not good enough: version 1 says too little about decision logic/,
    );
    await writeCard(house);
    await settle();
    expect((await requestOf('jon', 'REQ-101')).state).toBe('voting');
    expect((await type('jon', 'model card of fraud-detector')).shown).toMatch(/version 2/);
  });

  it('shows its evidence with metrics against the serving version, groups with sizes, and what the model looks at', async () => {
    await voting();
    const shown = await type('jon', 'evidence of REQ-102');
    expect(shown.text).toMatch(
      /metrics: present, auc 0\.951 \(0\.9\d+ to 0\.9\d+\), \+0\.008 .*serving is fraud-detector:6/,
    );
    expect(shown.text).toMatch(/fairness: present, age_band \(4 groups\)/);
    expect(shown.text).toMatch(
      /code review: present, pull request \d+ approved by (ben-okafor|finn-ohara); coding standard met/,
    );
    expect(shown.text).toMatch(/identity and network: present, managed identity .*private link/);
    expect(shown.text).toMatch(/cost of serving: present, [\d,]+ EUR in the last 30 days/);
    expect(shown.shown).toMatch(/What the model looks at/);
    expect(shown.shown).toMatch(/age_band 18-29 +[\d,]+/);
  });
});

describe('the vote', () => {
  it('is decided when nobody can overturn it, by every role, and never by its author or requester', async () => {
    await voting();
    expect((await type('hugo', 'approve REQ-102')).text).toMatch(/You made this model/);
    expect((await type('ann', 'approve REQ-102')).text).toMatch(/You asked for this approval/);
    await type('dev', 'approve REQ-102');
    await type('eva', 'approve REQ-102');
    const open = await requestOf();
    expect(open.state).toBe('voting');
    expect(open.missing.join()).toMatch(/a vote from risk.*a vote from privacy/);
    await type('lea', 'approve REQ-102');
    // Risk holds a veto, so its members are heard before it closes.
    await type('cara', 'approve REQ-102');
    expect((await requestOf()).state).toBe('voting');
    await type('ines', 'approve REQ-102');
    expect(['approved', 'executing']).toContain((await requestOf()).state);
    const record = await house.app.rooms.audit.about(house.app.rooms.db, 'REQ-102');
    expect(record.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['approvals.opened', 'approvals.evidence', 'approvals.vote-opened', 'approvals.approved']),
    );
  });

  it('waits for the conditions of an approval, with their owner, date and proof', async () => {
    await voting();
    for (const who of ['dev', 'eva', 'lea', 'ines']) await type(who, 'approve REQ-102');
    const set = await type(
      'cara',
      'approve REQ-102 if the bias report covers people over 80 by Hugo until Friday 17:00',
    );
    expect(set.kind, set.text).toBe('answer');
    expect((await requestOf()).state).toBe('conditional');
    await settle();
    const mail = (await house.messages('hugo', 'personal')).map(textOf).join();
    expect(mail).toMatch(/Cara Lindt asks you for this: the bias report covers people over 80/);
    expect((await type('jon', 'condition 1 of REQ-102 is met because I say so')).text).toMatch(
      /That is for Hugo Weiss or Cara Lindt to say/,
    );
    const met = await type('hugo', 'condition 1 of REQ-102 is met because it is on page 4 of the report');
    expect(met.text).toMatch(/No condition is open any more/);
    expect(['approved', 'executing']).toContain((await requestOf()).state);
  });

  it('starts again when the plan changes, and tells who had voted what is different', async () => {
    await voting();
    await type('dev', 'approve REQ-102 if the report covers age by Hugo until Friday 17:00');
    const { digest } = await requestOf();
    const refused = await type('ann', 'change plan of REQ-102 to mirror 60 for 24h, 100');
    expect(refused.text).toMatch(/mirrors 60 %: Azure mirrors at most 50 %/);
    expect((await type('ann', 'change plan of REQ-102 to 10 for 4h, 90')).text).toMatch(/ends at 90 %/);
    // What is being looked at while the plan changes was asked about the old one: the new one stays.
    await type('ann', 'refresh evidence of REQ-102');
    await type('ann', 'change plan of REQ-102 to 5 for 24h, 100');
    await settle();
    const now = await requestOf();
    expect(now.state).toBe('voting');
    expect(now.digest).not.toBe(digest);
    const told = (await house.messages('dev', 'personal')).map(textOf).join();
    expect(told).toMatch(/their votes are void/);
    expect(told).toMatch(/the traffic goes 5 % for 24 h, 100 %, not 20 % mirrored for 24 h/);
    expect(now.missing.join()).toMatch(/3 more approvals/);
    const { shown } = await type('jon', 'request REQ-102');
    expect(shown).toMatch(/earlier votes are void: the traffic goes 5 % for 24 h/);
    expect(shown, 'what a void vote asked for is void, too').not.toMatch(/1 condition/);
    await type('dev', 'approve REQ-102');
    expect((await requestOf()).missing.join()).toMatch(/2 more approvals/);
    const past = JSON.stringify((await type('jon', 'history of fraud-detector')).data);
    expect(past.match(/Dev Patel voted approve on REQ-102( \(void: it was changed afterwards\))?/g)).toEqual([
      'Dev Patel voted approve on REQ-102 (void: it was changed afterwards)',
      'Dev Patel voted approve on REQ-102',
    ]);
  });

  it('is reminded of only where a vote is missing, and expires without enough of them', async () => {
    await type('ben', 'rollback ep-fraud because v7 drifts');
    await type('dev', 'approve REQ-101');
    // Four hours: half of it, four fifths of it, the deadline.
    await house.advance('PT13H');
    const reminded = async (who: string) =>
      (await house.messages(who, 'personal')).filter((message) => /REQ-101/.test(textOf(message)));
    expect(await reminded('dev')).toHaveLength(1);
    expect(await reminded('eva')).toHaveLength(3);
    // Whatever was posted when: every card of it says how it ended.
    for (const message of await reminded('eva')) expect(textOf(message)).toMatch(/expired/);
    const record = await house.app.rooms.audit.about(house.app.rooms.db, 'REQ-101');
    const steps = record.map(({ action }) => action).filter((action) => /reminded|expired/.test(action));
    expect(steps).toEqual(['approvals.reminded', 'approvals.reminded', 'approvals.expired']);
    expect((await type('eva', 'approve REQ-101')).text).toMatch(/REQ-101 is expired already/);
  });

  it('goes to whom somebody delegated, one hop, until they take it back', async () => {
    await voting();
    const gone = await type('cara', 'delegate my votes to Inês until Friday 17:00');
    expect(gone.text).toMatch(/Inês Duarte votes in your place until/);
    expect((await type('cara', 'approve REQ-102')).text).toMatch(/You have delegated to Inês Duarte/);
    expect((await type('ines', 'delegate my votes to Cara until Friday 17:00')).text).toMatch(/one hop only/);
    expect((await type('ines', 'my delegations')).text).toMatch(/You vote for Cara Lindt until/);
    await type('ines', 'approve REQ-102');
    expect((await type('jon', 'request REQ-102')).shown).toMatch(/Inês Duarte for Cara Lindt/);
    expect((await type('cara', 'take back my votes')).kind).toBe('answer');
    expect((await type('cara', 'abstain on REQ-102')).kind).toBe('answer');
  });

  it('ends when the version is deleted under it', async () => {
    await voting();
    await type('dev', 'approve REQ-102');
    await house.event('model-deleted', { model: 'fraud-detector', version: '8' });
    await house.advance('PT31M');
    const shown = await type('jon', 'request REQ-102');
    expect(shown.shown).toMatch(/withdrawn/);
    expect(shown.shown).toMatch(/fraud-detector:8 does not exist in mlw-payments-weu any more/);
    expect((await house.messages('dev', 'personal')).map(textOf).join()).toMatch(/Your vote is kept on record/);
  });

  it('is not started for what does not exist, is there already, or is not served there', async () => {
    const ask = async (words: string) => (await type('ann', `request approval for ${words}`)).text;
    expect(await ask('fraud-detector:99 on ep-fraud')).toMatch(
      /fraud-detector:99 is not registered in mlw-payments-weu/,
    );
    expect(await ask('fraud-detector:6 on ep-fraud')).toMatch(/serves ep-fraud already/);
    expect(await ask('aml-screening:3 on ep-fraud')).toMatch(/ep-fraud serves fraud-detector, not aml-screening/);
    expect(await ask('fraud-detector on ep-fraud')).toMatch(/is no model version.*name:version/);
    expect(await ask('claims-triage:2 on be-claims')).toMatch(/batch endpoint/);
    await house.event('model-registered', { model: 'demand-forecast' });
    const demand = (plan: string) => ask(`demand-forecast:4 on ep-demand with plan ${plan} because it is better`);
    expect(await demand('mirror 20 for 24h, 100')).toMatch(/Azure mirrors no traffic of a Kubernetes endpoint/);
    expect(await demand('10 for 4h, 50 for 4h')).toMatch(/The plan ends at 50 %/);
    expect(await demand('50 for 4h, 10 for 4h, 100')).toMatch(/10 % after 50 %/);
  });
});

describe('attached evidence', () => {
  it.each([
    ['is not JSON', '{"checks": [', /is not JSON/],
    ['holds NaN', '{"checks":[{"name":"noise","value":NaN,"limit":1}]}', /holds NaN, which JSON has no word for/],
    [
      'is of another form',
      '{"checks":[{"name":"noise","value":"low","limit":1}]}',
      /not of the expected form at checks\.0\.value/,
    ],
    ['lies somewhere else', 'https://evil.example/x.json', /Azure Blob storage only/],
  ])('is refused when it %s, and nothing is lost', async (_what, file, why) => {
    await voting();
    const before = await requestOf();
    const answer = await type('ann', `attach robustness to REQ-102 ${file}`);
    expect([answer.kind, answer.text]).toEqual(['refused', expect.stringMatching(why)]);
    expect(await requestOf()).toEqual(before);
  });

  it.each([
    ['large', /robustness\.json has 50\.0 MB; I read up to 5 MB/],
    ['nan', /robustness\.json holds NaN, which JSON has no word for/],
  ])('of the run that is %s keeps the vote closed and says why', async (fault, why) => {
    const file = { model: 'fraud-detector', version: '8', file: 'robustness', fault };
    await house.event('evidence-broken', file);
    await voting();
    const { lacking, items } = await gateOf('REQ-102');
    expect(lacking).toEqual([expect.stringMatching(why)]);
    expect(items.filter(({ state }) => state === 'present')).toHaveLength(13);
    expect((await requestOf()).state).toBe('evidence');
    if (fault !== 'large') return;
    // By its signed address it is no smaller, and the request is as it was.
    const place = 'https://mlwpaymentsweust.blob.core.windows.net/azureml/ExperimentRun/dcid.';
    const run = /run ([\w-]+)/.exec((await type('jon', 'evidence of REQ-102')).shown ?? '')?.[1];
    const answer = await type('ann', `attach robustness to REQ-102 ${place}${run}/evidence/robustness.json?sig=x`);
    expect([answer.kind, answer.text]).toEqual(['refused', expect.stringMatching(/has 50\.0 MB; I read up to 5 MB/)]);
    // Mended at its source, it is found without anybody asking again.
    await house.event('evidence-broken', { ...file, fault: 'mended' });
    await house.advance('PT31M');
    expect((await requestOf()).state).toBe('voting');
  });

  it('is voted on again when it says something else, and blocks when it fails', async () => {
    const policy = house.app.rooms.organisation.approvalPolicies.find(({ id }) => id === 'model-board');
    const before = { ...policy };
    const one: Partial<ApprovalPolicy> = { minApprovals: 1, minVotes: 0, requiredRoles: [], quorum: 'none' };
    Object.assign(policy ?? {}, one, { secret: true, close: 'when-met', nextStage: 'model-release' });
    await voting();
    await type('dev', 'approve REQ-102');
    expect((await type('jon', 'request REQ-102')).shown).toMatch(/Stage +2 of 2/);
    await type('ann', 'attach robustness to REQ-102 {"checks":[{"name":"noise","value":0.5,"limit":0.02}]}');
    await settle();
    expect((await gateOf('REQ-102')).lacking).toEqual([
      'robustness is not good enough: noise is 0.5, at most 0.02 is asked for',
    ]);
    expect((await requestOf()).state).toBe('evidence');
    await type('ann', 'refresh evidence of REQ-102');
    await settle();
    expect((await requestOf()).state).toBe('voting');
    // Found out again it says what was voted on: nothing is different, and the vote is void all the same.
    expect((await type('jon', 'request REQ-102')).shown).toMatch(/earlier votes are void\. It is as it was again\./);
    // What the close of a secret stage read out is no secret again because all of it is voted on anew.
    const file = verifyDossier(JSON.stringify((await type('cara', 'export decision REQ-102')).data));
    expect(file.findings.filter(({ ok }) => !ok)).toEqual([]);
    Object.assign(policy ?? {}, before, { nextStage: undefined });
  });
});

describe('a review board', () => {
  it('has an agenda, meetings with notes, and minutes as Markdown', async () => {
    await voting();
    expect((await type('jon', 'board agenda')).text).toMatch(/Model risk board has 1 request to decide.*REQ-102/s);
    expect((await type('jon', 'open meeting of model-risk-board')).kind).toBe('refused');
    await type('lea', 'open meeting of model-risk-board with Cara, Eva');
    await type('cara', 'note for model-risk-board that REQ-102 needs a look at small merchants');
    for (const who of ['dev', 'eva', 'lea', 'cara', 'ines']) await type(who, 'approve REQ-102');
    await type('lea', 'close meeting of model-risk-board');
    const { text } = await type('jon', 'minutes of model-risk-board');
    expect(text).toMatch(/^# Model risk board: minutes of MTG-101/);
    expect(text).toMatch(
      /\n[A-Z][a-z]{2} \d+ [A-Z][a-z]{2} 2026 \d\d:\d\d to \d\d:\d\d Europe\/Amsterdam\. Chair: Léa Novák\./,
    );
    expect(text).toMatch(/Present: Léa Novák, Cara Lindt, Eva Moreau/);
    expect(text).toMatch(/### REQ-102 Promote fraud-detector:8[\s\S]*- Dev Patel: approve/);
    expect(text).toMatch(/Cara Lindt: REQ-102 needs a look at small merchants/);
    await settle();
    expect((await house.messages('lea', 'change-board')).map(textOf).join()).toMatch(/Minutes of Model risk board/);
    await type('eva', 'comment on REQ-102 well done');
    await settle();
    expect((await house.messages('ann', 'fraud-ops')).map(textOf).join()).toMatch(/Eva Moreau: well done/);
  });
});
