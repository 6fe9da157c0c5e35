import type { Temporal } from 'temporal-polyfill';
import {
  addBusinessMinutes,
  type BusinessHours,
  businessMinutesBetween,
  subtractBusinessMinutes,
} from '../core/business-hours.rules.ts';
import type { ApprovalPolicy, Board } from '../core/organisation.ts';
import type { Member as Person } from '../core/roster.ts';
import type { Delegation, Member } from './votes.rules.ts';

/** Who may vote under a policy, until when, and when they are reminded. */

type Voters = Pick<ApprovalPolicy, 'voters'>;

/** Policies that were stored before there were boards name none. */
const boardMembers = ({ voters }: Voters, boards: readonly Board[]): readonly string[] =>
  boards.filter(({ id }) => (voters.boards ?? []).includes(id)).flatMap(({ members }) => members);

/** Named people, members of the policy's boards and holders of its roles, each once, with the roles they hold now. */
export function eligibleFor(policy: Voters, boards: readonly Board[], members: readonly Person[]): Member[] {
  const named = new Set([...policy.voters.people, ...boardMembers(policy, boards)]);
  return members
    .filter(
      ({ active, id, roles }) => active && (named.has(id) || policy.voters.roles.some((role) => roles.includes(role))),
    )
    .map(({ id, roles }) => ({ person: id, roles }));
}

/** Somebody who lost every right that made them a voter cannot vote, although they were on the list at the opening. */
export function stillMay(policy: Voters, boards: readonly Board[], then: Member, now: Person | undefined): boolean {
  if (!now?.active) return false;
  if (policy.voters.people.includes(then.person) || boardMembers(policy, boards).includes(then.person)) return true;
  return policy.voters.roles.some((role) => then.roles.includes(role) && now.roles.includes(role));
}

/** Somebody who cannot vote, with the reason. */
export interface Exclusion {
  person: string;
  why: string;
  /** Holds for this stage only, the next one looks anew: who left, whom somebody delegated to. */
  of?: 'stage';
}

/** Voters of the opening who may not any more: what they voted does not count either. */
export function leaversOf(
  policy: Voters,
  boards: readonly Board[],
  eligible: readonly Member[],
  people: readonly Person[],
): Exclusion[] {
  const now = new Map(people.map((one) => [one.id, one]));
  return eligible
    .filter((then) => !stillMay(policy, boards, then, now.get(then.person)))
    .map(({ person }) => ({ person, why: 'You no longer hold a role that may vote on this.', of: 'stage' }));
}

/** The end of a vote that opens at `openedAt`. */
export const votingEnds = (
  openedAt: Temporal.Instant,
  policy: Pick<ApprovalPolicy, 'deadline'>,
  hours: BusinessHours | undefined,
): Temporal.Instant =>
  hours ? addBusinessMinutes(openedAt, policy.deadline, hours) : openedAt.add({ minutes: policy.deadline });

/** After these parts of the time, and this long before the end; counted in working hours where the policy names them. */
export function remindersOf(
  openedAt: Temporal.Instant,
  end: Temporal.Instant,
  reminders: ApprovalPolicy['reminders'] | undefined,
  hours: BusinessHours | undefined,
): Temporal.Instant[] {
  if (!reminders) return [];
  const total = hours
    ? businessMinutesBetween(openedAt, end, hours)
    : (end.epochMilliseconds - openedAt.epochMilliseconds) / 60_000;
  const after = (minutes: number) =>
    hours ? addBusinessMinutes(openedAt, minutes, hours) : openedAt.add({ seconds: Math.round(minutes * 60) });
  const before = hours
    ? subtractBusinessMinutes(end, reminders.before, hours, openedAt)
    : end.subtract({ minutes: reminders.before });
  const all = [...reminders.at.map((percent) => after((total * percent) / 100)), before];
  const inside = all.filter((at) => isBetween(openedAt, at, end));
  const once = new Map(inside.map((at) => [at.epochMilliseconds, at]));
  return [...once.entries()].sort(([a], [b]) => a - b).map(([, at]) => at);
}

const isBetween = (start: Temporal.Instant, at: Temporal.Instant, end: Temporal.Instant): boolean =>
  start.epochMilliseconds < at.epochMilliseconds && at.epochMilliseconds < end.epochMilliseconds;

export interface Involved {
  requester: string;
  /** Person ids. */
  authors: readonly string[];
  committers: readonly string[];
}

/**
 * Who cannot vote because it is their own work: the authors, the committers, and whoever one of them or the requester
 * has delegated to while the vote is open. The requester is excluded by the ballot itself.
 */
export function exclusionsOf(
  { requester, authors, committers }: Involved,
  delegations: readonly Delegation[],
  window: { from: Temporal.Instant; to: Temporal.Instant },
  nameOf: (person: string) => string,
): Exclusion[] {
  const made = new Map<string, string>();
  for (const person of committers)
    made.set(person, 'You wrote code that this model was trained with, so you cannot vote on it.');
  for (const person of authors) made.set(person, 'You made this model, so you cannot vote on it.');
  made.delete(requester);
  return withDelegates(
    requester,
    [...made].map(([person, why]) => ({ person, why })),
    { delegations, window, nameOf },
  );
}

/** Whose own work it is, and whoever one of them or the requester has delegated to while the vote is open. */
export function withDelegates(
  requester: string,
  own: readonly Exclusion[],
  {
    delegations,
    window,
    nameOf,
  }: {
    delegations: readonly Delegation[];
    window: { from: Temporal.Instant; to: Temporal.Instant };
    nameOf: (person: string) => string;
  },
): Exclusion[] {
  const involved = new Set([requester, ...own.map(({ person }) => person)]);
  const through = new Map<string, Exclusion>();
  for (const { from, to, since, until } of delegations) {
    const overlaps =
      since.epochMilliseconds < window.to.epochMilliseconds && until.epochMilliseconds > window.from.epochMilliseconds;
    if (!involved.has(from) || involved.has(to) || !overlaps) continue;
    const why = `${nameOf(from)}, who cannot vote on it, has delegated to you, so you cannot either.`;
    through.set(to, { person: to, why, of: 'stage' });
  }
  return [...own, ...through.values()];
}
