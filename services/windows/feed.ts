import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { Organisation } from '../core/organisation.ts';
import type { Roster } from '../core/roster.ts';
import type { Db, Tx } from '../store/store.ts';
import { addWindowFeed, liveWindowFeed, ownWindowFeed } from './feed.store.ts';
import { type FeedEvent, writeIcs } from './ics.ts';
import { overlaps } from './intervals.ts';
import { scopeWords, targetOf } from './places.rules.ts';
import type { CalendarStore } from './windows.ts';

export interface FeedDeps {
  clock: Clock;
  ids: Ids;
  organisation: Organisation;
  people: Roster;
  addressOf: (path: string) => string;
}

const DAY_MS = 86_400_000;
const BACK_MS = 30 * DAY_MS;
const AHEAD_MS = 180 * DAY_MS;
const MOST_EVENTS = 2_000;
const EVERYTHING = '*';

/** The change calendar to subscribe to in Outlook, behind an address that cannot be guessed and can be taken back. */
export function windowFeed({ clock, ids, organisation, people, addressOf }: FeedDeps, store: CalendarStore) {
  return {
    /** The same address again when this person has one. */
    async subscribe(tx: Tx, person: string, endpoint?: string): Promise<string> {
      const subject = endpoint ?? EVERYTHING;
      const known = await ownWindowFeed(tx, person, subject);
      const token = known?.token ?? `${ids.uuid()}${ids.uuid()}`.replaceAll('-', '');
      if (!known) await addWindowFeed(tx, { token, subject, person }, clock.now().toString());
      return addressOf(`/feeds/${token}.ics`);
    },

    /** The calendar at this address; `undefined` when it is none of ours. */
    async open(db: Db, token: string): Promise<string | undefined> {
      const row = /^[0-9a-f]{64}$/.test(token) ? await liveWindowFeed(db, token) : undefined;
      if (!row || !people.byId(row.person)?.active) return undefined;
      const calendar = await store.calendar(db);
      const entries =
        row.subject === EVERYTHING ? calendar.entries : calendar.about(targetOf(organisation, row.subject)).entries;
      const now = clock.ms();
      const seen = { start: now - BACK_MS, end: now + AHEAD_MS };
      const events = entries.flatMap(({ spec, spans }): FeedEvent[] =>
        spans(now)
          .filter((span) => overlaps(span, seen))
          .map(({ start, end }) => ({
            uid: `${spec.id}-${start}@wardroom`,
            name: `${spec.kind === 'deny' ? 'Freeze' : spec.kind === 'allow' ? 'Open' : spec.kind === 'maintenance' ? 'Maintenance' : 'To know'}: ${spec.name ?? spec.id}`,
            description: `About ${scopeWords(spec.scope)} (${spec.id})`,
            start,
            // A freeze without an end is shown as long as the feed reaches.
            end: Number.isFinite(end) ? end : seen.end,
          })),
      );
      events.sort((a, b) => a.start - b.start);
      const name = row.subject === EVERYTHING ? 'Change calendar' : `Change calendar of ${row.subject}`;
      return writeIcs(
        name,
        events.slice(0, MOST_EVENTS),
        Temporal.Instant.fromEpochMilliseconds(now).epochMilliseconds,
      );
    },
  };
}
