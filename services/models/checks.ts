import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { compareFiles, gatherCollected, joinLabels } from '../drift/index.ts';
import { driftRows, type Feature, NATIVE_RULE, sizesOf, type Verdict } from '../statistics/index.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import { inTransaction } from '../store/transaction.ts';
import { endpointOf, type ModelsDeps } from './deps.ts';
import { readLabels } from './labels.rules.ts';
import type { Limits } from './limits.ts';
import { type Progress, sources } from './sources.ts';
import type { WindowEffect, Windows } from './windows.ts';

export const CHECK = 'models-check';
export const checkCardOf = (id: string): string => `check:${id}`;
/** DuckDB over some hundred megabytes takes a minute or two. */
const LEASE_SECONDS = 900;
/** What stands beside a row in the collector's envelope. */
const ENVELOPE = new Set(['correlationid', 'time']);

export interface DriftAsked {
  /** `training` (the asset of that name), `earlier` (the window before), or the name of a data asset. */
  baseline: string;
  hours: number;
  /** By itself, at its time: alarms, and remembers. */
  scheduled?: boolean;
}
export interface LabelsAsked {
  source: string;
  days: number;
}

export interface DriftResult {
  baseline: string;
  deployments: readonly string[];
  from: string;
  to: string;
  n_ref: number;
  n_cur: number;
  features: readonly {
    feature: string;
    metric: string;
    value: number | null;
    limit: number | null;
    state: Verdict['state'];
    because: string;
    bins: readonly { bin: string; reference: number; current: number }[];
    also: readonly { metric: string; value: number | null; p: number | null }[];
  }[];
}

export type CheckRow = Awaited<ReturnType<typeof findCheck>> & object;

