import type { Clock } from './clock.ts';
import { messageOf, Refused } from './errors.ts';
import type { Person, Role } from './organisation.ts';
import { grantedBy, type People } from './people.ts';

/**
 * Where rights come from. Whoever asks gets the rights of now or a Refused: a right that cannot be looked up is not
 * there. People themselves (names, teams, zones) are always those of the organisation file.
 */
export interface RoleSource {
  /** Empty for somebody who left; viewer and what is granted for everybody else. */
  rolesOf(person: Person): Promise<readonly Role[]>;
  /** Active people who hold this role, in the order of the file. */
  withRole(role: Role): Promise<readonly Person[]>;
  /** The same object as long as everybody's roles are the same; a Refused when they cannot be looked up. */
  version(): Promise<object>;
}

/** Roles as the organisation file grants them. */
export const fileRoles = (people: People): RoleSource => ({
  rolesOf: async (person) => people.rolesOf(person),
  withRole: async (role) => people.withRole(role),
  version: async () => people,
});

/** Members of a group, also through groups in it: Microsoft Graph `GET /groups/{id}/transitiveMembers`. */
export interface GroupReader {
  /** Entra object ids. Throws when the group cannot be read, or does not exist. */
  transitiveMembers(groupId: string): Promise<readonly string[]>;
}

/** Entra object ids of the groups whose members hold a role. */
export type RoleGroups = Readonly<Partial<Record<Role, readonly string[]>>>;

/** How long a membership that was read counts: after that a person who left the group has lost the role for certain. */
const DEFAULT_TTL_MINUTES = 5;

/** Roles as memberships of Entra groups; the roles in the organisation file grant nothing. */
export function groupRoles(deps: {
  people: People;
  groups: RoleGroups;
  reader: GroupReader;
  clock: Clock;
  ttlMinutes?: number;
}): RoleSource {
  const { people, groups, reader, clock } = deps;
  const ttlMs = (deps.ttlMinutes ?? DEFAULT_TTL_MINUTES) * 60_000;
  const known = new Map<string, { members: ReadonlySet<string>; until: number }>();
  const asked = new Map<string, Promise<ReadonlySet<string>>>();

  const membersOf = (group: string): Promise<ReadonlySet<string>> => {
    const kept = known.get(group);
    if (kept && clock.ms() < kept.until) return Promise.resolve(kept.members);
    // Many turns at once ask once. Only a good answer is kept: the next turn after a failure asks again.
    const under = asked.get(group);
    if (under) return under;
    // Counted from before the question: the answer may be as old as that.
    const until = clock.ms() + ttlMs;
    const asking = reader
      .transitiveMembers(group)
      .then((ids) => {
        const members = new Set(ids.map((id) => id.toLowerCase()));
        known.set(group, { members, until });
        return members;
      })
      .catch((error: unknown) => {
        known.delete(group);
        throw unreadable(error);
      })
      .finally(() => asked.delete(group));
    asked.set(group, asking);
    return asking;
  };
  const holds = async (person: Person, role: Role): Promise<boolean> => {
    const sets = await Promise.all((groups[role] ?? []).map(membersOf));
    return sets.some((members) => members.has(person.entraId.toLowerCase()));
  };

  let last: readonly ReadonlySet<string>[] = [];

  return {
    async version() {
      const sets = await Promise.all(Object.values(groups).flat().map(membersOf));
      if (sets.length !== last.length || sets.some((set, index) => set !== last[index])) last = sets;
      return last;
    },
    async rolesOf(person) {
      if (!person.active) return [];
      const roles = Object.keys(groups) as Role[];
      const held = await Promise.all(roles.map((role) => holds(person, role)));
      return grantedBy(
        person,
        roles.filter((_, index) => held[index]),
      );
    },
    async withRole(role) {
      const active = people.all.filter((person) => person.active);
      if (role === 'viewer') return active;
      const held = await Promise.all(active.map((person) => holds(person, role)));
      return active.filter((_, index) => held[index]);
    },
  };
}

function unreadable(error: unknown): Refused {
  const refused = new Refused(
    'I cannot look up who holds which role at the moment, so I do nothing that needs one.',
    'Try again in a minute.',
    'no-roles',
  );
  refused.cause = messageOf(error);
  return refused;
}
