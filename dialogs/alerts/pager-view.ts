import { Temporal } from 'temporal-polyfill';
import { pagerAlarmCard, testPageCard } from '../../cards/alerts/pager.ts';
import type { Card } from '../../cards/card.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import type { Draw } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

export async function testPage(rooms: Rooms, id: number, now: Temporal.Instant): Promise<Card | undefined> {
  const row = await rooms.alerts.watch.findPage(rooms.db, id);
  if (!row) return undefined;
  return testPageCard({
    now,
    id,
    at: Temporal.Instant.from(row.created_at),
    asker: row.asked_by === row.person ? 'you' : rooms.people.nameOf(row.asked_by),
    ...(row.confirmed_at ? { confirmed: Temporal.Instant.from(row.confirmed_at) } : {}),
  });
}

export const testPageNotice: Draw = async (rooms, { ids }, now) => {
  const card = await testPage(rooms, Number(ids['page']), now);
  return card && { card, summary: summaryOf(card) };
};

/** Said where it can still be heard: the pager itself is in doubt. */
export const pagerAlarmNotice: Draw = async (rooms, { ids }, now) => {
  const what = ids['what'];
  if (what !== 'overdue' && what !== 'undelivered' && what !== 'unconfirmed') return undefined;
  const card = pagerAlarmCard({
    now,
    what,
    ...(ids['incident'] ? { incident: ids['incident'] } : {}),
    ...(ids['minutes'] ? { minutes: Number(ids['minutes']) } : {}),
    ...(ids['person'] ? { who: rooms.people.nameOf(ids['person']) } : {}),
    ...(ids['page'] ? { page: Number(ids['page']) } : {}),
  });
  return { card, summary: summaryOf(card) };
};
