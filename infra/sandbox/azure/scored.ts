import { regressionOf } from './load.ts';
import type { EndpointSeed } from './northwind.ts';
import { hash } from './random.ts';
import { type EstateState, MINUTE, weightAt } from './state.ts';

/** Requests that two deployments scored, with the label that came later: what a team keeps beside Azure's own logs. */

const EVERY_MS = 15_000;
/** Somebody disputes a payment, or does not: known after this long. */
export const LABEL_AFTER_MS = 30 * MINUTE;
const POSITIVE_SHARE = 0.3;
const MOST = 20_000;

export interface ScoredRow {
  at: number;
  id: string;
  label: 0 | 1;
  current: number;
  candidate: number;
}

const unit = (...parts: (string | number)[]) => hash(...parts) / 2 ** 32;

/** One row every fifteen seconds in which the candidate got a copy; labels are known at `now`. */
export function scoredRows(
  state: EstateState,
  endpoint: EndpointSeed,
  pair: { current: string; candidate: string },
  span: { from: number; to: number; now: number },
): ScoredRow[] {
  const rows: ScoredRow[] = [];
  const last = Math.min(span.to, span.now - LABEL_AFTER_MS);
  for (let at = Math.ceil(span.from / EVERY_MS) * EVERY_MS; at <= last && rows.length < MOST; at += EVERY_MS) {
    if (weightAt(state, endpoint.name, pair.candidate, at, 'mirrorTraffic') < 0.001) continue;
    const label = unit(state.seed, endpoint.name, 'label', at) < POSITIVE_SHARE ? 1 : 0;
    const difficulty = unit(state.seed, endpoint.name, 'row', at);
    const worse = regressionOf(state, endpoint.name, pair.candidate, at).qualityPoints / 100;
    const score = (deployment: string, wrongShare: number) => {
      const own = unit(state.seed, endpoint.name, deployment, 'score', at);
      // Mostly the same rows are hard for both: that is why they are compared on the same rows.
      const wrong = 0.7 * difficulty + 0.3 * own > 1 - wrongShare;
      const right = label === 1 ? 0.5 + own / 2 : own / 2;
      return Math.round((wrong ? 1 - right : right) * 1e4) / 1e4;
    };
    rows.push({
      at,
      id: `req-${at}`,
      label,
      current: score(pair.current, 0.22),
      candidate: score(pair.candidate, 0.21 + worse),
    });
  }
  return rows;
}
