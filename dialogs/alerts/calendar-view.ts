import { calendarCard } from '../../cards/alerts/calendar.ts';
import type { Feed } from '../../services/alerts/index.ts';
import type { Answer, Turn } from '../capability.ts';

/** An address is for who asked: where others read along, it is not shown. */
export function calendarAnswer({ now, place }: Turn, { url, kind, subject }: Feed): Answer {
  const of = kind === 'person' ? 'your shifts' : subject;
  const alone = place.kind === 'personal' || place.kind === 'console';
  if (!alone)
    return {
      text: `Ask me one to one for the calendar of ${of}: whoever has its address can read it.`,
      data: { subject },
    };
  return { text: `${of}: ${url}`, card: calendarCard({ now, of, url }), data: { subject, url } };
}
