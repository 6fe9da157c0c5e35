import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod/v4';
import { readData } from '../../bot/parse-field.ts';
import { freeText, personRef, wholeNumber } from '../../dialogs/arguments.ts';
import type { Answer, Domain, Turn } from '../../dialogs/capability.ts';
import type { Plan, ReadData } from '../../dialogs/form.ts';
import { governance } from '../../dialogs/governance/index.ts';
import { begin, type Send, type StepInput, step, stepInput } from '../../dialogs/stepped.ts';
import { drafts } from '../../services/core/drafts.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Store } from '../../services/store/store.ts';
import { declare, NOW, PEOPLE } from '../bot/house.ts';
import { testClock, testStore } from '../support.ts';

const whole = declare({
  id: 'intake.whole',
  input: z.object({
    title: freeText(80),
    volume: wholeNumber(1, 1000),
    note: freeText(200).optional(),
    owner: personRef.optional(),
  }),
});
const plan: Plan = {
  capability: whole,
  verb: 'intake.step',
  steps: [
    { title: 'What', fields: ['title', 'note'] },
    { title: 'How much', fields: ['volume', 'owner'] },
  ],
};
const input = stepInput(whole.input);

const runs = (domain: Domain, id: string, turn: Turn, data: Record<string, unknown>): Promise<Answer> => {
  const found = domain.capabilities.find((one) => one.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found.run(turn, data, undefined);
};

let store: Store;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.close());

const kept = drafts({ clock: testClock() });
const find = (words: string) => PEOPLE.filter(({ name }) => name.startsWith(words));
/** A turn of a person, as far as a form needs one. */
const by = <T>(id: string, work: (turn: Turn) => Promise<T>): Promise<T> =>
  store.db.transaction().execute((tx) =>
    work({
      tx,
      now: NOW,
      actor: { id, name: id, roles: [], zone: 'UTC' },
      rooms: { db: tx, drafts: kept, people: { nameOf: (person: string) => person } },
      read: ((capability, data) =>
        readData(capability, data, { now: NOW, zone: 'UTC', people: { find } })) satisfies ReadData,
    } as unknown as Turn),
  );
const send: Send = async ({ tx, actor }, answers) => {
  await kept.open(tx, { form: 'intake.trace', owner: actor.id });
  if (answers['title'] === 'Taken') throw new Refused('There is one of this title.', 'Choose another.');
  return { answer: { text: `sent ${JSON.stringify(answers)}` }, result: 'UC-101' };
};
const go = (id: string, data: Record<string, unknown>) =>
  by(id, (turn) => step(turn, plan, input.parse(data) as StepInput, send));
const started = async (): Promise<string> =>
  ((await by('ann', (turn) => begin(turn, plan))).data as { draft: string }).draft;
const valuesOf = async (draft: string) => (await kept.find(store.db, draft))?.values;

describe('a form in steps', () => {
  it('keeps each step, is gone on with where it stands, and is sent once', async () => {
    const draft = await started();
    const next = await go('ann', { draft, sent: 'yes', at: '0', title: 'Churn', note: 'first' });
    expect(next.text).toBe(`How much, step 2 of 2 (${draft})`);
    expect((await go('ann', { draft })).data).toMatchObject({ step: 2, values: { title: 'Churn', note: 'first' } });
    const done = await go('ann', { draft, sent: 'yes', at: 1, volume: 40, owner: 'Ben' });
    expect(done.text).toBe('sent {"title":"Churn","volume":40,"note":"first","owner":"ben"}');
    await expect(go('ann', { draft, sent: 'yes', at: 1, volume: '40' })).rejects.toThrow('sent already: it is UC-101');
  });

  it('empties what was emptied, and a card of an earlier step gives its answers to that step', async () => {
    const draft = await started();
    await go('ann', { draft, sent: 'yes', at: 0, title: 'Churn', note: 'first' });
    await go('ann', { draft, sent: 'yes', at: 0, title: 'Churn of firms' });
    expect(await valuesOf(draft)).toEqual({ title: 'Churn of firms' });
  });

  it('says at its field what does not fit, and keeps it to be mended', async () => {
    const draft = await started();
    await go('ann', { draft, sent: 'yes', at: 0, title: 'Churn' });
    const again = await go('ann', { draft, sent: 'yes', at: 1, volume: '0' });
    expect(again.data).toMatchObject({ step: 2, values: { title: 'Churn', volume: '0' } });
    expect(again.text).toContain('whole number from 1 to 1000');
    const long = await go('ann', { draft, sent: 'yes', at: 0, title: 'x'.repeat(10_000) });
    expect(long.text).toContain('up to 80 characters');
    expect((await valuesOf(draft))?.['title']).toHaveLength(10_000);
  });

  it('keeps what was typed when the whole is refused, and nothing of what was tried', async () => {
    const draft = await started();
    await go('ann', { draft, sent: 'yes', at: 0, title: 'Taken' });
    const refused = await go('ann', { draft, sent: 'yes', at: 1, volume: '7' });
    expect(refused.text).toContain('There is one of this title. Choose another.');
    expect(await valuesOf(draft)).toMatchObject({ title: 'Taken', volume: '7' });
    expect(await store.db.selectFrom('drafts').select('id').where('form', '=', 'intake.trace').execute()).toHaveLength(
      1,
    );
  });

  it('is its owner’s alone, and a forged id is told', async () => {
    const draft = await started();
    await expect(go('ben', { draft, sent: 'yes', title: 'Mine' })).rejects.toThrow("is ann's form");
    await expect(go('ann', { draft: 'DRF-999' })).rejects.toThrow('There is no form DRF-999');
  });

  it('is among the drafts of its owner until it is sent or discarded', async () => {
    const draft = await started();
    await go('ann', { draft, sent: 'yes', at: 0, title: 'Left for a month' });
    const list = await by('ann', (turn) => runs(governance, 'governance.drafts', turn, {}));
    expect(list.text).toContain(`${draft}  Left for a month  (step 2, 1 answers kept)`);
    await expect(by('ben', (turn) => runs(governance, 'governance.discard', turn, { draft }))).rejects.toThrow(
      `You have no form ${draft}`,
    );
    await by('ann', (turn) => runs(governance, 'governance.discard', turn, { draft }));
    await expect(go('ann', { draft })).rejects.toThrow('was discarded');
  });
});
