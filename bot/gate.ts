import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod/v4';
import { checkKey } from '../services/alerts/hook-auth.rules.ts';
import type { Clock } from '../services/core/clock.ts';
import type { Config } from '../services/core/config.ts';
import { isRefused } from '../services/core/errors.ts';
import type { Ids } from '../services/core/ids.ts';
import type { Organisation } from '../services/core/organisation.ts';
import type { Db } from '../services/store/store.ts';
import { inTransaction } from '../services/store/transaction.ts';
import {
  checkAnswer,
  type Gate,
  type GateAnswer,
  gateQuestion,
  githubSigned,
  jwkSet,
  signAnswer,
  webhookSignature,
} from '../services/windows/index.ts';

/**
 * The gate for pipelines over HTTP. `GET /gate/{endpoint}` answers 200 when a deployment may begin and 423 when not, so that
 * `curl --fail` is the whole client; `POST /gate/checks` is an Azure DevOps check (the answer at once, or by its callback);
 * `POST /gate/github` is a deployment protection rule. Every answer is signed (services/windows/gate-sign.rules.ts).
 */
export interface GateDoor {
  handle(call: GateCall): Promise<GateReply>;
}
export interface GateCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  query: Record<string, unknown>;
  body: unknown;
  rawBody: string;
}
export interface GateReply {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

interface GateDoorDeps {
  gate: Gate;
  db: Db;
  clock: Clock;
  ids: Ids;
  organisation: Organisation;
  keys: Config['hooks']['keys'];
  committed: () => void;
}

const LOCKED = 423;
const SIGNED_WITHIN_SECONDS = 300;

/** What an Azure DevOps "Invoke REST API" check sends in its headers (learn.microsoft.com, invoke-checks). */
const azureHeaders = z.object({
  planurl: z.url({ protocol: /^https$/ }),
  projectid: z.string().min(1),
  hubname: z.string().min(1),
  planid: z.string().min(1),
  jobid: z.string().min(1),
  taskinstanceid: z.string().min(1),
  authtoken: z.string().min(1),
});
const githubEvent = z.object({
  action: z.string(),
  environment: z.string(),
  deployment_callback_url: z.url({ protocol: /^https$/ }),
  repository: z.object({ full_name: z.string() }),
  deployment: z.object({ payload: z.unknown().optional(), description: z.string().nullish() }).optional(),
});

export function gateDoor(deps: GateDoorDeps): GateDoor {
  const { gate, db, clock, ids, organisation, keys, committed } = deps;
  const no = (status: number, code: string, error: string): GateReply => ({ status, body: { code, error } });

  const badQuestion = ({ issues }: z.ZodError): GateReply =>
    no(400, 'bad-question', issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));

  const signed = (answer: GateAnswer): object => {
    const token = signAnswer(
      { sub: answer.endpoint, allowed: answer.allowed, code: answer.code, until: answer.until, change: answer.change },
      keys,
      clock.now(),
      ids.uuid(),
    );
    return { status: answer.allowed ? 'approved' : 'pending', ...answer, ...(token ? { token } : {}) };
  };

  /** A key, or a request signed as Standard Webhooks has it: within five minutes, and once. */
  async function refusedCaller({ headers, query, rawBody, path }: GateCall): Promise<GateReply | undefined> {
    const signature = one(headers['webhook-signature']);
    if (signature === undefined) {
      const verdict = checkKey(
        clock.now(),
        { headers, query: typeof query['key'] === 'string' ? query['key'] : undefined },
        keys,
      );
      return verdict.ok ? undefined : no(401, verdict.code, verdict.why);
    }
    const [id = '', stamp = ''] = [one(headers['webhook-id']), one(headers['webhook-timestamp'])];
    const away = Math.abs(clock.ms() / 1000 - Number(stamp));
    if (!/^\d{1,12}$/.test(stamp) || id === '')
      return no(401, 'bad-signature', 'webhook-id and webhook-timestamp (seconds) are missing');
    if (away > SIGNED_WITHIN_SECONDS)
      return no(
        401,
        'expired-signature',
        `it was signed ${Math.round(away)} s away from now; ${SIGNED_WITHIN_SECONDS} s are allowed`,
      );
    const body = rawBody || path;
    const good = keys.some(({ secret }) => signature.split(' ').includes(webhookSignature(secret, id, stamp, body)));
    if (!good) return no(401, 'wrong-signature', 'the signature is wrong');
    const first = await inTransaction(db, (tx) => gate.firstTime(tx, `signed:${id}`));
    return first ? undefined : no(409, 'replay', `${id} was here before`);
  }

