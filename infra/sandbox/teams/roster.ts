import { HttpError } from './http.ts';
import { mriOf, type Place, type SandboxPerson, type World } from './world.ts';

/** A member as Teams describes it to bots (TeamsChannelAccount). */
export function accountOf(person: SandboxPerson, world: World): Record<string, unknown> {
  const [givenName = person.name, ...rest] = person.name.split(' ');
  const email = person.email ?? `${person.id}@northwind.example`;
  return {
    id: mriOf(person.id),
    name: person.name,
    objectId: person.entraId,
    aadObjectId: person.entraId,
    givenName,
    surname: rest.join(' '),
    email,
    userPrincipalName: email,
    tenantId: world.team.tenantId,
    userRole: 'user',
  };
}

const DEFAULT_PAGE = 200;

/** One page of members; `continuationToken` is the offset of the next. Teams' pages hold at most 500. */
export function membersPage(place: Place, world: World, query: URLSearchParams): unknown {
  const size = Math.min(Number(query.get('pageSize') ?? DEFAULT_PAGE), 500);
  const from = Number(query.get('continuationToken') ?? 0);
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(from) || from < 0)
    throw new HttpError(400, 'BadArgument', 'pageSize or continuationToken is not usable');
  const members = place.members.slice(from, from + size).flatMap((id) => {
    const person = world.person(id);
    return person ? [accountOf(person, world)] : [];
  });
  const more = from + size < place.members.length;
  return { members, ...(more ? { continuationToken: String(from + size) } : {}) };
}

const channels = (world: World) => world.places.filter((place) => place.kind === 'channel');

export const teamDetails = (world: World) => ({
  id: world.team.id,
  name: world.team.name,
  aadGroupId: world.team.groupId,
  type: 'standard',
  channelCount: channels(world).length,
  memberCount: channels(world)[0]?.members.length ?? 0,
});

export const teamConversations = (world: World) => ({
  conversations: channels(world).map(({ id, name }) => ({ id, name, type: 'standard' })),
});
