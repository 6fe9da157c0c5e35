import { type messages as Messages, type PGlite, protocol } from '@electric-sql/pglite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PGliteAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';

/**
 * Kysely over PGlite by prepared statements. PGlite's own `query` sends five protocol messages one by one and plans each
 * statement anew, which costs 0.15 to 0.5 ms; a statement that was prepared once and is bound and executed in one call
 * costs 0.04 to 0.06 ms. Speaks the protocol of https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export function pgliteDialect(pglite: PGlite): Dialect {
  return {
    createAdapter: () => new Adapter(),
    createDriver: () => driver(pglite),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** Whoever wants PGlite's one connection queues here and not in Kysely, so that reads that wait can travel together. */
class Adapter extends PGliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** Statements kept prepared; more than the house has. */
const MOST_PREPARED = 400;
/**
 * After so many executions a statement is prepared anew. PostgreSQL keeps the plan of a prepared statement until its table
 * is analyzed, and PGlite has no autovacuum that would: a plan made while a table was empty would read it to its end when
 * it is full. A table does not grow without statements, so counting them is as good as a clock.
 */
const MOST_EXECUTIONS = 500;
const { serialize } = protocol;
const SYNC = serialize.sync();
const EXECUTE = serialize.execute();

interface Prepared {
  name: string;
  executions: number;
  /** Writes a parameter as text. */
  parameters: readonly ((value: unknown) => string)[];
  columns: readonly { name: string; read: (text: string) => unknown }[];
}

type Message = Messages.BackendMessage;

/** A transaction has PGlite for itself until `release`: everybody else waits, pg-boss's own statements included. */
interface Connection extends DatabaseConnection {
  release?: (() => void) | undefined;
}

/** Changes nothing and locks nothing: no common table expression, which may write, and no `for update`. */
const isPlainRead = ({ query }: CompiledQuery): boolean =>
  query.kind === 'SelectQueryNode' && query.with === undefined && query.endModifiers === undefined;

/** A read that has not begun; everybody who asks the same meanwhile gets its answer. */
interface Read {
  query: CompiledQuery;
  answer: PromiseWithResolvers<Raw>;
}

interface Raw {
  statement: Prepared;
  messages: Message[];
}

