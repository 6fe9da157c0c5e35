import type { Temporal } from 'temporal-polyfill';
import type { Endpoint, Organisation, Promotion } from '../core/organisation.ts';
import type { Finding } from './evidence.rules.ts';
import type { CardVersion } from './model-cards.rules.ts';
import type { PromotePlan } from './plan.ts';
import type { RunFacts, Sources, TargetFacts, VersionFacts } from './sources.ts';

/** What is asked for about one version, with what several findings need looked up once. */
export interface About {
  now: Temporal.Instant;
  plan: PromotePlan;
  endpoint: Endpoint;
  promotion: Promotion;
  organisation: Organisation;
  sources: Sources;
  version: VersionFacts;
  /** The training run of the version. */
  run: () => Promise<RunFacts | undefined>;
  /** The version that serves most of the traffic now, and its training run. */
  serving: () => Promise<{ name: string; run: RunFacts | undefined } | undefined>;
  target: () => Promise<TargetFacts | undefined>;
  /** The model card as it stands. */
  card: () => Promise<CardVersion | undefined>;
  /** A JSON file among the run's outputs. */
  json: (path: string) => Promise<{ value: unknown; source: string; at: Temporal.Instant } | undefined>;
  /** The same of the serving version's run; undefined also when it cannot be read. */
  servingJson: (path: string) => Promise<{ value: unknown } | undefined>;
  /** The use case that says how risky it is; undefined when wardroom.yaml alone does. */
  useCase?: string | undefined;
}

/** What was found of one kind. */
export type Found = Omit<Finding, 'kind'>;
export const none = (about: Pick<About, 'now'>, summary: string, source: string): Found => ({
  state: 'missing',
  summary,
  source,
  asOf: about.now,
  body: {},
});

/** Larger ones are summaries that were forgotten to be made. */
export const MOST_EVIDENCE_BYTES = 5 * 1024 * 1024;

export function about(deps: {
  now: Temporal.Instant;
  plan: PromotePlan;
  organisation: Organisation;
  sources: Sources;
  endpoint: Endpoint;
  promotion: Promotion;
  version: VersionFacts;
  card: () => Promise<CardVersion | undefined>;
  useCase?: string | undefined;
}): About {
  const { plan, sources, version, now } = deps;
  const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
    let asked: Promise<T> | undefined;
    return () => {
      asked ??= work();
      return asked;
    };
  };
  const target = once(() => sources.target(plan.workspace, plan.endpoint));
  const run = once(async () => (version.jobName ? sources.run(plan.workspace, version.jobName) : undefined));
  const serving = once(async () => {
    const found = servingOf(await target());
    const [name = '', number = ''] = found?.split(':') ?? [];
    if (!found) return undefined;
    const serves = await sources.version(plan.workspace, name, number);
    return { name: found, run: serves?.jobName ? await sources.run(plan.workspace, serves.jobName) : undefined };
  });
  return {
    ...deps,
    target,
    run,
    serving,
    servingJson: async (path) => {
      const found = await serving();
      const text = found?.run && (await sources.output(plan.workspace, found.run.id, path, MOST_EVIDENCE_BYTES));
      try {
        return text === undefined ? undefined : { value: parsed(text, path) };
      } catch (error) {
        if (error instanceof RangeError) return undefined;
        throw error;
      }
    },
    json: async (path) => {
      const done = await run();
      if (!done) return undefined;
      const text = await sources.output(plan.workspace, done.id, path, MOST_EVIDENCE_BYTES);
      if (text === undefined) return undefined;
      return { value: parsed(text, path), source: `${path} of run ${done.id}`, at: done.endedAt ?? now };
    },
  };
}

/** The version with the most traffic: "fraud-detector:6". */
export function servingOf(target: TargetFacts | undefined): string | undefined {
  const [name] = Object.entries(target?.traffic ?? {}).sort(([, a], [, b]) => b - a)[0] ?? [];
  return target?.deployments.find((each) => each.name === name)?.model;
}

/** JSON has no NaN and no Infinity; Python writes them all the same, so that is said by name. */
export function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = /(?<![\w"])(-?Infinity|NaN)(?![\w"])/.exec(text)?.[1];
    if (found) throw new RangeError(`${name} holds ${found}, which JSON has no word for; write null or leave it out`);
    throw new RangeError(`${name} is not JSON: ${(error as Error).message.slice(0, 120)}`);
  }
}
