import { overrideCard } from '../../cards/alerts/override.ts';
import type { StoredOverride, Stretch } from '../../services/alerts/index.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { said } from '../times.ts';
import { overrideWords } from './oncall-words.ts';

const cardOf = (rooms: Rooms, entry: StoredOverride, gaps: readonly Stretch[], now: Turn['now']) =>
  overrideCard({
    now,
    number: entry.number,
    schedule: entry.schedule,
    words: overrideWords(rooms, entry),
    from: entry.from,
    to: entry.to,
    by: rooms.people.nameOf(entry.by),
    ...(entry.reason ? { reason: entry.reason } : {}),
    ...(entry.removedBy ? { removedBy: rooms.people.nameOf(entry.removedBy) } : {}),
    gaps: gaps.map(({ start, end }) => ({ start, ...(end ? { end } : {}) })),
  });

/** The answer to whoever made or removed an override. */
export function overrideAnswer(
  { rooms, now, actor }: Turn,
  { entry, gaps }: { entry: StoredOverride; gaps: readonly Stretch[] },
): Answer {
  const words = `${entry.schedule}: ${overrideWords(rooms, entry)} from ${said(entry.from, actor.zone)} to ${said(entry.to, actor.zone)}`;
  return {
    text: entry.removedBy
      ? `Override ${entry.number} is removed (${words}).`
      : `Override ${entry.number}: ${words}.${gaps.length > 0 ? ' Nobody is on call for part of it.' : ''}`,
    card: cardOf(rooms, entry, gaps, now),
    data: { override: entry.number, schedule: entry.schedule, from: entry.from.toString(), to: entry.to.toString() },
    objects: [entry.schedule, `override ${entry.number}`],
    ...(entry.reason ? { why: entry.reason } : {}),
  };
}

/** For whom it touches, as it is when the message is sent. */
export const overrideNotice: Draw = async (rooms, { ids }, now) => {
  const entry = await rooms.alerts.overrides.find(rooms.db, Number(ids['override']));
  if (!entry) return undefined;
  const card = cardOf(rooms, entry, [], now);
  const words = `${entry.schedule}: ${overrideWords(rooms, entry)}`;
  return { card, summary: entry.removedBy ? `Removed: ${words}` : words };
};
