import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import type { KnownMonitor } from '../../services/models/index.ts';
import { freeText } from '../arguments.ts';

export const monitorName = z.object({ name: freeText(120), reason: freeText(200).optional() });
export const MAY_CHANGE = ['responder', 'requester', 'engineering'] as const;

/** "0.20": a limit as cards write it. */
export const limitWords = (value: number): string =>
  value.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 4 });

/** Pausing a paused one would be nothing to confirm. */
export function mustBe({ name, enabled }: KnownMonitor, wanted: boolean): void {
  if (enabled === wanted) return;
  throw new Refused(`${name} is ${enabled ? 'running' : 'paused'} already.`, `Say “monitor ${name}” to see it.`);
}
