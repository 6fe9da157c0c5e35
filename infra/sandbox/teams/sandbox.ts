import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, MovableClock } from '../../../services/core/clock.ts';
import type { Ids } from '../../../services/core/ids.ts';
import { createActivities } from './activities.ts';
import { createBotLine } from './bot-line.ts';
import { chooseAction } from './card-actions.ts';
import { createConnector } from './connector.ts';
import { type ControlWiring, createControl } from './control.ts';
import { createEvents } from './events.ts';
import { createExtension, type ExtensionUse } from './extension.ts';
import type { Call, Fact, Fault } from './facts.ts';
import { createFaults, type FaultRequest } from './faults.ts';
import { createGraphMessages, type GraphAnswer } from './graph.ts';
import { createHands, type SayOptions } from './hands.ts';
import { foreign, HttpError, sendError } from './http.ts';
import { rateLimiter } from './limits.ts';
import { createRoomApi, type GalleryCard } from './room-api.ts';
import type { RoomClock, RoomCommand, RoomDialog, RoomExtension, RoomMessage, RoomOutcome } from './room-types.ts';
import { createStaticFiles } from './static-files.ts';
import { openStore } from './store.ts';
import { createViews } from './views.ts';
import type { Incoming } from './wire.ts';
import {
  type Bot,
  createWorld,
  type Place,
  type SandboxChannel,
  type SandboxChat,
  type SandboxPerson,
  type SandboxTeam,
} from './world.ts';

export interface TeamsSandboxOptions {
  /** A MovableClock can be advanced through the control API. */
  clock: Clock | MovableClock;
  ids: Ids;
  /** Path of the journal; without it everything is forgotten with the process. */
  journal?: string;
  people: readonly SandboxPerson[];
  channels: readonly SandboxChannel[];
  chats: readonly SandboxChat[];
  team: SandboxTeam;
  bot?: Bot;
  /** Where activities are posted: `http://127.0.0.1:3978/api/messages`. */
  botEndpoint: () => string;
  /** What the bot is told: `http://127.0.0.1:3978/connector/`. */
  serviceUrl: () => string;
  log?: (message: string) => void;
  /** Teams' documented rate limits; `off` for load tests. */
  limits?: 'documented' | 'off';
  /** How long the bot may take to answer an activity before it is sent again. */
  redeliverAfterMs?: number;
  keep?: { messages: number; calls: number };
  compactAboveBytes?: number;
  /** What `/gallery` shows. */
  gallery?: () => Promise<readonly GalleryCard[]>;
  /** What this person may ask, for the Room's suggestions. */
  commands?: (who: string) => Promise<readonly RoomCommand[]>;
  /** The message extension as the app's manifest lists it. */
  extension?: readonly RoomExtension[];
  wiring?: ControlWiring;
}

export type TeamsSandbox = ReturnType<typeof createTeamsSandbox>;

const REDELIVER_AFTER_MS = 15_000;
const KEEP = { messages: 5_000, calls: 5_000 };
const COMPACT_ABOVE_BYTES = 16_777_216;

