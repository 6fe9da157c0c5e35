import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod/v4';
import type { Events } from './events.ts';
import type { Extension } from './extension.ts';
import type { Message } from './facts.ts';
import type { Hands } from './hands.ts';
import { check, HttpError, readJson, sendJson } from './http.ts';
import type { RoomClock, RoomCommand, RoomExtension, RoomMessages, RoomState } from './room-types.ts';
import type { Store } from './store.ts';
import type { Views } from './views.ts';
import type { Place, World } from './world.ts';

const json = z.record(z.string(), z.unknown());
const who = z.string({ error: 'as must be a person id, such as "ann"' }).min(1);

export const sayBody = z.strictObject({
  as: who,
  conversation: z.string(),
  text: z.string(),
  thread: z.string().optional(),
  mentionBot: z.boolean().optional(),
  card: json.optional(),
});
export const clickBody = z.strictObject({
  as: who,
  message: z.string(),
  action: z.union([z.string().min(1), json], {
    error: 'action must be a title, verb or id, or the action as an object',
  }),
  inputs: json.optional(),
});
export const dialogBody = z.strictObject({ as: who, message: z.string(), data: z.unknown() });
export const extensionBody = z.strictObject({
  as: who,
  command: z.string(),
  message: z.string().optional(),
  conversation: z.string().optional(),
  words: z.string().max(500).optional(),
  data: z.unknown(),
});
const aboutBody = z.strictObject({ as: who, message: z.string() });
const readBody = z.strictObject({ as: who, conversation: z.string(), upTo: z.string().regex(/^\d+$/).optional() });
const typingBody = z.strictObject({ as: who, conversation: z.string(), thread: z.string().optional() });
const reactBody = z.strictObject({ as: who, message: z.string(), reaction: z.string().regex(/^\w{1,32}$/) });
const feedbackBody = z.strictObject({
  as: who,
  message: z.string(),
  reaction: z.enum(['like', 'dislike']),
  text: z.string().max(4_000).optional(),
});

export interface GalleryCard {
  name: string;
  group: string;
  card: unknown;
}

export interface RoomApiOptions {
  store: Store;
  world: World;
  views: Views;
  hands: Hands;
  extension: Extension;
  /** What the app's manifest lists under its message extension. */
  extensionCommands: readonly RoomExtension[];
  events: Events;
  clock: () => RoomClock;
  gallery: () => Promise<readonly GalleryCard[]>;
  commands: (who: string) => Promise<readonly RoomCommand[]>;
  log: (message: string) => void;
}

const DEFAULT_LIMIT = 50;

