import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { numbered } from '../arguments.ts';
import type { Turn } from '../capability.ts';

/** One of the two: what people say to a silence, and to a maintenance. */
export const silenceRefs = {
  silence: numbered('silence', 'a silence, such as SIL-3').optional(),
  maintenance: numbered('maintenance', 'a maintenance, such as MNT-2').optional(),
};

export function refOf({
  silence,
  maintenance,
}: {
  silence?: string | undefined;
  maintenance?: string | undefined;
}): string {
  const id = silence ?? maintenance;
  if (!id) throw new Refused('I still need the silence.', 'Say “silences” for the list.', 'missing');
  return id;
}

/** From when until when, from what was said of it. Without an end there is no silence. */
export function spanOf(
  { now }: Pick<Turn, 'now'>,
  said: { duration?: string | undefined; from?: string | undefined; until?: string | undefined },
): { from: Temporal.Instant; until: Temporal.Instant } {
  const from = said.from ? Temporal.Instant.from(said.from) : now;
  if (said.until) return { from, until: Temporal.Instant.from(said.until) };
  if (!said.duration) {
    throw new Refused('I still need its end.', 'For example: silence ep-fraud for 2 hours because …', 'missing');
  }
  return { from, until: from.toZonedDateTimeISO('UTC').add(Temporal.Duration.from(said.duration)).toInstant() };
}

export const silenceInput = z.object(silenceRefs);
