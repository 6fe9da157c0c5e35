import pg from 'pg';

/** Locks that end with the process: nothing to renew, nothing to expire, no clock involved. */
export interface Locks {
  /** False when another process (or this one) holds it. */
  take(name: string): Promise<boolean>;
  give(name: string): Promise<void>;
}

/** For a store that one process has for itself. */
export function processLocks(): Locks {
  const held = new Set<string>();
  return {
    take: async (name) => !held.has(name) && !!held.add(name),
    give: async (name) => void held.delete(name),
  };
}

const ANSWER_WITHIN_MS = 10_000;
/** A session whose process cannot be reached any more ends after some 25 seconds, and its locks with it. */
const KEEPALIVE = 'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3';

/**
 * pg_try_advisory_lock on one dedicated session. PostgreSQL gives the locks back when the process or its connection
 * dies, so a killed replica's conversations are free at once, and clocks that disagree cannot make two holders.
 */
export function sessionLocks(url: string): Locks & { close(): Promise<void> } {
  const held = new Set<string>();
  const asked = new Set<string>();
  let session: Promise<pg.Client> | undefined;
  /** One statement at a time: a client has one conversation with the server. */
  let last: Promise<unknown> = Promise.resolve();

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      application_name: `wardroom-${process.pid}`,
    });
    client.on('error', () => drop(client));
    client.on('end', () => drop(client));
    current = client;
    await client.connect();
    await client.query(KEEPALIVE);
    return client;
  }

  let current: pg.Client | undefined;
  /** Its locks went with it; whoever was at work under one of them is protected by the claim (bot/send.ts). */
  function drop(client: pg.Client): void {
    if (client !== current) return;
    current = undefined;
    session = undefined;
    held.clear();
  }

  function ask<T extends pg.QueryResultRow>(text: string, name: string): Promise<T | undefined> {
    const answer = last.then(async () => {
      session ??= connect();
      const client = current;
      try {
        return (await (await session).query<T>(text, [name])).rows[0];
      } catch (error) {
        // A session that does not answer may be cut off from us while it still holds its locks: it has to end.
        const broken = current ?? client;
        if (broken) {
          drop(broken);
          // It is broken already; how its end goes changes nothing.
          broken.end().catch(() => undefined);
        }
        session = undefined;
        throw error;
      }
    });
    // The next one waits for the end of this one, whatever it was; the fault goes to who asked.
    last = answer.catch(() => undefined);
    return answer;
  }

  return {
    async take(name) {
      // A session gets a lock that it holds once more, so what is held is known here.
      if (held.has(name) || asked.has(name)) return false;
      asked.add(name);
      try {
        const answer = await ask<{ ok: boolean }>(
          'select pg_try_advisory_lock(hashtextextended($1, 7411)) as ok',
          name,
        );
        if (answer?.ok) held.add(name);
        return answer?.ok ?? false;
      } finally {
        asked.delete(name);
      }
    },
    async give(name) {
      // With the session the lock is gone as well.
      if (!held.delete(name)) return;
      // A session that fails here is ended by `ask`, and its locks with it.
      await ask('select pg_advisory_unlock(hashtextextended($1, 7411))', name).catch(() => undefined);
    },
    async close() {
      await last;
      // Never connected: nothing to close.
      const client = await session?.catch(() => undefined);
      await client?.end();
    },
  };
}