  async function ask(raw: Record<string, unknown>): Promise<GateReply> {
    const asked = gateQuestion.safeParse(raw);
    if (!asked.success) return badQuestion(asked.error);
    const answer = await gate.answer(asked.data);
    const status = answer.allowed ? 200 : answer.code.startsWith('unknown') ? 404 : LOCKED;
    return { status, body: signed(answer), headers: { 'Cache-Control': 'no-store' } };
  }

  /** Azure DevOps: without the callback's headers the answer at once (200 also when it is no: the check reads `status`). */
  async function checks(call: GateCall): Promise<GateReply> {
    const raw = (call.body ?? {}) as Record<string, unknown>;
    const callback = azureHeaders.safeParse(call.headers);
    if (raw['mode'] !== 'callback') {
      const reply = await ask(raw);
      return reply.status === LOCKED ? { ...reply, status: 200 } : reply;
    }
    if (!callback.success)
      return no(
        400,
        'bad-callback',
        `for a callback the check has to send ${callback.error.issues.map(({ path }) => path.join('.')).join(', ')}`,
      );
    const asked = gateQuestion.safeParse(raw);
    if (!asked.success) return badQuestion(asked.error);
    const { planurl, projectid, hubname, planid, jobid, taskinstanceid, authtoken } = callback.data;
    const host = new URL(planurl).hostname;
    if (!/(^|\.)(dev\.azure\.com|visualstudio\.com)$/.test(host))
      return no(400, 'bad-callback', `${host} is not Azure DevOps`);
    const url = `${planurl.replace(/\/$/, '')}/${projectid}/_apis/distributedtask/hubs/${hubname}/plans/${planid}/events?api-version=2.0-preview.1`;
    return waits({
      nonce: `azure-devops:${planid}:${taskinstanceid}`,
      source: 'azure-devops',
      endpoint: asked.data.endpoint,
      change: asked.data.change,
      callback: { url, token: authtoken, jobId: jobid, taskId: taskinstanceid },
    });
  }

  async function github(call: GateCall): Promise<GateReply> {
    if (
      !githubSigned(
        keys.map(({ secret }) => secret),
        call.rawBody,
        one(call.headers['x-hub-signature-256']),
      )
    )
      return no(401, 'wrong-signature', 'X-Hub-Signature-256 does not fit the body');
    if (one(call.headers['x-github-event']) === 'ping') return { status: 200, body: { ok: true } };
    const event = githubEvent.safeParse(call.body);
    if (!event.success || event.data.action !== 'requested')
      return no(202, 'not-meant', 'only requested deployment protection rules are answered');
    const { repository, environment, deployment_callback_url: url } = event.data;
    if (new URL(url).host !== 'api.github.com') return no(400, 'bad-callback', `${new URL(url).host} is not GitHub`);
    const pipeline = organisation.pipelines.find(
      (each) => each.host === 'github' && each.repository === repository.full_name,
    );
    const endpoint = organisation.endpoints.find(({ id }) => id === environment)?.id ?? pipeline?.endpoints[0];
    if (!endpoint)
      return no(
        404,
        'unknown-endpoint',
        `neither the environment ${environment} nor a pipeline of ${repository.full_name} names an endpoint`,
      );
    const change = /RFC-\d{1,9}/.exec(JSON.stringify(event.data.deployment ?? {}))?.[0];
    const delivery = one(call.headers['x-github-delivery']) ?? url;
    return waits({ nonce: `github:${delivery}`, source: 'github', endpoint, change, callback: { url, environment } });
  }

  async function waits(check: Parameters<Gate['wait']>[1]): Promise<GateReply> {
    try {
      const { id, fresh } = await inTransaction(db, (tx) => gate.wait(tx, check));
      committed();
      return { status: fresh ? 202 : 200, body: { check: id, ...(fresh ? {} : { code: 'replay', again: true }) } };
    } catch (error) {
      if (isRefused(error)) return no(429, error.code, error.text);
      throw error;
    }
  }

  return {
    async handle(call) {
      if (call.path === '/gate/keys')
        return { status: 200, body: jwkSet(keys), headers: { 'Cache-Control': 'public, max-age=300' } };
      if (call.path === '/gate/github') return github(call);
      const refused = await refusedCaller(call);
      if (refused) return refused;
      if (call.path === '/gate/checks') return checks(call);
      if (call.path === '/gate/verify') {
        const token = (call.body as { token?: unknown } | undefined)?.token;
        const checked = checkAnswer(typeof token === 'string' ? token : '', keys, clock.now());
        return { status: checked.valid ? 200 : 401, body: checked };
      }
      return ask({ ...call.query, endpoint: decodeURIComponent(call.path.slice('/gate/'.length)) });
    },
  };
}

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
