import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../services/core/clock.ts';
import type { Fault, FaultOperation } from './facts.ts';
import type { Faults } from './faults.ts';
import { check, HttpError, matchPath, readJson, sendError, sendJson } from './http.ts';
import { type RateLimiter, READ_LIMITS, SEND_LIMITS, TENANT_LIMITS } from './limits.ts';
import { type Asked, createMailroom, type Mailroom } from './mailroom.ts';
import { accountOf, membersPage, teamConversations, teamDetails } from './roster.ts';
import type { Store } from './store.ts';
import { conversationParameters, outgoing } from './wire.ts';
import { isHere, type Place, splitConversation, type World } from './world.ts';

export interface ConnectorOptions {
  store: Store;
  world: World;
  clock: Clock;
  faults: Faults;
  /** `undefined` switches the limits off. */
  limiter: RateLimiter | undefined;
  serviceUrl: () => string;
}

interface Request {
  req: IncomingMessage;
  res: ServerResponse;
  params: Record<string, string>;
  query: URLSearchParams;
}

/** What a fault's status is called in the error body. */
const CODES: Readonly<Record<number, string>> = {
  400: 'BadArgument',
  401: 'Unauthorized',
  403: 'MessageWritesBlocked',
  404: 'ConversationNotFound',
  412: 'PreconditionFailed',
  413: 'MessageSizeTooBig',
  429: 'Throttled',
  500: 'ServiceError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/**
 * The Bot Connector REST interface, version 3, as Teams serves it ("API reference for the Bot Framework Connector
 * service" and "Send proactive messages", Microsoft Learn). `path` has the prefix `/connector` taken off.
 */
export function createConnector(options: ConnectorOptions) {
  const { store, world, faults, limiter } = options;
  const mailroom: Mailroom = createMailroom(options);

  const placeOf = (id: string): Place => {
    const place = world.place(id);
    if (!place) throw new HttpError(404, 'ConversationNotFound', `Conversation not found: ${id}`);
    return place;
  };

  const limit = (res: ServerResponse, key: string, limits: typeof SEND_LIMITS): void => {
    const wait = limiter?.take('tenant', TENANT_LIMITS) ?? limiter?.take(key, limits);
    if (wait === undefined) return;
    res.setHeader('retry-after', String(wait));
    throw new HttpError(429, 'Throttled', `Too many requests; retry after ${wait} s`);
  };

  /** Carries a fault out. */
  const answerFault = ({ req, res }: Request, fault: Fault): void => {
    if (fault.answer === 'hang') return;
    if (fault.answer === 'reset') {
      req.socket.destroy();
      return;
    }
    const headers: Record<string, string> =
      fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
    const code = CODES[fault.answer] ?? 'ServiceError';
    sendError(res, new HttpError(fault.answer, code, `Fault injected by the sandbox (${fault.id})`), headers);
  };

  /** Create, reply, edit or delete: limits, faults, effect, record and answer, in this order. */
  const write = async (request: Request, asked: Asked, strikes: FaultOperation[], answer: (id: string) => unknown) => {
    let fault: Fault | undefined;
    try {
      mailroom.admit(asked);
      limit(request.res, `send ${asked.place.id}`, SEND_LIMITS);
      for (const operation of strikes) fault ??= faults.strike(operation, asked.place.id);
    } catch (error) {
      if (error instanceof HttpError) mailroom.record(asked, { status: error.status, delivered: false });
      throw error;
    }
    const created = asked.operation === 'create' || asked.operation === 'typing';
    const status = fault === undefined ? (created ? 201 : 200) : typeof fault.answer === 'number' ? fault.answer : 0;
    const outcome = { status, delivered: fault?.delivered ?? true, ...(fault ? { fault: fault.id } : {}) };
    const id = mailroom.record(asked, outcome);
    if (fault) answerFault(request, fault);
    else sendJson(request.res, status, answer(id));
  };

  const send = async (request: Request) => {
    const { conversation = '', activity } = request.params;
    const body = check(outgoing, await readJson(request.req));
    const targeted = request.query.get('isTargetedActivity') === 'true';
    const asked = mailroom.posting(
      placeOf(conversation),
      splitConversation(conversation).root,
      activity,
      body,
      targeted,
    );
    await write(request, asked, [asked.operation], (id) => ({ id }));
  };

  const edit = async (request: Request) => {
    const { conversation = '', activity = '' } = request.params;
    const body = check(outgoing, await readJson(request.req));
    await write(request, mailroom.changing('edit', placeOf(conversation), activity, body), ['edit'], (id) => ({ id }));
  };

  const remove = async (request: Request) => {
    const { conversation = '', activity = '' } = request.params;
    const asked = mailroom.changing('delete', placeOf(conversation), activity, { type: 'message' });
    await write(request, asked, ['delete'], () => undefined);
  };

  const createConversation = async (request: Request) => {
    const parameters = check(conversationParameters, await readJson(request.req));
    const place = conversationAsked(parameters.channelData?.channel?.id, parameters.members?.[0]?.id ?? undefined);
    if (parameters.activity) {
      const asked = mailroom.posting(place, undefined, undefined, parameters.activity, false);
      const id = (message: string) => (place.kind === 'channel' ? `${place.id};messageid=${message}` : place.id);
      await write(request, asked, ['conversation', 'create'], (message) => ({
        id: id(message),
        activityId: message,
        serviceUrl: options.serviceUrl(),
      }));
      return;
    }
    if (place.kind === 'channel') throw new HttpError(400, 'BadSyntax', 'A new thread needs its first activity');
    mailroom.installed(place);
    limit(request.res, `send ${place.id}`, SEND_LIMITS);
    const fault = faults.strike('conversation', place.id);
    if (fault) answerFault(request, fault);
    else sendJson(request.res, 201, { id: place.id, serviceUrl: options.serviceUrl() });
  };

  const conversationAsked = (channel: string | undefined, member: string | undefined): Place => {
    if (channel) return placeOf(channel);
    if (!member)
      throw new HttpError(400, 'BadSyntax', 'Give channelData.channel.id, or one member for a one-to-one chat');
    const person = world.personBy(member);
    if (!person || !isHere(person))
      throw new HttpError(403, 'BotNotInConversationRoster', `No one-to-one chat with ${member}`);
    return placeOf(`a:${person.id}`);
  };

  const read = (body: (request: Request, place: Place) => unknown) => async (request: Request) => {
    const { conversation = '' } = request.params;
    const place = conversation === world.team.id ? undefined : placeOf(conversation);
    const any = place ?? world.places[0];
    if (!any) throw new HttpError(404, 'ConversationNotFound', 'There is no conversation');
    limit(request.res, `read ${place?.id ?? world.team.id}`, READ_LIMITS);
    const fault = faults.strike('members', place?.id);
    if (fault) answerFault(request, fault);
    else sendJson(request.res, 200, body(request, any));
  };

  const member = read(({ params }, place) => {
    const person = world.personBy(params.member ?? '');
    if (!person || !place.members.includes(person.id))
      throw new HttpError(404, 'MemberNotFoundInConversation', `${params.member} is not in this conversation`);
    return accountOf(person, world);
  });

  const team =
    (body: () => unknown) =>
    async ({ params, res }: Request) => {
      if (params.team !== world.team.id) throw new HttpError(404, 'TeamNotFound', `No team ${params.team}`);
      limit(res, `read ${world.team.id}`, READ_LIMITS);
      sendJson(res, 200, body());
    };

  const routes: [method: string, pattern: string, handler: (request: Request) => Promise<void>][] = [
    ['POST', '/v3/conversations', createConversation],
    ['POST', '/v3/conversations/{conversation}/activities', send],
    ['POST', '/v3/conversations/{conversation}/activities/{activity}', send],
    ['PUT', '/v3/conversations/{conversation}/activities/{activity}', edit],
    ['DELETE', '/v3/conversations/{conversation}/activities/{activity}', remove],
    ['GET', '/v3/conversations/{conversation}/members', read((_, place) => place.members.map(account(world)))],
    [
      'GET',
      '/v3/conversations/{conversation}/pagedmembers',
      read(({ query }, place) => membersPage(place, world, query)),
    ],
    ['GET', '/v3/conversations/{conversation}/members/{member}', member],
    [
      'GET',
      '/v3/conversations/{conversation}/activities/{activity}/members',
      read((_, place) => place.members.map(account(world))),
    ],
    ['GET', '/v3/teams/{team}', team(() => teamDetails(world))],
    ['GET', '/v3/teams/{team}/conversations', team(() => teamConversations(world))],
  ];

  return {
    async handle(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Promise<void> {
      let known = false;
      for (const [method, pattern, handler] of routes) {
        const params = matchPath(pattern, path);
        if (!params) continue;
        known = true;
        if (method === req.method) return handler({ req, res, params, query });
      }
      throw known
        ? new HttpError(405, 'MethodNotAllowed', `${req.method} is not for ${path}`)
        : new HttpError(404, 'NotFound', `The Connector has no ${path}`);
    },
    /** Whether the bot may write there. */
    isInstalled: (place: Place) => store.state.installed.get(place.scope) === true,
  };
}

const account = (world: World) => (id: string) => {
  const person = world.person(id);
  return person ? accountOf(person, world) : { id };
};
