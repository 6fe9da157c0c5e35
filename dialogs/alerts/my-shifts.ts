import { myShiftsCard } from '../../cards/alerts/my-shifts.ts';
import { counted } from '../../cards/parts/text.ts';
import { capability, nothing } from '../capability.ts';
import { ONCALL_SOURCE, stretchData, stretchOf, stretchWords } from './oncall-words.ts';

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
    const lines = shifts.map(({ schedule, ...stretch }) => `${schedule}: ${stretchWords(stretch, actor.zone)}`);
    return {
      text: lines.join('\n') || `You have no shift in the next ${counted(days, 'day')}.`,
      card: myShiftsCard({
        now,
        days,
        shifts: shifts.map(({ schedule, ...stretch }) => ({ schedule, ...stretchOf(stretch) })),
        source: ONCALL_SOURCE,
      }),
      data: shifts.map(({ schedule, ...stretch }) => ({ schedule, ...stretchData(stretch) })),
    };
  },
});
