import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyFile } from '../../../bot/console-verify.ts';
import { sealOf, verifyDossier } from '../../../services/approvals/dossier.rules.ts';
import { type House, openHouse, textOf } from '../../house.ts';
import { asked } from './promotions.ts';

type File = Record<string, unknown> & {
  votes: { voter: string; choice: string }[];
  request: { plan: { traffic: Record<string, number> } };
  record: { why: string | null; seq: number }[][];
};

describe('a decision in a file', () => {
  let house: House;
  let file: File;
  const copy = () => structuredClone(file);
  const sealed = (changed: File) => JSON.stringify({ ...changed, seal: sealOf(changed) });
  beforeAll(async () => {
    house = await openHouse();
    await asked(house, 'ben', 'rollback ep-fraud because v7 drifts');
    await asked(house, 'eva', 'approve REQ-101');
    await asked(house, 'cara', 'approve REQ-101 because waiting costs more');
    await house.advance('PT5M');
    file = (await asked(house, 'cara', 'export decision REQ-101')).data as File;
  }, 60_000);
  afterAll(() => house.stop());

  it('holds by itself and says what it proves', async () => {
    const path = join(house.home, 'REQ-101.json');
    writeFileSync(path, JSON.stringify({ kind: 'answer', data: file }));
    const { code, lines } = await verifyFile(path);
    expect(lines.join('\n')).toMatch(/REQ-101 \(done\): the file is whole and agrees with itself/);
    expect(code).toBe(0);
    expect(lines.join('\n')).toMatch(/2 votes, each of them in the record/);
    expect(lines.join('\n')).toMatch(/It does not prove/);
    const { ok, rows } = (await asked(house, 'finn', 'audit verify')).data as { ok: boolean; rows: number };
    expect([ok, rows >= (file.record.at(-1)?.at(-1)?.seq ?? 0)]).toEqual([true, true]);
  });

  it.each<[string, (changed: File) => string, RegExp]>([
    [
      'a changed plan',
      (f) => sealed({ ...f, request: { ...f.request, plan: { ...f.request.plan, traffic: { green: 100 } } } }),
      /does not have the digest/,
    ],
    ['a changed plan under the old seal', (f) => JSON.stringify({ ...f, votes: [] }), /the seal does not fit/],
    [
      'a vote that nobody cast',
      (f) => sealed({ ...f, votes: [...f.votes, { ...f.votes[0], voter: 'ines', choice: 'approve' }] }),
      /the votes of ines are not in the record/,
    ],
    [
      'a vote turned round',
      (f) =>
        sealed({ ...f, votes: f.votes.map((each, index) => (index === 0 ? { ...each, choice: 'reject' } : each)) }),
      /the votes of Eva Moreau are not in the record/,
    ],
    [
      'another end',
      (f) => sealed({ ...f, request: { ...f.request, state: 'rejected' } } as File),
      /the record does not say that it is rejected/,
    ],
    ['a vote left out', (f) => sealed({ ...f, votes: f.votes.slice(1) }), /votes that the file leaves out/],
    [
      'an altered entry',
      (f) => {
        const [first] = f.record.flat();
        if (first) first.why = 'something else';
        return sealed(f);
      },
      /was altered/,
    ],
    [
      'an entry left out',
      (f) => sealed({ ...f, record: f.record.map((run) => run.filter((_, index) => index !== 1)) }),
      /does not follow/,
    ],
    ['something beside it', (f) => sealed({ ...f, more: 1 }), /not of the form/],
    ['no JSON', () => '{', /not JSON/],
    ['another file', () => '{"a":1}', /not of the form wardroom-decision\/1/],
  ])('%s is found', (_, change, words) => {
    const { ok, findings } = verifyDossier(change(copy()));
    expect(ok).toBe(false);
    expect(
      findings
        .filter((each) => !each.ok)
        .map((each) => each.what)
        .join('; '),
    ).toMatch(words);
  });

  it('lies behind the button of the card for a day, and no longer', async () => {
    await house.say('cara', 'personal', 'export decision REQ-101');
    const card = (await house.messages('cara', 'personal')).filter(({ from }) => from.kind === 'bot').at(-1);
    const url = /http:\/\/127\.0\.0\.1:\d+\/files\/[0-9a-f]{64}/.exec(textOf(card))?.[0] ?? '';
    expect(JSON.stringify(card)).toContain(`{"url":"${url}","type":"Action.OpenUrl","title":"Download the file"}`);
    const answer = await fetch(url);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="decision-REQ-101.json"');
    const text = await answer.text();
    expect(verifyDossier(text)).toMatchObject({ ok: true });
    expect((await fetch(url.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status).toBe(404);

    const { data } = await asked(house, 'jon', 'export history of fraud-detector', true);
    const csv = await (await fetch((data as { url: string }).url)).text();
    expect(csv).toMatch(/^At,What,Version,About,In words\r\n/);
    expect(csv).toMatch(/,vote,,REQ-101,Cara Lindt voted approve on REQ-101: waiting costs more\r\n/);
    await house.advance('P1D');
    expect((await fetch(url)).status).toBe(404);
  });

  it('refuses what is not there, and a file that cannot be read', async () => {
    expect((await asked(house, 'cara', 'export decision REQ-999')).text).toMatch(/There is no request REQ-999/);
    expect(await verifyFile('/nowhere/at/all.json')).toMatchObject({ code: 2 });
  });

  it('tells the history of a model: versions, requests, votes, changes', async () => {
    // Azure finds a model whatever the case; so does the record.
    const { shown, data } = await asked(house, 'jon', 'history of Fraud-Detector');
    expect(shown).toMatch(/7 versions/);
    const said = (data as { happenings: { what: string }[] }).happenings.map(({ what }) => what).join('\n');
    expect(said).toMatch(/fraud-detector:7 was registered by hugo\.weiss/);
    expect(said).toMatch(/Ben Okafor asked: Roll back ep-fraud/);
    expect(said).toMatch(/Cara Lindt voted approve on REQ-101: waiting costs more/);
    expect(said).toMatch(/ep-fraud traffic to blue 100 %: succeeded/);
    expect((await asked(house, 'jon', 'history of nothing-at-all')).text).toMatch(
      /I know nothing of a model nothing-at-all/,
    );
  });

  it('puts versions side by side from runs, metrics and cost', async () => {
    const { data, text } = await asked(house, 'jon', 'compare v6 v7 of fraud-detector');
    const { versions } = data as { versions: Record<string, unknown>[] };
    expect(versions).toMatchObject([
      {
        version: '6',
        quality: { auc: 0.943 },
        serves: ['ep-fraud/blue 100 %'],
        latencyP95Ms: expect.any(Number),
        costPerMonth: expect.any(Number),
        currency: 'EUR',
        sizeBytes: expect.any(Number),
      },
      { version: '7', quality: { auc: 0.951 } },
    ]);
    expect(text).toMatch(/fraud-detector v6, v7/);
    expect((await asked(house, 'jon', 'compare fraud-detector 6 99')).text).toMatch(/fraud-detector has no version 99/);
    expect((await asked(house, 'jon', 'compare fraud-detector 6')).text).toMatch(/two or three versions; you named 1/);
  });

  it('asks which model is meant where several of the team have these versions, and knows when only one has', async () => {
    expect((await asked(house, 'jon', 'compare v6 v7')).text).toMatch(/fraud-detector v6, v7/);
    await house.say('jon', 'fraud-ops', '@Wardroom compare v2 v3');
    const heard = (await house.messages('jon', 'fraud-ops')).filter(({ from }) => from.kind === 'bot').at(-1);
    expect(textOf(heard)).toMatch(
      /I do not see which model you mean: fraud-detector or aml-screening.*compare v2 v3 of fraud-detector/s,
    );
  });
});
