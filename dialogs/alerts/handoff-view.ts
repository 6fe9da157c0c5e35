import { gapCard, handoffCard } from '../../cards/alerts/handoff.ts';
import type { Draw } from '../capability.ts';
import { namesOf } from './oncall-words.ts';

/** More open incidents than this are counted by the list itself. */
const MOST = 100;

/** For whoever came on call; nothing when they are not any more by the time it is sent. */
export const handoffNotice: Draw = async (rooms, { ids }, now) => {
  const { schedule = '', person = '' } = ids;
  const { standings } = await rooms.alerts.oncall.now(rooms.db, schedule, now);
  const [standing] = standings;
  if (!standing?.people.includes(person)) return undefined;
  const served = await rooms.alerts.oncall.serves(rooms.db, schedule);
  const open = await rooms.alerts.list(rooms.db, { open: true, most: MOST });
  const card = handoffCard({
    now,
    schedule,
    ...(standing.next ? { next: { at: standing.next.at, who: namesOf(rooms, standing.next.people) } } : {}),
    incidents: open
      .filter(({ endpoint }) => endpoint !== null && served.has(endpoint))
      .map((row) => ({
        id: row.id,
        severity: row.severity as 1,
        headline: row.title,
        ...(row.acknowledged_by ? { with: rooms.people.nameOf(row.acknowledged_by) } : {}),
      })),
  });
  return { card, summary: card.fallbackText ?? '' };
};

/** For the channel of the owners; nothing when the gap was filled before it was sent. */
export const gapNotice: Draw = async (rooms, { ids }, now) => {
  const { schedule = '', end: key } = ids;
  const { standings } = await rooms.alerts.oncall.now(rooms.db, schedule, now);
  const gap = standings[0]?.gaps.find(({ end }) => (end?.toString() ?? 'open') === key);
  if (!gap) return undefined;
  const card = gapCard({ now, schedule, gap: { start: gap.start, ...(gap.end ? { end: gap.end } : {}) } });
  return { card, summary: card.fallbackText ?? '' };
};
