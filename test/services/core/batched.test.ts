import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { batched } from '../../../services/core/batched.ts';

describe('group commit', () => {
  /** What was written, batch by batch. */
  function writer(fails: (item: number) => boolean = () => false) {
    const batches: number[][] = [];
    const write = batched<number, number>(async (items) => {
      batches.push([...items]);
      if (items.some(fails)) throw new Error(`cannot write ${items.filter(fails)}`);
      return items.map((item) => item * 10);
    });
    return { batches, write };
  }

  it('writes one that comes alone at once', async () => {
    const { batches, write } = writer();
    expect(await write(1)).toBe(10);
    expect(await write(2)).toBe(20);
    expect(batches).toEqual([[1], [2]]);
  });

  it('takes along what comes in the next turns of the event loop, as long as more comes', async () => {
    const { batches, write } = writer();
    const asked = [write(1), write(2)];
    await turn();
    asked.push(write(3));
    await turn();
    asked.push(write(4));
    expect(await Promise.all(asked)).toEqual([10, 20, 30, 40]);
    expect(batches).toEqual([[1, 2, 3, 4]]);
  });

  it('does not wait for ever for more', async () => {
    const { batches, write } = writer();
    const asked: Promise<number>[] = [];
    for (let item = 0; item < 20; item += 2) {
      asked.push(write(item), write(item + 1));
      await turn();
    }
    await Promise.all(asked);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flat()).toEqual(Array.from({ length: 20 }, (_, item) => item));
  });

  it('one that cannot be written does not take the others along', async () => {
    const { write } = writer((item) => item === 2);
    const [first, second, third] = await Promise.allSettled([write(1), write(2), write(3)]);
    expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(second).toMatchObject({ reason: { message: 'cannot write 2' } });
  });
});
