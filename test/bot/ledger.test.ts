import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetTurns, type Heard, ledger } from '../../bot/ledger.ts';
import { audit } from '../../services/core/audit.ts';
import type { Store } from '../../services/store/store.ts';
import { testClock, testStore } from '../support.ts';

let store: Store;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.close());

const clock = testClock();
const record = audit({ clock });
const book = () => ledger({ store, clock, audit: record });
const heard = (key: string): Heard => ({
  key,
  capability: 'alerts.list',
  actor: 'ann',
  entry: { actor: 'ann', action: `heard.${key}`, objects: [], outcome: 'ok', detail: {} },
});
const entries = async (key: string) =>
  (await store.db.selectFrom('audit').select('seq').where('action', '=', `heard.${key}`).execute()).length;

describe('what was heard', () => {
  it('is written down once, whoever delivers it again, at once or later', async () => {
    const [one, two] = [book(), book()];
    const first = await Promise.all([one.note(heard('a')), one.note(heard('a')), two.note(heard('a'))]);
    expect(first.filter(Boolean)).toHaveLength(1);
    expect(await one.note(heard('a'))).toBe(false);
    expect(await two.note(heard('a'))).toBe(false);
    expect(await entries('a')).toBe(1);
  });

  it('keeps the log whole under 600 questions at the same moment', async () => {
    const one = book();
    const keys = Array.from({ length: 600 }, (_, number) => `many-${number}`);
    const fresh = await Promise.all(keys.map((key) => one.note(heard(key))));
    expect(fresh.every(Boolean)).toBe(true);
    expect((await record.verify(store.db)).broken).toBeUndefined();
    expect(await store.db.selectFrom('turns').select('key').where('key', 'like', 'many-%').execute()).toHaveLength(600);
  });

  it('is not lost with the one beside it that cannot be written', async () => {
    const one = book();
    const bad = { ...heard('bad'), capability: null as unknown as string };
    const outcomes = await Promise.allSettled([one.note(bad), one.note(heard('beside')), one.note(heard('beside'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes.slice(1).filter((outcome) => outcome.status === 'fulfilled' && outcome.value)).toHaveLength(1);
    expect(await entries('bad')).toBe(0);
    expect(await entries('beside')).toBe(1);
  });

  it('is claimed once for a change, and the second gets the stored answer', async () => {
    const one = book();
    const claim = { key: 'change', capability: 'alerts.acknowledge', actor: 'ann' };
    await store.db.transaction().execute(async (tx) => {
      expect(await one.claim(tx, claim)).toEqual({ first: true });
      await one.keep(tx, 'change', { text: 'done' });
    });
    await store.db.transaction().execute(async (tx) => {
      expect(await one.claim(tx, claim)).toEqual({ first: false, answer: { text: 'done' } });
    });
  });

  it('is free again when the change was rolled back', async () => {
    const one = book();
    const claim = { key: 'undone', capability: 'alerts.acknowledge', actor: 'ann' };
    const failing = store.db.transaction().execute(async (tx) => {
      await one.claim(tx, claim);
      throw new Error('refused after all');
    });
    await expect(failing).rejects.toThrow('refused after all');
    await store.db.transaction().execute(async (tx) => {
      expect(await one.claim(tx, claim)).toEqual({ first: true });
    });
  });

  it('is forgotten when nobody will send it again', async () => {
    const one = book();
    await one.note(heard('old'));
    await store.db.transaction().execute((tx) => forgetTurns(tx, clock.now().add({ seconds: 1 }).toString()));
    expect(await store.db.selectFrom('turns').select('key').execute()).toEqual([]);
    expect(await one.note(heard('old'))).toBe(true);
  });
});
