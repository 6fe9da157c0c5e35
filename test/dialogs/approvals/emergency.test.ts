import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleAnswer } from '../../../bot/console-door.ts';
import { type House, openHouse, textOf } from '../../house.ts';

const ASK = 'emergency rollback ep-fraud because good payments are declined';

/** Asked in the terminal, where the answer can be read. */
async function type(house: House, as: string, text: string, yes = false): Promise<ConsoleAnswer> {
  const answer = await house.app.console.ask({ as, text, yes });
  if (answer.status !== 200) throw new Error(answer.body.error);
  return answer.body;
}
const idOf = ({ data }: ConsoleAnswer): string => (data as { confirmation: string }).confirmation;
const traffic = async (house: House): Promise<Record<string, number>> => {
  const { data } = await type(house, 'jon', 'endpoint ep-fraud');
  return (data as { traffic: Record<string, number> }).traffic;
};
const cardFor = async (house: House, person: string, words: RegExp) =>
  (await house.messages(person, 'personal')).filter((message) => words.test(textOf(message)));

describe('an emergency rollback', () => {
  let home: string;
  let house: House;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'wardroom-'));
    house = await openHouse({ home });
  });
  /** As on the first run: what asks and carries nothing out needs none of its own. */
  const fresh = async () => {
    const answer = await fetch(`${house.url}/sandbox/reset`, { method: 'POST' });
    expect(answer.ok).toBe(true);
  };
  afterAll(async () => {
    await house.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('says exactly what will happen, and does nothing until a second person has confirmed', async () => {
    const asked = await type(house, 'ann', ASK);
    expect(asked.kind).toBe('confirm');
    expect(asked.text).toContain('all traffic of ep-fraud goes to blue (fraud-detector:6); green loses its 10 %');
    expect(asked.text).toContain('Reason: good payments are declined');
    expect(asked.text).toMatch(/Somebody else has to confirm it within 15 minutes: confirm CNF-/);
    await house.advance('PT5M');
    expect(await traffic(house)).toEqual({ blue: 90, green: 10 });
  });

  it('is not confirmed by the person who asked, not even with --yes', async () => {
    const asked = await type(house, 'ann', ASK, true);
    expect(asked.kind).toBe('confirm');
    const own = await type(house, 'ann', `confirm ${idOf(asked)}`, true);
    expect(own).toMatchObject({ kind: 'refused', text: 'This needs a second person. Ask a colleague to confirm it.' });
    await house.advance('PT5M');
    expect(await traffic(house)).toEqual({ blue: 90, green: 10 });
  });

  it('is confirmed by nobody without the role', async () => {
    const asked = await type(house, 'ann', ASK);
    expect((await type(house, 'cara', `confirm ${idOf(asked)}`)).kind).toBe('refused');
    expect((await type(house, 'jon', ASK)).kind).toBe('refused');
  });

  it('can be called off, and does not run when it is confirmed too late', async () => {
    const first = await type(house, 'ann', ASK);
    expect((await type(house, 'ben', `cancel ${idOf(first)}`)).text).toBe('Nothing was done.');
    expect((await type(house, 'dev', `confirm ${idOf(first)}`)).text).toMatch(/cancelled already by Ben Okafor/);
    const late = await type(house, 'ann', ASK);
    await house.advance('PT16M');
    expect((await type(house, 'dev', `confirm ${idOf(late)}`)).text).toMatch(/expired already|question expired/);
    expect(await traffic(house)).toEqual({ blue: 90, green: 10 });
  });

  it('starts at once when a colleague clicks, is on record, and asks for a review', async () => {
    await fresh();
    await house.event('drift', { endpoint: 'ep-fraud' });
    await house.advance('PT1M');
    await house.say('ann', 'personal', ASK);
    await house.advance('PT1S');
    const [question] = await cardFor(house, 'ben', /Emergency, without votes/);
    expect(textOf(question)).toMatch(/a second person/);
    await house.click('ben', question?.id ?? '', 'Yes, go ahead');
    await house.advance('PT5M');
    expect(await traffic(house)).toEqual({ blue: 100, green: 0 });
    const shown = await type(house, 'jon', 'request REQ-101');
    expect(shown.shown).toMatch(/emergency · done/);
    expect(shown.shown).toMatch(/Without votes\. Ann Berg asked and Ben Okafor confirmed: good payments are declined/);
    expect(shown.shown).toMatch(/Review due +2026-11-25/);
    const [told] = await cardFor(house, 'finn', /Emergency, without votes/);
    expect(textOf(told)).toMatch(/confirmed.*Ben Okafor/s);
    const story = await type(house, 'jon', 'incident INC-101 timeline');
    expect(story.text).toMatch(/Ann Berg asked for an emergency without votes.*\(good payments are declined\)/);
    expect(story.text).toMatch(/Ben Okafor confirmed the emergency rollback/);
    expect(await type(house, 'jon', 'audit verify')).toMatchObject({ data: { ok: true } });
  });

  it('is reviewed by somebody who would have voted; until then they are reminded, and administrators told', async () => {
    await fresh();
    const asked = await type(house, 'ann', ASK);
    const confirmed = await type(house, 'dev', `confirm ${idOf(asked)}`);
    const due = Temporal.Instant.from((confirmed.data as { reviewDue: string }).reviewDue);
    const { now } = (await (await fetch(`${house.url}/sandbox/clock`)).json()) as { now: string };
    const reminders = async (person: string) => (await cardFor(house, person, /The review of REQ-101 is/)).length;
    await house.advance(due.since(now).subtract({ hours: 3, minutes: 50 }).toString());
    expect((await house.messages('ann', 'fraud-ops')).map(textOf).join()).toMatch(
      /The review of REQ-101 is due in 4 h/,
    );
    expect(await reminders('cara')).toBe(0);
    await house.advance('PT4H');
    expect(await reminders('cara')).toBeGreaterThan(0);
    expect([await reminders('ann'), await reminders('dev')]).toEqual([0, 0]);
    expect(await reminders('finn')).toBe(0);
    await house.advance('P2D');
    expect(await reminders('finn')).toBe(1);
    const overdue = await house.app.rooms.audit.about(house.app.rooms.db, 'REQ-101');
    expect(overdue.map(({ action }) => action)).toContain('approvals.review-due');

    const refused = async (who: string, words: RegExp) => {
      const answer = await type(house, who, 'review REQ-101 justified because I say so');
      expect(answer.kind).toBe('refused');
      expect(answer.text).toMatch(words);
    };
    await refused('ann', /You answer for this emergency/);
    await refused('dev', /You answer for this emergency/);
    await refused('jon', /You are not among those who would have voted/);
    const closed = await type(house, 'cara', 'review REQ-101 justified because declines were normal in two minutes');
    expect(closed).toMatchObject({ kind: 'answer', data: { finding: 'justified' } });
    expect((await type(house, 'jon', 'request REQ-101')).shown).toMatch(/Reviewed +Cara Lindt: justified/);
    await refused('eva', /was reviewed already/);
    const told = await reminders('cara');
    await house.advance('P1D');
    expect(await reminders('cara')).toBe(told);
    const record = await house.app.rooms.audit.about(house.app.rooms.db, 'REQ-101');
    expect(record.find(({ action }) => action === 'approvals.review')).toMatchObject({
      actor: 'cara',
      why: 'declines were normal in two minutes',
    });
  });

  it('is still asked after a restart, and confirmed once', async () => {
    await fresh();
    const asked = await type(house, 'ann', ASK);
    await house.stop();
    house = await openHouse({ home });
    const done = await type(house, 'dev', `confirm ${idOf(asked)}`);
    expect(done).toMatchObject({ kind: 'answer', capability: 'approvals.emergency', data: { request: 'REQ-101' } });
    expect(await type(house, 'ben', `confirm ${idOf(asked)}`)).toMatchObject({
      kind: 'refused',
      text: 'That was confirmed already by Dev Patel.',
    });
  });

  it('does not run when the endpoint is not as it was shown any more', async () => {
    await fresh();
    const first = await type(house, 'ann', ASK);
    const second = await type(house, 'gita', ASK);
    expect((await type(house, 'dev', `confirm ${idOf(first)}`)).kind).toBe('answer');
    await house.advance('PT5M');
    const stale = await type(house, 'dev', `confirm ${idOf(second)}`);
    expect(stale.kind).toBe('refused');
    expect(stale.text).toMatch(/nothing to roll back to/);
  });

  it('overtakes a request that people still vote on', async () => {
    await fresh();
    await type(house, 'ben', 'rollback ep-fraud because v7 drifts');
    const asked = await type(house, 'ann', ASK);
    await type(house, 'dev', `confirm ${idOf(asked)}`);
    expect((await type(house, 'jon', 'request REQ-101')).shown).toMatch(
      /Overtaken by the emergency REQ-102, which was carried out at once\./,
    );
    expect((await type(house, 'cara', 'approve REQ-101')).kind).toBe('refused');
  });
});
