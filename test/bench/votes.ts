import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type App, startApp } from '../../bot/app.ts';
import { systemClock } from '../../services/core/clock.ts';
import { readConfig } from '../../services/core/config.ts';
import { silentLog } from '../../services/core/log.ts';
import { crowded, voterOf } from '../crowd.ts';
import { openHouse } from '../house.ts';
import { freshDatabase } from './database.ts';
import { closedLoop, type Figures } from './load.ts';

const AT_ONCE = 32;
const MOST_WAIT_MS = 30_000;

export interface VotesResult {
  store: string;
  one: Figures;
  /** One vote on each of so many requests. */
  many: Figures & { requests: number };
  /** Votes of the one request that are not there once. */
  wrong: number;
  /** From when the last vote was answered until Azure had taken the change; and from when it was cast. */
  armMs: { answered: number; cast: number };
}

/**
 * Votes through dispatch, with their answers' cards, each needed, by as many people as may vote: on one request, and one
 * each on many. The replicas are three houses in this process, so they share a processor: what they show is that they
 * agree, and what their waiting for each other costs.
 */
export async function measureVotes(options: {
  voters: number;
  requests: number;
  postgres: string;
}): Promise<VotesResult[]> {
  const results: VotesResult[] = [];
  results.push(await measure('PGlite', options, {}, 1));
  for (const replicas of [1, 3]) {
    const database = { DATABASE_URL: await freshDatabase(options.postgres) };
    results.push(await measure(replicas === 1 ? 'PostgreSQL' : 'PostgreSQL, 3 replicas', options, database, replicas));
  }
  return results;
}

async function measure(
  store: string,
  { voters, requests }: { voters: number; requests: number },
  database: Record<string, string>,
  replicas: number,
): Promise<VotesResult> {
  const home = mkdtempSync(join(tmpdir(), 'wardroom-votes-'));
  const env = { ...database, WARDROOM_CONFIG: crowded(home, voters) };
  const house = await openHouse({ home, env });
  const all: App[] = [house.app];
  for (let n = 1; n < replicas; n += 1) {
    const own = { PORT: '0', WARDROOM_HOME: join(home, `${n}`), WARDROOM_SANDBOX_URL: house.url, LOG_LEVEL: 'warn' };
    all.push(await startApp(readConfig({ ...env, ...own }), { log: silentLog }));
  }
  const { db } = house.app.rooms;
  const say = async (index: number, as: string, text: string) => {
    const { body } = await (all[index % all.length] as App).console.ask({ as, text, yes: true });
    if (!('kind' in body) || body.kind !== 'answer') throw new Error(JSON.stringify(body));
  };
  try {
    await say(0, 'ben', 'rollback ep-fraud because v7 drifts');
    await sql`insert into requests select (jsonb_populate_record(r, jsonb_build_object('id', 'REQ-' || (5000 + n)))).*
      from requests r, generate_series(1, ${requests}::int) n where r.id = 'REQ-101'`.execute(db);
    const many = await loaded(requests, (n) => say(n, voterOf(n % voters), `approve REQ-${5001 + n}`));
    const one = await loaded(voters - 1, (n) => say(n, voterOf(n), 'approve REQ-101'));
    const cast = systemClock.monotonic();
    await say(0, voterOf(voters - 1), 'approve REQ-101');
    const answered = systemClock.monotonic();
    const taken = await takenBy(join(home, 'sandbox', 'estate.jsonl'));
    const rows = await db
      .selectFrom('votes')
      .select((e) => [e.fn.countAll<number>().as('n'), e.fn.count<number>('voter').distinct().as('people')])
      .where('request', '=', 'REQ-101')
      .executeTakeFirstOrThrow();
    const wrong = Math.max(Math.abs(Number(rows.n) - voters), Math.abs(Number(rows.people) - voters));
    return {
      store,
      one,
      many: { ...many, requests },
      wrong,
      armMs: { answered: taken - answered, cast: taken - cast },
    };
  } finally {
    for (const each of all.slice(1)) await each.stop();
    await house.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function loaded(total: number, send: (index: number) => Promise<void>): Promise<Figures> {
  const before = process.cpuUsage();
  const figures = await closedLoop(AT_ONCE, total, send);
  const { user, system } = process.cpuUsage(before);
  return { ...figures, cpuMs: (user + system) / 1000 / total };
}

/** When the estate wrote down that it took the change of the endpoint. */
async function takenBy(journal: string): Promise<number> {
  for (const until = systemClock.monotonic() + MOST_WAIT_MS; systemClock.monotonic() < until; ) {
    if (readFileSync(journal, 'utf8').includes('"type":"endpoint"')) return systemClock.monotonic();
    await systemClock.sleep(1);
  }
  throw new Error('the change was not asked of Azure');
}

const ms = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

export function votesTable(results: readonly VotesResult[]): string {
  const lines = results.map(
    ({ store, one, many, wrong, armMs }) =>
      `${store}: one request ${Math.round(one.perSecond)} votes/s (p50 ${ms(one.p50)}, p99 ${ms(one.p99)}, processor ${ms(one.cpuMs)}), ` +
      `${many.requests} requests ${Math.round(many.perSecond)} votes/s (p99 ${ms(many.p99)}, processor ${ms(many.cpuMs)}), ` +
      `${wrong} votes wrong, ARM took the change ${ms(armMs.cast)} after the last vote was cast (${ms(armMs.answered)} after its answer)`,
  );
  return ['', `Votes, ${AT_ONCE} at once`, ...lines, ''].join('\n');
}
