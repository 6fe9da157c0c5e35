import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { gallery } from '../cards/gallery.ts';
import { createEstate } from '../infra/sandbox/azure/estate.ts';
import { estateCredential, estateHttpClient } from '../infra/sandbox/azure/http.ts';
import { FAULT_MODES, fileJournal } from '../infra/sandbox/azure/journal.ts';
import { SCENARIO_INPUTS, SCENARIOS, type Scenario, type ScenarioParams } from '../infra/sandbox/azure/scenarios.ts';
import type { Webhook } from '../infra/sandbox/azure/webhooks.ts';
import { createIssuer } from '../infra/sandbox/entra/issuer.ts';
import { relayHandle } from '../infra/sandbox/relay.ts';
import { HttpError } from '../infra/sandbox/teams/http.ts';
import { createTeamsSandbox } from '../infra/sandbox/teams/sandbox.ts';
import { EXTENSION_COMMANDS } from '../infra/teams-app/extension.ts';
import { inTime } from '../services/alerts/hook-auth.rules.ts';
import { type MovableClock, movableClock, type Timer } from '../services/core/clock.ts';
import { type Config, SANDBOX_HOOK_KEY } from '../services/core/config.ts';
import { messageOf } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Log } from '../services/core/log.ts';
import type { Organisation } from '../services/core/organisation.ts';
import { killPoints } from './app.points.ts';

/**
 * The sandbox's clock goes on where it stood when the process ended: how far it was moved is kept in a file, because
 * time that went back would make what is due look like the future.
 */
export function sandboxClock(config: Config): MovableClock {
  const file = join(config.home, 'sandbox', 'clock.json');
  mkdirSync(join(config.home, 'sandbox'), { recursive: true });
  const frozen = config.sandbox.clock === 'frozen';
  const kept = existsSync(file) ? clockFile.safeParse(JSON.parse(readFileSync(file, 'utf8') || '{}')).data : undefined;
  const fresh = config.sandbox.start ? Temporal.Instant.from(config.sandbox.start).epochMilliseconds : undefined;
  const real = movableClock();
  const went = kept && (frozen ? kept.at : Math.max(kept.at, real.ms() + kept.shift));
  // A later start than that is time that passed while the process was away.
  const start = went === undefined ? (fresh ?? real.ms()) : Math.max(went, fresh ?? went);
  const clock = movableClock({ start: Temporal.Instant.fromEpochMilliseconds(start), frozen });
  // Over what stands there, always of one length: a few bytes are written whole or not at all, whatever is killed, and a
  // file that is replaced at every step takes a third of the time of going ahead.
  const keep = () =>
    writeFileSync(file, JSON.stringify({ at: clock.ms(), shift: clock.ms() - real.ms() }).padEnd(KEPT_BYTES), {
      flag: existsSync(file) ? 'r+' : 'w',
    });
  keep();
  clock.onMove(keep);
  return clock;
}

const KEPT_BYTES = 96;
const clockFile = z.object({ at: z.number(), shift: z.number() });

/** Estate events are looked for this often on a running clock. */
const BEAT_MS = 1_000;
/** How often the estate looks whether one of its rules has crossed, and how far the clock goes at once when nothing is due. */
const [LOOK_MS, STRIDE_MS] = [60_000, 30 * 60_000];
const PACE_MS = 2_000;
const PACE_ROUNDS = 20;

export interface Quiet {
  /** Jobs and deliveries that may run now are run. */
  settle: () => Promise<void>;
  nextDue: () => Promise<Temporal.Instant | undefined>;
  /** How long Teams' limits hold back the next message of a conversation; infinite when they do not. */
  paceMs: () => number;
  /** Forget everything Wardroom knows. */
  forget: () => Promise<void>;
}

/** Northwind's, in Entra. */
export const SANDBOX_TENANT = '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001';