/** A Teams of our own. Nothing is sent before `start`; `handle` may be mounted before that. */
export function createTeamsSandbox(options: TeamsSandboxOptions) {
  const { clock, ids, serviceUrl, botEndpoint, log = () => undefined } = options;
  const world = createWorld({ ...options, bot: options.bot ?? { id: '28:wardroom', name: 'Wardroom' } });
  const store = openStore({
    clock,
    journal: options.journal,
    keep: options.keep ?? KEEP,
    compactAboveBytes: options.compactAboveBytes ?? COMPACT_ABOVE_BYTES,
  });
  const { state } = store;
  let wiring: ControlWiring = options.wiring ?? {};

  const faults = createFaults({ store, clock, ids });
  const views = createViews({ state, world, clock });
  const limiter = options.limits === 'off' ? undefined : rateLimiter(clock);
  const connector = createConnector({ store, world, clock, faults, limiter, serviceUrl });
  const redeliverAfterMs = options.redeliverAfterMs ?? REDELIVER_AFTER_MS;
  const line = createBotLine({ store, clock, botEndpoint, redeliverAfterMs, log });
  const activities = createActivities({ world, clock, ids, serviceUrl });
  const hands = createHands({ store, world, clock, views, activities, line });
  const extensionCommands = options.extension ?? [];
  const extension = createExtension({ world, hands, activities, line, commands: extensionCommands });
  const events = createEvents({ store, world, views, clock });
  const graph = createGraphMessages({ store, world, faults });
  const files = createStaticFiles();

  const movable = (): MovableClock | undefined => ('moveTo' in clock ? clock : undefined);
  const roomClock = (): RoomClock => ({ now: clock.now().toString(), frozen: movable()?.frozen ?? false });
  const stopClock = movable()?.onMove(() => events.clock(roomClock()));

  /** Installs or removes at several places of one scope; the bot is told place by place. */
  const change = async (places: readonly Place[], action: 'add' | 'remove') => {
    const [first] = places;
    if (!first) return;
    const told: Incoming[] = places.flatMap((place) => {
      const person = world.person(place.members[0] ?? '');
      return person ? activities.installation(place, person, action) : [];
    });
    const facts: Fact[] = told.map((activity) => ({ kind: 'inbound', activity }));
    store.write({ kind: 'installed', scope: first.scope, on: action === 'add' }, ...facts);
    for (const activity of told) await line.deliver(activity);
  };
  const placesOf = (scope: string) => world.places.filter((place) => place.scope === scope);

  const start = async (): Promise<void> => {
    // What the bot had not taken when the process died comes first, in its old order.
    // The sandbox may have moved to another port meanwhile.
    for (const { activity, message } of [...state.pending.values()])
      await line.deliver({ ...activity, serviceUrl: serviceUrl() }, message);
    for (const scope of new Set(world.places.map((place) => place.scope)))
      if (!state.installed.has(scope)) await change(placesOf(scope), 'add');
  };

  const install = async (conversation: string, action: 'add' | 'remove' = 'add'): Promise<void> => {
    const place = world.resolve(conversation, conversation);
    if (!place) throw new HttpError(404, 'NoSuchConversation', `no conversation "${conversation}"`);
    await change(placesOf(place.scope), action);
  };

  const settle = async (): Promise<void> => {
    for (let before = -1; before !== line.sent() || line.busy() > 0; ) {
      before = line.sent();
      await line.idle();
      await wiring.settle?.();
    }
  };

  const reset = async (): Promise<void> => {
    await line.idle();
    store.reset();
    limiter?.reset();
    graph.refuse(false);
    await wiring.reset?.();
    events.reset();
    await start();
    await settle();
  };

  const calls = (after: number): Call[] => state.calls.filter(({ number }) => number > after);

  const room = createRoomApi({
    store,
    world,
    views,
    hands,
    extension,
    extensionCommands,
    events,
    clock: roomClock,
    gallery: options.gallery ?? (async () => []),
    commands: options.commands ?? (async () => []),
    log,
  });
  const control = createControl({
    world,
    clock,
    views,
    hands,
    extension,
    faults,
    refuseGraph: graph.refuse,
    wiring: () => wiring,
    moveClock: async (to, gone) => {
      const move = wiring.advance ?? movable()?.moveTo;
      if (!move) throw new HttpError(400, 'BadArgument', 'this sandbox runs on the real clock, which cannot be moved');
      await move(to, gone);
    },
    settle,
    reset,
    install,
    roomClock,
    calls,
    summary: () => ({
      installed: Object.fromEntries(state.installed),
      messages: state.messages.size,
      pending: state.pending.size,
      calls: state.callCount,
    }),
  });

  const route = async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean> => {
    const under = (prefix: string) =>
      url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : undefined;
    // Before everything, the bot's own paths too: in the sandbox it believes whoever reaches it.
    const refusal = foreign(req);
    if (refusal) throw new HttpError(403, 'Forbidden', refusal);
    const inner = under('/connector') ?? under('/room/api') ?? under('/sandbox');
    if (inner === undefined && !files.serves(url.pathname)) return false;
    if (inner === undefined) await files.handle(req, res, decodeURI(url.pathname));
    else if (under('/connector')) await connector.handle(req, res, inner, url.searchParams);
    else if (under('/room/api')) await room.handle(req, res, inner, url.searchParams);
    else await control.handle(req, res, inner, url.searchParams);
    return true;
  };

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<boolean> => {
    try {
      const target = `http://localhost${req.url?.startsWith('/') ? req.url : '/'}`;
      return await route(req, res, new URL(target));
    } catch (error) {
      const known = error instanceof URIError ? new HttpError(400, 'BadSyntax', 'the address is not valid') : error;
      if (!(known instanceof HttpError)) log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      sendError(
        res,
        known instanceof HttpError ? known : new HttpError(500, 'ServiceError', 'the sandbox has a fault; see its log'),
      );
      return true;
    }
  };

  return {
    handle,
    /** Sends what was pending, and on the first run the installation events. Call it when the bot listens. */
    start,
    /** Serves alone, on loopback. Port 0 takes a free one. */
    async listen(port: number): Promise<{ port: number; close(): Promise<void> }> {
      const server = createServer((req, res) => {
        void handle(req, res).then((done) => {
          if (!done) sendError(res, new HttpError(404, 'NotFound', 'there is nothing here'));
        });
      });
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
      return {
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    },
    /** Adds to the control API what the composition root knows. */
    wire(more: ControlWiring): void {
      wiring = { ...wiring, ...more };
    },

    /** A person says something. Resolves when the bot's turn is over; `heard` tells whether it took the message. */
    async say(
      who: string,
      conversation: string,
      text: string,
      said: SayOptions = {},
    ): Promise<{ id: string; heard: boolean }> {
      const { message, heard } = hands.say(who, conversation, text, said);
      return { id: message.id, heard: await heard };
    },
    /** A press on a card, by title, verb or id of the action or with the action itself. */
    click: (who: string, message: string, action: string | Record<string, unknown>, inputs?: Record<string, unknown>) =>
      hands.click(who, message, action, inputs),
    /** Submits a dialog: by the action on its card, or with ready data. */
    submit: (
      who: string,
      message: string,
      dialog: RoomDialog | { data: unknown },
      action = '',
      inputs: Record<string, unknown> = {},
    ): Promise<RoomOutcome> =>
      hands.submit(who, message, 'data' in dialog ? dialog.data : chooseAction(dialog.card, action, inputs).data),
    /** The message extension: a search, an action on a message, or what was filled into its dialog. */
    extension: (who: string, use: ExtensionUse): Promise<RoomOutcome> => extension(who, use),
    refresh: async (who: string, message: string): Promise<RoomMessage> =>
      views.message(await hands.refresh(who, message), who),
    react: async (who: string, message: string, reaction: string): Promise<boolean> =>
      hands.react(who, message, reaction).heard,
    feedback: hands.feedback,
    read: (who: string, conversation: string): void => void hands.read(who, conversation),

    /** The messages of a conversation, oldest first: as this person sees them, or as everybody would. */
    messages(conversation: string, as = ''): RoomMessage[] {
      const place = world.resolve(conversation, as || conversation);
      if (!place) throw new HttpError(404, 'NoSuchConversation', `no conversation "${conversation}"`);
      return [...(state.places.get(place.id)?.values() ?? [])]
        .filter((message) => as === '' || views.visible(message, as))
        .map((message) => views.message(message, as));
    },
    /** Everything the bot asked of the Connector, in order, refused things too; after this number. */
    transcript: (after = 0): Call[] => calls(after),
    /** `conversation` as in `say`. Strikes once when neither count nor until is given. */
    fault(request: FaultRequest): Fault {
      const place = request.conversation ? world.resolve(request.conversation, request.conversation) : undefined;
      if (request.conversation && !place) throw new Error(`no conversation "${request.conversation}"`);
      return faults.add(request, place?.id);
    },
    clearFaults: (): void => faults.clear(),
    install,
    settle,
    reset,
    graphMessages: (method: string, path: string): GraphAnswer => graph.handle(method, path),
    /** Whether Graph refuses to let messages be read. */
    refuseGraph: (on: boolean): void => graph.refuse(on),
    world,

    async close(): Promise<void> {
      line.close();
      events.close();
      stopClock?.();
      await line.idle();
      store.close();
    },
  };
}
