import { myShiftsCard } from '../../cards/alerts/my-shifts.ts';
import { counted } from '../../cards/parts/text.ts';
import { capability, nothing } from '../capability.ts';
import { said } from '../times.ts';
import { ONCALL_SOURCE } from './oncall-words.ts';

export const myShifts = capability({
  id: 'alerts.my-shifts',
  summary: 'Say when you are on call next',
  phrases: ['my shifts', 'my next shift', 'when am I on call', 'am I on call'],
  examples: ['my shifts'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }) => {
    const { shifts, days } = await rooms.alerts.oncall.shiftsOf(rooms.db, actor.id, now);
    const lines = shifts.map(
      ({ schedule, start, end }) =>
        `${schedule}: ${said(start, actor.zone)} to ${end ? said(end, actor.zone) : 'no planned end'}`,
    );
    return {
      text: lines.join('\n') || `You have no shift in the next ${counted(days, 'day')}.`,
      card: myShiftsCard({
        now,
        days,
        shifts: shifts.map(({ schedule, start, end }) => ({ schedule, start, ...(end ? { end } : {}) })),
        source: ONCALL_SOURCE,
      }),
      data: shifts.map(({ schedule, start, end }) => ({ schedule, start: start.toString(), end: end?.toString() })),
    };
  },
});
