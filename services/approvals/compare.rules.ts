import type { Organisation } from '../core/organisation.ts';
import { isCount, lessIsBetter } from './metrics.rules.ts';

/** What is known of one version; undefined is unknown and never counted as anything. */
export interface VersionFacts {
  version: string;
  /** The run's own metrics, by name. */
  quality: Readonly<Record<string, number>>;
  /** 95th percentile in milliseconds where it serves. */
  latencyP95Ms?: number | undefined;
  /** Of its files, in bytes. */
  sizeBytes?: number | undefined;
  /** Mean CPU use of its deployments, in percent. */
  cpuPercent?: number | undefined;
  /** Per month, in `currency`. */
  costPerMonth?: number | undefined;
  currency?: string | undefined;
  /** Machines it trained for, in hours. */
  trainingHours?: number | undefined;
  /** Where it serves: `ep-fraud/blue`. */
  serves: readonly string[];
}

interface Axis {
  name: string;
  /** Larger is better. */
  value: number;
}

function axesOf(facts: VersionFacts): Axis[] {
  const cost = (name: string, value: number | undefined): Axis[] =>
    value === undefined ? [] : [{ name, value: -value }];
  return [
    ...Object.entries(facts.quality)
      .filter(([name]) => !isCount(name))
      .map(([name, value]) => ({ name, value: lessIsBetter(name) ? -value : value })),
    ...cost('latency', facts.latencyP95Ms),
    ...cost('size', facts.sizeBytes),
    ...cost('cpu', facts.cpuPercent),
    ...cost('cost', facts.costPerMonth),
  ].filter(({ value }) => Number.isFinite(value));
}

export interface Dominance {
  version: string;
  /** A version that is at least as good in everything that is known of both, and better in something. */
  by?: string;
  /** In what `by` is better. */
  better: readonly string[];
}

/** Marks versions that another one beats (Pareto). Two need at least one quality metric and one thing more in common. */
export function dominance(all: readonly VersionFacts[]): Dominance[] {
  return all.map((own) => {
    for (const other of all) {
      if (other === own) continue;
      const mine = new Map(axesOf(own).map(({ name, value }) => [name, value]));
      const shared = axesOf(other).filter(({ name }) => mine.has(name));
      const quality = shared.some(({ name }) => name in own.quality);
      if (!quality || shared.length < 2) continue;
      if (shared.some(({ name, value }) => value < (mine.get(name) ?? 0))) continue;
      const better = shared.filter(({ name, value }) => value > (mine.get(name) ?? 0)).map(({ name }) => name);
      if (better.length > 0) return { version: own.version, by: other.version, better };
    }
    return { version: own.version, better: [] };
  });
}

/** "v7 v8 of fraud-detector", "fraud-detector 7 8", "7, 8 and 9": the model, when it is among the words, and the versions. */
export function readVersions(words: string): { model?: string; versions: string[] } {
  const parts = words
    .split(/[\s,]+/)
    .filter((part) => part !== '' && !/^(and|with|against|to|vs\.?|versions?)$/i.test(part))
    .flatMap((part) => part.split(':'));
  const versions = parts.filter((part) => /^v?\d{1,9}$/i.test(part)).map((part) => part.replace(/^v/i, ''));
  const [model] = parts.filter((part) => !/^v?\d{1,9}$/i.test(part));
  return { ...(model ? { model } : {}), versions: [...new Set(versions)] };
}

/** The models of the team whose channel this is (a conversation's key): whoever speaks there means one of them. */
export function modelsOfChannel({ teams, endpoints }: Teams, conversation: string): string[] {
  const team = teams.find(({ channel }) => conversation === `channel:${channel}`);
  return [...new Set(endpoints.filter(({ owner }) => owner === team?.id).flatMap(({ models }) => models))];
}
type Teams = {
  teams: readonly Pick<Organisation['teams'][number], 'id' | 'channel'>[];
  endpoints: readonly Pick<Organisation['endpoints'][number], 'owner' | 'models'>[];
};

/** What a dialog asks of the model registry and of what is measured; bot/app.catalogue.ts wires it. */
export interface Catalogue {
  known(model: string): Promise<{
    versions: readonly { version: string; createdAt?: string | undefined; createdBy?: string | undefined }[];
    /** `fraud-detector:6 on ep-fraud/blue, 90 %` */
    serving: readonly string[];
    /** What could not be asked, in words. */
    missing: readonly string[];
  }>;
  facts(
    model: string,
    versions: readonly string[],
  ): Promise<{ found: readonly VersionFacts[]; missing: readonly string[] }>;
}