/** The Room's API; shapes in room-types.ts, words in infra/sandbox/README.md. `path` has `/room/api` taken off. */
export function createRoomApi(options: RoomApiOptions) {
  const { store, world, views, hands, extension, events, clock, gallery, commands, log } = options;

  const state = async (query: URLSearchParams): Promise<RoomState> => {
    const me = hands.personOf(asked(query, 'as'));
    const mine = world.places.filter(({ members }) => members.includes(me.id));
    const offered = [...(await commands(me.id))];
    return {
      me: views.person(me),
      bot: world.bot,
      team: { id: world.team.id, name: world.team.name },
      people: world.people.map(views.person),
      conversations: mine.map((place) => views.conversation(place, me.id)),
      clock: clock(),
      commands: offered,
      extension: options.extensionCommands,
      sequence: store.state.sequence,
    };
  };

  const messages = (query: URLSearchParams): RoomMessages => {
    const me = hands.personOf(asked(query, 'as'));
    const place = hands.placeOf(asked(query, 'conversation'), me.id);
    const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1 || limit > 500)
      throw new HttpError(400, 'BadArgument', 'limit must be a whole number from 1 to 500');
    const seen = [...(store.state.places.get(place.id)?.values() ?? [])].filter((m) => views.visible(m, me.id));
    const thread = query.get('thread') ?? undefined;
    const { page, more } = thread
      ? { page: seen.filter(({ root }) => root === thread), more: false }
      : pageOf(seen, Number(query.get('before') ?? Number.POSITIVE_INFINITY), limit);
    return {
      conversation: views.conversation(place, me.id),
      messages: page.map((message) => views.message(message, me.id)),
      more,
    };
  };

  const conversationOf = (place: Place, person: string) => ({ conversation: views.conversation(place, person) });
  /** The bot's turn goes on after the answer; whoever waits for it listens to the events. */
  const inBackground = (heard: Promise<boolean>) => {
    heard.catch((error: unknown) => log(`delivery failed: ${error instanceof Error ? error.stack : String(error)}`));
  };

  const post = async (path: string, body: unknown, res: ServerResponse): Promise<void> => {
    switch (path) {
      case '/say': {
        const { as, conversation, text, ...how } = check(sayBody, body);
        const { message, heard } = hands.say(as, conversation, text, how);
        inBackground(heard);
        return sendJson(res, 202, { message: views.message(message, as) });
      }
      case '/click': {
        const { as, message, action, inputs } = check(clickBody, body);
        return sendJson(res, 200, await hands.click(as, message, action, inputs));
      }
      case '/dialog': {
        const { as, message, data } = check(dialogBody, body);
        return sendJson(res, 200, await hands.submit(as, message, data));
      }
      case '/extension': {
        const { as, ...use } = check(extensionBody, body);
        return sendJson(res, 200, await extension(as, use));
      }
      case '/refresh': {
        const { as, message } = check(aboutBody, body);
        return sendJson(res, 200, { message: views.message(await hands.refresh(as, message), as) });
      }
      case '/read': {
        const { as, conversation, upTo } = check(readBody, body);
        return sendJson(res, 200, conversationOf(hands.read(as, conversation, upTo), as));
      }
      case '/typing': {
        const { as, conversation, thread } = check(typingBody, body);
        hands.personOf(as);
        events.typing(hands.placeOf(conversation, as), as, thread);
        return sendJson(res, 204);
      }
      case '/react': {
        const { as, message, reaction } = check(reactBody, body);
        const { message: reacted, heard } = hands.react(as, message, reaction);
        inBackground(heard);
        return sendJson(res, 200, { message: views.message(reacted, as) });
      }
      case '/feedback': {
        const { as, message, reaction, text } = check(feedbackBody, body);
        return sendJson(res, 200, await hands.feedback(as, message, reaction, text));
      }
      default:
        throw new HttpError(404, 'NotFound', `POST /room/api${path} does not exist; see infra/sandbox/README.md`);
    }
  };

  const get = async (path: string, req: IncomingMessage, res: ServerResponse, query: URLSearchParams) => {
    switch (path) {
      case '/state':
        return sendJson(res, 200, await state(query));
      case '/messages':
        return sendJson(res, 200, messages(query));
      case '/message': {
        const { id } = hands.personOf(asked(query, 'as'));
        return sendJson(res, 200, { message: views.message(hands.messageOf(asked(query, 'message'), id), id) });
      }
      case '/events': {
        const { id } = hands.personOf(asked(query, 'as'));
        return events.open(res, id, lastSeen(req, query));
      }
      case '/gallery':
        return sendJson(res, 200, { cards: await gallery() });
      default:
        throw new HttpError(404, 'NotFound', `GET /room/api${path} does not exist; see infra/sandbox/README.md`);
    }
  };

  return {
    async handle(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Promise<void> {
      if (req.method === 'GET') return get(path, req, res, query);
      if (req.method === 'POST') return post(path, await readJson(req), res);
      throw new HttpError(405, 'MethodNotAllowed', 'use GET or POST');
    },
  };
}

function asked(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value) return value;
  throw new HttpError(400, 'BadArgument', `the query needs ${name}=…`);
}

/** A reconnecting browser repeats the old address, so that its header is the newer word. */
function lastSeen(req: IncomingMessage, query: URLSearchParams): number | undefined {
  const given = req.headers['last-event-id'] ?? query.get('after') ?? undefined;
  const number = Number(given);
  return given === undefined || !Number.isInteger(number) ? undefined : number;
}

/** The newest `limit` threads (single messages outside channels) that began before `before`, with all their replies. */
function pageOf(seen: Message[], before: number, limit: number): { page: Message[]; more: boolean } {
  const roots = seen.filter(({ id, root }) => id === root && Number(id) < before).map(({ id }) => id);
  const chosen = new Set(roots.slice(-limit));
  return { page: seen.filter(({ root }) => chosen.has(root)), more: roots.length > chosen.size };
}
