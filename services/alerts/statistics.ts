import type { Db } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import {
  byDay,
  bySeverity,
  noiseByRule,
  type Period,
  pagesOf,
  type RuleNoise,
  type Totals,
  totals,
} from './statistics.store.ts';

export type { Period } from './statistics.store.ts';

const MOST_RULES = 20;

export interface Statistics {
  totals: Totals;
  severities: readonly { severity: number; count: number }[];
  days: readonly { day: string; count: number }[];
  rules: readonly RuleNoise[];
  /** Everybody who was paged, the most disturbed first. */
  pages: readonly { person: string; pages: number; night: number }[];
}

export const statistics =
  ({ organisation }: Pick<AlertsDeps, 'organisation'>) =>
  async (db: Db, period: Period): Promise<Statistics> => {
    const zones = Object.fromEntries(organisation.people.map(({ id, zone }) => [id, zone]));
    const [total, severities, days, rules, pages] = await Promise.all([
      totals(db, period),
      bySeverity(db, period),
      byDay(db, period, organisation.zone),
      noiseByRule(db, period, MOST_RULES),
      pagesOf(db, period, zones, organisation.zone),
    ]);
    return { totals: total, severities, days, rules, pages };
  };
