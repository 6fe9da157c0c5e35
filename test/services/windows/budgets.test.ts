import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../../services/core/audit.ts';
import type { Jobs } from '../../../services/core/jobs.ts';
import type { Organisation } from '../../../services/core/organisation.ts';
import type { Store } from '../../../services/store/store.ts';
import { budgetFreezes } from '../../../services/windows/budgets.ts';
import { calendarStore } from '../../../services/windows/windows.ts';
import { START, testClock, testStore } from '../../support.ts';

describe('a freeze by error budget', () => {
  let store: Store;
  beforeAll(async () => {
    store = await testStore();
  });
  afterAll(async () => store.close());

  it('opens when the budget is exceeded, exempts security fixes, closes by itself, and stays as it is when nobody knows', async () => {
    const clock = testClock();
    const organisation = {
      windows: [],
      endpoints: [{ id: 'ep-fraud', workspace: 'mlw', owner: 'fraud' }],
      errorBudgets: [{ id: 'fraud', endpoint: 'ep-fraud', slo: 0.999 }],
    } as unknown as Organisation;
    const calendar = calendarStore({
      db: store.db,
      clock,
      audit: audit({ clock }),
      organisation,
      onChange: async () => undefined,
    });
    let look: ((data: object) => Promise<(tx: never) => Promise<void>>) | undefined;
    const jobs = {
      handleOutside: (_queue: string, _lease: number, work: typeof look) => {
        look = work;
      },
      enqueue: async () => undefined,
    } as unknown as Jobs;
    let errors: number | undefined = 1_000;
    const served = async () => {
      if (errors === undefined) throw new Error('Azure Monitor does not answer');
      return { requests: 1_000_000, errors };
    };
    budgetFreezes({ db: store.db, clock, jobs, organisation, served }, calendar);
    const round = async () => {
      const write = await look?.({});
      await store.db.transaction().execute(async (tx) => write?.(tx as never));
    };
    const ask = (is: ('security' | 'standard')[] = []) => calendar.ask({ endpoint: 'ep-fraud', is, now: START });
    await round();
    expect((await ask()).allowed).toBe(true);
    errors = 1_001;
    await round();
    await round();
    const frozen = await ask();
    expect(frozen).toMatchObject({ allowed: false, code: 'freeze', by: ['FRZ-101'] });
    expect(frozen.why).toContain('“Error budget of ep-fraud is spent”, without an end');
    expect((await ask(['security'])).allowed).toBe(true);
    errors = undefined;
    await round();
    expect((await ask()).allowed).toBe(false);
    errors = 900;
    await round();
    expect((await ask()).allowed).toBe(true);
    expect((await calendar.find(store.db, 'FRZ-101'))?.reason).toBe(
      '1001 of 1000000 requests failed in 28 days; the objective 99.9 % allows 1000',
    );
  });
});
