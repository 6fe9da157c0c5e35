import { z } from 'zod/v4';
import { type Answer, type Asked, ok } from './answer.ts';
import { versionsOf } from './assets.ts';
import type { Estate } from './estate.ts';
import { latency, requestsPerMinute, servings, trouble } from './load.ts';
import { COMPUTES, ENDPOINTS, MODELS, same, WORKSPACES } from './northwind.ts';
import { hash, uuidOf } from './random.ts';
import { runsOf } from './runs.ts';
import { scoredRows } from './scored.ts';
import { DAY, deploymentsAt, type EstateState, HOUR, MINUTE } from './state.ts';
import { testValues, type Valued } from './test-values.ts';

/**
 * Log Analytics' query API. It does not run KQL: each of Wardroom's queries carries its name in its first comment
 * (`// wardroom:<name>`), and the estate answers what that query would find in its logs. The texts themselves are
 * parsed and bound against the documented tables by the tests. Any other query is refused.
 */

type Cell = string | number | null;
interface Table {
  columns: readonly (readonly [name: string, type: string])[];
  rows: Cell[][];
}
interface Question {
  state: EstateState;
  workspace: string;
  from: number;
  to: number;
  now: number;
  /** Values of the `let` statements. */
  lets: Readonly<Record<string, string>>;
}

const body = z.object({ query: z.string(), timespan: z.string().optional() });
const DATA_LATE_MS = 3 * MINUTE;

export function logAnalytics(estate: Estate, asked: Asked): Answer {
  const id = /^\/v1\/workspaces\/([^/]+)\/query$/.exec(asked.path)?.[1];
  const workspace = WORKSPACES.find((each) => each.logs === id);
  const parsed = body.safeParse(asked.body);
  if (!workspace) return refused(404, 'WorkspaceNotFoundError', `The workspace could not be found: ${id}`);
  if (!parsed.success) return refused(400, 'BadArgumentError', 'The request had some invalid properties');
  const { query, timespan = '' } = parsed.data;
  const name = /\/\/ wardroom:([a-z-]+)/.exec(query)?.[1] ?? '';
  const answer = TABLES[name];
  if (!answer) return refused(400, 'BadArgumentError', 'The estate answers only the queries of services/azure/kql.');
  const [from = Number.NaN, to = Number.NaN] = timespan.split('/').map((each) => Date.parse(each));
  if (!(from <= to)) return refused(400, 'BadArgumentError', 'The timespan is not an interval.');
  const lets = Object.fromEntries(
    [...query.matchAll(/^let (\w+) = (.+);$/gm)].map(([, key = '', value = '']) => [
      key,
      value.startsWith('"') ? String(JSON.parse(value)) : value,
    ]),
  );
  const known = Math.min(to, estate.now() - DATA_LATE_MS);
  const { columns, rows } = answer({
    state: estate.state(),
    workspace: workspace.name,
    from,
    to: known,
    now: estate.now(),
    lets,
  });
  return ok({
    tables: [
      {
        name: 'PrimaryResult',
        columns: columns.map(([column, type]) => ({ name: column, type })),
        rows,
      },
    ],
  });
}

const refused = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { message, code, correlationId: uuidOf('logs', message) } },
});

const iso = (at: number) => new Date(at).toISOString();
const STEP_MS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY };

