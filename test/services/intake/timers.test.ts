import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { delegations } from '../../../services/intake/delegations.ts';
import type { IntakeDeps } from '../../../services/intake/deps.ts';
import { pilots } from '../../../services/intake/pilots.ts';
import { weightsOf } from '../../../services/intake/portfolio.ts';
import { signoffs } from '../../../services/intake/signoffs.ts';
import { useCases } from '../../../services/intake/use-cases.ts';
import type { Store, Tx } from '../../../services/store/store.ts';
import { testClock, testStore } from '../../support.ts';

let store: Store;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.close());

/** The services with their timers and messages kept in lists. */
function house() {
  const clock = testClock();
  const timers: { queue: string; at: string; data: never }[] = [];
  const said: string[] = [];
  const known = ['ann', 'hugo', 'cara'].map((id) => ({
    id,
    name: id,
    roles: id === 'cara' ? ['risk'] : [],
    active: true,
  }));
  const deps = {
    db: store.db,
    clock,
    audit: { append: async (_: unknown, { action }: { action: string }) => void said.push(`audit ${action}`) },
    outbox: {
      say: async (_: unknown, { kind, conversation }: { kind: string; conversation: string }) =>
        void said.push(`${kind} to ${conversation}`),
      refresh: async () => undefined,
    },
    jobs: {
      enqueue: async (_: unknown, queue: string, data: never, { at }: { at: { toString(): string } }) =>
        void timers.push({ queue, data, at: at.toString() }),
    },
    people: {
      byId: (id: string) => known.find((one) => one.id === id),
      nameOf: (id: string) => id,
      members: async () => known,
    },
  } as unknown as IntakeDeps;
  const cases = useCases(deps, weightsOf);
  const inside = <T>(work: (tx: Tx) => Promise<T>) => store.db.transaction().execute(work);
  return { clock, timers, said, deps, cases, inside };
}
const ANSWERS = { title: 'Churn', problem: 'calls', owner: 'ann' };
const days = (count: number) => ({ hours: 24 * count });

it('whoever was asked is reminded three times, then whoever asked hears that it is stuck', async () => {
  const { clock, timers, said, deps, cases, inside } = house();
  const asked = delegations(deps, cases);
  const id = await inside((tx) => cases.create(tx, { ...ANSWERS, title: 'Stuck' }, 'ann'));
  await inside((tx) => asked.ask(tx, id, 'data', 'hugo', 'ann'));
  for (let round = 0; round < 4; round += 1) {
    const timer = timers.at(-1);
    await clock.moveTo(Temporal.Instant.from(timer?.at ?? ''));
    await inside((tx) => asked.due(tx, timer?.data as never));
  }
  expect(said).toEqual([
    'intake.question to person:hugo',
    'intake.question to person:hugo',
    'intake.question to person:hugo',
    'intake.question to person:hugo',
    'intake.stuck to person:ann',
    'audit intake.stuck',
  ]);
  expect(timers).toHaveLength(4);
});

it('an answered question says nothing more, however late its timer comes', async () => {
  const { timers, said, deps, cases, inside } = house();
  const asked = delegations(deps, cases);
  const id = await inside((tx) => cases.create(tx, { ...ANSWERS, title: 'Answered' }, 'ann'));
  await inside((tx) => asked.ask(tx, id, 'data', 'hugo', 'ann'));
  await inside((tx) => asked.answered(tx, id, 'data', 'hugo'));
  await inside((tx) => asked.due(tx, timers.at(-1)?.data as never));
  expect(said).toEqual(['intake.question to person:hugo', 'intake.answered to person:ann']);
});

it('those who hold a sign-off up are reminded, and nobody else', async () => {
  const { clock, timers, said, deps, cases, inside } = house();
  const signed = signoffs(deps, cases);
  const id = await inside((tx) => cases.create(tx, { ...ANSWERS, title: 'Sign' }, 'ann'));
  await inside((tx) => signed.object(tx, id, { id: 'cara', name: 'cara', roles: ['risk'] }, 'not yet'));
  const timer = timers.at(-1);
  await clock.moveTo(clock.now().add(days(3)));
  await inside((tx) => signed.due(tx, timer?.data as never));
  expect(said).toEqual(['intake.sign-reminder to person:ann', 'intake.sign-reminder to person:cara']);
  expect(timers).toHaveLength(2);
});

it('the owner is asked to decide when a pilot ends; a timer of an extended one says nothing', async () => {
  const { clock, timers, said, deps, cases, inside } = house();
  const tried = pilots(deps, cases);
  const id = await inside((tx) => cases.create(tx, { ...ANSWERS, title: 'Pilot' }, 'ann'));
  const criterion = {
    id: 'recall',
    metric: 'recall',
    direction: 'up' as const,
    baseline: 0.6,
    target: 0.75,
    minSample: 10,
  };
  await inside((tx) => tried.agree(tx, id, criterion, clock.now().add(days(10))));
  const first = timers.at(-1);
  await inside((tx) =>
    tried.decide(tx, id, 'extend', { by: 'ann', why: 'late labels', until: clock.now().add(days(20)) }),
  );
  await clock.moveTo(clock.now().add(days(21)));
  await inside((tx) => tried.due(tx, first?.data as never));
  expect(said).toEqual([]);
  await inside((tx) => tried.due(tx, timers.at(-1)?.data as never));
  expect(said).toEqual(['intake.pilot-over to person:ann']);
});
