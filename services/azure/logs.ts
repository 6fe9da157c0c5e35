import { LogsQueryClient, LogsQueryResultStatus, type LogsTable } from '@azure/monitor-query';
import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { Unavailable } from '../core/errors.ts';
import { monitorClient, read } from './border.ts';
import { bind, type KqlQuery, type KustoType, type ParametersOf, type ParameterType, type Row } from './kql/query.ts';
import type { Fresh, Guard } from './resilience.ts';
import type { HttpClient, TokenCredential } from './wire.ts';

const SERVICE = 'Log Analytics';

export interface LogRows<Columns> {
  rows: readonly Row<Columns>[];
  /** Log Analytics answered only a part and said why. */
  partial?: string;
}

export interface LogQuestion<Query> {
  query: Query;
  /** The Log Analytics workspace (customer) id. */
  workspace: string;
  parameters: ParametersOf<Query>;
  from: Temporal.Instant;
  to: Temporal.Instant;
}

/** Diagnostic logs. Data arrives up to an hour late (platform.md, section 6): nothing found is no proof. */
export interface Logs {
  run<Columns extends Readonly<Record<string, KustoType>>, Parameters extends Readonly<Record<string, ParameterType>>>(
    question: LogQuestion<KqlQuery<Columns, Parameters>>,
  ): Promise<Fresh<LogRows<Columns>>>;
}

const wire = z.object({
  tables: z.array(
    z.object({
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      rows: z.array(z.array(z.unknown())),
    }),
  ),
});

export interface LogsDeps {
  credential: TokenCredential;
  httpClient?: HttpClient | undefined;
  endpoint: string;
  guard: Guard;
}

export function logs(deps: LogsDeps): Logs {
  const { credential, guard } = deps;
  const client = new LogsQueryClient(credential, monitorClient(deps, SERVICE, wire));
  return {
    run: ({ query, workspace, parameters, from, to }) => {
      const text = bind(query, parameters);
      const minutes = Math.round((to.epochMilliseconds - from.epochMilliseconds) / 60_000);
      return guard.read(`${workspace}|${minutes}|${text}`, async (abortSignal) => {
        const answer = await client.queryWorkspace(
          workspace,
          text,
          { startTime: new Date(from.epochMilliseconds), endTime: new Date(to.epochMilliseconds) },
          { abortSignal },
        );
        const whole = answer.status === LogsQueryResultStatus.Success;
        const table = (whole ? answer.tables : answer.partialTables)?.[0];
        if (!table) throw new Unavailable(SERVICE, `answered no table to ${query.name}.kql`);
        const rows = read(SERVICE, z.array(query.row), objects(table));
        return whole ? { rows } : { rows, partial: answer.partialError.message };
      });
    },
  };
}

/** Rows by column name: the order of columns is the service's. */
const objects = (table: LogsTable): Record<string, unknown>[] =>
  table.rows.map((row) =>
    Object.fromEntries(table.columnDescriptors.map(({ name }, index) => [name ?? '', row[index] ?? null])),
  );