const TABLES: Readonly<Record<string, (question: Question) => Table>> = {
  'endpoint-requests': ({ state, workspace, from, to, lets }) => {
    const step = stepOf(lets.step);
    const endpoint = endpointIn(workspace, lets.endpoint);
    const rows: Cell[][] = [];
    for (let at = Math.floor(from / step) * step; endpoint && at < to; at += step) {
      const middle = Math.min(at + step / 2, to);
      for (const each of servings(state, endpoint, middle)) {
        const requests = Math.round(
          requestsPerMinute(state, endpoint, middle) * (each.weight + each.mirrored) * (step / MINUTE),
        );
        if (requests === 0) continue;
        const of = (q: number) => Math.round((latency([{ ...each, weight: 1 }], q) ?? 0) * 10) / 10;
        rows.push([iso(at), each.deployment, requests, Math.round(requests * each.errorShare), of(0.5), of(0.95)]);
      }
    }
    return {
      columns: [
        ['TimeGenerated', 'datetime'],
        ['DeploymentName', 'string'],
        ['Requests', 'long'],
        ['ServerErrors', 'long'],
        ['P50Ms', 'real'],
        ['P95Ms', 'real'],
      ],
      rows,
    };
  },
  'scored-rows': ({ state, workspace, from, to, now, lets }) => {
    const endpoint = endpointIn(workspace, lets.endpoint);
    const pair = { current: lets.current ?? '', candidate: lets.candidate ?? '' };
    return {
      columns: [
        ['TimeGenerated', 'datetime'],
        ['CorrelationId', 'string'],
        ['Label', 'int'],
        ['CurrentScore', 'real'],
        ['CandidateScore', 'real'],
      ],
      rows: (endpoint ? scoredRows(state, endpoint, pair, { from, to, now }) : []).map((row) => [
        iso(row.at),
        row.id,
        row.label,
        row.current,
        row.candidate,
      ]),
    };
  },
  'request-values': (question) => valuesTable(question, 'latency'),
  'label-values': (question) => valuesTable(question, 'label'),
  'outcome-values': (question) => valuesTable(question, 'outcome'),
  'endpoint-errors': ({ state, workspace, from, to, lets }) => {
    const endpoint = endpointIn(workspace, lets.endpoint);
    const rows = (endpoint ? servings(state, endpoint, to) : []).flatMap((each): Cell[][] => {
      if (!endpoint) return [];
      const minutes = Math.max(0, (to - from) / MINUTE);
      const errors = Math.round(requestsPerMinute(state, endpoint, to) * each.weight * each.errorShare * minutes);
      const slow = trouble(state, 'latency', endpoint.name, each.deployment, to).strength > 0.05;
      const reason = slow ? 'Timed out waiting for the model' : 'Upstream connection reset';
      return errors === 0
        ? []
        : [
            [
              each.deployment,
              slow ? 504 : 502,
              slow ? 'Gateway Timeout' : 'Bad Gateway',
              slow ? 408 : 500,
              reason,
              errors,
              iso(from),
              iso(to),
            ],
          ];
    });
    return {
      columns: [
        ['DeploymentName', 'string'],
        ['ResponseCode', 'int'],
        ['ResponseCodeReason', 'string'],
        ['ModelStatusCode', 'int'],
        ['ModelStatusReason', 'string'],
        ['Requests', 'long'],
        ['FirstSeen', 'datetime'],
        ['LastSeen', 'datetime'],
      ],
      rows: rows.sort((a, b) => Number(b[5]) - Number(a[5])),
    };
  },
  'deployment-events': ({ state, workspace, from, to, lets }) => {
    const wanted = (lets.deployments ?? '').split(',');
    const rows = ENDPOINTS.filter((each) => each.workspace === workspace && each.kind === 'online').flatMap(
      (endpoint) =>
        deploymentsAt(state, endpoint, to)
          .filter((each) => wanted.some((name) => same(name, each.name)))
          .flatMap((each): Cell[][] => {
            const instance = `${endpoint.name}-${each.name}-${uuidOf(endpoint.name, each.name).slice(0, 5)}`;
            const born = state.startedAt - each.ageHours * HOUR;
            const started: Cell[][] =
              born >= from && born <= to
                ? [
                    [
                      each.name,
                      'Started',
                      instance,
                      each.instances,
                      iso(born + 4 * MINUTE),
                      `Started container ${each.model}`,
                    ],
                  ]
                : [];
            const sick = trouble(state, 'latency', endpoint.name, each.name, to).strength > 0.05;
            return sick
              ? [
                  [
                    each.name,
                    'ReadinessProbeFailed',
                    instance,
                    6,
                    iso(to),
                    'Readiness probe failed: HTTP probe failed with statuscode: 502',
                  ],
                  ...started,
                ]
              : started;
          }),
    );
    return {
      columns: [
        ['DeploymentName', 'string'],
        ['Name', 'string'],
        ['InstanceId', 'string'],
        ['Times', 'long'],
        ['LastSeen', 'datetime'],
        ['Message', 'string'],
      ],
      rows: rows.sort((a, b) => String(b[4]).localeCompare(String(a[4]))),
    };
  },
  'failed-runs': ({ state, workspace, from, to }) => ({
    columns: [
      ['TimeGenerated', 'datetime'],
      ['RunId', 'string'],
      ['Status', 'string'],
      ['Message', 'string'],
      ['JobErrorMessage', 'string'],
      ['ExperimentName', 'string'],
      ['ClusterName', 'string'],
    ],
    rows: runsOf(state, workspace, to)
      .filter((each) => each.status === 'FAILED' && (each.endedAt ?? 0) >= from && (each.endedAt ?? 0) <= to)
      .sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))
      .slice(0, 100)
      .map((each) => [
        iso(each.endedAt ?? 0),
        each.id,
        'Failed',
        `Run ${each.id} changed to Failed`,
        each.tags['azureml.errorCode'] ?? '',
        each.experiment,
        COMPUTES.find((one) => one.workspace === workspace)?.name ?? '',
      ]),
  }),
  'model-events': ({ state, workspace, from, to }) => ({
    columns: [
      ['TimeGenerated', 'datetime'],
      ['AmlModelName', 'string'],
      ['OperationName', 'string'],
      ['ResultType', 'string'],
      ['UserName', 'string'],
      ['CorrelationId', 'string'],
    ],
    rows: MODELS.filter((each) => each.workspace === workspace)
      .flatMap((model) => versionsOf(state, model, to).map((version) => ({ ...version, model })))
      .filter((each) => each.at >= from && each.at <= to)
      .sort((a, b) => b.at - a.at)
      .slice(0, 100)
      .map(({ at, model, version }) => [
        iso(at),
        model.name,
        'Microsoft.MachineLearningServices/workspaces/models/write',
        'Success',
        model.author,
        uuidOf('model-event', model.name, version),
      ]),
  }),
  'cluster-nodes': ({ state, workspace, from, to }) => {
    const rows: Cell[][] = [];
    for (let at = Math.floor(from / HOUR) * HOUR; at < to; at += HOUR)
      for (const each of COMPUTES.filter((one) => one.workspace === workspace)) {
        const running = hash(state.seed, each.name, at) % (each.maxNodes + 1);
        const idle = hash(state.seed, each.name, at, 'idle') % 2;
        const lost = each.priority === 'LowPriority' && hash(state.seed, each.name, at, 'lost') % 9 === 0 ? 1 : 0;
        rows.push([iso(at), each.name, each.vmSize, each.priority, running + idle, running, idle, 0, lost]);
      }
    return {
      columns: [
        ['TimeGenerated', 'datetime'],
        ['ClusterName', 'string'],
        ['VmSize', 'string'],
        ['VmPriority', 'string'],
        ['Target', 'int'],
        ['Running', 'int'],
        ['Idle', 'int'],
        ['Unusable', 'int'],
        ['Preempted', 'int'],
      ],
      rows,
    };
  },
};

function valuesTable({ state, workspace, from, to, lets }: Question, of: Valued): Table {
  const endpoint = endpointIn(workspace, lets.endpoint);
  const asked = { of, outcome: lets.outcome ?? '', deployments: [lets.current ?? '', lets.candidate ?? ''] };
  const span = { from, to, step: stepOf(lets.step) };
  return {
    columns: [
      ['TimeGenerated', 'datetime'],
      ['DeploymentName', 'string'],
      ['N', 'long'],
      ['Total', 'real'],
      ['Squares', 'real'],
    ],
    rows: (endpoint ? testValues(state, endpoint, asked, span) : []).map((row) => [
      iso(row.at),
      row.deployment,
      row.n,
      row.sum,
      row.squares,
    ]),
  };
}

function stepOf(text = ''): number {
  const [, count = '5', unit = 'm'] = /^(\d+)([mhd])$/.exec(text) ?? [];
  return Number(count) * (STEP_MS[unit] ?? MINUTE);
}

const endpointIn = (workspace: string, name = '') =>
  ENDPOINTS.find((each) => each.workspace === workspace && same(each.name, name));
