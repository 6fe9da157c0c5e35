import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type OnCallView, onCallCard } from '../../cards/alerts/oncall.ts';
import { freeText, instant } from '../arguments.ts';
import { capability } from '../capability.ts';
import { said } from '../times.ts';
import { namesOf, ONCALL_SOURCE, otherWords } from './oncall-words.ts';

export const oncall = capability({
  id: 'alerts.oncall',
  summary: 'Say who is on call, now or at a time ahead, and who is next',
  phrases: [
    'who is on call [for {about}]',
    "who's on call [for {about}]",
    'on call [for {about}]',
    'oncall [{about}]',
    'who is on call [for {about}] at {at}',
    'who is on call [for {about}] on {at}',
    'who is on call {at}',
  ],
  examples: ['who is on call', 'who is on call for ep-fraud', 'who is on call for fraud-primary at tomorrow 09:00'],
  input: z.object({ about: freeText(63).optional(), at: instant.optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { about, at }) => {
    const asked = at === undefined ? undefined : Temporal.Instant.from(at);
    const { scope, standings } = await rooms.alerts.oncall.now(rooms.db, about, asked ?? now);
    const view: OnCallView = {
      now,
      ...(asked ? { at: asked } : {}),
      ...(scope.kind === 'all' ? {} : { scope: scope.name }),
      schedules: standings.map(({ schedule, people, next, steps, gaps }) => ({
        name: schedule,
        who: namesOf(rooms, people),
        ...(next ? { next: { at: next.at, who: namesOf(rooms, next.people) } } : {}),
        steps,
        gaps: gaps.map(({ start, end }) => ({ start, ...(end ? { end } : {}) })),
      })),
      others: scope.others.map((other) => ({ step: other.step, who: otherWords(rooms, other) })),
      source: ONCALL_SOURCE,
    };
    const lines = view.schedules.map(({ name, who, next }) => {
      const then = next ? ` until ${said(next.at, actor.zone)}, then ${next.who.join(', ') || 'nobody'}` : '';
      return `${name}: ${who.join(', ') || 'nobody'}${then}`;
    });
    return {
      text:
        lines.length > 0
          ? [...(asked ? [`At ${said(asked, actor.zone)}:`] : []), ...lines].join('\n')
          : 'No schedule is called for it.',
      card: onCallCard(view),
      data: standings.map(({ schedule, people, next, steps, gaps }) => ({
        schedule,
        people,
        steps,
        next: next && { at: next.at.toString(), people: next.people },
        gaps: gaps.map(({ start, end }) => ({ start: start.toString(), end: end?.toString() })),
      })),
    };
  },
});
