import { Refused } from '../../services/core/errors.ts';
import type { Organisation } from '../../services/core/organisation.ts';

/** `.m365agentsplayground.yml` (JSON is YAML): one team with one channel besides General, five people besides oneself. */
export interface PlaygroundConfig {
  version: '0.1.1';
  tenantId: string;
  bot: { id: string; name: string };
  currentUser: PlaygroundUser;
  users: readonly PlaygroundUser[];
  personalChat: { id: string };
  groupChat: { id: string; name: string };
  team: { id: string; name: string; aadGroupId: string; channels: readonly { id: string; name: string }[] };
}

export interface PlaygroundUser {
  id: string;
  name: string;
  /** Spelt so in the Playground's schema. */
  userPrincipleName: string;
  aadObjectId: string;
  givenName: string;
  surname: string;
  email: string;
}

const OTHERS = 5;

/**
 * The Playground with our own people and conversations, so that Wardroom recognises who speaks and finds the channel that
 * its alerts belong to. `me` is a person id: the Playground knows one user who acts. Of the channels only `channel` fits.
 */
export function playgroundConfig(organisation: Organisation, me: string, channel: string): PlaygroundConfig {
  const active = organisation.people.filter((person) => person.active);
  const self = active.find(({ id }) => id === me);
  const place = organisation.channels.find(({ id }) => id === channel);
  if (!self) throw new Refused(`Nobody active has the id "${me}".`, `Choose one of ${list(active)}.`);
  if (!place) throw new Refused(`There is no channel "${channel}".`, `Choose one of ${list(organisation.channels)}.`);
  const others = active.filter(({ id }) => id !== me).slice(0, OTHERS);
  if (others.length < OTHERS) throw new Refused('The Playground wants six people.', 'Add some to wardroom.yaml.');
  return {
    version: '0.1.1',
    tenantId: '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001',
    bot: { id: '28:wardroom', name: 'Wardroom' },
    currentUser: userOf(self),
    users: others.map(userOf),
    personalChat: { id: `a:playground-${me}` },
    groupChat: { id: '19:playground@thread.v2', name: 'Group chat' },
    team: {
      id: '19:playground-general@thread.tacv2',
      name: organisation.name,
      aadGroupId: '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce002',
      channels: [{ id: place.conversation ?? `19:${place.id}@thread.tacv2`, name: place.name }],
    },
  };
}

/** Every conversation, for the installation events that Teams would send. */
export const conversationsOf = ({ personalChat, groupChat, team }: PlaygroundConfig): readonly string[] => [
  personalChat.id,
  groupChat.id,
  team.id,
  ...team.channels.map(({ id }) => id),
];

function userOf({ id, name, entraId, email }: Organisation['people'][number]): PlaygroundUser {
  const [givenName = name, ...rest] = name.split(' ');
  const address = email ?? `${id}@wardroom.example`;
  return {
    id: `29:${id}`,
    name,
    userPrincipleName: address,
    aadObjectId: entraId,
    givenName,
    surname: rest.join(' '),
    email: address,
  };
}

const list = (all: readonly { id: string }[]): string => all.map(({ id }) => id).join(', ');
