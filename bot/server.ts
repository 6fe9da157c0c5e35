import type { IncomingMessage, ServerResponse } from 'node:http';
import restify, { type Request, type Response } from 'restify';
import type { HookSource, Received } from '../services/alerts/index.ts';
import type { Clock } from '../services/core/clock.ts';
import type { Config } from '../services/core/config.ts';
import { messageOf } from '../services/core/errors.ts';
import { faults } from '../services/core/faults.ts';
import type { Log } from '../services/core/log.ts';
import type { Metrics } from '../services/core/metrics.ts';
import type { ConsoleDoor } from './console-door.ts';
import type { GateDoor } from './gate.ts';
import type { Gatekeeper } from './hooks.ts';
import type { SignDoor } from './sign-in.ts';
import type { Teams } from './teams.ts';
import { isActivity } from './teams-border.ts';

/** Event Grid sends up to 1 MB in a batch, Azure Monitor up to 256 KB, Teams about 100 KB. */
const MAX_BODY_BYTES = 2_000_000;

export interface ServerDeps {
  config: Config;
  log: Log;
  clock: Pick<Clock, 'monotonic'>;
  metrics: Metrics;
  teams: Teams;
  gatekeeper: Gatekeeper;
  /** Without it nothing answers under /gate. */
  gate?: GateDoor;
  receive: (source: HookSource, body: unknown) => Promise<Received | undefined>;
  /** A heartbeat was heard; when it must be heard again. `undefined` when nobody knows it. */
  beat: (id: string) => Promise<{ before: { toString(): string } } | undefined>;
  reject: (hook: string, reason: string) => Promise<void>;
  /** A delivery was committed: look at it. */
  committed: () => void;
  /** A file that was made for somebody to download; `undefined` when there is none, or not any more. */
  file: (token: string) => Promise<{ name: string; type: string; body: string } | undefined>;
  /** A picture of a card as PNG; `undefined` for an address that was not made here. */
  picture: (ground: string, token: string) => Buffer | undefined;
  /** A calendar or report behind an address that nobody guesses; `undefined` when there is none. */
  feed: (token: string) => Promise<{ type: string; name: string; body: string } | undefined>;
  ready: () => Promise<Record<string, boolean>>;
  /** Where people sign in for what they said. */
  sign: SignDoor;
  /** For the terminal client; without it the path does not exist. */
  console?: ConsoleDoor;
  /** The sandbox's own paths, in front of everything; true when it answered. */
  sandbox?: (req: IncomingMessage, res: ServerResponse) => Promise<boolean>;
}

const HOOKS: Readonly<Record<string, HookSource>> = {
  '/hooks/eventgrid': 'eventgrid',
  '/hooks/azure-monitor': 'azure-monitor',
  '/hooks/alertmanager': 'alertmanager',
};
const GENERIC = '/hooks/generic/';
const HEARTBEAT = '/hooks/heartbeat/';
const sourceOf = (path: string): HookSource | undefined =>
  HOOKS[path] ?? (path.startsWith(GENERIC) ? `generic/${path.slice(GENERIC.length)}` : undefined);
/** They write our answer into their log, and do not send again what was answered 400. */
const isTold = (source: HookSource): boolean => source === 'alertmanager' || source.startsWith('generic/');
/** For metrics: a name from an address must not make a series of its own. */
const labelOf = (source: HookSource | 'heartbeat'): string => source.split('/')[0] ?? source;

/** Of an address, between two slashes; browsers and proxies take no longer addresses than this either. */
const LONGEST_PART = 4_096;

