import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../../services/core/audit.ts';
import { Unavailable } from '../../../services/core/errors.ts';
import { seededIds } from '../../../services/core/ids.ts';
import { jobs } from '../../../services/core/jobs.ts';
import { silentLog } from '../../../services/core/log.ts';
import { loadOrganisation } from '../../../services/core/organisation.load.ts';
import { outbox } from '../../../services/core/outbox.ts';
import { people } from '../../../services/core/people.ts';
import { fileRoles } from '../../../services/core/roles.ts';
import { roster } from '../../../services/core/roster.ts';
import { type CostSource, type Costs, costs, groupOf, ledger, MixedCurrencies } from '../../../services/cost/index.ts';
import type { Store } from '../../../services/store/store.ts';
import { testClock, testStore } from '../../support.ts';

/** The ledger with a source of our own: what Azure may send, and when it does not answer. */
const organisation = loadOrganisation(
  readFileSync(new URL('../../../infra/sandbox/northwind.yaml', import.meta.url), 'utf8'),
);
const SCOPE = '/subscriptions/6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001';
const KIM = { id: 'kim', roles: ['viewer'] as const };
const clock = testClock();
const day = (text: string) => Temporal.PlainDate.from(text);
const endpoint = (name: string) =>
  `${SCOPE}/resourcegroups/rg-ml-payments/providers/microsoft.machinelearningservices/workspaces/mlw-payments-weu/onlineendpoints/${name}`;

let store: Store;
let money: Costs;
let queue: ReturnType<typeof jobs>;
let refuse = false;
let asked = 0;

const source = {
  async read({ from, to, kind }) {
    asked += 1;
    if (refuse) throw new Unavailable('Cost Management', 'asks us to slow down (429)', { retryAfterSeconds: 1800 });
    if (kind === 'others') return [];
    const rows = [];
    for (let at = from; Temporal.PlainDate.compare(at, to) <= 0; at = at.add({ days: 1 })) {
      // Thirty days that Azure lost.
      if (
        Temporal.PlainDate.compare(at, day('2026-09-10')) >= 0 &&
        Temporal.PlainDate.compare(at, day('2026-10-09')) <= 0
      )
        continue;
      rows.push({
        day: at,
        resource: endpoint('ep-fraud'),
        meter: 'Virtual Machines',
        charge: 'Usage',
        amount: '10.10',
        currency: 'EUR',
      });
    }
    return rows;
  },
  tags: async ({ tag }) => new Map(tag === 'department' ? [[endpoint('ep-fraud'), 'Payments']] : []),
} as Partial<CostSource> as CostSource;

beforeAll(async () => {
  store = await testStore();
  const record = audit({ clock });
  queue = jobs({ store, clock, ids: seededIds(1), log: silentLog, onDead: async () => undefined });
  const everybody = people(organisation);
  money = costs({
    store,
    db: store.db,
    clock,
    ids: seededIds(2),
    audit: record,
    outbox: outbox({ clock, db: store.db }),
    jobs: queue,
    organisation,
    people: roster(everybody, fileRoles(everybody)),
    source,
    raiseIncident: async () => undefined,
    decided: async () => undefined,
  });
  await queue.start();
}, 60_000);
afterAll(async () => {
  await queue.stop();
  await store.close();
});
const run = async (minutes: number) => {
  await clock.moveTo(clock.now().add({ minutes }));
  await queue.runDue();
};

describe('the ledger', () => {
  it('says that nothing was read when Azure refuses, and tries again when it was told to', async () => {
    refuse = true;
    await money.begin();
    await run(1);
    expect((await money.standing()).warnings.join()).toContain('asks us to slow down (429)); nothing was known before');
    const before = asked;
    await run(8);
    // Nothing else of this scope is asked for a while.
    expect(asked).toBe(before);
    refuse = false;
    for (let at = 0; at < 12; at += 1) await run(10);
    const { period } = await money.understand('cost fraud this month'.replace('cost ', ''), KIM);
    const found = await money.breakdown({ period, by: 'department', basis: 'actual' }, KIM);
    expect(found.totals.map(({ amount }) => amount.toFixed(2))).toEqual(['232.30']);
    expect(found.lines[0]?.name).toBe('payments');
  }, 120_000);

  it('keeps what it knows while Azure refuses for an hour, and says since when', async () => {
    const { period } = await money.understand('this month', KIM);
    refuse = true;
    for (let at = 0; at < 6; at += 1) await run(60);
    const found = await money.breakdown({ period, by: 'part', basis: 'actual' }, KIM);
    expect(found.warnings.join()).toContain('this is what was known before');
    expect(found.totals[0]?.amount.toFixed(2)).toBe('232.30');
    refuse = false;
    for (let at = 0; at < 12; at += 1) await run(20);
    expect((await money.standing()).warnings).toEqual([]);
  }, 120_000);

  it('names thirty days of missing data', async () => {
    await run(120);
    const { period } = await money.understand('2026-09-01 to 2026-10-31', KIM);
    const found = await money.breakdown({ period, by: 'part', basis: 'actual' }, KIM);
    expect(found.warnings.join()).toContain('Azure has no costs for 2026-09-10 to 2026-10-09 (30 days)');
  }, 120_000);

  it('knows an endpoint that costs nothing', async () => {
    const { subject, period } = await money.understand('ep-aml', KIM);
    const found = await money.breakdown({ ...(subject ? { subject } : {}), period, by: 'part', basis: 'actual' }, KIM);
    expect(found.totals).toEqual([]);
  });

  it('adds a refund, and never adds currencies', async () => {
    await store.db.transaction().execute(async (tx) => {
      const ids = await ledger.resourceIds(tx, SCOPE, new Map([[endpoint('ep-fraud'), undefined]]), (each) =>
        groupOf(each, organisation),
      );
      await ledger.addRows(tx, 'actual', ids, [
        {
          resource: endpoint('ep-fraud'),
          day: 20261105,
          meter: 'Virtual Machines',
          charge: 'Refund',
          currency: 'EUR',
          amount: '-32.30',
        },
        {
          resource: endpoint('ep-fraud'),
          day: 20261105,
          meter: 'Virtual Machines',
          charge: 'Usage',
          currency: 'USD',
          amount: '7',
        },
      ]);
      await ledger.sumUp(tx, { scope: SCOPE, basis: 'actual', from: 20261101, to: 20261130 });
    });
    const { period } = await money.understand('this month', KIM);
    const found = await money.breakdown({ period, by: 'part', basis: 'actual' }, KIM);
    expect(found.totals.map(({ currency, amount }) => [currency, amount.toFixed(2)])).toEqual([
      ['EUR', '210.10'],
      ['USD', '7.00'],
    ]);
    await expect(money.showback.statement(period)).rejects.toThrow(MixedCurrencies);
    await expect(money.outlook.forecast(undefined, KIM)).rejects.toThrow('cannot be added');
  }, 60_000);

  it('answers whole months from the months, the edges from the days', () => {
    expect(ledger.cover(20260115, 20260415)).toEqual({
      months: { from: 202602, to: 202603 },
      edges: [
        { from: 20260115, to: 20260199 },
        { from: 20260400, to: 20260415 },
      ],
    });
    expect(ledger.cover(20251201, 20260131)).toEqual({ months: { from: 202512, to: 202601 }, edges: [] });
    expect(ledger.cover(20260105, 20260120).months).toBeUndefined();
  });
});
