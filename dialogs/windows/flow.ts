import { z } from 'zod/v4';
import { flowCard, flowWords, MEASURES } from '../../cards/windows/flow.ts';
import { oneOf, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';

export const flow = capability({
  id: 'windows.flow',
  summary: 'Show how changes flow per team: lead time, frequency, failures, time to restore, and what freezes cost',
  phrases: [
    'change flow [by {measure}] [of {days} days]',
    'dora [by {measure}] [of {days} days]',
    'dora metrics',
    'lead time {measure=lead-time}',
    'deployment frequency {measure=frequency}',
    'how often do we deploy {measure=frequency}',
    'change failure rate {measure=failures}',
    'time to restore {measure=restore}',
    'which freeze cost most {measure=freezes}',
    'which freeze cost the most {measure=freezes}',
  ],
  examples: ['change flow', 'change flow of 90 days', 'change flow by failures of 90 days'],
  input: z.object({ days: wholeNumber(1, 366).default(30), measure: oneOf(MEASURES).default('lead-time') }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { days, measure }) => {
    const found = await rooms.windows.flow(rooms.db, now, days);
    const nameOf = (id: string) => rooms.organisation.teams.find((team) => team.id === id)?.name ?? id;
    const teams = found.teams.map((team) => ({ ...team, name: nameOf(team.team) }));
    const view = { now, days, measure, teams, freezes: found.freezes };
    return { text: `${flowWords(view)}.`, card: flowCard(view), data: found };
  },
});
