import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signInFor } from '../../bot/app.signing.ts';
import type { ConsoleAnswer } from '../../bot/console-door.ts';
import { forgetSignatures } from '../../bot/signing.ts';
import { sealOf, verifyDossier } from '../../services/approvals/dossier.rules.ts';
import { systemClock } from '../../services/core/clock.ts';
import { readConfig } from '../../services/core/config.ts';
import { silentLog } from '../../services/core/log.ts';
import { loadOrganisation } from '../../services/core/organisation.load.ts';
import { type House, openHouse, textOf } from '../house.ts';
import { type Page, signedNorthwind, type Visitor, visitor } from '../visitor.ts';

/** Votes that are signed: by the pages, the sandbox's issuer and the real client, over HTTP. */
let house: House;
beforeAll(async () => {
  house = await openHouse({ env: { WARDROOM_CONFIG: signedNorthwind() } });
});
afterAll(() => house.stop());
beforeEach(async () => {
  expect((await fetch(`${house.url}/sandbox/reset`, { method: 'POST' })).ok).toBe(true);
  await type('ben', 'rollback ep-fraud because v7 drifts');
});

async function type(as: string, text: string): Promise<ConsoleAnswer> {
  const answer = await house.app.console.ask({ as, text, yes: true });
  if (answer.status !== 200) throw new Error(answer.body.error);
  return answer.body;
}
type Vote = { voter: string; choice: string; reason: string | null; proof: Record<string, unknown> | null };
const stateOf = async () =>
  (await type('jon', 'request REQ-101')).data as { state: string; votes: { voter: string }[] };
const addressIn = (answer: ConsoleAnswer) => (answer.data as { address: string }).address;

/** Votes, opens the page and goes on to the issuer. */
async function toIssuer(
  as: string,
  words: string,
  browser: Visitor = visitor(),
): Promise<{ browser: Visitor; address: string; issuer: Page }> {
  const address = addressIn(await type(as, words));
  await browser.go(address);
  return { browser, address, issuer: await browser.go(address, {}) };
}
const signs = async (as: string, words: string, more: Record<string, string> = {}) => {
  const { browser, issuer, address } = await toIssuer(as, words);
  return { browser, address, page: await browser.go(issuer.url, { as, ...more }) };
};

it('needs an address that Entra sends browsers back to', () => {
  const text = readFileSync(signedNorthwind(), 'utf8');
  const organisation = loadOrganisation(text, 'wardroom.yaml');
  const config = readConfig({
    MicrosoftAppId: 'b6c0e1f2-0000-4000-8000-000000000001',
    MicrosoftAppTenantId: 'b6c0e1f2-0000-4000-8000-000000000002',
    MicrosoftAppPassword: 'x',
    WARDROOM_CONFIG: 'wardroom.yaml',
    WARDROOM_HOOK_KEYS: `a:${'k'.repeat(40)}`,
  });
  const deps = { clock: systemClock, log: silentLog, organisation, origin: () => '' };
  expect(() => signInFor(config, deps)).toThrow(
    /WARDROOM_PUBLIC_URL is missing or not https: votes by production-change/,
  );
  expect(signInFor({ ...config, publicUrl: 'https://wardroom.example' }, deps)).toBeDefined();
  expect(signInFor(config, { ...deps, organisation: { ...organisation, approvalPolicies: [] } })).toBeDefined();
});

