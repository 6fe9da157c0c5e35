import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type OnCallView, onCallCard } from '../../cards/alerts/oncall.ts';
import { ahead, endpointRef, freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import { said } from '../times.ts';
import {
  namesOf,
  ONCALL_SOURCE,
  otherWords,
  shiftData,
  shiftOf,
  shiftWords,
  stretchData,
  stretchOf,
  stretchWords,
} from './oncall-words.ts';

export const oncall = capability({
  id: 'alerts.oncall',
  summary: 'Say who is on call, now, at a time ahead or on a day, and who is next',
  phrases: [
    'who is on call [for {about}]',
    "who's on call [for {about}]",
    'on call [for {about}]',
    'oncall [{about}]',
    'who is on call [for {about}] at {at}',
    'who is on call [for {about}] on {at}',
    'who is on call {at}',
    'who is on call {at} for {about}',
    'who is on call for {endpoint} {at}',
    "who's on call {at}",
    'who will be on call {at}',
    'who will be on call for {endpoint} {at}',
  ],
  examples: [
    'who is on call',
    'who is on call for ep-fraud',
    'who is on call for ep-fraud tomorrow',
    'who is on call for fraud-primary at tomorrow 09:00',
  ],
  input: z.object({ about: freeText(63).optional(), endpoint: endpointRef.optional(), at: ahead.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { endpoint, about = endpoint, at }) => {
    const [asked, until = asked] = at?.split('/').map((one) => Temporal.Instant.from(one)) ?? [];
    const { scope, standings } = await rooms.alerts.oncall.now(rooms.db, about, asked ?? now, until);
    const span = asked && until && Temporal.Instant.compare(until, asked) > 0 ? until : undefined;
    const view: OnCallView = {
      now,
      ...(asked ? { at: asked } : {}),
      ...(span ? { until: span } : {}),
      ...(scope.kind === 'all' ? {} : { scope: scope.name }),
      schedules: standings.map(({ schedule, people, next, steps, gaps, shifts }) => ({
        name: schedule,
        who: namesOf(rooms, span ? [...new Set(shifts.flatMap((shift) => shift.people))] : people),
        ...(next ? { next: { at: next.at, who: namesOf(rooms, next.people) } } : {}),
        shifts: span ? shifts.map((shift) => shiftOf(rooms, shift)) : [],
        steps,
        gaps: gaps.map(stretchOf),
      })),
      others: scope.others.map((other) => ({ step: other.step, who: otherWords(rooms, other) })),
      source: ONCALL_SOURCE,
    };
    const turns = standings.flatMap(({ schedule, shifts }) =>
      shifts.map((shift) => `${schedule}, ${shiftWords(rooms, shift, actor.zone)}`),
    );
    const lines = view.schedules.map(({ name, who, next }) => {
      const then = next ? ` until ${said(next.at, actor.zone)}, then ${next.who.join(', ') || 'nobody'}` : '';
      return `${name}: ${who.join(', ') || 'nobody'}${then}`;
    });
    return {
      text:
        lines.length === 0
          ? 'No schedule is called for it.'
          : asked && span
            ? [`${stretchWords({ start: asked, end: span }, actor.zone)}:`, ...turns].join('\n')
            : [...(asked ? [`At ${said(asked, actor.zone)}:`] : []), ...lines].join('\n'),
      card: onCallCard(view),
      data: standings.map(({ schedule, people, next, steps, gaps, shifts }) => ({
        schedule,
        people,
        steps,
        ...(span ? { shifts: shifts.map(shiftData) } : {}),
        next: next && { at: next.at.toString(), people: next.people },
        gaps: gaps.map(stretchData),
      })),
    };
  },
});
