import { readFileSync } from 'node:fs';
import { DefaultAzureCredential } from '@azure/identity';
import { SAMPLE_PICTURES } from '../cards/gallery/pictures.ts';
import type { Notice } from '../dialogs/capability.ts';
import type { Rooms } from '../dialogs/rooms.ts';
import { azureClients } from '../services/azure/client.ts';
import { pulse } from '../services/azure/pulse.ts';
import { audit } from '../services/core/audit.ts';
import { systemClock } from '../services/core/clock.ts';
import { speakPlainly } from '../services/core/complaints.ts';
import { type Config, SANDBOX_HOOK_KEY } from '../services/core/config.ts';
import { faults } from '../services/core/faults.ts';
import { randomIds } from '../services/core/ids.ts';
import { jobs } from '../services/core/jobs.ts';
import { createLog, type Log } from '../services/core/log.ts';
import { createMetrics } from '../services/core/metrics.ts';
import { loadOrganisation } from '../services/core/organisation.load.ts';
import { outbox } from '../services/core/outbox.ts';
import { people } from '../services/core/people.ts';
import { fileRoles, groupRoles } from '../services/core/roles.ts';
import { roster } from '../services/core/roster.ts';
import { houseSeal } from '../services/core/seal.ts';
import { untraced } from '../services/core/traces.ts';
import { answers, forgetEverything } from '../services/store/reset.ts';
import { openStore } from '../services/store/store.ts';
import { inTurn } from '../services/store/transaction.ts';
import { fileFindings } from '../services/windows/index.ts';
import { codeHosts } from './app.approvals.ts';
import { azureFor } from './app.azure.ts';
import { costSource } from './app.cost.ts';
import { DOMAINS } from './app.domains.ts';
import { openFeed, openWindowFeed } from './app.feeds.ts';
import { followSandbox } from './app.follower.ts';
import { pictures } from './app.pictures.ts';
import { createSandbox, type SandboxPart, sandboxClock } from './app.sandbox.ts';
import { domainServices } from './app.services.ts';
import { signInFor } from './app.signing.ts';
import { CONFIRMATION, confirmations, drawConfirmation } from './confirm.ts';
import { type ConsoleDoor, consoleDoor, doorExists } from './console-door.ts';
import { delivery, earliest } from './delivery.ts';
import { dispatch } from './dispatch.ts';
import { gateDoor } from './gate.ts';
import { drawAnswer, ears } from './hear.ts';
import { gatekeeper } from './hooks.ts';
import { housekeeping } from './housekeeping.ts';
import { lanes } from './lanes.ts';
import { ledger } from './ledger.ts';
import { ownViewers } from './own-views.ts';
import { places } from './places.ts';
import { buildRegistry, type Registry } from './registry.ts';
import { drawRetired, RETIRED } from './repeats.ts';
import { takeHome } from './running.ts';
import type { Dispatch } from './said.ts';
import { sender } from './send.ts';
import { createServer } from './server.ts';
import { signDoor } from './sign-in.ts';
import { drawSignature, SIGNATURE, signatures } from './signing.ts';
import { teams } from './teams.ts';
import { drawWelcome, welcome } from './welcome.ts';
import type { Ears } from './wire.ts';