/** Computations over collected data: asked for in chat or due by themselves, with progress on their card. */
export function checks(deps: ModelsDeps, limits: Limits, windows: Windows) {
  const { store, clock, jobs, outbox, audit, organisation } = deps;
  const from = sources(deps);

  jobs.handleOutside(CHECK, LEASE_SECONDS, async (data) => {
    const { check: id } = data as { check: string };
    const row = await findCheck(store.db, id);
    if (!row || row.state === 'done' || row.state === 'failed') return async () => undefined;
    const folder = await mkdtemp(join(tmpdir(), 'wardroom-check-'));
    const progress: Progress = async (percent, note) => {
      await inTransaction(store.db, async (tx) => {
        await tx.updateTable('model_checks').set({ state: 'running', percent, note }).where('id', '=', id).execute();
        await outbox.refresh(tx, checkCardOf(id));
      });
    };
    try {
      return row.kind === 'drift' ? await drift(row, folder, progress) : await labels(row, folder, progress);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return (tx) => finish(tx, row, 'failed', error.text);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  async function drift(row: CheckRow, folder: string, progress: Progress) {
    const { baseline, hours, scheduled } = row.asked as DriftAsked;
    const to = Temporal.Instant.fromEpochMilliseconds(Math.floor(Date.parse(row.created_at) / HOUR_MS) * HOUR_MS);
    const begin = to.subtract({ hours });
    const now = await from.collected(row.endpoint, 'model_inputs', begin, to);
    const current = await from.fetchAll(
      now.place,
      now.files,
      join(folder, 'current'),
      progress,
      [0, 45],
      'collected inputs',
    );
    const before =
      baseline === 'earlier'
        ? await from.collected(row.endpoint, 'model_inputs', begin.subtract({ hours }), begin)
        : await from.asset(row.endpoint, baseline === 'training' ? `${row.endpoint}-training` : baseline);
    const reference = await from.fetchAll(
      before.place,
      before.files,
      join(folder, 'reference'),
      progress,
      [45, 80],
      `baseline (${baseline})`,
    );
    await progress(85, 'comparing, feature by feature');
    await gatherCollected(current, join(folder, 'current.parquet'));
    await gatherCollected(reference, join(folder, 'reference.parquet'));
    const floors = await limits.all(store.db, row.endpoint);
    const compared = await compareFiles({
      baseline: join(folder, 'reference.parquet'),
      current: join(folder, 'current.parquet'),
      profile: 'native',
      now: to,
      native: { floorOf: (feature) => limits.valueFor(floors, feature) },
    });
    const features = compared.features.filter(({ name }) => !ENVELOPE.has(name));
    return async (tx: Tx) => {
      const effects = effectsOf(features);
      // Only what looks by itself remembers windows: somebody who asks three times has not seen three windows.
      const judged = scheduled
        ? await windows.take(tx, [{ endpoint: row.endpoint, source: 'collected', at: to, effects, told: false }])
        : driftRows('native', features, { now: to, rule: { ...NATIVE_RULE, windows: { k: 1, m: 1 } } }).verdicts;
      const result: DriftResult = {
        baseline: 'asset' in before ? `${before.asset.name}:${before.asset.version}` : 'the window before',
        deployments: now.deployments,
        from: begin.toString(),
        to: to.toString(),
        n_ref: compared.n_ref,
        n_cur: compared.n_cur,
        features: resultOf(features, judged),
      };
      await finish(tx, row, 'done', sentenceOf(row.endpoint, result), result);
    };
  }

  async function labels(row: CheckRow, folder: string, progress: Progress) {
    const { source: id, days } = row.asked as LabelsAsked;
    const source = organisation.labels.find((each) => each.id === id);
    if (!source) throw new Refused(`There is no label source ${id} in wardroom.yaml any more.`);
    const to = Temporal.Instant.from(row.created_at);
    const begin = to.subtract({ hours: 24 * days });
    const collected = await from.collected(row.endpoint, 'model_outputs', begin, to);
    const outputs = await from.fetchAll(
      collected.place,
      collected.files,
      join(folder, 'outputs'),
      progress,
      [0, 60],
      'collected outputs',
    );
    const truth = await from.asset(row.endpoint, source.asset, begin);
    const known = await from.fetchAll(truth.place, truth.files, join(folder, 'labels'), progress, [60, 85], 'labels');
    await progress(90, 'joining labels with outputs');
    const { key, label, at, score } = source;
    const joined = await joinLabels({ outputs, labels: known, columns: { key, label, at, score }, cut: source.cut });
    const settled = to.subtract({ minutes: source.expectedWithin }).toString().slice(0, 10);
    const reading = readLabels(joined, settled);
    return async (tx: Tx) => {
      const { bins: _, ...rest } = joined;
      await finish(tx, row, 'done', coverageSentence(row.endpoint, reading.coverage), {
        ...rest,
        ...reading,
        source: id,
        cut: source.cut,
        expectedWithin: source.expectedWithin,
      });
      const { measured } = reading;
      if (measured)
        await deps.onPerformance(tx, {
          endpoint: row.endpoint,
          accuracy: measured.accuracy.value,
          precision: measured.precision?.value ?? Number.NaN,
          recall: measured.recall?.value ?? Number.NaN,
          labelled: joined.labelled,
        });
    };
  }

  async function finish(tx: Tx, row: CheckRow, state: 'done' | 'failed', note: string, result?: object): Promise<void> {
    await tx
      .updateTable('model_checks')
      .set({
        state,
        note,
        percent: state === 'done' ? 100 : row.percent,
        finished_at: clock.now().toString(),
        ...(result ? { result: JSON.stringify(result) } : {}),
      })
      .where('id', '=', row.id)
      .execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: `models.check.${state}`,
      objects: [row.id, row.endpoint],
      outcome: state === 'done' ? 'ok' : 'failed',
      why: note,
    });
    await outbox.refresh(tx, checkCardOf(row.id));
  }

  async function open(
    tx: Tx,
    check: { kind: 'drift'; asked: DriftAsked } | { kind: 'labels'; asked: LabelsAsked },
    endpoint: string,
    by: { id: string; conversation?: string | undefined },
  ): Promise<string> {
    endpointOf(organisation, endpoint);
    const id = await nextNumber(tx, 'CHK');
    await tx
      .insertInto('model_checks')
      .values({
        id,
        kind: check.kind,
        endpoint,
        asked_by: by.id,
        asked: JSON.stringify(check.asked),
        state: 'waiting',
        note: 'about to start',
        conversation: by.conversation ?? null,
        created_at: clock.now().toString(),
      })
      .execute();
    await jobs.enqueue(tx, CHECK, { check: id });
    return id;
  }

  return {
    open,
    find: findCheck,
    /** The last finished one of its kind. */
    latest: (db: Db | Tx, endpoint: string, kind: 'drift' | 'labels') =>
      db
        .selectFrom('model_checks')
        .selectAll()
        .where('endpoint', '=', endpoint)
        .where('kind', '=', kind)
        .where('state', '=', 'done')
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst(),
  };
}

const HOUR_MS = 3_600_000;

export const findCheck = (db: Db | Tx, id: string) =>
  db.selectFrom('model_checks').selectAll().where('id', '=', id).executeTakeFirst();

const effectsOf = (features: readonly Feature[]): WindowEffect[] =>
  features.flatMap((feature) =>
    feature.measures
      .filter(({ metric, null95 }) => metric === 'psi' || null95 !== undefined)
      .map((measure) => ({
        feature: feature.name,
        metric: measure.metric,
        value: measure.value,
        why: measure.why,
        p: measure.p,
        null95: measure.null95,
        floor: measure.floor,
        bins: measure.bins,
        ...sizesOf(feature, measure),
        breached: false,
      })),
  );

const STATES = ['alarm', 'watch', 'unknown', 'ok'] as const;

function resultOf(features: readonly Feature[], verdicts: readonly Verdict[]): DriftResult['features'] {
  return features
    .flatMap((feature) => {
      const own = verdicts.filter((verdict) => verdict.feature === feature.name);
      // The worst of its judged numbers speaks for the feature; the index where all are alike.
      const said = [...own].sort(
        (a, b) =>
          STATES.indexOf(a.state) - STATES.indexOf(b.state) || Number(b.metric === 'psi') - Number(a.metric === 'psi'),
      )[0];
      if (!said) return [];
      const table = feature.measures.find(({ metric }) => metric === 'psi')?.table ?? [];
      return [
        {
          feature: feature.name,
          metric: said.metric,
          value: said.value ?? null,
          limit: said.limit ?? null,
          state: said.state,
          because: said.because,
          bins: table.map(({ bin, reference, current }) => ({ bin, reference, current })),
          also: feature.measures
            .filter(({ metric }) => metric !== said.metric)
            .map(({ metric, value, p }) => ({ metric, value: value ?? null, p: p ?? null })),
        },
      ];
    })
    .sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || ratio(b) - ratio(a));
}

