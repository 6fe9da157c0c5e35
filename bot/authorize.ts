import type { Actor, AnyCapability } from '../dialogs/capability.ts';
import { Refused } from '../services/core/errors.ts';
import { ROLES, type Role } from '../services/core/organisation.ts';

/** What authorization must know of everybody: from the people service at the time of asking. */
export interface Member {
  id: string;
  name: string;
  roles: readonly string[];
  active: boolean;
}

export type Permission = { ok: true } | { ok: false; refused: Refused };

/** Roles whose holders judge: holding one is a mandate by name, so it cannot follow from being an administrator. */
const VOTING: ReadonlySet<string> = new Set<Role>(['approver', 'risk', 'engineering', 'domain', 'privacy']);
const KNOWN: ReadonlySet<string> = new Set(ROLES);
const MOST_NAMES = 3;

/**
 * Whether somebody with these roles may run it. Everybody is a viewer. An administrator may run everything, except what
 * is for voting roles only: an administrator must not gain a vote that nobody gave them. Unknown roles open nothing.
 */
export function mayRun(capability: AnyCapability, roles: readonly string[]): boolean {
  const wanted = capability.roles.filter((role) => KNOWN.has(role));
  if (wanted.length === 0) return false;
  if (wanted.includes('viewer') || wanted.some((role) => roles.includes(role))) return true;
  return roles.includes('admin') && !wanted.every((role) => VOTING.has(role));
}

/**
 * The one permission check, for dispatch and for help. Fails closed: no actor, no people (the provider is missing or
 * down), a person who is not in it or who left, an unknown role: no.
 */
export function authorize(
  capability: AnyCapability,
  actor: Pick<Actor, 'id' | 'roles'> | undefined,
  people: readonly Member[] | undefined,
): Permission {
  if (!people)
    return no(
      'I cannot look up roles at the moment, so I do nothing that needs one.',
      'Try again in a minute.',
      'no-roles',
    );
  if (!actor) return no('I do not know you.', `${ask(people, isAdmin)} to add you.`, 'unknown-person');
  const member = people.find(({ id }) => id === actor.id);
  if (!member) return no('I do not know you.', `${ask(people, isAdmin)} to add you.`, 'unknown-person');
  if (!member.active)
    return no('Your access to Wardroom has ended.', `${ask(people, isAdmin)} if that is a mistake.`, 'inactive-person');
  // Both must agree: an actor built from an old answer keeps no right that was taken away since.
  const roles = actor.roles.filter((role) => member.roles.includes(role));
  if (mayRun(capability, roles)) return { ok: true };
  const who = (other: Member) => other.id !== actor.id && mayRun(capability, other.roles);
  return no(
    `"${capability.summary}" is for ${list(capability.roles.map(plural), 'and')}.`,
    `${ask(people, who)}.`,
    'not-allowed',
  );
}

const no = (why: string, next: string, code: string): Permission => ({
  ok: false,
  refused: new Refused(why, next, code),
});

const isAdmin = (member: Member) => member.roles.includes('admin');

/** "Ask Cara Lindt or Dev Patel", at most three names; people who hold a wanted role stand before administrators. */
function ask(people: readonly Member[], who: (member: Member) => boolean): string {
  const able = people.filter((member) => member.active && who(member));
  const names = [...able.filter((member) => !isAdmin(member)), ...able.filter(isAdmin)].map(({ name }) => name);
  if (names.length === 0) return 'Ask your administrator';
  if (names.length <= MOST_NAMES) return `Ask ${list(names, 'or')}`;
  const shown = names.slice(0, MOST_NAMES - 1);
  return `Ask ${list([...shown, `one of ${names.length - shown.length} others`], 'or')}`;
}

const PLURALS: Readonly<Record<Role, string>> = {
  viewer: 'everybody',
  responder: 'responders',
  requester: 'requesters',
  approver: 'approvers',
  risk: 'risk officers',
  engineering: 'engineers',
  domain: 'domain experts',
  privacy: 'privacy officers',
  admin: 'administrators',
};
const plural = (role: Role): string => PLURALS[role] ?? role;

const list = (words: readonly string[], last: 'and' | 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