function driver(pglite: PGlite): Driver {
  const prepared = new Map<string, Prepared>();
  /** Names of statements that are to be closed. */
  const unused: string[] = [];
  let names = 0;
  let reads = new Map<string, Read>();

  const send = (...parts: readonly Uint8Array[]): Promise<Message[]> => pglite.execProtocolStream(joined(parts), {});

  async function prepare(sql: string): Promise<Prepared> {
    names += 1;
    const name = `w${names}`;
    const messages = await send(
      ...closing(),
      serialize.parse({ name, text: sql }),
      serialize.describe({ type: 'S', name }),
      SYNC,
    );
    const types = only<Messages.ParameterDescriptionMessage>(messages, 'parameterDescription');
    const rows = only<Messages.RowDescriptionMessage>(messages, 'rowDescription');
    const statement: Prepared = {
      name,
      executions: 0,
      parameters: (types?.dataTypeIDs ?? []).map((type) => pglite.serializers[type] ?? String),
      columns: (rows?.fields ?? []).map((field) => {
        const parser = pglite.parsers[field.dataTypeID];
        return { name: field.name, read: parser ? (text) => parser(text, field.dataTypeID) : (text) => text };
      }),
    };
    prepared.set(sql, statement);
    return statement;
  }

  function forget(sql: string): void {
    const statement = prepared.get(sql);
    if (statement && prepared.delete(sql)) unused.push(statement.name);
  }

  /** Closes what is not used any more, and the statement that was prepared first when there are too many. */
  function closing(): Uint8Array[] {
    const [oldest] = prepared.keys();
    if (prepared.size >= MOST_PREPARED && oldest !== undefined) forget(oldest);
    return unused.splice(0).map((name) => serialize.close({ type: 'S', name }));
  }

  const run = async <R>(query: CompiledQuery): Promise<QueryResult<R>> => rowsOf<R>(await execute(query));

  async function execute({ sql, parameters }: CompiledQuery): Promise<Raw> {
    try {
      const known = prepared.get(sql);
      if (known && known.executions >= MOST_EXECUTIONS) forget(sql);
      const statement = prepared.get(sql) ?? (await prepare(sql));
      statement.executions += 1;
      const values = statement.parameters.map((write, index) => {
        const value = parameters[index];
        return value === null || value === undefined ? null : write(value);
      });
      return { statement, messages: await send(serialize.bind({ statement: statement.name, values }), EXECUTE, SYNC) };
    } catch (error) {
      // A plan that no longer fits its table fails for good: the next try prepares it anew.
      forget(sql);
      // The parser's stack tells nothing; from here on it names who asked.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    }
  }

  /**
   * Reads of one turn of the event loop are carried out together, and the same question once: thirty people who ask for
   * the incidents at the same moment cost one statement. Each asked before it began, so each sees what it must see.
   */
  async function together<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const key = `${query.sql}\0${JSON.stringify(query.parameters)}`;
    let read = reads.get(key);
    if (!read) {
      read = { query, answer: Promise.withResolvers<Raw>() };
      if (reads.size === 0) setImmediate(() => void readAll());
      reads.set(key, read);
    }
    return rowsOf<R>(await read.answer.promise);
  }

  async function readAll(): Promise<void> {
    try {
      await pglite.runExclusive(async () => {
        const begun = reads;
        reads = new Map();
        for (const { query, answer } of begun.values()) await execute(query).then(answer.resolve, answer.reject);
      });
    } catch (error) {
      // PGlite is closed: nothing begins any more.
      for (const { answer } of reads.values()) answer.reject(error);
      reads = new Map();
    }
  }

  const connect = (): Connection => {
    const connection: Connection = {
      executeQuery<R>(query: CompiledQuery) {
        if (connection.release) return run<R>(query);
        return isPlainRead(query) ? together<R>(query) : pglite.runExclusive(() => run<R>(query));
      },
      streamQuery() {
        throw new Error('PGlite does not stream');
      },
    };
    return connection;
  };

  return {
    init: async () => undefined,
    acquireConnection: async () => connect(),
    async beginTransaction(connection: Connection) {
      await new Promise<void>((resolve, reject) => {
        pglite
          .runExclusive(
            () =>
              new Promise<void>((done) => {
                connection.release = done;
                resolve();
              }),
          )
          .catch(reject);
      });
      await send(serialize.query('begin')).catch((error) => {
        end(connection);
        throw error;
      });
    },
    async commitTransaction(connection: Connection) {
      const messages = await send(serialize.query('commit')).finally(() => end(connection));
      // PostgreSQL answers so when a statement failed and somebody went on nevertheless.
      if (tagOf(messages) === 'ROLLBACK')
        throw Object.assign(new Error('the transaction had failed and was rolled back'), { code: '25P02' });
    },
    rollbackTransaction: (connection: Connection) =>
      send(serialize.query('rollback'))
        .then(
          () => undefined,
          () => undefined,
        )
        .finally(() => end(connection)),
    releaseConnection: async () => undefined,
    destroy: () => pglite.close(),
  };

  function end(connection: Connection): void {
    connection.release?.();
    connection.release = undefined;
  }
}

function rowsOf<R>({ statement: { columns }, messages }: Raw): QueryResult<R> {
  const rows: R[] = [];
  for (const message of messages) {
    if (message.name !== 'dataRow') continue;
    const { fields } = message as Messages.DataRowMessage;
    const row: Record<string, unknown> = {};
    for (const [index, column] of columns.entries()) {
      const text = fields[index];
      row[column.name] = text === null || text === undefined ? null : column.read(text);
    }
    rows.push(row as R);
  }
  const touched = /^(?:INSERT \d+|UPDATE|DELETE|MERGE) (\d+)$/.exec(tagOf(messages) ?? '')?.[1];
  return { rows, ...(touched === undefined ? {} : { numAffectedRows: BigInt(touched) }) };
}

const only = <T extends Message>(messages: readonly Message[], name: Message['name']): T | undefined =>
  messages.find((message) => message.name === name) as T | undefined;

/** What was done: `INSERT 0 5`, `SELECT 2`, `COMMIT`. */
const tagOf = (messages: readonly Message[]): string | undefined =>
  only<Messages.CommandCompleteMessage>(messages, 'commandComplete')?.text;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
