import type { Temporal } from 'temporal-polyfill';
import type { Entry } from '../parts/list.ts';
import { plain } from '../parts/text.ts';
import { between, clock } from '../parts/time.ts';

/** One signal of an incident. */
export interface AlertLine {
  /** One plain sentence with its number. */
  headline: string;
  since: Temporal.Instant;
  /** Set when it is over. */
  until?: Temporal.Instant;
}

/** Firing ones first, then the newest. Since when, not for how long: the card is not drawn again while nothing happens. */
export const alertEntries = (alerts: readonly AlertLine[]): Entry[] =>
  [...alerts]
    .sort(
      (a, b) =>
        Number(Boolean(a.until)) - Number(Boolean(b.until)) || b.since.epochMilliseconds - a.since.epochMilliseconds,
    )
    .map(({ headline, since, until }) => ({
      text: `${until ? '✔' : '▲'} ${plain(headline, 160)} · ${until ? `over after ${between(since, until)}` : `since ${clock(since)}`}`,
    }));
