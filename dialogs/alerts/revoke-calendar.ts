import { z } from 'zod/v4';
import { calendarCard } from '../../cards/alerts/calendar.ts';
import { capability } from '../capability.ts';
import { scheduleRef } from './oncall-words.ts';

export const revokeCalendar = capability({
  id: 'alerts.revoke-calendar',
  summary: 'Take back the addresses of your calendars and reports, or those of one schedule',
  phrases: ['revoke my calendars', 'revoke calendar of {schedule}'],
  examples: ['revoke my calendars', 'revoke calendar of platform-primary'],
  input: z.object({ schedule: scheduleRef.optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { schedule }) => {
    const revoked = await turn.rooms.alerts.feeds.revoke(turn.tx, turn.actor.id, schedule);
    const text = revoked === 1 ? 'The address is taken back.' : `${revoked} addresses are taken back.`;
    return { text, card: calendarCard({ now: turn.now, of: schedule ?? 'you', revoked }), data: { revoked } };
  },
});
