import { expect, it } from 'vitest';
import { faults } from '../../../services/core/faults.ts';
import { silentLog } from '../../../services/core/log.ts';

/** An outage of two and a half minutes that is met every half second, and the lines about it. */
it('writes the first fault, one line a minute with how many came, and the end', () => {
  const lines: [string, object, string][] = [];
  const write = (level: string) => (fields: object, message: string) => void lines.push([level, fields, message]);
  const log = { ...silentLog, error: write('error'), info: write('info') };
  let now = 0;
  const met = faults({
    clock: { monotonic: () => now },
    log,
    says: 'the rounds met a fault',
    again: 'they work again',
  });
  met.worked();
  for (; now < 150_000; now += 500) met.failed(new Error(now === 20_000 ? 'timeout' : 'refused'));
  met.worked();
  met.worked();
  expect(lines).toEqual([
    ['error', { error: 'refused' }, 'the rounds met a fault'],
    ['error', { error: 'timeout' }, 'the rounds met a fault'],
    ['error', { error: 'refused', times: 119, seconds: 60 }, 'the rounds met a fault'],
    ['error', { error: 'refused', times: 120, seconds: 60 }, 'the rounds met a fault'],
    ['info', { times: 300, seconds: 150 }, 'they work again'],
  ]);
  met.failed(new Error('refused'));
  expect(lines).toHaveLength(6);
});
