import { z } from 'zod/v4';
import { read } from './border.ts';
import { type Fresh, type Guard, orMissing, statusOf } from './resilience.ts';
import type { Rest } from './rest.ts';

const SERVICE = 'Microsoft Graph';

export interface DirectoryUser {
  /** Entra object id. */
  id: string;
  name: string;
  email?: string;
  active: boolean;
}

/** Where a message may stand: a channel (its root messages), one thread of it, or a chat. */
export type MessagePlace = { teamId: string; channelId: string; rootId?: string } | { chatId: string };

export interface Graph {
  /** Everybody in a group, also through groups inside it. People only. */
  members(groupId: string): Promise<Fresh<readonly DirectoryUser[]>>;
  /** `undefined` when the directory has nobody of this id. */
  user(id: string): Promise<Fresh<DirectoryUser | undefined>>;
  /**
   * The id of the newest message in a place whose attachments (cards) contain a key; `undefined` when it is not among
   * the last fifty, `'forbidden'` when the app may not read there. For an answer that got lost while a card was
   * posted: never answered from memory.
   */
  findMessage(place: MessagePlace, key: string): Promise<string | undefined | 'forbidden'>;
}

const user = z.object({
  '@odata.type': z.string().optional(),
  id: z.string().min(1),
  displayName: z.string().nullish(),
  mail: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
});
const page = z.object({ value: z.array(user), '@odata.nextLink': z.string().nullish() });
const messages = z.object({
  value: z.array(
    z.object({
      id: z.string().min(1),
      deletedDateTime: z.string().nullish(),
      attachments: z.array(z.object({ content: z.string().nullish() })).nullish(),
    }),
  ),
  '@odata.nextLink': z.string().nullish(),
});

const SELECT = 'id,displayName,mail,userPrincipalName,accountEnabled';
/** Graph pages channel messages by 50 at most; an answer was lost seconds ago, so one page is plenty. */
const RECENT = 50;

/** People and messages from Microsoft Graph (v1.0). */
export function graph({ rest, guard }: { rest: Rest; guard: Guard }): Graph {
  return {
    members: (groupId) =>
      guard.read(`members:${groupId}`, async (signal) => {
        const people: DirectoryUser[] = [];
        let path: string | undefined =
          `/groups/${encodeURIComponent(groupId)}/transitiveMembers?$select=${SELECT}&$top=999`;
        while (path !== undefined) {
          const answer: z.output<typeof page> = read(SERVICE, page, (await rest({ method: 'GET', path, signal })).body);
          people.push(...answer.value.filter(isPerson).map(userOf));
          path = answer['@odata.nextLink'] ?? undefined;
        }
        return people;
      }),
    user: (id) =>
      guard.read(`user:${id}`, async (signal) => {
        const path = `/users/${encodeURIComponent(id)}?$select=${SELECT}`;
        const answer = await orMissing(rest({ method: 'GET', path, signal }));
        return answer && userOf(read(SERVICE, user, answer.body));
      }),
    async findMessage(place, key) {
      const path = `${pathOf(place)}?$top=${RECENT}`;
      const { value } = await guard.read(
        `messages:${path}`,
        async (signal) => {
          try {
            const { body } = await rest({ method: 'GET', path, signal });
            return read(SERVICE, messages, body).value;
          } catch (error) {
            if (statusOf(error) === 403) return 'forbidden' as const;
            throw error;
          }
        },
        { fresh: true },
      );
      if (value === 'forbidden') return value;
      return value.find(
        (each) => !each.deletedDateTime && each.attachments?.some((attachment) => attachment.content?.includes(key)),
      )?.id;
    },
  };
}

function pathOf(place: MessagePlace): string {
  if ('chatId' in place) return `/chats/${encodeURIComponent(place.chatId)}/messages`;
  const channel = `/teams/${encodeURIComponent(place.teamId)}/channels/${encodeURIComponent(place.channelId)}/messages`;
  return place.rootId === undefined ? channel : `${channel}/${encodeURIComponent(place.rootId)}/replies`;
}

/** transitiveMembers mixes users with groups, devices and service principals. */
const isPerson = (each: z.output<typeof user>) =>
  (each['@odata.type'] ?? '#microsoft.graph.user') === '#microsoft.graph.user';

const userOf = (each: z.output<typeof user>): DirectoryUser => ({
  id: each.id,
  name: each.displayName ?? each.userPrincipalName ?? each.id,
  ...((each.mail ?? each.userPrincipalName) ? { email: each.mail ?? each.userPrincipalName ?? '' } : {}),
  active: each.accountEnabled ?? true,
});