export interface App {
  /** Where people look: the Room in the sandbox, the address of the bot otherwise. */
  url: string;
  registry: Registry;
  dispatch: Dispatch;
  console: ConsoleDoor;
  rooms: Rooms;
  log: Log;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 3_000;
const NORTHWIND = new URL('../infra/sandbox/northwind.yaml', import.meta.url);

/** Builds the house and opens its doors. The only place that knows which parts are real and which are simulated. */
export async function startApp(config: Config, options: { listen?: boolean; log?: Log } = {}): Promise<App> {
  speakPlainly();
  const log = options.log ?? createLog(config.log.level);
  const file = config.organisationFile;
  const organisation = loadOrganisation(
    readFileSync(file ?? NORTHWIND, 'utf8'),
    file ?? 'infra/sandbox/northwind.yaml',
  );
  // An entry of the calendar that cannot be read closes what it is about; whoever starts the house should know.
  for (const { path, wrong, right } of fileFindings(organisation)) log.warn({ where: path.join('.'), right }, wrong);
  const registry = buildRegistry(DOMAINS);
  const followed = config.sandbox.url ? await followSandbox(config.sandbox.url, log) : undefined;
  const movable = followed?.clock ?? (config.mode === 'sandbox' ? sandboxClock(config) : undefined);
  const clock = movable ?? systemClock;
  const ids = randomIds;
  const metrics = createMetrics();
  const tracing = config.traces.endpoint
    ? (await import('./traces.ts')).traces({ endpoint: config.traces.endpoint, log, mode: config.mode })
    : undefined;
  const traced = tracing?.traced ?? untraced;
  let url = '';
  const hosted =
    movable && !followed
      ? createSandbox({ config, clock: movable, ids, log, organisation, address: () => url, commands: commandsOf })
      : undefined;
  const sandbox: SandboxPart | undefined = followed ?? hosted;
  async function commandsOf(person: string) {
    const member = (await who.members())?.find(({ id }) => id === person);
    const allowed = registry.allowedFor(member?.roles ?? []);
    return allowed.flatMap(({ examples, summary }) => examples.map((text) => ({ text, summary })));
  }
  const dead = faults({ clock, log, says: 'the database does not answer', again: 'the database answers again' });
  const home = config.databaseUrl ? undefined : takeHome(config.home);
  const store = await openStore(config.databaseUrl ? { url: config.databaseUrl } : { directory: config.home });

  const record = audit({ clock });
  const messages = outbox({ db: store.db, clock });
  const queue = jobs({
    store,
    clock,
    ids,
    log,
    onDead: (tx, name, data, error) =>
      record.append(tx, {
        actor: 'wardroom',
        action: 'jobs.dead',
        objects: [],
        outcome: 'failed',
        why: error,
        detail: { name, data },
      }),
    traced,
    ran: () => courier.kick(),
  });
  const azure = azureClients({
    clock,
    credential: sandbox?.credential ?? new DefaultAzureCredential(),
    ...(sandbox ? { httpClient: sandbox.httpClient } : {}),
    ...codeHosts(config),
    random: ids.random,
    log: (event) => log.warn(event, 'Azure'),
    traced,
  });
  const wired = {
    ...azureFor(azure, organisation, clock, config.bot.appId),
    cost: costSource(azure, organisation),
  };
  const everybody = people(organisation);
  const reader = {
    transitiveMembers: async (group: string) => (await azure.graph.members(group)).value.map(({ id }) => id),
  };
  const roles =
    config.roles.source === 'graph'
      ? groupRoles({
          people: everybody,
          groups: config.roles.groups,
          reader,
          clock,
          ttlMinutes: config.roles.ttlMinutes,
        })
      : fileRoles(everybody);
  const who = roster(everybody, roles);
  const addressOf = (path: string) => `${config.publicUrl ?? url}${path}`;
  const drawn = pictures({
    seal: await houseSeal(store.db, ids),
    addressOf,
    ...(config.mode === 'sandbox' ? { samples: SAMPLE_PICTURES } : {}),
  });
  const shared = {
    store,
    db: store.db,
    clock,
    ids,
    fileUrl: (token: string) => addressOf(`/files/${token}`),
    pictures: drawn.addresses,
    log,
    pulse: pulse({ clock, random: ids.random, log: (event) => log.warn(event, 'heartbeat') }),
    heartbeatUrl: config.heartbeatUrl,
    addressOf,
    audit: record,
    outbox: messages,
    jobs: queue,
    organisation,
    people: who,
  };

  const { rooms, incidents, begin } = domainServices(shared, wired, {
    sandbox: config.mode === 'sandbox',
    ids,
    outbound: config.outbound,
    ...(config.mode === 'sandbox' ? { standInKey: SANDBOX_HOOK_KEY.secret } : {}),
  });
  const chores = housekeeping({ ...shared, log });

  const bot = teams({ bot: config.bot, log, ears: () => heard });
  const pace = lanes({ store, clock });
  const viewers = ownViewers({ store, clock, log, people: who, transport: () => bot.transport });
  const send = sender({
    store,
    clock,
    ids,
    log,
    audit: record,
    metrics,
    lanes: pace,
    transport: () => bot.transport,
    draw: (notice) => draw(rooms, notice, clock.now()),
    readBack: wired.readBack,
    offer: viewers.offer,
    blocked: (conversation) => map.forget(conversation),
  });
  const courier = delivery({
    store,
    clock,
    log,
    lanes: pace,
    send: (row) => traced(`delivery ${row.kind}`, { 'wardroom.outbox': row.id }, () => send(row), { own: true }),
  });
  const committed = () => {
    queue.kick();
    courier.kick();
  };
  async function draw(inside: Rooms, notice: Notice, now: ReturnType<typeof clock.now>) {
    if (notice.kind === 'wardroom.answer') return drawAnswer(store, notice.ids);
    if (notice.kind === RETIRED) return drawRetired();
    if (notice.kind === 'wardroom.welcome') return drawWelcome(registry, who, notice);
    if (notice.kind === SIGNATURE) return drawSignature({ db: store.db, people: who, clock, addressOf }, notice);
    if (notice.kind === CONFIRMATION) return drawConfirmation({ db: store.db, registry, people: who, clock }, notice);
    const drawer = DOMAINS.map(({ notices }) => notices[notice.kind]).find(Boolean);
    if (!drawer) throw new Error(`nobody draws notices of the kind ${notice.kind}`);
    return drawer(inside, notice, now);
  }
  const book = ledger({ store, clock, audit: record });
  const toSign = signatures({ clock, ids, outbox: messages, jobs: queue, addressOf });
  const ask = dispatch({
    registry,
    rooms: () => rooms,
    store,
    clock,
    ids,
    log,
    metrics,
    audit: record,
    outbox: messages,
    ledger: book,
    confirmations: confirmations({ clock, ids, outbox: messages, jobs: queue }),
    signatures: toSign,
    committed,
    traced,
    planner: config.planner && (await import('./planner.ts')).planner(config.planner),
  });
  const door = consoleDoor({ config, dispatch: ask, registry, people: who, ids });
  const map = places({ store, clock, organisation, people: who });
  const heard: Ears = ears({
    dispatch: ask,
    places: map,
    viewers,
    people: who,
    store,
    clock,
    log,
    outbox: messages,
    transport: () => bot.transport,
    lanes: pace,
    committed,
    keep: book.keep,
    welcome: (inbound) => welcome({ store, outbox: messages, places: map }, inbound),
  });

  // Without doors (the terminal client on the bare store) what is due waits for the process that has them.
  await queue.start({ work: options.listen !== false });
  const beginRounds = () =>
    inTurn(store, async () => {
      await chores.begin();
      await begin();
    });
  if (options.listen !== false) {
    await beginRounds();
    await courier.start();
  }
  const server =
    options.listen === false
      ? undefined
      : createServer({
          config,
          clock,
          log,
          metrics,
          teams: bot,
          gatekeeper: gatekeeper({ hooks: config.hooks, clock }),
          gate: gateDoor({ ...shared, gate: rooms.windows.gate, ids, keys: config.hooks.keys, committed }),
          receive: (source, body) => traced(`hook ${source}`, {}, () => incidents.receive(source, body)),
          beat: incidents.beat,
          reject: incidents.reject,
          committed,
          sign: signDoor({
            ...shared,
            dispatch: ask,
            signatures: toSign,
            issuer: signInFor(config, { clock, log, organisation, origin: () => url }),
            committed,
          }),
          file: (token) => rooms.files.open(token),
          picture: drawn.open,
          feed: async (token) => (await openWindowFeed(rooms, token)) ?? openFeed(rooms, token, clock.now()),
          ready: async () => {
            // Whoever asks waits for a few seconds only.
            const late = clock.sleep(READY_WITHIN_MS).then(() => false);
            return { database: await Promise.race([answers(store.db, dead), late]), ...azure.health() };
          },
          ...(doorExists(config) ? { console: door } : {}),
          ...(sandbox ? { sandbox: sandbox.handle } : {}),
        });
  if (server) {
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.listen(config.port, config.host, resolve);
    });
    url = `http://${config.host === '::1' ? '[::1]' : config.host}:${server.address().port}`;
    home?.announce(url);
  }
  sandbox?.wire({
    settle: async () => {
      await queue.runDue();
      await courier.runDue();
    },
    nextDue: async () => earliest(await queue.nextDue(), await courier.nextDue()),
    paceMs: () => courier.paceMs(),
    forget: async () => {
      await forgetEverything(store.db);
      await beginRounds();
    },
  });
  if (server) await sandbox?.start();
  return {
    url,
    registry,
    dispatch: ask,
    console: door,
    rooms,
    log,
    async stop() {
      await sandbox?.stop();
      if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
      incidents.watch.stop();
      await courier.stop();
      await queue.stop();
      await store.close();
      home?.release();
      await tracing?.stop();
    },
  };
}
