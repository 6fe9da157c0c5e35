import { isRefused } from './errors.ts';
import type { Person, Role } from './organisation.ts';
import type { People } from './people.ts';
import type { RoleSource } from './roles.ts';

/** Somebody with the rights they have now. */
export interface Member {
  id: string;
  name: string;
  entraId: string;
  zone: string;
  roles: readonly Role[];
  active: boolean;
}

/** People and their rights together: what dispatch, escalation and voting ask. */
export interface Roster {
  byId(id: string): Person | undefined;
  byEntraId(entraId: string): Person | undefined;
  /** By a mention's id: an Entra object id, or a Teams account id that ends in one. */
  byMention(id: string): Person | undefined;
  /** What somebody's words may mean; several when it is not clear. */
  find(words: string): readonly Person[];
  /** Everybody with the rights of now; `undefined` when rights cannot be looked up, which means no for everybody. */
  members(): Promise<readonly Member[] | undefined>;
  nameOf(id: string): string;
}

export function roster(people: People, roles: RoleSource): Roster {
  let kept: { version: object; members: readonly Member[] } | undefined;
  const all = () =>
    Promise.all(
      people.all.map(async (person) => ({
        id: person.id,
        name: person.name,
        entraId: person.entraId,
        zone: person.zone,
        roles: await roles.rolesOf(person),
        active: person.active,
      })),
    );
  return {
    byId: people.byId,
    byEntraId: people.byEntraId,
    byMention: (id) => people.byAccount({ id }),
    find(words) {
      try {
        return [people.find(words)];
      } catch (error) {
        if (!isRefused(error)) throw error;
        return error.code === 'person-ambiguous' ? people.all.filter((person) => person.active) : [];
      }
    },
    async members() {
      try {
        const version = await roles.version();
        // Every turn asks, and an organisation has thousands.
        if (kept?.version !== version) kept = { version, members: await all() };
        return kept.members;
      } catch (error) {
        if (isRefused(error)) return undefined;
        throw error;
      }
    },
    nameOf: (id) => (id === 'wardroom' ? 'Wardroom' : (people.byId(id)?.name ?? id)),
  };
}
