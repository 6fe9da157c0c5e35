import { Temporal } from 'temporal-polyfill';
import type { Alerts } from '../services/alerts/index.ts';
import {
  type Approvals,
  type Bucket,
  type Gate,
  type Rollouts,
  type RolloutWatcher,
  rollouts,
  type Serves,
  type Serving,
  serving,
} from '../services/approvals/index.ts';
import type { AzureClients } from '../services/azure/client.ts';
import { endpointRequests } from '../services/azure/kql/endpoint-requests.columns.ts';
import { scoredRows } from '../services/azure/kql/scored-rows.columns.ts';
import { labelValues, outcomeValues, requestValues } from '../services/azure/kql/test-values.columns.ts';
import { type EndpointRef, endpointId, type WorkspaceRef } from '../services/azure/refs.ts';
import type { Clock } from '../services/core/clock.ts';
import { messageOf, Refused } from '../services/core/errors.ts';
import type { Organisation } from '../services/core/organisation.ts';
import type { Fleet } from '../services/fleet/index.ts';
import { latestDrift } from './app.drift.ts';
import type { Shared } from './app.services.ts';

const wholeMinutes = ({ epochMilliseconds: ms }: Temporal.Instant): number => ms - (ms % 60_000);

/** A day by the minute; longer ones in longer steps, so that an answer stays small. */
const MINUTE_STEPS = 1440;

