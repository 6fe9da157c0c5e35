import { sameTraffic, type Traffic } from '../fleet/index.ts';

/** What an endpoint serves: shares in percent, and the model version of each deployment that is live or mirrored. */
export interface Serves {
  traffic: Traffic;
  mirror: Traffic;
  /** `name:version` by deployment. */
  models: Readonly<Record<string, string>>;
}

/** Only what is live or mirrored counts: a deployment without traffic serves nobody. */
export function servesOf(seen: Serves): Serves {
  const kept = (shares: Traffic) => Object.fromEntries(Object.entries(shares).filter(([, share]) => share > 0));
  const [traffic, mirror] = [kept(seen.traffic), kept(seen.mirror)];
  const used = new Set([...Object.keys(traffic), ...Object.keys(mirror)]);
  return {
    traffic,
    mirror,
    models: Object.fromEntries(Object.entries(seen.models).filter(([name]) => used.has(name))),
  };
}

export interface Difference {
  what: 'traffic' | 'mirror' | 'model';
  /** "traffic is blue 0 %, green 100 % instead of blue 90 %, green 10 %" */
  words: string;
}

/** What is served against what should be; empty when they agree. */
export function differences(expected: Serves, found: Serves): Difference[] {
  const all: Difference[] = [];
  if (!sameTraffic(expected.traffic, found.traffic))
    all.push({ what: 'traffic', words: `traffic is ${shares(found.traffic)} instead of ${shares(expected.traffic)}` });
  if (!sameTraffic(expected.mirror, found.mirror))
    all.push({ what: 'mirror', words: `mirrored is ${shares(found.mirror)} instead of ${shares(expected.mirror)}` });
  for (const [name, model] of Object.entries(expected.models)) {
    const now = found.models[name];
    if (now !== undefined && now !== model)
      all.push({ what: 'model', words: `${name} serves ${now} instead of ${model}` });
  }
  return all;
}

const shares = (traffic: Traffic): string =>
  Object.entries(traffic)
    .filter(([, share]) => share > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, share]) => `${name} ${share} %`)
    .join(', ') || 'nothing';
