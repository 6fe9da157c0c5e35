import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { shifts } from '../core/schedule.rules.ts';
import type { Db, Tx } from '../store/store.ts';
import { type CalendarShift, calendarOf } from './calendar.rules.ts';
import type { AlertsDeps } from './deps.ts';
import { addFeed, type FeedKind, type FeedRow, liveFeed, markUsed, ownFeed, revokeFeeds } from './feeds.store.ts';
import { neededSchedule, ownShifts } from './oncall.rules.ts';
import { effectiveSchedules } from './oncall.store.ts';
import { withPlans } from './oncall-rotations.store.ts';

/** A calendar shows what was, too: who was on call last week is asked more often than next quarter. */
const BACK_DAYS = 30;
const AHEAD_DAYS = 120;
const MOST_SHIFTS = 2_000;
const HOST = 'wardroom';

export interface Feed {
  kind: FeedKind;
  subject: string;
  url: string;
}

const ENDING: Readonly<Record<FeedKind, string>> = { schedule: 'ics', person: 'ics', report: 'md', windows: 'ics' };

/** Calendars and reports behind addresses that cannot be guessed and can be taken back (RFC 5545 over HTTP). */
export function feeds(deps: Pick<AlertsDeps, 'clock' | 'ids' | 'organisation' | 'people' | 'addressOf'>) {
  const { clock, ids, organisation, people, addressOf } = deps;

  const urlOf = ({ token, kind }: Pick<FeedRow, 'token' | 'kind'>) => addressOf(`/feeds/${token}.${ENDING[kind]}`);

  /** The same address again when they have one: a subscription goes on. */
  async function own(tx: Tx, person: string, kind: FeedKind, subject: string): Promise<Feed> {
    const known = await ownFeed(tx, person, kind, subject);
    if (known) return { kind, subject, url: urlOf(known) };
    // Two random UUIDs: 244 bits that nobody guesses, and no secret that somebody would have to keep.
    const token = `${ids.uuid()}${ids.uuid()}`.replaceAll('-', '');
    await addFeed(tx, { token, kind, subject, person }, clock.now());
    return { kind, subject, url: urlOf({ token, kind }) };
  }

  async function calendar(db: Db, feed: FeedRow): Promise<{ name: string; body: string }> {
    const now = clock.now();
    const from = now.subtract({ hours: 24 * BACK_DAYS });
    const to = now.add({ hours: 24 * AHEAD_DAYS });
    const mine = feed.kind === 'person' ? feed.subject : undefined;
    const { schedules } = await withPlans(db, organisation);
    const planned = schedules.filter(({ id }) => mine !== undefined || id === feed.subject);
    const found: CalendarShift[] = [];
    for (const schedule of await effectiveSchedules(db, planned, now)) {
      const list =
        mine === undefined
          ? shifts(schedule, from, to).flatMap(({ people: who, ...span }) => who.map((person) => ({ person, ...span })))
          : ownShifts(schedule, mine, from, to, MOST_SHIFTS).map((span) => ({ person: mine, ...span }));
      for (const { person, start, end } of list) {
        const title = mine === undefined ? `${people.nameOf(person)} (${schedule.id})` : `On call: ${schedule.id}`;
        found.push({ schedule: schedule.id, person, title, start, end: end ?? to });
      }
    }
    const name = mine === undefined ? `On call: ${feed.subject}` : `On call: ${people.nameOf(mine)}`;
    found.sort((a, b) => Temporal.Instant.compare(a.start, b.start));
    return { name, body: calendarOf(name, found.slice(0, MOST_SHIFTS), now, HOST) };
  }

  return {
    /** Throws Refused with the nearest name when there is no such schedule. */
    ofSchedule: async (tx: Tx, person: string, name: string) =>
      own(tx, person, 'schedule', neededSchedule(await withPlans(tx, organisation), name).id),
    ofPerson: (tx: Tx, person: string) => own(tx, person, 'person', person),
    ofReport: (tx: Tx, person: string, incident: string) => own(tx, person, 'report', incident),

    async revoke(tx: Tx, person: string, name: string | undefined): Promise<number> {
      const subject = name === undefined ? undefined : neededSchedule(await withPlans(tx, organisation), name).id;
      const count = await revokeFeeds(tx, person, subject, clock.now());
      if (count === 0) throw new Refused('You have no address to take back.', 'Say “my calendar” for one.');
      return count;
    },

    /** What stands at this address; `undefined` when there is nothing, or not any more. */
    async open(
      db: Db,
      token: string,
    ): Promise<{ row: FeedRow; calendar?: { name: string; body: string } } | undefined> {
      if (!/^[0-9a-f]{64}$/.test(token)) return undefined;
      const row = await liveFeed(db, token);
      // Somebody who left takes nothing along.
      if (!row || !people.byId(row.person)?.active) return undefined;
      await markUsed(db, token, clock.now());
      return row.kind === 'report' ? { row } : { row, calendar: await calendar(db, row) };
    },
  };
}
