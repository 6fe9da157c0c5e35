import type { Temporal } from 'temporal-polyfill';
import type { ThresholdsView } from '../../cards/alerts/thresholds.ts';
import { money } from '../../cards/parts/numbers.ts';
import { DEFAULT_FEATURE, judgeDrift } from '../../services/models/index.ts';
import type { Rooms } from '../rooms.ts';

/** The limits in force, with the last number of each feature and what decides the severity. */
export async function thresholdsView(rooms: Rooms, endpoint: string, now: Temporal.Instant): Promise<ThresholdsView> {
  const usual = judgeDrift(rooms.organisation, endpoint, []);
  const { limits, windows } = rooms.models;
  const [known, standing, suggested] = await Promise.all([
    limits.all(rooms.db, endpoint),
    windows.standing(rooms.db, endpoint),
    limits.suggest(rooms.db, endpoint),
  ]);
  const contexts = rooms.organisation.driftContexts.filter((each) => each.endpoint === endpoint);
  const names = new Set([
    ...standing.filter(({ metric }) => metric === 'psi').map(({ feature }) => feature),
    ...[...known.keys()].filter((name) => name !== DEFAULT_FEATURE),
    ...contexts.map(({ feature }) => feature),
  ]);
  return {
    now,
    endpoint,
    business: `When Wardroom finds drift: SEV ${usual.severity + 1} (${usual.because})${contexts.length > 0 ? `; ${contexts.map(({ feature, moneyPerHour }) => `${feature}${moneyPerHour ? ` ${money(moneyPerHour)} an hour` : ''}`).join(', ')} by its own context` : ''}.`,
    fallback: limits.valueFor(known, DEFAULT_FEATURE),
    windows: Math.max(0, ...suggested.map((each) => each.windows)),
    changed: [...known.values()].filter(({ from }) => from === 'chat').map(({ feature }) => feature),
    limits: [...names].sort().map((feature) => {
      const limit = known.get(feature) ?? known.get(DEFAULT_FEATURE);
      const last = standing.find((each) => each.feature === feature && each.metric === 'psi');
      return {
        feature,
        value: limits.valueFor(known, feature),
        from:
          limit?.from === 'chat'
            ? `${rooms.people.nameOf(limit.by ?? '')}${limit.why ? `: ${limit.why}` : ''}`
            : limit?.feature === feature
              ? 'wardroom.yaml'
              : 'default',
        ...(last?.value === null || last === undefined ? {} : { last: last.value, state: last.state }),
      };
    }),
  };
}
