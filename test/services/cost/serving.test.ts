import { describe, expect, it } from 'vitest';
import { compareServing, realtimeBreakEven } from '../../../services/cost/index.ts';

const realtime = { instances: 2, hour: '0.25' };
const plain = { per1kRequests: '0.05', perGbSecond: '0.000016', memoryGb: 2, seconds: 0.3 };
const serverlessOf = (more: object, requestsMonth: number) => {
  const [, option] = compareServing({ realtime, serverless: { ...plain, ...more } }, { requestsMonth }).options;
  return [option?.monthly.toFixed(2), option?.arithmetic];
};

describe('serverless with free grants and a minimum', () => {
  it.each([
    [{}, 1_000_000, '59.60'],
    [{ freeRequests: 1_000_000 }, 1_000_000, '9.60'],
    [{ freeRequests: 1_000_000, freeGbSeconds: 400_000 }, 1_000_000, '3.20'],
    [{ freeRequests: 1_000_000, freeGbSeconds: 400_000, minimum: 20 }, 1_000_000, '20.00'],
    [{ minimum: 20 }, 0, '20.00'],
    [{ freeRequests: 5, freeGbSeconds: 5 }, 0, '0.00'],
  ])('%j of %i requests costs %s', (more, requests, monthly) => expect(serverlessOf(more, requests)[0]).toBe(monthly));
  it('shows its arithmetic', () =>
    expect(serverlessOf({ freeRequests: 1_000, minimum: 20 }, 3_000)[1]).toBe(
      '(3000 − 1000 free) / 1000 × 0.05 + 3000 × 2 GB × 0.3 s × 0.000016, at least 20',
    ));

  it.each([
    [{}, '6124162'],
    [{ freeRequests: 1_000_000 }, '6963088'],
    [{ freeRequests: 10_000_000, freeGbSeconds: 0 }, '14513423'],
    [{ freeRequests: 0, freeGbSeconds: 100_000_000 }, '7300000'],
    [{ minimum: 365 }, '0'],
    [{ minimum: 364 }, '6124162'],
  ])('%j: fixed instances are cheaper from %s requests on', (more, from) => {
    const serverless = { ...plain, ...more };
    const even = realtimeBreakEven({ realtime, serverless });
    expect(even?.toString()).toBe(from);
    if (!even || even.isZero()) return;
    // What it says is so: there and not one request before.
    const at = (requestsMonth: number) => {
      const { options } = compareServing({ realtime, serverless }, { requestsMonth });
      return options[1]?.monthly.gte(options[0]?.monthly ?? 0);
    };
    expect([at(even.toNumber()), at(even.toNumber() - 300)]).toEqual([true, false]);
  });
});
