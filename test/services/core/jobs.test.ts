import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomIds } from '../../../services/core/ids.ts';
import { type Jobs, jobs } from '../../../services/core/jobs.ts';
import { silentLog } from '../../../services/core/log.ts';
import type { Store } from '../../../services/store/store.ts';
import { testClock, testStore } from '../../support.ts';

describe('jobs', () => {
  const clock = testClock();
  const seen: string[] = [];
  const dead: string[] = [];
  let ran = 0;
  let store: Store;
  let queue: Jobs;

  beforeAll(async () => {
    store = await testStore();
    queue = jobs({
      store,
      clock,
      ids: randomIds,
      log: silentLog,
      ran: () => {
        ran += 1;
      },
      onDead: async (_tx, name, data, error) => void dead.push(`${name} ${JSON.stringify(data)} ${error}`),
    });
    queue.handle('note', async (tx, batch) => {
      for (const data of batch) {
        const { say } = data as { say: string };
        if (say === 'bad') throw new Error('cannot say that');
        seen.push(say);
        if (say === 'call for me') await queue.enqueue(tx, 'call', { say: 'by a note' });
      }
    });
    queue.handleOutside('call', 30, async (data) => {
      const { say } = data as { say: string };
      if (say === 'fails') throw new Error('no answer');
      return async () => void seen.push(`called ${say}`);
    });
    await queue.start();
  });

  afterAll(async () => {
    await queue.stop();
    await store.close();
  });

  const enqueue = (name: string, say: string, at?: Temporal.Instant) =>
    store.db.transaction().execute((tx) => queue.enqueue(tx, name, { say }, at ? { at } : {}));

  it('runs what is due and leaves the rest until the clock reaches it', async () => {
    await enqueue('note', 'now');
    await enqueue('note', 'in ten minutes', clock.now().add({ minutes: 10 }));
    await queue.runDue();
    expect(seen).toEqual(['now']);
    const due = await queue.nextDue();
    expect(due?.epochMilliseconds).toBe(clock.now().add({ minutes: 10 }).epochMilliseconds);
    await clock.moveTo(clock.now().add({ minutes: 10, seconds: 1 }));
    await queue.runDue();
    expect(seen).toEqual(['now', 'in ten minutes']);
  });

  it('tells whenever something was done, and goes on from a state to the call it made necessary', async () => {
    seen.length = 0;
    ran = 0;
    await enqueue('note', 'call for me');
    queue.kick();
    await expect.poll(() => [...seen], { interval: 5, timeout: 60_000 }).toEqual(['call for me', 'called by a note']);
    await expect.poll(() => ran).toBe(2);
  });

  it('enqueues nothing when the transaction is rolled back', async () => {
    seen.length = 0;
    await expect(
      store.db.transaction().execute(async (tx) => {
        await queue.enqueue(tx, 'note', { say: 'never' });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await queue.runDue();
    expect(seen).toEqual([]);
  });

  it('lets one bad job wait without holding back the good ones, and gives it up at last', async () => {
    seen.length = 0;
    await enqueue('note', 'a');
    await enqueue('note', 'bad');
    await enqueue('note', 'b');
    await queue.runDue();
    expect([...new Set(seen)].sort()).toEqual(['a', 'b']);
    for (let hour = 0; hour < 13; hour += 1) {
      await clock.moveTo(clock.now().add({ hours: 1 }));
      await queue.runDue();
    }
    expect(dead).toEqual(['note {"say":"bad","attempt":12} cannot say that']);
  });

  it('calls the outside once and writes what it brought; a failed call is tried again later', async () => {
    seen.length = 0;
    await enqueue('call', 'x');
    await enqueue('call', 'fails');
    await queue.runDue();
    expect(seen).toEqual(['called x']);
    expect(await queue.nextDue()).toBeInstanceOf(Temporal.Instant);
  });
});