describe('a vote under a policy with stepUp', () => {
  it('counts once its voter has signed in for it, and carries its proof out of the house', async () => {
    const asked = await type('eva', 'approve REQ-101 because blue was better');
    expect(asked.kind).toBe('confirm');
    expect(asked.text).toMatch(/Approve REQ-101, .*it counts once you have signed in for it, within 15 minutes: http/);
    expect((await stateOf()).votes).toEqual([]);
    const browser = visitor();
    const first = await browser.go(addressIn(asked));
    expect(first.text).toMatch(
      /Sign in to confirm .*Approve REQ-101 .*Digest \(SHA-256\): [0-9a-f]{64} .*Reason: blue was better/,
    );
    const issuer = await browser.go(first.url, {});
    expect(issuer.text).toMatch(/Sign in as Eva Moreau/);
    expect(new URL(issuer.url).searchParams.get('max_age')).toBe('300');
    const done = await browser.go(issuer.url, { as: 'eva' });
    expect(done.text).toMatch(
      /Signed and counted Eva Moreau approved REQ-101\. REQ-101 needs 1 more approval, and a vote from risk/,
    );
    // The page is loaded again, and an old link is opened: it counted once.
    const answer = browser.been.find((each) => each.includes('/sign/callback')) ?? '';
    expect((await browser.go(answer)).text).toMatch(/Signed and counted Eva Moreau approved REQ-101/);
    expect((await browser.go(first.url, {})).text).toMatch(/Eva Moreau approved REQ-101/);
    expect((await stateOf()).votes).toHaveLength(1);

    expect((await signs('cara', 'approve REQ-101')).page.text).toMatch(/Cara Lindt approved REQ-101/);
    await house.advance('PT5M');
    expect((await stateOf()).state).toBe('done');
    const file = (await type('cara', 'export decision REQ-101')).data as Record<string, unknown> & { votes: Vote[] };
    const held = verifyDossier(JSON.stringify(file));
    expect(held.findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(held.findings.map(({ what }) => what).join()).toMatch(/2 votes signed with a fresh sign-in/);
    const altered = (change: (eva: Vote, cara: Vote) => void) => {
      const copy = structuredClone(file);
      const [eva, cara] = copy.votes;
      if (eva && cara) change(eva, cara);
      return verifyDossier(JSON.stringify({ ...copy, seal: sealOf(copy) }))
        .findings.filter(({ ok }) => !ok)
        .map(({ what }) => what)
        .join();
    };
    const token = String(file.votes[0]?.proof?.['idToken']);
    expect(
      altered((eva) => {
        eva.proof = null;
      }),
    ).toMatch(/vote of Eva Moreau is not signed/);
    expect(
      altered((eva) => {
        eva.reason = 'green was worse';
      }),
    ).toMatch(/vote of Eva Moreau is not what was signed/);
    expect(
      altered((eva, cara) => {
        cara.proof = eva.proof;
      }),
    ).toMatch(/vote of Cara Lindt is not what was signed|another account/);
    expect(
      altered((eva) => {
        eva.proof = { ...eva.proof, idToken: `${token.slice(0, -6)}AAAAAA` };
      }),
    ).toMatch(/vote of Eva Moreau bears a signature that does not hold/);
  });

  it('is not counted for another account, an old sign-in, one that is broken off, or in another browser', async () => {
    const { browser, address, issuer } = await toIssuer('eva', 'approve REQ-101');
    const other = await browser.go(issuer.url, { as: 'ben' });
    expect(other.status).toBe(403);
    expect(other.text).toMatch(/You signed in as Ben Okafor, and Eva Moreau has to sign this/);
    // The second try asks for a sign-in anew, whatever session the browser has.
    const again = await browser.go(address, {});
    expect(new URL(again.url).searchParams.get('prompt')).toBe('login');
    const old = await browser.go(again.url, { as: 'eva', how: 'old' });
    expect(old.text).toMatch(/You signed in 2 h ago, and 5 min is the most that counts here/);
    // Back to the issuer's page, and once more as long ago: it is looked at anew and not taken for the same.
    expect((await browser.go(again.url, { as: 'eva', how: 'old' })).text).toMatch(
      /Sign in to confirm You signed in 2 h/,
    );
    const left = await browser.go((await browser.go(address, {})).url, { as: 'cancel' });
    expect(left.text).toMatch(/The sign-in was broken off/);
    const bare = await browser.go((await browser.go(address, {})).url, { as: 'eva', how: 'bare' });
    expect(bare.text).toMatch(/does not say when it was made.*auth_time/);
    // Somebody is sent the issuer's page of a sign-in that another browser began.
    const begun = await browser.go(address, {});
    const stranger = await visitor().go(begun.url, { as: 'eva' });
    expect(stranger.status).toBe(403);
    expect(stranger.text).toMatch(/begun in another browser/);
    expect((await stateOf()).votes).toEqual([]);
    // Another one is begun beside it in the same browser; both can be gone through with.
    await toIssuer('cara', 'approve REQ-101', browser);
    expect((await browser.go(begun.url, { as: 'eva' })).text).toMatch(/Signed and counted Eva Moreau approved REQ-101/);
    const tried = (await house.app.rooms.audit.about(house.app.rooms.db, 'REQ-101')).filter(
      ({ action }) => action === 'approvals.vote.not-signed',
    );
    expect(tried.map(({ outcome }) => outcome)).toEqual(Array(5).fill('refused'));
  });

  it('is begun on the page that shows it, not from a page elsewhere', async () => {
    const address = addressIn(await type('eva', 'approve REQ-101'));
    const elsewhere = { origin: 'http://localhost:1', 'sec-fetch-site': 'cross-site' };
    for (const [name, value] of Object.entries(elsewhere)) {
      const headers = { [name]: value };
      const answer = await fetch(address, { method: 'POST', redirect: 'manual', headers });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
      expect(await answer.text()).toMatch(/Read what is signed here/);
    }
  });

  it('is told as counted by the try that lost against another', async () => {
    const { browser, address, issuer } = await toIssuer('eva', 'approve REQ-101');
    const signed = await fetch(issuer.url, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: house.url },
      body: new URLSearchParams({ as: 'eva' }),
    });
    const callback = signed.headers.get('location') ?? '';
    await Promise.all([1, 2, 3].map(() => browser.go(callback)));
    expect((await browser.go(address)).text).toMatch(/Signed and counted Eva Moreau approved/);
    expect((await stateOf()).votes).toHaveLength(1);
  });

  it('is refused when it was made up, is too late, or the request has changed', async () => {
    const { browser, issuer, address } = await toIssuer('eva', 'approve REQ-101');
    const state = address.split('/').at(-1);
    expect((await browser.go(`${house.url}/sign/callback?code=invented&state=${state}`)).text).toMatch(
      /used already, or took too long/,
    );
    expect((await visitor().go(`${house.url}/sign/callback?code=x&state=unknown`)).status).toBe(404);
    for (const id of ['..%2f..%2fetc', '%00', 'callback?code=x&state=%00'])
      expect((await visitor().go(`${house.url}/sign/${id}`)).status).toBe(404);
    // Another vote takes the place of the one that waits.
    const later = await toIssuer('eva', 'reject REQ-101 because blue is no better');
    expect((await browser.go(address)).text).toMatch(/You said something else about it since/);
    expect((await browser.go(issuer.url, { as: 'eva' })).text).toMatch(/something else/);
    await house.advance('PT16M');
    expect((await later.browser.go(later.address)).text).toMatch(/The time to sign it is over/);
    expect((await later.browser.go(later.issuer.url, { as: 'eva' })).text).toMatch(/The time to sign it is over/);
    // The deadline passes while somebody is at the issuer's page.
    await house.advance('PT10M');
    const last = await toIssuer('eva', 'approve REQ-101');
    await house.advance('PT5M');
    expect((await last.browser.go(last.issuer.url, { as: 'eva' })).text).toMatch(/REQ-101 is expired already/);
    expect((await stateOf()).votes).toEqual([]);
    const { db } = house.app.rooms;
    await db.transaction().execute((tx) => forgetSignatures(tx, '2100-01-01T00:00:00Z'));
    expect((await last.browser.go(last.address)).status).toBe(404);
  });

  it('of a secret ballot says nothing to others before the close, and is checked by its seal and its signature after it', async () => {
    const { db, audit } = house.app.rooms;
    const { policy } = await db
      .selectFrom('requests')
      .select('policy')
      .where('id', '=', 'REQ-101')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('requests')
      .set({ policy: JSON.stringify({ ...policy, secret: true }) })
      .execute();
    const { page, address } = await signs('eva', 'reject REQ-101 because green is better');
    expect(page.text).toMatch(/nobody else learns that/);
    const exported = async () => (await type('cara', 'export decision REQ-101')).data as { votes: Vote[] };
    expect((await exported()).votes.map(({ proof, choice }) => [proof, choice])).toEqual([[null, 'sealed']]);
    const record = JSON.stringify(await audit.about(db, 'REQ-101'));
    expect(record).toMatch(/"signed":"[0-9a-f]{64}"/);
    expect(record).not.toMatch(/green is better|"reject"/);
    // The page says how she voted, so neither file nor record says where it is.
    expect(`${record} ${JSON.stringify(await exported())}`).not.toContain(address.split('/').at(-1));
    await house.advance('PT31M');
    const closed = await exported();
    expect(closed.votes.map(({ choice }) => choice)).toEqual(['reject']);
    const said = verifyDossier(JSON.stringify(closed)).findings.map(({ ok, what }) => `${ok} ${what}`);
    expect(
      said.filter((each) =>
        /^true 1 vote signed with a fresh sign-in of the voter, by http:.*entra.* with the key [\w-]{43}$/.test(each),
      ),
    ).toHaveLength(1);
    expect(said).toContain('true 1 vote of a secret ballot, as sealed when cast');
  });

  it('has a card that lives where it was typed, and one for its voter alone where it was clicked', async () => {
    await house.advance('PT1S');
    await house.say('eva', '19:fraud-ops@thread.tacv2', '@Wardroom approve REQ-101');
    await house.advance('PT1S');
    const messages = () => house.messages('jon', '19:fraud-ops@thread.tacv2');
    const typed = (await messages()).at(-1);
    expect(textOf(typed)).toMatch(/Approve REQ-101.*not counted yet|not counted yet.*Approve REQ-101/);
    const address =
      /http:\/\/[^ |]+\/sign\/\w+/.exec(JSON.stringify(typed?.attachments))?.[0]?.replace(/".*/, '') ?? '';
    const browser = visitor();
    await browser.go((await browser.go(address, {})).url, { as: 'eva' });
    await house.advance('PT1S');
    // She changes her mind a moment later: the sign-in of before is fresh enough, and the issuer does not ask again.
    const other = addressIn(await type('eva', 'abstain on REQ-101'));
    expect((await browser.go(other, {})).text).toMatch(/Eva Moreau abstained on REQ-101/);
    expect(textOf((await messages()).find(({ id }) => id === typed?.id))).toMatch(/signed/i);
    const card = (await messages()).find(
      (each) =>
        textOf(each).includes('REQ-101') && /Approve/.test(JSON.stringify(each.attachments)) && each.id !== typed?.id,
    );
    const { outcome } = await house.click('cara', card?.id ?? '', 'Approve');
    const shown = JSON.stringify(outcome.message ?? outcome);
    expect(shown).toMatch(/Sign in to confirm/);
    expect(shown).toMatch(/Back to REQ-101/);
    expect(textOf((await messages()).find(({ id }) => id === card?.id))).not.toMatch(/Sign in/);
  });
});