/** Part of the composition root: a simulated Azure and a simulated Teams around the real bot. */
export function createSandbox(deps: {
  config: Config;
  clock: MovableClock;
  ids: Ids;
  log: Log;
  organisation: Organisation;
  address: () => string;
  /** What somebody may ask, for suggestions while they type. */
  commands: (who: string) => Promise<readonly { text: string; summary: string }[]>;
}) {
  const { config, clock, ids, log, organisation, address, commands } = deps;
  const folder = join(config.home, 'sandbox');
  const estate = createEstate({ clock, seed: config.sandbox.seed, journal: fileJournal(join(folder, 'estate.jsonl')) });
  const people = organisation.people.map(({ id, name, entraId, zone, active, roles }) => ({
    id,
    name,
    entraId,
    zone,
    active,
    roles,
  }));
  const teams = createTeamsSandbox({
    clock,
    ids,
    journal: join(folder, 'teams.jsonl'),
    people,
    channels: organisation.channels.map((channel) => ({
      id: channel.id,
      name: channel.name,
      conversation: channel.conversation ?? `19:${channel.id}@thread.tacv2`,
    })),
    chats: [
      {
        id: '19:fraud-war-room@thread.v2',
        name: 'Fraud war room',
        members: ['ann', 'ben', 'cara', 'dev', 'eva'].filter((id) => people.some((person) => person.id === id)),
      },
    ],
    team: { id: '19:northwind-ml@thread.tacv2', name: `${organisation.name} ML`, tenantId: SANDBOX_TENANT },
    botEndpoint: () => `${address()}/api/messages`,
    serviceUrl: () => `${address()}/connector/`,
    log: (message) => log.warn({ message }, 'sandbox'),
    commands,
    extension: EXTENSION_COMMANDS,
    gallery: async () => gallery().map((sample) => ({ ...sample, group: sample.name.split('/')[0] ?? '' })),
  });
  const points = killPoints(join(folder, 'kill.json'));
  const simulated = estateHttpClient(estate, {
    graphMessages: async ({ method, url }) =>
      teams.graphMessages(method, `${url.pathname.replace(/^\/v1\.0/, '')}${url.search}`),
  });
  const httpClient = points.asked(simulated);
  const relay = relayHandle(simulated);
  const entra = createIssuer({ clock, ids, people: organisation.people, tenant: SANDBOX_TENANT, origin: address });

  /** Posts webhooks to our own door, as Azure would; what is not taken is offered again by the next beat. */
  async function deliver(hooks: readonly Webhook[]): Promise<void> {
    for (const hook of hooks) {
      const path = hook.hook === 'event-grid' ? 'eventgrid' : 'azure-monitor';
      // As a sender that follows a rotation: a key that is good today.
      const key = (config.hooks.keys.find((each) => inTime(clock.now(), each)) ?? SANDBOX_HOOK_KEY).secret;
      try {
        const answer = await fetch(`${address()}/hooks/${path}`, {
          method: 'POST',
          headers: { ...hook.headers, 'x-wardroom-key': key },
          body: JSON.stringify(hook.body),
        });
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        estate.delivered(hook.id);
      } catch (error) {
        undelivered.push(hook);
        log.warn({ hook: hook.id, error: messageOf(error) }, 'the estate could not deliver a webhook; it tries again');
      }
    }
  }

  let undelivered: Webhook[] = [];
  async function post(): Promise<void> {
    const again = undelivered;
    undelivered = [];
    await deliver([...again, ...estate.advanceTo(clock.now())]);
  }

  /** What the estate does not have is the caller's mistake. */
  function happen(name: Scenario, input: ScenarioParams): Webhook[] {
    try {
      return estate.happen(name, input);
    } catch (error) {
      throw error instanceof RangeError ? new HttpError(400, 'BadArgument', error.message) : error;
    }
  }

  let timer: Timer | undefined;
  let stopped = false;
  const beat = () => {
    if (stopped) return;
    post()
      .catch((error) => log.error({ error: messageOf(error) }, 'the estate has a fault'))
      .finally(() => {
        timer = clock.timeout(beat, BEAT_MS);
      });
  };

  function wire(quiet: Quiet): void {
    const settle = async () => {
      await post();
      await quiet.settle();
      // Teams' pace for one conversation is a second or two: it passes, by itself or, on a clock that stands, by us.
      for (let round = 0; round < PACE_ROUNDS && quiet.paceMs() <= PACE_MS; round += 1) {
        const wait = Math.ceil(quiet.paceMs());
        if (clock.frozen) await clock.moveTo(clock.now().add({ milliseconds: wait }));
        else await clock.sleep(wait);
        await quiet.settle();
      }
    };
    teams.wire({
      settle,
      advance: (to, gone) => advance(to, gone, settle, quiet.nextDue),
      events: Object.fromEntries(
        Object.entries(SCENARIOS).map(([name, summary]) => [
          name,
          {
            summary,
            example: { name, ...(name === 'drift' || name === 'latency' ? { endpoint: 'ep-fraud' } : {}) },
            input: SCENARIO_INPUTS[name as Scenario],
            run: async (input) => {
              const hooks = happen(name as Scenario, input as ScenarioParams);
              await deliver(hooks);
              return { webhooks: hooks.length };
            },
          },
        ]),
      ),
      faults: {
        azure: {
          summary:
            'An Azure service answers badly: 429, 500, garbage, timeout, lost-answer, lost-request, late-request, operation-fails; off ends it',
          example: { where: 'azure', service: 'ml', mode: '500', forMs: 60_000 },
          input: azureFault,
          run: async (input) => {
            const order = azureFault.parse(input);
            estate.fault(order);
            return order;
          },
        },
        process: points.fault,
      },
      clearFaults: async () => {
        points.clear();
        estate.fault({ service: '*', mode: 'off' });
      },
      reset: async () => {
        estate.reset();
        await quiet.forget();
      },
      state: async () => ({ estate: estate.snapshot() }),
    });
  }

  /** Where the estate has something to tell before `until`: it looks at every minute, as Azure's rules do. */
  function noticed(until: number): number {
    for (let at = clock.ms() + LOOK_MS; at < until; at += LOOK_MS) {
      const hooks = estate.advanceTo(Temporal.Instant.fromEpochMilliseconds(at));
      undelivered.push(...hooks);
      if (hooks.length > 0) return at;
    }
    return until;
  }

  /**
   * From due instant to due instant, so that everything happens in order and at its own time. It ends where it is when
   * whoever asked has hung up: otherwise a year that was asked for by mistake would go on for hours.
   */
  async function advance(
    to: Temporal.Instant,
    gone: AbortSignal,
    settle: () => Promise<void>,
    nextDue: Quiet['nextDue'],
  ): Promise<void> {
    await settle();
    while (clock.ms() < to.epochMilliseconds && !gone.aborted) {
      const next = await nextDue();
      const due = next ? Math.max(next.epochMilliseconds + 1, clock.ms() + 1) : Number.POSITIVE_INFINITY;
      const step = noticed(Math.min(to.epochMilliseconds, due, clock.ms() + STRIDE_MS));
      await clock.moveTo(Temporal.Instant.fromEpochMilliseconds(Math.max(step, clock.ms())));
      await settle();
    }
  }

  return {
    teams,
    /** The sandbox's own paths, in front of the bot's. */
    handle: points.heard(
      async (req, res) => (await relay(req, res)) || (await entra.handle(req, res)) || teams.handle(req, res),
    ),
    estate,
    httpClient,
    credential: estateCredential,
    wire,
    async start(): Promise<void> {
      await teams.start();
      beat();
    },
    async stop(): Promise<void> {
      stopped = true;
      timer?.cancel();
      await teams.close();
    },
  };
}

const azureFault = z.strictObject({
  service: z
    .enum(['ml', 'mlflow', 'metrics', 'logs', 'cost', 'graph', 'activity', 'blob', 'github', 'devops', '*'])
    .default('*'),
  mode: z.enum(FAULT_MODES),
  forMs: z.number().int().positive().optional(),
  count: z.number().int().positive().optional(),
  retryAfter: z.number().int().positive().optional(),
});

export type Sandbox = ReturnType<typeof createSandbox>;
/** What a process needs of a sandbox, its own or another one's (app.follower.ts). */
export type SandboxPart = Pick<Sandbox, 'credential' | 'httpClient' | 'handle' | 'wire' | 'start' | 'stop'>;