/** Part of the composition root: what rollouts ask of Azure, by the names of wardroom.yaml. */
export function rolloutWatcher(
  azure: AzureClients,
  organisation: Organisation,
  clock: Clock,
  ref: (workspace: string) => WorkspaceRef,
): RolloutWatcher {
  const refOf = (workspace: string, endpoint: string): EndpointRef => ({ ...ref(workspace), endpoint });
  const logsOf = (workspace: string) => organisation.workspaces.find(({ id }) => id === workspace)?.logs;

  type Minute = { at: string; deployment: string; requests: number; errors: number; p95Ms: number | undefined };

  /** Per minute and deployment, from the endpoint's traffic log; where that is not collected, from its metrics. */
  async function minutesOf(ref: EndpointRef, from: Temporal.Instant, to: Temporal.Instant): Promise<Minute[]> {
    const workspace = logsOf(ref.workspace);
    if (workspace) {
      const { value } = await azure.logs.run({
        query: endpointRequests,
        workspace,
        parameters: { endpoint: ref.endpoint, step: '1m' },
        from,
        to,
      });
      return value.rows.flatMap((row) =>
        row.TimeGenerated
          ? [
              {
                at: row.TimeGenerated,
                deployment: row.DeploymentName,
                requests: row.Requests ?? 0,
                errors: row.ServerErrors ?? 0,
                p95Ms: row.P95Ms ?? undefined,
              },
            ]
          : [],
      );
    }
    const question = { resource: endpointId(ref), from, to, granularity: 'PT1M', aggregation: 'Average' as const };
    const [requests, latency] = await Promise.all([
      azure.metrics.query({
        ...question,
        metrics: ['RequestsPerMinute'],
        filter: "deployment eq '*' and statusCodeClass eq '*'",
      }),
      azure.metrics.query({ ...question, metrics: ['RequestLatency_P95'], filter: "deployment eq '*'" }),
    ]);
    const cells = new Map<string, Minute>();
    const cell = (at: string, deployment: string): Minute => {
      const known = cells.get(`${at} ${deployment}`) ?? { at, deployment, requests: 0, errors: 0, p95Ms: undefined };
      cells.set(`${at} ${deployment}`, known);
      return known;
    };
    for (const { dimensions, points } of requests.value)
      for (const { at, value } of points) {
        const minute = cell(at, dimensions['deployment'] ?? '');
        minute.requests += Math.round(value);
        if (/^5/.test(dimensions['statusCodeClass'] ?? '')) minute.errors += Math.round(value);
      }
    for (const { dimensions, points } of latency.value)
      for (const { at, value } of points) cell(at, dimensions['deployment'] ?? '').p95Ms = value;
    return [...cells.values()];
  }

  return {
    async measure({ workspace, endpoint, current, candidate, since, until, mirrored, shares, began }) {
      const ref = refOf(workspace, endpoint);
      const missing: string[] = [];
      const now = until ?? clock.now();
      if (Temporal.Instant.compare(since, now) >= 0) return { steps: [], split: [], drift: [], rows: [], missing };
      const minutes = await minutesOf(ref, since, now);
      // Nothing else serves: as long a stretch of what served before, laid minute by minute beside this one.
      const alone = !mirrored && (shares[current] ?? 0) === 0 && began !== undefined;
      const before = alone ? await minutesOf(ref, began.subtract(since.until(now)), began) : minutes;
      const back = alone ? wholeMinutes(now) - wholeMinutes(began) : 0;
      const side = (minute: Minute | undefined) =>
        minute && { requests: minute.requests, errors: minute.errors, p95Ms: minute.p95Ms };
      const of = (list: readonly Minute[], at: number, name: string) =>
        side(list.find((each) => Date.parse(each.at) === at && each.deployment.toLowerCase() === name.toLowerCase()));
      const times = [...new Set(minutes.map(({ at }) => at))].sort();
      const live = Object.entries(shares).filter(([, share]) => share > 0);
      const split = mirrored
        ? []
        : live.map(([deployment, share]) => ({
            deployment,
            share,
            requests: minutes
              .filter((each) => each.deployment.toLowerCase() === deployment.toLowerCase())
              .reduce((sum, { requests }) => sum + requests, 0),
          }));
      return {
        steps: times.map((at) => {
          const ms = Date.parse(at);
          return { at, current: of(before, ms - back, current), candidate: of(minutes, ms, candidate) };
        }),
        ...(alone ? { earlier: true as const } : {}),
        split,
        drift: await part('drift', () => driftSince(ref, since.toString())),
        rows: mirrored ? await part('labels', () => labelled(ref, current, candidate, since)) : [],
        missing,
      };
      /** What only some guards need must not stop the others. */
      async function part<T>(name: string, ask: () => Promise<T[]>): Promise<T[]> {
        try {
          return await ask();
        } catch (error) {
          missing.push(`${name} (${messageOf(error).slice(0, 120)})`);
          return [];
        }
      }
    },
    answers: ({ workspace, endpoint, current, candidate, since }) =>
      labelled(refOf(workspace, endpoint), current, candidate, since),
    async values({ workspace, endpoint, current, candidate, since, until = clock.now(), what }) {
      const logs = logsOf(workspace);
      if (!logs)
        throw new Refused(
          `${workspace} names no Log Analytics workspace, and single values are nowhere else.`,
          'Ask an administrator to set “logs” in wardroom.yaml, or test errors or the p95 latency.',
          'no-logs',
        );
      if (since.epochMilliseconds >= until.epochMilliseconds) return [];
      const minutes = until.since(since).total('minutes');
      const step = minutes <= MINUTE_STEPS ? '1m' : minutes <= 10 * MINUTE_STEPS ? '10m' : '1h';
      const parameters = { endpoint, current, candidate, step };
      const span = { workspace: logs, from: since, to: until };
      const { value } =
        typeof what === 'object'
          ? await azure.logs.run({ ...span, query: outcomeValues, parameters: { ...parameters, ...what } })
          : await azure.logs.run({ ...span, query: what === 'label' ? labelValues : requestValues, parameters });
      const steps = new Map<string, Bucket>();
      for (const { TimeGenerated: at, DeploymentName, N, Total, Squares } of value.rows) {
        if (!at || N === null || Total === null || Squares === null) continue;
        const side = DeploymentName.toLowerCase() === candidate.toLowerCase() ? 'candidate' : 'current';
        steps.set(at, { ...(steps.get(at) ?? { at }), [side]: { n: N, sum: Total, squares: Squares } });
      }
      return [...steps.values()];
    },
    async traffic(workspace, endpoint) {
      const { value } = await azure.ml.getEndpoint(refOf(workspace, endpoint), { fresh: true });
      return (
        value && {
          traffic: value.traffic,
          mirror: value.mirrorTraffic,
          updating: !['Succeeded', 'Failed', 'Canceled'].includes(value.provisioningState),
        }
      );
    },
    kubernetes: async (workspace, endpoint) =>
      (await azure.ml.getEndpoint(refOf(workspace, endpoint))).value?.kubernetes ?? false,
    async drifted(workspace, endpoint) {
      const look = await latestDrift(azure, refOf(workspace, endpoint), endpoint);
      return (look?.readings ?? []).filter(({ breached }) => breached).map(({ feature }) => feature);
    },
  };

  async function driftSince(ref: EndpointRef, since: string) {
    const look = await latestDrift(azure, ref, ref.endpoint);
    return (look?.readings ?? []).flatMap(({ feature, value, limit, at }) =>
      limit !== undefined && at >= since ? [{ feature, value, limit }] : [],
    );
  }

  async function labelled(ref: EndpointRef, current: string, candidate: string, from: ReturnType<Clock['now']>) {
    const workspace = logsOf(ref.workspace);
    if (!workspace) return [];
    const parameters = { endpoint: ref.endpoint, current, candidate };
    const { value } = await azure.logs.run({ query: scoredRows, workspace, parameters, from, to: clock.now() });
    return value.rows.flatMap((row) =>
      row.Label === null || row.CurrentScore === null || row.CandidateScore === null
        ? []
        : [{ positive: row.Label === 1, a: row.CurrentScore, b: row.CandidateScore }],
    );
  }
}