const ratio = ({ value, limit }: { value: number | null; limit: number | null }): number =>
  value !== null && limit ? value / limit : 0;

/** As incidents and charts call it. */
const metricName = (metric: string): string => (metric === 'psi' ? 'PSI' : metric.replaceAll('_', ' '));

function sentenceOf(endpoint: string, { features }: DriftResult): string {
  const [worst] = features;
  if (!worst) return `${endpoint}: no feature could be compared.`;
  const alarms = features.filter(({ state }) => state === 'alarm').length;
  const number = worst.value === null ? 'unknown' : worst.value.toFixed(2);
  const limit = worst.limit === null ? '' : `, limit ${worst.limit.toFixed(2)}`;
  const said = `${metricName(worst.metric)} of ${worst.feature} is ${number}${limit}`;
  if (alarms > 0)
    return `${endpoint} drifts: ${said}${alarms > 1 ? `; ${alarms} of ${features.length} features are over` : ''}.`;
  return worst.state === 'unknown'
    ? `${endpoint}: not every feature can be judged; ${said}.`
    : `${endpoint} does not drift: ${said}.`;
}

const coverageSentence = (endpoint: string, coverage: number): string =>
  `${endpoint}: labels are there for ${Math.round(coverage * 100)} % of the requests.`;

export type Checks = ReturnType<typeof checks>;