/** Every door from the network: Teams, webhooks, health, metrics. */
export function createServer(deps: ServerDeps) {
  const { config, clock, log, metrics, teams, gatekeeper } = deps;
  const lost = faults({
    clock,
    log,
    says: 'a delivery could not be committed',
    again: 'deliveries are committed again',
  });
  const server = restify.createServer({
    name: 'wardroom',
    handleUncaughtExceptions: false,
    // A picture's address holds all of it (bot/app.pictures.ts); find-my-way's own limit is 100.
    maxParamLength: LONGEST_PART,
  });
  if (deps.sandbox) {
    const { sandbox } = deps;
    server.pre((req, res, next) => {
      sandbox(req, res).then(
        (done) => {
          if (!done) next();
          // What is left hanging on purpose is not ended by restify either.
          else if (res.headersSent || res.destroyed) next(false);
        },
        (error) => next(error),
      );
    });
  }
  // restify knows `+json` behind a plain word only: a batch of CloudEvents (`cloudevents-batch+json`) came as bytes.
  server.pre((req, _res, next) => {
    const type = req.headers['content-type'];
    if (type && /^application\/[\w.-]+\+json/i.test(type)) req.headers['content-type'] = 'application/json';
    next();
  });
  server.use(restify.plugins.queryParser());
  server.use(restify.plugins.bodyParser({ maxBodySize: MAX_BODY_BYTES, mapParams: false }));

  server.on('restifyError', (req: Request, _res: Response, error: { statusCode?: number }, done: () => void) => {
    // What the body parser refuses never reaches the hook below; it is counted all the same.
    const source = sourceOf(req.path());
    if (source)
      metrics.hooks.inc({ hook: labelOf(source), outcome: error.statusCode === 413 ? 'too-large' : 'malformed' });
    done();
  });

  server.post('/api/messages', async (req: Request, res: Response) => {
    if (isActivity(req.body)) return teams.process(req, res);
    res.send(400, { error: 'the body must be an activity: JSON with type, from, recipient and conversation' });
  });

  for (const [path, source] of Object.entries(HOOKS)) {
    server.post(path, async (req: Request, res: Response) => hook(source, req, res));
    server.opts(path, async (req: Request, res: Response) => {
      const answer = gatekeeper.options(req.headers);
      for (const [name, value] of Object.entries(answer.headers ?? {})) res.header(name, value);
      res.send(answer.status);
    });
  }

  server.get('/files/:token', async (req: Request, res: Response) => {
    const found = await deps.file(String(req.params.token));
    if (!found) {
      res.send(404, { error: 'there is no such file, or not any more; ask for it again' });
      return;
    }
    // A browser saves it and never shows it as a page.
    res.header('Content-Type', found.type);
    res.header('Content-Disposition', `attachment; filename="${found.name.replace(/[^\w.-]/g, '_')}"`);
    res.header('X-Content-Type-Options', 'nosniff');
    res.header('Cache-Control', 'no-store');
    res.sendRaw(200, found.body);
  });

  server.get('/pictures/:ground/:file', async (req: Request, res: Response) => {
    const [token = '', ending] = String(req.params.file).split('.');
    const picture = ending === 'png' ? deps.picture(String(req.params.ground), token) : undefined;
    if (!picture) {
      res.send(404, { error: 'there is no such picture; ask for its card again' });
      return;
    }
    res.header('Content-Type', 'image/png');
    res.header('X-Content-Type-Options', 'nosniff');
    // Its address holds what it shows, so it never changes.
    res.header('Cache-Control', 'public, max-age=31536000, immutable');
    res.sendRaw(200, picture);
  });

  server.post(`${GENERIC}:name`, async (req: Request, res: Response) => hook(`generic/${req.params.name}`, req, res));

  for (const method of ['post', 'get'] as const) {
    server[method](`${HEARTBEAT}:name`, async (req: Request, res: Response) => heartbeat(req.params.name, req, res));
  }

  /** Whether the caller has proved itself; otherwise it was answered, and counted. */
  async function admitted(source: HookSource | 'heartbeat', req: Request, res: Response): Promise<boolean> {
    let entry: Awaited<ReturnType<Gatekeeper['check']>>;
    try {
      entry = await gatekeeper.check(source, req);
    } catch (error) {
      notCommitted(source, error, res);
      return false;
    }
    if (entry.ok) return true;
    metrics.hooks.inc({ hook: labelOf(source), outcome: entry.code });
    log.warn({ hook: source, code: entry.code, why: entry.why }, 'a webhook call was refused');
    await deps
      .reject(labelOf(source), entry.code)
      .catch((error) => log.error({ error: messageOf(error) }, 'not counted'));
    // What is wrong with a key is for the log only; that there must be one is no secret.
    res.send(401, { error: 'unauthorized', ...(entry.code === 'no-key' ? { next: entry.why } : {}) });
    return false;
  }

  /** When in doubt the sender keeps it and tries again. */
  function notCommitted(source: HookSource | 'heartbeat', error: unknown, res: Response): void {
    metrics.hooks.inc({ hook: labelOf(source), outcome: 'not-committed' });
    lost.failed(error, { hook: source });
    res.header('Retry-After', '10');
    res.send(503, { error: 'not committed, send it again' });
  }

  async function heartbeat(id: string, req: Request, res: Response): Promise<void> {
    if (!(await admitted('heartbeat', req, res))) return;
    try {
      const heard = await deps.beat(id);
      metrics.hooks.inc({ hook: 'heartbeat', outcome: heard ? 'accepted' : 'unknown-hook' });
      res.header('Cache-Control', 'no-store');
      if (heard) res.send(200, { ok: true, before: heard.before.toString() });
      else res.send(404, { error: 'wardroom.yaml has no heartbeat of this name' });
      if (heard) deps.committed();
    } catch (error) {
      notCommitted('heartbeat', error, res);
    }
  }

  async function hook(source: HookSource, req: Request, res: Response): Promise<void> {
    const count = (outcome: string) => metrics.hooks.inc({ hook: labelOf(source), outcome });
    if (!(await admitted(source, req, res))) return;
    const validation = source === 'eventgrid' ? gatekeeper.validation(req.headers, req.body) : undefined;
    if (validation) {
      count('validation');
      res.send(validation.status, validation.body ?? { error: validation.why ?? 'refused' });
      return;
    }
    if (req.body === undefined || req.body === null || typeof req.body !== 'object') {
      count('malformed');
      res.send(400, { error: 'the body must be JSON: one event or an array of events' });
      return;
    }
    try {
      const received = await deps.receive(source, req.body);
      lost.worked();
      if (!received) {
        count('unknown-hook');
        res.send(404, { error: 'wardroom.yaml has no hook of this name' });
        return;
      }
      const { accepted, duplicates, unknown, malformed } = received;
      // What does not fit is kept; whoever set the sender up is told where that can be seen.
      const refused = isTold(source) && malformed.length > 0 && accepted + duplicates + unknown === 0;
      count(refused ? 'malformed' : 'accepted');
      res.send(refused ? 400 : 200, received);
      deps.committed();
    } catch (error) {
      notCommitted(source, error, res);
    }
  }

  server.get('/feeds/:file', async (req: Request, res: Response) => {
    const [token = '', ending] = String(req.params.file).split('.');
    const found = await deps.feed(token);
    if (!found?.name.endsWith(`.${ending}`)) {
      res.send(404, { error: 'nothing stands at this address, or not any more' });
      return;
    }
    res.header('Content-Type', found.type);
    res.header('Content-Disposition', `inline; filename="${found.name.replace(/[^\w.-]/g, '_')}"`);
    res.header('X-Content-Type-Options', 'nosniff');
    // Its address is its key: no cache between us keeps what may be taken back.
    res.header('Cache-Control', 'private, no-store');
    res.header('X-Robots-Tag', 'noindex');
    res.sendRaw(200, found.body);
  });

  for (const method of ['get', 'post'] as const) {
    server[method]('/sign/:id', async (req: Request, res: Response) => {
      const { status, headers, body } = await deps.sign.handle({
        method,
        id: String(req.params.id),
        query: req.getQuery(),
        headers: req.headers,
      });
      for (const [name, value] of Object.entries(headers)) res.header(name, value);
      res.sendRaw(status, body);
    });
  }

  const { console } = deps;
  if (console) {
    server.post('/console', async (req: Request, res: Response) => {
      const { status, body } = await console.knock(req, req.body);
      res.send(status, body);
    });
  }

  const door = deps.gate;
  for (const method of door ? (['get', 'post'] as const) : []) {
    server[method]('/gate/:name', async (req: Request, res: Response) => {
      const { status, body, headers } = await (door as GateDoor).handle({
        method,
        path: req.path(),
        headers: req.headers,
        query: (req.query ?? {}) as Record<string, unknown>,
        body: req.body,
        rawBody: String((req as { rawBody?: unknown }).rawBody ?? ''),
      });
      for (const [name, value] of Object.entries(headers ?? {})) res.header(name, value);
      res.send(status, body);
    });
  }

  server.get('/healthz', async (_req: Request, res: Response) => {
    // Nothing is returned: restify logs what an async handler returns.
    res.send(200, { ok: true });
  });
  server.get('/readyz', async (_req: Request, res: Response) => {
    const parts = await deps.ready();
    res.send(parts['database'] ? 200 : 503, parts);
  });
  server.get('/metrics', async (req: Request, res: Response) => {
    const { token } = config.metrics;
    const local = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(req.socket.remoteAddress ?? '');
    if (token ? req.headers.authorization !== `Bearer ${token}` : !local) {
      res.send(401, { error: 'unauthorized' });
      return;
    }
    res.header('Content-Type', metrics.registry.contentType);
    res.sendRaw(200, await metrics.registry.metrics());
  });
  return server;
}
