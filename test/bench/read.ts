import { sql } from 'kysely';
import { message } from './activities.ts';
import { type Child, type Memory, startChild } from './child.ts';
import type { FakeConnector } from './connector.ts';
import { closedLoop, type Figures, median, poster } from './load.ts';
import { type Home, newHome, seed, storeIncidents } from './seed.ts';

const CONNECTIONS = 32;
/** Where the goals stand: `npm run bench` says whether they are met. */
export const GOAL = { perSecond: 0.7, p99: 1.5 };

export interface ReadResult {
  command: string;
  ours: Figures;
  echo: Figures;
  /** Ours to the echo bot's in the same round; medians over the rounds. */
  ratio: Figures;
  /** Bytes of one answer, ours. */
  answerBytes: number;
}

/** A question end to end against the bare echo bot: round by round, one after the other, never both at once. */
export async function measureRead(
  connector: FakeConnector,
  options: { rounds: number; messages: number; warmUp: number },
): Promise<ReadResult[]> {
  const home = await questionHome();
  const echo = await startChild('echo.ts');
  const house = await startChild('../../bot/main.ts', home.env);
  const results: ReadResult[] = [];
  try {
    await house.quiet();
    await run(connector, echo, 'warm up', options.warmUp);
    for (const command of ['incidents', 'request REQ-1']) {
      await run(connector, house, command, options.warmUp);
      const rounds: { ours: Figures; echo: Figures }[] = [];
      let answerBytes = 0;
      for (let round = 0; round < options.rounds; round += 1) {
        const theirs = await run(connector, echo, command, options.messages);
        const before = connector.bytes;
        const ours = await run(connector, house, command, options.messages);
        answerBytes = Math.round((connector.bytes - before) / options.messages);
        rounds.push({ ours, echo: theirs });
      }
      const of = (pick: (round: { ours: Figures; echo: Figures }) => number) => median(rounds.map(pick));
      const figures = (who: 'ours' | 'echo'): Figures => ({
        perSecond: of((round) => round[who].perSecond),
        p50: of((round) => round[who].p50),
        p99: of((round) => round[who].p99),
        cpuMs: of((round) => round[who].cpuMs),
      });
      const ratio = {
        perSecond: of(({ ours, echo: theirs }) => ours.perSecond / theirs.perSecond),
        p50: of(({ ours, echo: theirs }) => ours.p50 / theirs.p50),
        p99: of(({ ours, echo: theirs }) => ours.p99 / theirs.p99),
        cpuMs: of(({ ours, echo: theirs }) => ours.cpuMs / theirs.cpuMs),
      };
      results.push({ command, ours: figures('ours'), echo: figures('echo'), ratio, answerBytes });
    }
  } finally {
    await Promise.all([echo.stop(), house.stop()]);
    home.remove();
  }
  return results;
}

export interface Growth {
  who: 'Wardroom' | 'echo bot';
  idle: Memory;
  /** After so many turns. */
  after: { turns: number; memory: Memory }[];
}

/** Memory, idle and after each block of turns, of both bots. */
export async function measureMemory(connector: FakeConnector, turns: number, blocks: number): Promise<Growth[]> {
  const home = await questionHome();
  const growths: Growth[] = [];
  for (const who of ['echo bot', 'Wardroom'] as const) {
    const child = who === 'Wardroom' ? await startChild('../../bot/main.ts', home.env) : await startChild('echo.ts');
    try {
      await child.quiet();
      const growth: Growth = { who, idle: await child.memory(), after: [] };
      for (let block = 1; block <= blocks; block += 1) {
        await run(connector, child, 'incidents', turns / blocks);
        growth.after.push({ turns: (turns / blocks) * block, memory: await child.memory() });
      }
      growths.push(growth);
    } finally {
      await child.stop();
    }
  }
  home.remove();
  return growths;
}

/**
 * Every message must be answered, or the figures mean nothing. A few more are let pass: the echo bot answers a message
 * twice that was sent anew after a reset.
 */
export async function run(connector: FakeConnector, child: Child, text: string, messages: number): Promise<Figures> {
  const { post, close } = poster(`${child.url}/api/messages`, CONNECTIONS);
  const before = connector.creates;
  const cpu = await child.cpuMs();
  const figures = await closedLoop(CONNECTIONS, messages, async (index) => {
    const status = await post(message(connector.serviceUrl, index, text));
    if (status !== 200) throw new Error(`${text}: answered ${status}`);
  });
  close();
  const answered = connector.creates - before;
  if (answered < messages || answered > messages * 1.01)
    throw new Error(`${text}: ${messages} messages got ${answered} answers`);
  return { ...figures, cpuMs: ((await child.cpuMs()) - cpu) / messages };
}

/** Five open incidents and a request to ask about. */
export async function questionHome(): Promise<Home> {
  const home = newHome({}, 0);
  await seed(home, async (store) => {
    await storeIncidents(store, 5);
    await sql`update incidents set state = 'open', resolved_at = null`.execute(store.db);
    await sql`insert into requests (id, kind, title, reason, requester, plan, digest, policy, eligible, state, created_at,
        deadline, channel)
      values ('REQ-1', 'change', 'Roll back ep-fraud to blue', 'PSI of amount is 0.31', 'ann',
        '{"endpoint":"ep-fraud","what":"ep-fraud: blue 100 %","traffic":{"blue":100}}', repeat('a', 64),
        ${JSON.stringify(POLICY)}::jsonb, ${JSON.stringify(VOTERS)}::jsonb, 'voting',
        '2026-11-23T14:00:00Z', '2026-11-23T18:00:00Z', 'channel:fraud-ops')`.execute(store.db);
  });
  return home;
}

const POLICY = {
  id: 'production-change',
  voters: { roles: ['approver', 'risk'], people: [] },
  minApprovals: 2,
  requiredRoles: ['risk'],
  vetoRoles: ['risk'],
  threshold: '2/3',
  deadline: 240,
};
const VOTERS = ['cara', 'dev', 'eva', 'ines', 'lea'].map((person) => ({ person, roles: ['approver', 'risk'] }));
