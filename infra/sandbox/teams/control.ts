import type { IncomingMessage, ServerResponse } from 'node:http';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { Clock } from '../../../services/core/clock.ts';
import type { Extension } from './extension.ts';
import type { Call, Fault } from './facts.ts';
import { type Faults, faultRequest } from './faults.ts';
import type { Hands } from './hands.ts';
import { check, HttpError, readJson, sendJson } from './http.ts';
import { clickBody, dialogBody, extensionBody, sayBody } from './room-api.ts';
import type { RoomClock } from './room-types.ts';
import type { Views } from './views.ts';
import type { World } from './world.ts';

/** Something that can be made to happen from outside: an event of the estate, a fault of a service. */
export interface Happening {
  summary: string;
  /** A whole body that works, shown to people. */
  example: Readonly<Record<string, unknown>>;
  /** The body without `name` (events) or `where` (faults). */
  input: z.ZodObject;
  run(input: Record<string, unknown>): Promise<unknown>;
}

/** What the composition root adds to the control API. */
export interface ControlWiring {
  /**
   * Moves the clock and lets everything due happen in order, until whoever asked is gone; the sandbox's own clock is moved
   * when left out.
   */
  advance?: (to: Temporal.Instant, gone: AbortSignal) => Promise<void>;
  /** Resolves when nothing is under way outside the sandbox's Teams: outbox, jobs, long-running operations due by now. */
  settle?: () => Promise<void>;
  events?: Readonly<Record<string, Happening>>;
  /** By `where`; `teams` and `graph` are built in. */
  faults?: Readonly<Record<string, Happening>>;
  clearFaults?: () => Promise<void>;
  reset?: () => Promise<void>;
  /** More for `GET /sandbox/state`. */
  state?: () => Promise<Readonly<Record<string, unknown>>>;
}

export interface ControlOptions {
  world: World;
  clock: Clock;
  views: Views;
  hands: Hands;
  extension: Extension;
  faults: Faults;
  refuseGraph: (on: boolean) => void;
  wiring: () => ControlWiring;
  moveClock: (to: Temporal.Instant, gone: AbortSignal) => Promise<void>;
  settle: () => Promise<void>;
  reset: () => Promise<void>;
  install: (conversation: string, action: 'add' | 'remove') => Promise<void>;
  roomClock: () => RoomClock;
  calls: (after: number) => Call[];
  summary: () => Record<string, unknown>;
}

const advanceBody = z.strictObject({ by: z.string().optional(), to: z.string().optional() });
const eventBody = z.looseObject({ name: z.string({ error: 'name must be the name of an event' }) });
const faultBody = z.looseObject({ where: z.string().default('teams') });
const graphBody = z.strictObject({ refuse: z.boolean() });
const installBody = z.strictObject({ conversation: z.string(), action: z.enum(['add', 'remove']) });
const MAX_ADVANCE_DAYS = 400;

