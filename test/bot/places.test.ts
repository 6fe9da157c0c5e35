import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { places } from '../../bot/places.ts';
import type { ConversationReference } from '../../bot/wire.ts';
import type { Organisation } from '../../services/core/organisation.ts';
import type { Roster } from '../../services/core/roster.ts';
import type { Store } from '../../services/store/store.ts';
import { testClock, testStore } from '../support.ts';

let store: Store;
beforeAll(async () => {
  store = await testStore();
});
beforeEach(async () => {
  await store.db.deleteFrom('conversations').execute();
  await store.db.deleteFrom('outbox').execute();
});
afterAll(() => store.close());

const clock = testClock();
const organisation = {
  channels: [
    { id: 'fraud-ops', name: 'Fraud operations', conversation: '19:fraud@thread.tacv2' },
    { id: 'learnt', name: 'Learnt by name' },
  ],
} as unknown as Organisation;
const people = {
  byEntraId: (id: string) => (id === 'entra-ann' ? { id: 'ann' } : undefined),
} as unknown as Roster;
const open = () => places({ store, clock, organisation, people });

const reference = (over: Partial<ConversationReference> = {}): ConversationReference => ({
  id: '19:fraud@thread.tacv2',
  kind: 'channel',
  thread: undefined,
  serviceUrl: 'https://smba.example/emea/',
  tenantId: 't',
  teamId: '19:team@thread.tacv2',
  name: undefined,
  ...over,
});
const rows = () => store.db.selectFrom('conversations').selectAll().orderBy('key').execute();

describe('the names of places', () => {
  it('are ours for channels and people we know, and tell the others apart', async () => {
    const map = open();
    expect(await map.seen(reference(), 'entra-ann')).toBe('channel:fraud-ops');
    expect(await map.seen(reference({ id: 'a:1', kind: 'personal' }), 'entra-ann')).toBe('person:ann');
    expect(await map.seen(reference({ id: 'a:2', kind: 'personal' }), 'entra-stranger')).toBe('chat:a:2');
    expect(await map.seen(reference({ id: '19:chat@thread.v2', kind: 'group' }), 'entra-ann')).toBe(
      'chat:19:chat@thread.v2',
    );
    expect(await map.seen(reference({ id: '19:other@thread.tacv2' }), undefined)).toBe('chat:19:other@thread.tacv2');
    expect(await rows()).toHaveLength(5);
  });

  it('let no group chat pass for a channel', async () => {
    expect(await open().seen(reference({ kind: 'group' }), undefined)).toBe('chat:19:fraud@thread.tacv2');
  });

  it('are learnt by name for a channel whose id is not written down', async () => {
    const map = open();
    const learnt = reference({ id: '19:new@thread.tacv2', name: 'Learnt by name' });
    expect(await map.installed(learnt, undefined, 'added', undefined)).toBe(true);
    expect(await rows()).toMatchObject([{ key: 'channel:learnt', conversation_id: '19:new@thread.tacv2' }]);
  });
});

describe('a place', () => {
  it('is new once, also when both installation events come', async () => {
    const map = open();
    expect(await map.installed(reference(), undefined, 'added', undefined)).toBe(true);
    expect(await map.installed(reference(), undefined, 'added', undefined)).toBe(false);
    expect(await map.installed(reference(), undefined, 'removed', undefined)).toBe(false);
    expect(await map.installed(reference(), undefined, 'added', undefined)).toBe(true);
  });

  it('costs no write while nothing changes, and one when Teams moves it to another address', async () => {
    const map = open();
    await map.seen(reference(), undefined);
    await store.db.updateTable('conversations').set({ name: 'untouched' }).execute();
    await map.seen(reference(), undefined);
    expect(await rows()).toMatchObject([{ name: 'untouched' }]);
    await map.seen(reference({ serviceUrl: 'https://smba.example/amer/' }), undefined);
    expect(await rows()).toMatchObject([{ service_url: 'https://smba.example/amer/' }]);
  });

  it('that turned out to be blocked is good again when somebody is heard there', async () => {
    const map = open();
    await map.seen(reference(), undefined);
    await store.db.updateTable('conversations').set({ installed: false }).execute();
    map.forget('channel:fraud-ops');
    await map.seen(reference(), undefined);
    expect(await rows()).toMatchObject([{ installed: true }]);
  });

  it('wakes what waits for it, and nothing else, when it can be reached again', async () => {
    const tomorrow = clock.now().add({ hours: 24 }).toString();
    const waiting = (conversation: string) => ({
      key: conversation,
      kind: 'k',
      ids: '{}',
      conversation,
      priority: 5,
      attempts: 7,
      due_at: tomorrow,
      created_at: clock.now().toString(),
    });
    await store.db
      .insertInto('outbox')
      .values([waiting('channel:fraud-ops'), waiting('person:ann')])
      .execute();
    await open().installed(reference(), undefined, 'added', undefined);
    const due = await store.db.selectFrom('outbox').select(['key', 'due_at', 'attempts']).orderBy('key').execute();
    expect(due).toEqual([
      { key: 'channel:fraud-ops', due_at: new Date(clock.ms()).toISOString(), attempts: 0 },
      { key: 'person:ann', due_at: new Date(Date.parse(tomorrow)).toISOString(), attempts: 7 },
    ]);
  });
});
