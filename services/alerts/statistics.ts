import { Temporal } from 'temporal-polyfill';
import { withinHours } from '../core/week-hours.rules.ts';
import type { Db } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import {
  byDay,
  bySeverity,
  noiseByRule,
  type Period,
  type RuleNoise,
  type Totals,
  tellings,
  totals,
} from './statistics.store.ts';

export type { Period } from './statistics.store.ts';

/** Between these times of their own clock people sleep. */
export const NIGHT = { from: '22:00', to: '07:00' };
const MOST_RULES = 20;

export interface Statistics {
  totals: Totals;
  severities: readonly { severity: number; count: number }[];
  days: readonly { day: string; count: number }[];
  rules: readonly RuleNoise[];
  /** Everybody who was paged, the most disturbed first. */
  pages: readonly { person: string; pages: number; night: number }[];
}

/** Pages per person, and how many of them came at night by the person's own clock. */
export function perPerson(told: readonly { person: string; at: string }[], zoneOf: (person: string) => string) {
  const counts = new Map<string, { pages: number; night: number }>();
  for (const { person, at } of told) {
    const count = counts.get(person) ?? { pages: 0, night: 0 };
    const night = withinHours([NIGHT], zoneOf(person), Temporal.Instant.from(at));
    counts.set(person, { pages: count.pages + 1, night: count.night + (night ? 1 : 0) });
  }
  return [...counts]
    .map(([person, count]) => ({ person, ...count }))
    .sort((a, b) => b.night - a.night || b.pages - a.pages || (a.person < b.person ? -1 : 1));
}

export const statistics =
  ({ organisation, people }: Pick<AlertsDeps, 'organisation' | 'people'>) =>
  async (db: Db, period: Period): Promise<Statistics> => {
    const [total, severities, days, rules, told] = await Promise.all([
      totals(db, period),
      bySeverity(db, period),
      byDay(db, period, organisation.zone),
      noiseByRule(db, period, MOST_RULES),
      tellings(db, period),
    ]);
    const zoneOf = (person: string) => people.byId(person)?.zone ?? organisation.zone;
    return { totals: total, severities, days, rules, pages: perPerson(told, zoneOf) };
  };
