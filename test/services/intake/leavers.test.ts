import { afterAll, beforeAll, expect, it } from 'vitest';
import { delegations } from '../../../services/intake/delegations.ts';
import type { IntakeDeps } from '../../../services/intake/deps.ts';
import { backTo } from '../../../services/intake/leavers.rules.ts';
import { leavers } from '../../../services/intake/leavers.ts';
import { weightsOf } from '../../../services/intake/portfolio.ts';
import { useCases } from '../../../services/intake/use-cases.ts';
import type { Store, Tx } from '../../../services/store/store.ts';
import { testClock, testStore } from '../../support.ts';

let store: Store;
beforeAll(async () => {
  store = await testStore();
});
afterAll(() => store.close());

const gone = new Set<string>();
const said: { kind: string; conversation: string; ids: Record<string, string> }[] = [];
const keys = new Set<string>();

function services() {
  const everybody = ['ann', 'ben', 'eva', 'gita', 'finn'].map((id) => ({
    id,
    name: id,
    roles: id === 'finn' ? ['admin'] : [],
    get active() {
      return !gone.has(id);
    },
  }));
  const deps = {
    db: store.db,
    clock: testClock(),
    audit: { append: async () => undefined },
    outbox: {
      say: async (_: unknown, message: (typeof said)[number] & { key: string }) => {
        if (!keys.has(message.key)) said.push(message);
        keys.add(message.key);
      },
      refresh: async () => undefined,
    },
    jobs: { enqueue: async () => undefined, waiting: async () => true },
    people: {
      byId: (id: string) => everybody.find((one) => one.id === id),
      nameOf: (id: string) => id,
      members: async () => everybody,
    },
    organisation: { departments: [], intake: {} },
  } as unknown as IntakeDeps;
  const cases = useCases(deps, weightsOf);
  const asked = delegations(deps, cases);
  const inside = <T>(work: (tx: Tx) => Promise<T>) => store.db.transaction().execute(work);
  return { cases, asked, left: leavers(deps, asked), inside };
}

it('whoever can mend it hears once what is affected when somebody leaves', async () => {
  const { cases, left, inside } = services();
  const create = (title: string, owner: string, more = {}) =>
    inside((tx) => cases.create(tx, { title, problem: 'x', owner, ...more }, 'ann'));
  const mine = await create('Mine', 'ben', { executive: 'eva' });
  const other = await create('Other', 'ben');
  const fine = await create('Fine', 'eva');
  await inside((tx) => cases.withdraw(tx, fine));
  await inside((tx) => left.sweep(tx));
  expect(said).toEqual([]);
  gone.add('ben');
  await inside((tx) => left.sweep(tx));
  await inside((tx) => left.sweep(tx));
  expect(said.map(({ kind, conversation, ids }) => [kind, conversation, ids['affected']])).toEqual([
    ['intake.left', 'person:eva', `${mine}|ben|business owner`],
    ['intake.left', 'person:ann', `${other}|ben|business owner`],
  ]);
  gone.add('eva');
  gone.add('ann');
  said.splice(0);
  await inside((tx) => left.sweep(tx));
  expect(said.map(({ conversation, ids }) => [conversation, ids['count']])).toEqual([['person:finn', '3']]);
  gone.clear();
});

it('a question of somebody who left goes back to whoever passed it on, or to whoever asked', async () => {
  const { cases, asked, left, inside } = services();
  const id = await inside((tx) => cases.create(tx, { title: 'Asked', problem: 'x', owner: 'ann' }, 'ann'));
  await inside((tx) => asked.ask(tx, id, 'data', 'gita', 'ann'));
  await inside((tx) => asked.ask(tx, id, 'data', 'ben', 'gita'));
  await inside((tx) => asked.ask(tx, id, 'build', 'ben', 'ann'));
  gone.add('ben');
  said.splice(0);
  await inside((tx) => left.sweep(tx));
  expect(said.map(({ kind, conversation }) => `${kind} to ${conversation}`)).toEqual([
    'intake.question to person:gita',
    'intake.question-back to person:ann',
  ]);
  const open = await asked.open(store.db, id);
  expect(open.map(({ section, asked: who, chain }) => [section, who, chain])).toEqual([
    ['data', 'gita', ['ann', 'gita']],
  ]);
  gone.clear();
});

it.each([
  [['ann', 'gita', 'ben'], ['ben'], 'gita', ['ann', 'gita']],
  [['ann', 'gita', 'ben'], ['ben', 'gita'], 'ann', ['ann']],
  [['ann', 'ben'], ['ann', 'ben'], undefined, undefined],
])('of the chain %j without %j it goes to %s', (chain, away, person, rest) => {
  const back = backTo(chain, (who) => !away.includes(who));
  expect([back?.person, back?.chain]).toEqual([person, rest]);
});