/** `/sandbox/*`: an answer leaves when everything due has happened. `path` has `/sandbox` taken off. */
export function createControl(options: ControlOptions) {
  const { world, clock, views, hands, faults, wiring } = options;

  const advance = async (body: unknown, gone: AbortSignal) => {
    const to = targetOf(check(advanceBody, body), clock.now());
    await options.moveClock(to, gone);
    await options.settle();
    return options.roomClock();
  };

  const event = async (body: unknown) => {
    const { name, ...rest } = check(eventBody, body);
    const happening = pick(wiring().events ?? {}, name, 'event');
    const result = await happening.run(check(happening.input, rest) as Record<string, unknown>);
    await options.settle();
    return { name, result: result ?? null, clock: options.roomClock() };
  };

  const fault = async (body: unknown) => {
    const { where, ...rest } = check(faultBody, body);
    if (where === 'graph') {
      const { refuse } = check(graphBody, rest);
      options.refuseGraph(refuse);
      return { where, refuse };
    }
    if (where !== 'teams') {
      const happening = pick(wiring().faults ?? {}, where, 'place for faults', ['teams', 'graph']);
      const result = await happening.run(check(happening.input, rest) as Record<string, unknown>);
      return { where, result: result ?? null };
    }
    return { where, fault: addFault(rest) };
  };

  const addFault = (body: unknown): Fault => {
    const request = check(faultRequest, body);
    if (request.conversation === undefined) return faults.add(request, undefined);
    const place = world.resolve(request.conversation, request.conversation);
    if (!place) throw new HttpError(400, 'BadArgument', `conversation: there is no "${request.conversation}"`);
    return faults.add(request, place.id);
  };

  /** Runs a person's act to its end and tells what the bot did meanwhile. */
  const acted = async (act: () => Promise<object>) => {
    const before = options.calls(0).at(-1)?.number ?? 0;
    const result = await act();
    await options.settle();
    return { ...result, calls: options.calls(before) };
  };

  const state = async () => {
    const { events = {}, faults: places = {}, state: more } = wiring();
    const listed = (happenings: Readonly<Record<string, Happening>>, key: string) =>
      Object.entries(happenings).map(([name, { summary, example }]) => ({ [key]: name, summary, example }));
    return {
      clock: options.roomClock(),
      teams: { ...options.summary(), faults: faults.list() },
      events: listed(events, 'name'),
      faultPlaces: listed(places, 'where'),
      ...(more ? await more() : {}),
    };
  };

  const posts: Readonly<Record<string, (body: unknown, gone: AbortSignal) => Promise<unknown>>> = {
    '/advance': advance,
    '/event': event,
    '/fault': fault,
    '/reset': async () => {
      await options.reset();
      return state();
    },
    '/install': async (body) => {
      const { conversation, action } = check(installBody, body);
      await options.install(conversation, action);
      await options.settle();
      return { conversation, action };
    },
    '/say': (body) =>
      acted(async () => {
        const { as, conversation, text, ...how } = check(sayBody, body);
        const { message, heard } = hands.say(as, conversation, text, how);
        return { heard: await heard, message: views.message(message, as) };
      }),
    '/click': (body) =>
      acted(async () => {
        const { as, message, action, inputs } = check(clickBody, body);
        return { outcome: await hands.click(as, message, action, inputs) };
      }),
    '/dialog': (body) =>
      acted(async () => {
        const { as, message, data } = check(dialogBody, body);
        return { outcome: await hands.submit(as, message, data) };
      }),
    '/extension': (body) =>
      acted(async () => {
        const { as, ...use } = check(extensionBody, body);
        return { outcome: await options.extension(as, use) };
      }),
    '/settle': async () => {
      await options.settle();
      return options.roomClock();
    },
  };

  const gets: Readonly<Record<string, (query: URLSearchParams) => Promise<unknown>>> = {
    '/state': state,
    '/clock': async () => options.roomClock(),
    '/transcript': async (query) => ({ calls: options.calls(numberOf(query.get('after') ?? '0')) }),
  };

  return {
    async handle(req: IncomingMessage, res: ServerResponse, path: string, query: URLSearchParams): Promise<void> {
      if (req.method === 'DELETE' && path === '/fault') {
        faults.clear();
        options.refuseGraph(false);
        await wiring().clearFaults?.();
        return sendJson(res, 204);
      }
      const get = req.method === 'GET' ? gets[path] : undefined;
      if (get) return sendJson(res, 200, await get(query));
      const post = req.method === 'POST' ? posts[path] : undefined;
      if (post) return sendJson(res, 200, await post(await readJson(req), goneOf(res)));
      const known = [
        ...Object.keys(gets).map((p) => `GET /sandbox${p}`),
        ...Object.keys(posts).map((p) => `POST /sandbox${p}`),
      ];
      throw new HttpError(404, 'NotFound', `there is no ${req.method} /sandbox${path}; there are ${known.join(', ')}`);
    },
  };
}

function pick(all: Readonly<Record<string, Happening>>, name: string, what: string, more: string[] = []): Happening {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found) return found;
  const names = [...more, ...Object.keys(all)].join(', ') || 'none';
  throw new HttpError(400, 'BadArgument', `there is no ${what} "${name}"; there are: ${names}`);
}

/** Aborted when the connection ends before it was answered: nobody waits for what is under way any more. */
function goneOf(res: ServerResponse): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  return gone.signal;
}

function numberOf(after: string): number {
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw new HttpError(400, 'BadArgument', `after: "${after}" is not the number of a call, such as 17`);
}

/** Throws `HttpError` 400 for what is not a forward move on the clock. */
function targetOf({ by, to }: z.output<typeof advanceBody>, now: Temporal.Instant): Temporal.Instant {
  if ((by === undefined) === (to === undefined))
    throw new HttpError(400, 'BadArgument', 'give either {"by":"PT30M"} or {"to":"2026-11-23T16:00:00Z"}');
  const target = by === undefined ? instantOf(to ?? '') : later(now, by);
  if (Temporal.Instant.compare(target, now) < 0)
    throw new HttpError(400, 'BadArgument', `the clock only goes forward; it is ${now}`);
  if (target.since(now).total('hours') > MAX_ADVANCE_DAYS * 24)
    throw new HttpError(400, 'BadArgument', `at most ${MAX_ADVANCE_DAYS} days at once`);
  return target;
}

function later(now: Temporal.Instant, by: string): Temporal.Instant {
  try {
    return now.toZonedDateTimeISO('UTC').add(Temporal.Duration.from(by)).toInstant();
  } catch {
    throw new HttpError(400, 'BadArgument', `by: "${by}" is not an ISO 8601 duration; write PT30M, PT2H or P1D`);
  }
}

function instantOf(to: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(to);
  } catch {
    throw new HttpError(400, 'BadArgument', `to: "${to}" is not an instant; write 2026-11-23T16:00:00Z`);
  }
}
