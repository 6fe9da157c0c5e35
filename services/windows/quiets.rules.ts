import type { Temporal } from 'temporal-polyfill';
import type { Matcher } from '../core/matchers.rules.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Calendar } from './calendar.ts';
import { holding } from './intervals.ts';
import { endpointsIn } from './places.rules.ts';
import { matchesScope } from './scope.rules.ts';

/** Maintenance as the alerts want it: whose alerts are held back, and until when. Milliseconds. */
export interface MaintenanceQuiet {
  id: string;
  kind: 'maintenance';
  matchers: readonly Matcher[];
  from: number;
  until: number;
  by: string;
  reason: string;
}

/** One for each endpoint that is in maintenance now; one without matchers when everything is. */
export function quietsOf(calendar: Calendar, organisation: Organisation, now: Temporal.Instant): MaintenanceQuiet[] {
  const at = now.epochMilliseconds;
  return calendar.entries.flatMap(({ spec, spans }) => {
    const span = spec.kind === 'maintenance' ? holding(spans(at), at) : undefined;
    if (!span) return [];
    const quiet = {
      id: spec.id,
      kind: 'maintenance' as const,
      from: span.start,
      until: span.end,
      by: 'wardroom',
      reason: spec.name ?? spec.id,
    };
    if (spec.scope.everything) return [{ ...quiet, matchers: [] }];
    const endpoints = endpointsIn(organisation, (target) => matchesScope(spec.scope, target));
    return endpoints.map((value) => ({ ...quiet, matchers: [{ name: 'endpoint', op: '=' as const, value }] }));
  });
}