/** What is asked of the house before every step of a rollout. Other domains add theirs here. */
export const rolloutGates = (alerts: () => Alerts, approvals: () => Approvals): readonly Gate[] => [
  // What was approved still holds: conditions met, evidence young enough, nothing changed under it.
  async (tx, { request }) => {
    const row = request ? await approvals().find(tx, request) : undefined;
    const [why] = row?.kind === 'promote' ? await approvals().notReady(tx, row) : [];
    return why ? { open: false, why: `${request}: ${why}.` } : { open: true };
  },
  // An endpoint in trouble gets no new version on top of it.
  async (tx, { endpoint }) => {
    const [open] = await alerts().openOn(tx, endpoint);
    return open
      ? { open: false, why: `${open.id} is open on ${endpoint}; the next step waits until it is resolved.` }
      : { open: true };
  },
];

/** What the watch over what serves asks of Azure. */
export function servingReads(azure: AzureClients, ref: (workspace: string) => WorkspaceRef) {
  return {
    async look(workspace: string, endpoint: string): Promise<(Serves & { busy: boolean }) | undefined> {
      const at = { ...ref(workspace), endpoint };
      const { value } = await azure.ml.getEndpoint(at, { fresh: true });
      if (!value) return undefined;
      const { value: all } = await azure.ml.listDeployments(at, { fresh: true });
      const models = all.flatMap(({ name, model }) => (model ? [[name, `${model.name}:${model.version}`]] : []));
      const busy = [value, ...all].some(
        ({ provisioningState: now }) => !['Succeeded', 'Failed', 'Canceled'].includes(now),
      );
      return { traffic: value.traffic, mirror: value.mirrorTraffic, models: Object.fromEntries(models), busy };
    },
    async writers(workspace: string, endpoint: string, since: ReturnType<Clock['now']>) {
      const { value } = await azure.ml.recentChanges({ ...ref(workspace), endpoint }, since);
      return value.changes
        .filter(({ kind }) => kind === 'traffic' || kind === 'deployment')
        .flatMap(({ by, at }) => (by ? [{ by, at: at.toString() }] : []));
    },
  };
}

/** The watch over what serves. */
export const servingRoom = (
  shared: Shared,
  parts: { reads: ReturnType<typeof servingReads>; fleet: () => Fleet; rollouts: () => Rollouts },
): Serving =>
  serving({
    ...shared,
    ...parts.reads,
    running: (at, endpoint) => parts.fleet().running(at, endpoint),
    tookLate: (at, endpoint, now) => parts.fleet().tookLate(at, endpoint, now),
    rolling: async (at, endpoint) => (await parts.rollouts().openOn(at, endpoint)) !== undefined,
  });

/** Rollouts, wired to the fleet and the requests. */
export function rolloutRoom(
  shared: Shared,
  parts: {
    watcher: RolloutWatcher;
    gates: readonly Gate[];
    fleet: () => Fleet;
    approvals: () => Approvals;
  },
): Rollouts {
  return rollouts({
    ...shared,
    watcher: parts.watcher,
    gates: parts.gates,
    startChange: (tx, change) => parts.fleet().start(tx, change),
    tookLate: (at, endpoint, now) => parts.fleet().tookLate(at, endpoint, now),
    endRequest: (tx, request, state, why) => parts.approvals().released(tx, request, state, why),
    refreshRequest: (tx, request) => shared.outbox.refresh(tx, `request:${request}`),
  });
}
