import type { Temporal } from 'temporal-polyfill';
import { firstEndingAfter, holding, type Interval, merged } from './intervals.ts';

/**
 * The state of a plain change calendar, as AWS Systems Manager's Change Calendar has it: one that is open unless an event
 * closes it, or closed unless an event opens it. Advisory events are told and change nothing.
 */
export interface PlainCalendar {
  type: 'DEFAULT_OPEN' | 'DEFAULT_CLOSED';
  events: readonly { start: Temporal.Instant; end: Temporal.Instant; advisory?: boolean }[];
}

export interface CalendarState {
  state: 'OPEN' | 'CLOSED';
  /** When it changes next, on the union of the events: two that overlap are one. Milliseconds; undefined when never. */
  nextTransition?: number;
  advisory: boolean;
}

export function calendarState({ type, events }: PlainCalendar, at: Temporal.Instant): CalendarState {
  const atMs = at.epochMilliseconds;
  const spans = (advisory: boolean): Interval[] =>
    merged(
      events
        .filter((event) => (event.advisory ?? false) === advisory)
        .map(({ start, end }) => ({ start: start.epochMilliseconds, end: end.epochMilliseconds })),
    );
  const deciding = spans(false);
  const inside = holding(deciding, atMs);
  const coming = inside ? inside.end : deciding[firstEndingAfter(deciding, atMs)]?.start;
  return {
    state: (type === 'DEFAULT_OPEN') === (inside === undefined) ? 'OPEN' : 'CLOSED',
    ...(coming === undefined ? {} : { nextTransition: coming }),
    advisory: holding(spans(true), atMs) !== undefined,
  };
}

/** Several calendars together: open only when every one is (and none at all is open). */
export const combinedState = (states: readonly CalendarState['state'][]): CalendarState['state'] =>
  states.every((state) => state === 'OPEN') ? 'OPEN' : 'CLOSED';
