import type { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Override, Schedule } from '../core/organisation.ts';
import type { Member } from '../core/roster.ts';
import { conflict, shifts } from '../core/schedule.rules.ts';

type Instant = Temporal.Instant;

/** What somebody asks for; the meaning of the fields is that of an override in wardroom.yaml. */
export interface Wish {
  person?: string;
  insteadOf?: string;
  alongside: boolean;
  from: Instant;
  to: Instant;
}

/** Longer than this is a change of the rotation, which belongs into wardroom.yaml. */
export const LONGEST_DAYS = 92;
const FARTHEST_DAYS = 400;
/** Of one schedule, running or ahead: each one is looked at whenever somebody is paged. */
export const MOST_OVERRIDES = 200;
/** Typing takes time: what began while the message was under way begins now. */
const GRACE_MINUTES = 2;

export const overrideFrom = ({ from, to, ...who }: Wish): Override => ({
  ...who,
  from: from.toString(),
  to: to.toString(),
});

/** Refuses times that cannot be meant. */
export function checkTimes({ from, to }: Wish, now: Instant): void {
  if (!(from.epochMilliseconds < to.epochMilliseconds))
    throw new Refused('It would end before it begins.', 'Write the day of the end as well, such as to tomorrow 17:00.');
  if (from.epochMilliseconds < now.subtract({ minutes: GRACE_MINUTES }).epochMilliseconds)
    throw new Refused('It would have begun in the past.', 'Begin it now: from now, or write the day as well.');
  if (days(from, to) > LONGEST_DAYS)
    throw new Refused(`That is longer than ${LONGEST_DAYS} days.`, 'Change the rotation in wardroom.yaml instead.');
  if (days(now, from) > FARTHEST_DAYS) throw new Refused('That is more than a year ahead.', 'Come back nearer to it.');
}

const days = (from: Instant, to: Instant) => (to.epochMilliseconds - from.epochMilliseconds) / 86_400_000;

/** Whoever is put on call must be here and may acknowledge; rights that cannot be looked up mean no. */
export function checkPerson(person: string, members: readonly Member[] | undefined): void {
  const member = members?.find(({ id }) => id === person);
  if (!members) throw new Refused('I cannot look up who may be on call at the moment.', 'Try again in a minute.');
  if (!member?.active) throw new Refused(`${member?.name ?? person} is not here any more.`, 'Name somebody else.');
  if (!member.roles.some((role) => role === 'responder' || role === 'admin'))
    throw new Refused(`${member.name} is not a responder and could not acknowledge.`, 'Name a responder.');
}

/** Refuses an override that would leave it unclear who is on call, or that changes nothing. */
export function checkAgainst(schedule: Schedule, wish: Wish, nameOf: (id: string) => string): void {
  const { person, insteadOf, from, to } = wish;
  if (person !== undefined && person === insteadOf)
    throw new Refused('Nobody can take over from themselves.', 'Name two people.');
  const asked = overrideFrom(wish);
  const other = schedule.overrides.find((entry) => conflict(entry, asked));
  if (other) {
    const who = other.person ?? other.insteadOf;
    const number = 'number' in other ? `Override ${String(other.number)}` : 'An override of wardroom.yaml';
    throw new Refused(
      `${number} (${who ? nameOf(who) : 'somebody'}) covers part of that time already.`,
      'number' in other
        ? `Say “remove override ${String(other.number)}” first, or choose other times.`
        : 'Choose other times, or change the file.',
      'override-conflict',
    );
  }
  if (insteadOf !== undefined && !isOnCall(schedule, insteadOf, from, to))
    throw new Refused(
      `${nameOf(insteadOf)} is not on call for ${schedule.id} in that time.`,
      `Say “schedule ${schedule.id}” for the next two weeks.`,
    );
}

const isOnCall = (schedule: Schedule, person: string, from: Instant, to: Instant) =>
  shifts(schedule, from, to).some(({ people }) => people.includes(person));

/** Who is on call at some time in [from, to) by one schedule and never by the other. */
export function changed(before: Schedule, after: Schedule, from: Instant, to: Instant): string[] {
  const people = (schedule: Schedule) => new Set(shifts(schedule, from, to).flatMap((shift) => shift.people));
  const [was, is] = [people(before), people(after)];
  return [...[...was].filter((id) => !is.has(id)), ...[...is].filter((id) => !was.has(id))];
}
