import type { Message } from './facts.ts';
import type { Faults } from './faults.ts';
import type { Store } from './store.ts';
import type { Place, World } from './world.ts';

export interface GraphAnswer {
  status: number;
  body: unknown;
}

const DEFAULT_TOP = 20;
const MAX_TOP = 50;

/**
 * Microsoft Graph's reading of messages, in its chatMessage shape (Graph v1.0, "List channel messages", "List replies",
 * "List messages in a chat"): newest first, `$top` up to 50, `@odata.nextLink`. Accepts the team's Teams id or group id.
 * `path` starts after the version and may carry a query.
 */
export function createGraphMessages({ store, world, faults }: { store: Store; world: World; faults: Faults }) {
  let refused = false;

  const page = (messages: Message[], place: Place, path: string, query: URLSearchParams): GraphAnswer => {
    const top = Number(query.get('$top') ?? DEFAULT_TOP);
    const skip = Number(query.get('$skiptoken') ?? 0);
    if (!Number.isInteger(top) || top < 1 || top > MAX_TOP || !Number.isInteger(skip) || skip < 0)
      return problem(400, 'BadRequest', `$top must be a whole number from 1 to ${MAX_TOP}`);
    const newestFirst = messages.filter(({ targetedTo }) => targetedTo === undefined).reverse();
    const more = skip + top < newestFirst.length;
    const next = `https://graph.microsoft.com/v1.0${path}?$top=${top}&$skiptoken=${skip + top}`;
    return {
      status: 200,
      body: {
        '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#Collection(chatMessage)`,
        '@odata.count': Math.min(top, Math.max(0, newestFirst.length - skip)),
        ...(more ? { '@odata.nextLink': next } : {}),
        value: newestFirst.slice(skip, skip + top).map((message) => chatMessage(message, place, world)),
      },
    };
  };

  const find = (path: string, query: URLSearchParams): GraphAnswer => {
    const [kind, owner = '', ...rest] = path.slice(1).split('/').map(decodeURIComponent);
    const isTeam = kind === 'teams' && [world.team.id, world.team.groupId].includes(owner) && rest[0] === 'channels';
    const isChat = kind === 'chats' && rest[0] === 'messages';
    const place = world.place(isTeam ? (rest[1] ?? '') : isChat ? owner : '');
    const tail = isTeam ? rest.slice(2) : rest;
    if (!place || tail[0] !== 'messages' || (place.kind === 'channel') !== isTeam)
      return problem(404, 'NotFound', `Resource not found: ${path}`);
    const all = [...(store.state.places.get(place.id)?.values() ?? [])];
    const [, id, replies] = tail;
    if (id === undefined)
      return page(isTeam ? all.filter((message) => message.root === message.id) : all, place, path, query);
    const message = all.find((candidate) => candidate.id === id);
    if (!message) return problem(404, 'NotFound', `No message ${id}`);
    if (replies === undefined) return { status: 200, body: chatMessage(message, place, world) };
    return page(
      all.filter((reply) => reply.root === id && reply.id !== id),
      place,
      path,
      query,
    );
  };

  return {
    /** Without the permission to read messages Graph says 403; switched on to try that. */
    refuse(on: boolean): void {
      refused = on;
    },
    handle(method: string, address: string): GraphAnswer {
      const [path = '', search = ''] = address.split('?', 2);
      if (method !== 'GET') return problem(405, 'MethodNotAllowed', `${method} is not supported by the sandbox`);
      if (refused)
        return problem(403, 'Forbidden', 'Missing role permissions: ChannelMessage.Read.Group, ChatMessage.Read.Chat');
      const fault = faults.strike('history', undefined);
      if (fault && typeof fault.answer === 'number')
        return problem(fault.answer, 'ServiceError', `Fault injected by the sandbox (${fault.id})`);
      try {
        return find(path, new URLSearchParams(search));
      } catch (error) {
        if (error instanceof URIError) return problem(400, 'BadRequest', 'the address is not properly encoded');
        throw error;
      }
    },
  };
}

/** A message in Graph's chatMessage shape; a message extension is handed the same (Teams' `messagePayload`). */
export function chatMessage(message: Message, place: Place, world: World) {
  const person = message.author === 'bot' ? undefined : world.person(message.author);
  const application = {
    '@odata.type': '#microsoft.graph.teamworkApplicationIdentity',
    applicationIdentityType: 'bot',
  };
  return {
    id: message.id,
    replyToId: message.root === message.id ? null : message.root,
    etag: String(message.revision),
    messageType: 'message',
    createdDateTime: message.at,
    lastModifiedDateTime: message.editedAt ?? message.at,
    lastEditedDateTime: message.editedAt ?? null,
    deletedDateTime: message.deleted ? (message.editedAt ?? message.at) : null,
    subject: null,
    summary: message.body.summary ?? null,
    chatId: place.kind === 'channel' ? null : place.id,
    importance: 'normal',
    locale: 'en-us',
    webUrl: null,
    channelIdentity: place.kind === 'channel' ? { teamId: world.team.groupId, channelId: place.id } : null,
    from: person
      ? {
          application: null,
          device: null,
          user: { id: person.entraId, displayName: person.name, userIdentityType: 'aadUser' },
        }
      : {
          application: { ...application, id: world.bot.id.replace(/^28:/, ''), displayName: world.bot.name },
          device: null,
          user: null,
        },
    body: { contentType: 'html', content: htmlOf(message) },
    attachments: (message.body.attachments ?? []).map((attachment, index) => ({
      id: `${message.id}-${index}`,
      contentType: attachment.contentType,
      contentUrl: attachment.contentUrl ?? null,
      content: attachment.content === undefined ? null : JSON.stringify(attachment.content),
      name: attachment.name ?? null,
      thumbnailUrl: null,
      teamsAppId: null,
    })),
    mentions: [],
    reactions: [],
  };
}

const problem = (status: number, code: string, message: string): GraphAnswer => ({
  status,
  body: { error: { code, message, innerError: {} } },
});

/** Graph gives text as HTML, with a tag where an attachment stands. */
function htmlOf(message: Message): string {
  const escaped = (text: string) =>
    text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\n/g, '<br>');
  const tags = (message.body.attachments ?? []).map(
    (_, index) => `<attachment id="${message.id}-${index}"></attachment>`,
  );
  return `${escaped((message.body.text ?? '').replace(/<\/?at>/g, ''))}${tags.join('')}`;
}
