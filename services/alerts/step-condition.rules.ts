import type { Temporal } from 'temporal-polyfill';
import { counted } from '../core/counted.ts';
import type { StepCondition } from '../core/organisation.oncall.ts';
import { nextWithin, withinHours } from '../core/week-hours.rules.ts';
import type { Verdict } from './escalation.rules.ts';

/** What a condition looks at. */
export interface Seen {
  severity: number;
  /** When each alert of the incident began, in milliseconds. */
  begun: readonly number[];
  /** The zone of hours that name none. */
  zone: string;
}

/** What a step waits for or is passed over without, for people; undefined when it comes by time alone. */
export function conditionWords(condition: StepCondition | undefined): string | undefined {
  if (!condition) return undefined;
  const { severity, moreThan, within, hours } = condition;
  const parts = [
    moreThan !== undefined && within !== undefined && `more than ${moreThan} alerts began within ${within} min`,
    typeof severity === 'number' && `it is SEV ${severity}${severity > 0 ? ' or worse' : ''}`,
    Array.isArray(severity) && `it is SEV ${severity.join(' or ')}`,
    hours && 'it is within the hours of the step',
  ].filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join(' and ') : undefined;
}

/** Whether a step may be told now. Severity and hours are passed over when they do not fit, a number of alerts is waited for. */
export function holds(condition: StepCondition | undefined, seen: Seen, now: Temporal.Instant): Verdict {
  if (!condition) return { go: true };
  const { severity, moreThan, within, hours, zone = seen.zone, otherwise } = condition;
  const fits =
    severity === undefined ||
    (typeof severity === 'number' ? seen.severity <= severity : severity.includes(seen.severity));
  if (!fits) return { go: false, wait: otherwise === 'wait', why: `its severity is ${seen.severity}` };
  if (hours && !withinHours(hours, zone, now)) {
    const until = nextWithin(hours, zone, now)?.epochMilliseconds;
    const later = otherwise === 'wait' && until !== undefined ? { until } : {};
    return { go: false, wait: otherwise === 'wait', ...later, why: 'it is outside the hours of the step' };
  }
  if (moreThan !== undefined && within !== undefined) {
    const since = now.epochMilliseconds - within * 60_000;
    const count = seen.begun.filter((at) => at > since && at <= now.epochMilliseconds).length;
    const why = `${counted(count, 'alert')} began in ${within} min, more than ${moreThan} are needed`;
    if (count <= moreThan) return { go: false, wait: otherwise !== 'skip', why };
  }
  return { go: true };
}
