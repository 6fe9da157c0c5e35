import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse, textOf } from '../../house.ts';

/** Concerns, with and without a name, and the runbook of misuse; one house. */
let house: House;
let port: string;
const home = mkdtempSync(join(tmpdir(), 'wardroom-concerns-'));
beforeAll(async () => {
  house = await openHouse({ home });
  port = new URL(house.url).port;
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

const all = async (who: string, where = 'personal') => house.messages(who, where);
async function ask(text: string, who: string, where = 'personal'): Promise<string> {
  const before = new Set((await all(who, where)).map(({ id }) => id));
  await house.say(who, where, text);
  await house.advance('PT1S');
  const fresh = (await all(who, where)).filter(({ id, from }) => !before.has(id) && from.kind === 'bot');
  return fresh.map(textOf).join('\n');
}
const card = async (pattern: RegExp, who: string, where = 'personal') =>
  textOf((await all(who, where)).filter((message) => pattern.test(textOf(message))).at(-1));
async function withTwo(text: string, first: string, second: string): Promise<string> {
  const question = await ask(text, first);
  const id = /CNF-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(question)?.[0];
  if (!id) throw new Error(`no question: ${question}`);
  expect(await ask(`confirm ${id}`, first)).toContain('needs a second person');
  return ask(`confirm ${id}`, second);
}
/** Everything that is kept, as text: every table of the house and of pg-boss. */
async function everythingKept(): Promise<Map<string, string>> {
  const { db } = house.app.rooms;
  const found = new Map<string, string>();
  const names = [
    'turns',
    'audit',
    'outbox',
    'concerns',
    'concern_notes',
    'confirmations',
    'drafts',
    'hook_events',
    'lanes',
    'settings',
  ] as const;
  for (const name of names) found.set(name, JSON.stringify(await db.selectFrom(name).selectAll().execute()));
  return found;
}

describe('a concern', () => {
  it('is raised by anybody, reaches its path, is answered and closed', async () => {
    expect(await ask('raise concern about fraud-detector: it declines cards of older people', 'jon')).toContain(
      'CON-101',
    );
    expect(await card(/CON-101/, 'ines')).toContain('declines cards of older people');
    expect(await card(/CON-101/, 'cara', 'risk-ml')).toContain('Jón Sigurðsson');
    expect(await ask('answer concern CON-101: nothing to see', 'ben')).toContain('CON-101 is not yours to answer');
    expect(await ask('answer concern CON-101: we look at it on Monday', 'ines')).toContain('we look at it on Monday');
    expect(await card(/we look at it on Monday/, 'jon')).toContain('Inês Duarte');
    await ask('close concern CON-101: the rates are even now', 'cara');
    expect(await ask('concerns', 'jon')).toContain('No concern is open');
    expect(await ask('all concerns', 'jon')).toContain('CON-101');
    expect(await ask('close concern CON-101: again', 'cara')).toContain('closed already');
  });

  it('needs to say what is wrong', async () => {
    expect(await ask('raise concern about fraud-detector', 'jon')).toContain('what you are concerned about');
  });
});

describe('an anonymous concern', () => {
  it('leaves no trace of who raised it, neither when it is taken nor when it is refused', async () => {
    // Kim has never spoken to the bot: whatever is kept about Kim afterwards would come from this.
    const before = await everythingKept();
    await house.say('kim', 'personal', 'raise anonymous concern about ep-credit: it looks at the postcode');
    await house.say('kim', 'personal', 'raise anonymous concern about ep-credit');
    await house.say('kim', 'personal', 'raise concern anonymously about ep-credit');
    await house.say('kim', 'personal', 'anonymously raise concern about ep-credit');
    await house.advance('PT1S');
    const said = (await all('kim'))
      .filter(({ from }) => from.kind === 'bot')
      .map(textOf)
      .join('\n');
    expect(said).toContain('CON-102');
    expect(said).toContain('Nothing that I keep says who you are');
    expect(said.split('I still need what you are concerned about').length - 1).toBeGreaterThanOrEqual(3);
    expect(said).not.toContain('I did not understand');
    const entra = house.app.rooms.organisation.people.find(({ id }) => id === 'kim')?.entraId ?? 'none';
    const times = (text: string | undefined) => text?.match(new RegExp(`\\bkim\\b|${entra}`, 'gi'))?.length ?? 0;
    for (const [table, text] of await everythingKept()) expect(times(text), table).toBe(times(before.get(table)));
    const audit = await house.app.rooms.db.selectFrom('audit').selectAll().where('actor', '=', 'anonymous').execute();
    expect(audit.map(({ action, objects }) => [action, objects])).toEqual([
      ['concerns.raised', ['CON-102', 'ep-credit']],
    ]);
    const row = await house.app.rooms.db
      .selectFrom('concerns')
      .selectAll()
      .where('id', '=', 'CON-102')
      .executeTakeFirst();
    expect(row).toMatchObject({ raised_by: null, raised_at: '2026-11-23T14:00:00.000Z' });
    expect(await card(/CON-102/, 'ines')).toContain('somebody who stays unknown');
  });

  it('does not show in the metrics', async () => {
    const text = await (await fetch(`${house.url}/metrics`)).text();
    expect(text).toContain('alerts.raise-anonymously');
    expect(text).not.toMatch(/\bkim\b/i);
  });

  it('is refused where everybody has read it', async () => {
    expect(
      await ask('@Wardroom raise anonymous concern about ep-credit: it looks at the postcode', 'cara', 'risk-ml'),
    ).toContain('cannot be anonymous');
    expect((await everythingKept()).get('concerns')).not.toContain('CON-103');
  });

  it('is reminded of until somebody answers', async () => {
    await house.advance('PT25H');
    const again = (await all('ines')).filter((message) =>
      /Unanswered: CON-102/.test(message.summary ?? textOf(message)),
    );
    expect(again.length).toBeGreaterThan(0);
  });
});

describe('misuse', () => {
  it('is contained by two people, and the traffic is gone in Azure', async () => {
    // The first order is lost from our view, sent again, and taken twenty minutes later.
    await house.fault({ where: 'azure', service: 'ml', mode: 'late-request', count: 1, retryAfter: 20 * 60 });
    expect(await withTwo('contain ep-aml because it is used to screen applicants', 'ann', 'dev')).toContain('MIS-101');
    await house.advance('PT5M');
    expect(await ask('endpoint ep-aml', 'ann')).toMatch(/ep-aml answers nobody.*blue.* 0 %/s);
    expect(await ask('endpoints', 'ann')).toMatch(/1 stopped.*■ \*\*ep-aml\*\* · .*stopped/s);
    expect(await card(/MIS-101/, 'ines')).toContain('ep-aml is stopped; 5 points of 5 are open');
    expect(await ask('contain ep-aml because again', 'ann')).toContain('ep-aml serves nothing already');
  });

  it('is assessed, decided by two, restored, and closed with lessons, in this order', async () => {
    expect(await ask('decide MIS-101 restore', 'cara')).toContain('MIS-101 is not assessed yet');
    expect(await ask('lessons of MIS-101: early', 'cara')).toContain('not decided yet');
    for (const point of [1, 2, 3, 4]) await ask(`assess MIS-101 point ${point}: looked into`, 'cara');
    expect(await ask('misuse MIS-101', 'ann')).toContain('1 point of 5 is open');
    await ask('assess MIS-101 point 5: looked into', 'cara');
    expect(await ask('assess MIS-101 point 1: again', 'cara')).toContain('was answered already');
    expect(await ask('assess MIS-101 point 9: what', 'cara')).toContain('Its points are 1 to 5.');
    expect(await ask('misuse MIS-101', 'ann')).toContain('two people decide what becomes of it');
    expect(await withTwo('decide MIS-101 restore because access is limited now', 'cara', 'eva')).toContain(
      'ep-aml serves again',
    );
    await house.advance('PT5M');
    expect(await ask('endpoint ep-aml', 'ann')).toContain('100 %');
    expect(await ask('endpoints', 'ann')).toContain('✔ **ep-aml**');
    expect(await ask('lessons of MIS-101: callers are named in the contract', 'cara')).toContain('the case is closed');
    const steps = await house.app.rooms.audit.about(house.app.rooms.db, 'MIS-101', 50);
    const actions = steps.map(({ action }) => action);
    for (const step of [
      'alerts.contain',
      'concerns.contained',
      'alerts.assess',
      'alerts.decide-misuse',
      'concerns.restored',
      'alerts.lessons',
    ])
      expect(actions, step).toContain(step);
    expect(await ask('misuse cases', 'ann')).toContain('1 case of misuse, 0 open.');
  });

  it('that Azure takes late, over the restoring, is put right, also by a process that was started since', async () => {
    await house.stop();
    house = await openHouse({ home, env: { PORT: port } });
    const late = async () => {
      const { audit, db } = house.app.rooms;
      return (await audit.about(db, 'ep-aml', 200)).filter(({ action }) => action === 'fleet.change.late');
    };
    expect(await late()).toEqual([]);
    await house.advance('PT15M');
    expect((await late()).map(({ why }) => why)).toEqual([
      expect.stringMatching(/^Azure took the order of CHG-\d+ late, over that of CHG-\d+$/),
    ]);
    expect(await ask('endpoint ep-aml', 'ann')).toContain('100 %');
    expect(await ask('deviations', 'ann')).not.toContain('ep-aml');
  });
});
