import { readFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drafts } from '../../../services/core/drafts.ts';
import { loadOrganisation } from '../../../services/core/organisation.load.ts';
import { delegations } from '../../../services/intake/delegations.ts';
import type { IntakeDeps } from '../../../services/intake/deps.ts';
import { pilots } from '../../../services/intake/pilots.ts';
import { weightsOf } from '../../../services/intake/portfolio.ts';
import { signoffs } from '../../../services/intake/signoffs.ts';
import { useCases } from '../../../services/intake/use-cases.ts';
import type { Store, Tx } from '../../../services/store/store.ts';
import { testClock, testStore } from '../../support.ts';

const NORTHWIND = loadOrganisation(readFileSync('infra/sandbox/northwind.yaml', 'utf8'));
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
  const roles: Record<string, string[]> = { ann: ['engineering'], cara: ['risk'], eva: ['domain'] };
  const known = ['ann', 'hugo', 'cara', 'eva'].map((id) => ({ id, name: id, roles: roles[id] ?? [], active: true }));
  const deps = {
    db: store.db,
    clock,
    audit: { append: async (_: unknown, { action }: { action: string }) => void said.push(`audit ${action}`) },
    outbox: {
      say: async (_: unknown, { kind, conversation }: { kind: string; conversation: string }) =>
        void said.push(`${kind} to ${conversation}`),
      show: async (_: unknown, { kind, conversation }: { kind: string; conversation: string }) =>
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
    organisation: NORTHWIND,
  } as unknown as IntakeDeps;
  const cases = useCases(deps, weightsOf);
  const inside = <T>(work: (tx: Tx) => Promise<T>) => store.db.transaction().execute(work);
  return { clock, timers, said, deps, cases, inside, db: store.db };
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

it('a form that was left half-filled for a month is still there, with what was typed', async () => {
  const { clock, inside, db } = house();
  const kept = drafts({ clock });
  const { id } = await inside((tx) =>
    kept.open(tx, { form: 'intake.step', owner: 'ann', values: { title: 'Left alone' } }),
  );
  await inside((tx) => kept.keep(tx, id, { at: 1, values: { title: 'Left alone', problem: 'calls' } }));
  await clock.moveTo(clock.now().add(days(31)));
  expect(await kept.openOf(db, 'ann', 5)).toMatchObject([
    { id, at: 1, state: 'open', values: { title: 'Left alone', problem: 'calls' } },
  ]);
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
  expect(said).toEqual([
    'intake.sign-reminder to person:ann',
    'intake.sign-reminder to person:eva',
    'intake.sign-reminder to person:ann',
    'intake.sign-reminder to person:cara',
  ]);
  expect(timers).toHaveLength(2);
});

const CRITERION = {
  id: 'recall',
  metric: 'recall',
  direction: 'up' as const,
  baseline: 0.6,
  target: 0.75,
  minSample: 10,
};
/** A pilot with its deadline in ten days, and the newest timer of a queue. */
async function piloted(title: string) {
  const home = house();
  const tried = pilots(home.deps, home.cases);
  const id = await home.inside((tx) => home.cases.create(tx, { ...ANSWERS, title }, 'ann'));
  await home.inside((tx) => tried.agree(tx, id, CRITERION, home.clock.now().add(days(10))));
  const newest = (queue: string) => home.timers.filter((timer) => timer.queue === queue).at(-1);
  const vote = (voter: string, choice: 'go' | 'stop' | 'extend', until?: Temporal.Instant) =>
    home.inside((tx) => tried.vote(tx, id, { voter, choice, reason: `${voter} says ${choice}`, until }));
  return { ...home, tried, id, newest, vote };
}

it('when a pilot ends its owner hears it and those who decide are asked, and reminded; a timer of an extended one says nothing', async () => {
  const { clock, said, inside, tried, newest, vote } = await piloted('Pilot');
  const first = newest('intake-pilot-end');
  await vote('eva', 'extend', clock.now().add(days(30)));
  await vote('ann', 'extend', clock.now().add(days(20)));
  expect(newest('intake-pilot-end')?.at).toBe(clock.now().add(days(20)).toString());
  said.splice(0);
  await clock.moveTo(clock.now().add(days(21)));
  await inside((tx) => tried.due(tx, first?.data as never));
  expect(said).toEqual([]);
  await inside((tx) => tried.due(tx, newest('intake-pilot-end')?.data as never));
  expect(said).toEqual([
    'intake.pilot-over to person:ann',
    'audit intake.pilot-vote-opened',
    'intake.pilot-vote to person:ann',
    'intake.pilot-vote to person:cara',
    'intake.pilot-vote to person:eva',
  ]);
  await vote('eva', 'go');
  said.splice(0);
  const reminder = newest('intake-pilot-vote')?.data as never;
  await inside((tx) => tried.voteDue(tx, reminder));
  expect(said).toEqual(['intake.pilot-reminder to person:ann', 'intake.pilot-reminder to person:cara']);
});

it('a vote that ends without a decision leaves the pilot as it is, and can be held again', async () => {
  const { clock, db, said, inside, tried, id, newest, vote } = await piloted('Undecided');
  await vote('eva', 'go');
  await vote('ann', 'extend', clock.now().add(days(40)));
  const timer = newest('intake-pilot-vote')?.data as { ballot: number } | undefined;
  const end = { ballot: timer?.ballot ?? 0 };
  await clock.moveTo(clock.now().add(days(4)));
  said.splice(0);
  await inside((tx) => tried.voteDue(tx, end));
  expect(said).toEqual(['audit intake.pilot-undecided', 'intake.pilot-decided to person:ann']);
  const state = () => db.selectFrom('use_cases').select('state').where('id', '=', id).executeTakeFirst();
  expect(await state()).toEqual({ state: 'pilot' });
  const again = await vote('cara', 'stop');
  expect(again.decision.state).toBe('open');
  expect((await vote('eva', 'stop')).decision).toMatchObject({ state: 'decided', course: 'stop' });
  expect(await state()).toEqual({ state: 'stopped' });
});

it('votes on a pilot keep their order when the clock is put back between them', async () => {
  const home = await piloted('Back');
  const { clock, db, inside, id, deps, cases } = home;
  await home.vote('eva', 'stop');
  const early = clock.now().subtract({ hours: 3 });
  const back = pilots({ ...deps, clock: testClock(early) } as IntakeDeps, cases);
  const vote = (voter: string, choice: 'go' | 'stop') =>
    inside((tx) => back.vote(tx, id, { voter, choice, reason: `${voter} says ${choice}` }));
  await vote('eva', 'go');
  expect((await vote('ann', 'go')).decision).toMatchObject({ state: 'decided', course: 'go' });
  const kept = await db.selectFrom('pilot_votes').select(['voter', 'at']).orderBy('id', 'desc').limit(3).execute();
  expect(kept.map(({ at }) => Temporal.Instant.from(at).toString())).toEqual(Array(3).fill(clock.now().toString()));
});
