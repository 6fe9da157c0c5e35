/** Who is there and where they talk: the fixed part of the sandbox's Teams. */

export interface SandboxPerson {
  id: string;
  name: string;
  entraId: string;
  email?: string | undefined;
  zone?: string | undefined;
  active?: boolean | undefined;
  /** What the organisation lets them do; for the Room to show. */
  roles?: readonly string[] | undefined;
}

export interface SandboxChannel {
  id: string;
  name: string;
  /** `19:…@thread.tacv2`; made from the id when it is left out. */
  conversation?: string | undefined;
}

export interface SandboxChat {
  /** `19:…@thread.v2`. */
  id: string;
  name?: string | undefined;
  /** Person ids. */
  members: readonly string[];
}

export interface SandboxTeam {
  id: string;
  name: string;
  tenantId: string;
  /** The Microsoft 365 group behind the team: the id Graph uses. */
  groupId?: string | undefined;
}

export interface Bot {
  id: string;
  name: string;
}

export interface Place {
  /** Without `;messageid=`. */
  id: string;
  kind: 'channel' | 'group' | 'personal';
  name: string;
  /** The configured short name: channel id, person id or chat id. */
  key: string;
  /** Person ids, only those who are still here. */
  members: readonly string[];
  /** What is installed or not as one: the whole team, this chat, this person. */
  scope: string;
}

export interface World {
  bot: Bot;
  team: SandboxTeam & { groupId: string };
  people: readonly SandboxPerson[];
  places: readonly Place[];
  person(id: string): SandboxPerson | undefined;
  /** By `29:` id, Entra object id, email or short id, as the Connector and mentions accept them. */
  personBy(reference: string): SandboxPerson | undefined;
  place(conversationId: string): Place | undefined;
  /** By Teams id, channel short name, `personal`/`bot` or a person's id (the one-to-one chat of `who`). */
  resolve(reference: string, who: string): Place | undefined;
}

export const TEAM_SCOPE = 'team';
export const mriOf = (personId: string) => `29:${personId}`;
export const isHere = (person: SandboxPerson) => person.active !== false;

/** `19:x@thread.tacv2;messageid=17` names a thread of a channel. */
export function splitConversation(id: string): { base: string; root: string | undefined } {
  const [base = '', rest] = id.split(';messageid=', 2);
  return { base, root: rest || undefined };
}

export function createWorld(given: {
  bot: Bot;
  people: readonly SandboxPerson[];
  channels: readonly SandboxChannel[];
  chats: readonly SandboxChat[];
  team: SandboxTeam;
}): World {
  const here = given.people.filter(isHere);
  const everybody = here.map((person) => person.id);
  const places: Place[] = [
    ...given.channels.map(
      (channel): Place => ({
        id: channel.conversation ?? `19:${channel.id}@thread.tacv2`,
        kind: 'channel',
        name: channel.name,
        key: channel.id,
        members: everybody,
        scope: TEAM_SCOPE,
      }),
    ),
    ...given.chats.map(
      (chat): Place => ({
        id: chat.id,
        kind: 'group',
        name: chat.name ?? 'Group chat',
        // As the Room's address names it.
        key: /^19:(.+)@thread/.exec(chat.id)?.[1] ?? chat.id,
        members: chat.members.filter((id) => everybody.includes(id)),
        scope: `chat:${chat.id}`,
      }),
    ),
    ...here.map(
      (person): Place => ({
        id: `a:${person.id}`,
        kind: 'personal',
        name: given.bot.name,
        key: person.id,
        members: [person.id],
        scope: `person:${person.id}`,
      }),
    ),
  ];
  const byId = new Map(places.map((place) => [place.id, place]));
  const people = new Map(given.people.map((person) => [person.id, person]));
  const references = new Map<string, SandboxPerson>();
  for (const person of given.people) {
    for (const reference of [person.id, mriOf(person.id), person.entraId, person.email])
      if (reference) references.set(reference.toLowerCase(), person);
  }
  return {
    bot: given.bot,
    team: { ...given.team, groupId: given.team.groupId ?? given.team.id },
    people: given.people,
    places,
    person: (id) => people.get(id),
    personBy: (reference) => references.get(reference.toLowerCase()),
    place: (id) => byId.get(splitConversation(id).base),
    resolve: (reference, who) =>
      byId.get(splitConversation(reference).base) ??
      places.find((place) => place.kind !== 'personal' && place.key === reference) ??
      (['personal', 'bot', who].includes(reference) ? byId.get(`a:${who}`) : undefined),
  };
}
