import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffs } from '../../../services/alerts/oncall-handoffs.ts';
import { type Organisation, schedule } from '../../../services/core/organisation.ts';
import type { Store } from '../../../services/store/store.ts';
import { testClock, testStore } from '../../support.ts';

const weekly = schedule.parse({ id: 'weekly', zone: 'UTC', rotation: { people: ['ann', 'ben'], from: '2026-11-02' } });
let store: Store;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.close());

/** A watch whose timers and messages are kept in lists. */
function watching() {
  const clock = testClock();
  const timers: { at: string; data: { schedule: string; generation: number } }[] = [];
  const said: string[] = [];
  const parts = {
    store,
    clock,
    organisation: { schedules: [weekly], endpoints: [], escalationPolicies: [], teams: [], fallbackChannel: 'ops' },
    people: { byId: () => ({ active: true }) },
    outbox: { say: async (_: unknown, { key }: { key: string }) => void said.push(key) },
    jobs: {
      enqueue: async (_: unknown, __: string, data: never, { at }: { at: { toString(): string } }) =>
        void timers.push({ at: at.toString(), data }),
    },
  };
  const watch = handoffs(parts as unknown as Parameters<typeof handoffs>[0] & { organisation: Organisation });
  const fire = (timer: (typeof timers)[number] | undefined) =>
    store.db.transaction().execute(async (tx) => timer && watch.due(tx, timer.data));
  return { clock, timers, said, watch, fire };
}

it('one timer goes from hand-off to hand-off; an older one, and the same one again, say nothing', async () => {
  const { clock, timers, said, watch, fire } = watching();
  await watch.begin();
  const old = timers.at(-1);
  await watch.begin();
  await fire(old);
  expect(timers).toHaveLength(2);
  await fire(timers[1]);
  expect(said).toEqual([]);
  expect(timers.at(-1)?.at).toBe('2026-11-30T09:00:00Z');
  await clock.moveTo(clock.now().add({ hours: 24 * 7 }));
  await fire(timers.at(-1));
  expect(said).toEqual(['handoff:weekly:2026-11-30T09:00:00Z:ann']);
  await fire(timers.at(-2));
  expect(said).toHaveLength(1);
});
