import type { Temporal } from 'temporal-polyfill';
import type { Entry } from '../parts/list.ts';
import { plain } from '../parts/text.ts';
import { between } from '../parts/time.ts';

/** One signal of an incident. */
export interface AlertLine {
  /** One plain sentence with its number. */
  headline: string;
  since: Temporal.Instant;
  /** Set when it is over. */
  until?: Temporal.Instant;
}

/** Firing ones first, then the newest. */
export const alertEntries = (alerts: readonly AlertLine[], now: Temporal.Instant): Entry[] =>
  [...alerts]
    .sort(
      (a, b) =>
        Number(Boolean(a.until)) - Number(Boolean(b.until)) || b.since.epochMilliseconds - a.since.epochMilliseconds,
    )
    .map(({ headline, since, until }) => ({
      text: `${until ? '✔' : '▲'} ${plain(headline, 160)} · ${until ? `over after ${between(since, until)}` : `for ${between(since, now)}`}`,
    }));
