import { Readable } from 'node:stream';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  type TokenCredential,
} from '../../../services/azure/wire.ts';
import { activityLog } from './activity.ts';
import { type Answer, type Asked, armError, notFound } from './answer.ts';
import { armMl } from './arm.ts';
import { blobStore, type ExtraBlobs } from './blob.ts';
import { devopsApi, githubApi } from './code-hosts.ts';
import { costApi } from './cost-api.ts';
import { retailPrices } from './cost-offers.ts';
import { directory, forbidden, isMessages } from './directory.ts';
import { active, type Estate, type FaultService } from './estate.ts';
import { logAnalytics } from './logs-api.ts';
import { metricsApi } from './metrics-api.ts';
import { mlflow } from './mlflow.ts';
import { autoscaleSettings } from './scaling.ts';
import type { EstateState } from './state.ts';

/**
 * Answers what the estate itself does not know: Graph messages live with the simulated Teams. Ids are to be read from
 * `asked.url.pathname` (`asked.path` is in lower case); `undefined` means forbidden.
 */
export type Elsewhere = (asked: Asked) => Promise<Answer | undefined>;

export interface EstateHttpOptions {
  /** Graph's messages; without it, reading messages is forbidden (the app has no permission). */
  graphMessages?: Elsewhere;
  /** Blobs that lie in the storage besides those of the estate, by `container/name`. */
  blobs?: ExtraBlobs;
}

/** The credential of the sandbox: nobody checks it, nothing is asked for it. */
export const estateCredential: TokenCredential = {
  getToken: async () => ({ token: 'sandbox', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
};

/**
 * The estate as a transport for the real Azure SDK clients: their URLs, pipelines, bearer policies, paging and
 * long-running operations run unchanged; only the socket is missing.
 */
export function estateHttpClient(estate: Estate, options: EstateHttpOptions = {}): HttpClient {
  return {
    async sendRequest(request) {
      const url = new URL(request.url);
      const asked = read(request, url);
      const service = serviceOf(asked);
      if (request.abortSignal?.aborted) throw aborted();
      // A signed address carries its own permission.
      const signed = service === 'blob' && url.searchParams.has('sig');
      // Public repositories are read without a token, and nobody has to sign in for the price list.
      const open = signed || service === 'github' || url.hostname === 'prices.azure.com';
      // Azure DevOps takes a personal access token as well.
      const schemes = service === 'devops' ? /^(Bearer|Basic) / : /^Bearer /;
      if (!open && !schemes.test(request.headers.get('authorization') ?? ''))
        return respond(request, armError(401, 'AuthenticationFailed', 'The authorization header is missing.'));
      const fault = estate
        .state()
        .faults.find((each) => active(each, estate.now()) && (each.service === '*' || each.service === service));
      // These are about changes: reads pass.
      const hits = fault && (!OF_CHANGES.includes(fault.mode) || !['GET', 'POST'].includes(asked.method));
      // Only a fault that counts has to remember that it was met.
      if (fault && hits && fault.count !== null) estate.record({ type: 'fault-met', at: estate.now(), id: fault.id });
      const early = fault && hits ? await broken(request, fault) : undefined;
      if (early) return early;
      if (service === 'blob') return binary(request, blobStore(estate, asked, options.blobs));
      if (hits && fault?.mode === 'late-request') {
        const late = (fault.retryAfter ?? LATE_SECONDS) * 1_000;
        await route({ ...estate, now: () => estate.now() + late }, asked, service, options);
        throw network('ETIMEDOUT', 'no answer in time');
      }
      const answer = await route(estate, asked, service, options, hits && fault?.mode === 'operation-fails');
      if (hits && fault?.mode === 'lost-answer') throw network('ECONNRESET', 'socket hang up');
      return respond(request, answer);
    },
  };
}

function read(request: PipelineRequest, url: URL): Asked {
  const text = typeof request.body === 'string' ? request.body : undefined;
  return {
    method: request.method,
    url,
    path: url.pathname.replace(/\/{2,}/g, '/').toLowerCase(),
    body: text === undefined ? undefined : JSON.parse(text),
    header: (name) => request.headers.get(name),
  };
}

function serviceOf({ url, path }: Asked): FaultService {
  if (url.hostname === 'graph.microsoft.com') return 'graph';
  if (url.hostname === 'api.github.com') return 'github';
  if (url.hostname === 'dev.azure.com') return 'devops';
  if (url.hostname.endsWith('.api.azureml.ms')) return 'mlflow';
  if (url.hostname.endsWith('.blob.core.windows.net')) return 'blob';
  if (url.hostname === 'api.loganalytics.io') return 'logs';
  if (path.includes('/providers/microsoft.insights/metrics')) return 'metrics';
  if (path.includes('/providers/microsoft.insights/eventtypes')) return 'activity';
  if (url.hostname === 'prices.azure.com') return 'cost';
  if (/\/providers\/microsoft\.(costmanagement|consumption)\//.test(path)) return 'cost';
  return 'ml';
}

async function route(
  estate: Estate,
  asked: Asked,
  service: FaultService,
  options: EstateHttpOptions,
  operationFails = false,
): Promise<Answer> {
  switch (service) {
    case 'ml':
      if (asked.path.includes('/providers/microsoft.insights/autoscalesettings'))
        return autoscaleSettings(estate, asked);
      return armMl(estate, asked, { operationFails });
    case 'metrics':
      return metricsApi(estate, asked);
    case 'logs':
      return logAnalytics(estate, asked);
    case 'cost':
      return asked.url.hostname === 'prices.azure.com' ? retailPrices(asked) : costApi(estate, asked);
    case 'mlflow':
      return mlflow(estate, asked);
    case 'graph':
      if (isMessages(asked)) return (await options.graphMessages?.(asked)) ?? forbidden();
      return directory(asked);
    case 'github':
      return githubApi(estate, asked);
    case 'devops':
      return devopsApi(estate, asked);
    case 'activity':
      return activityLog(estate, asked);
    default:
      return notFound(asked.url.href);
  }
}

const OF_CHANGES = ['operation-fails', 'lost-answer', 'lost-request', 'late-request'];
/** How late a change is taken that was lost on the way to whoever asked for it. */
const LATE_SECONDS = 300;

async function broken(
  request: PipelineRequest,
  fault: EstateState['faults'][number],
): Promise<PipelineResponse | undefined> {
  const after: Record<string, string> = fault.retryAfter === null ? {} : { 'retry-after': String(fault.retryAfter) };
  switch (fault.mode) {
    case '429':
      return respond(request, { ...armError(429, 'TooManyRequests', 'Too many requests.'), headers: after });
    case '500':
      return respond(request, { ...armError(500, 'InternalServerError', 'Something went wrong.'), headers: after });
    case 'garbage':
      return respond(request, { status: 200, body: { value: 'not what was promised', properties: 7, tables: 'x' } });
    case 'timeout':
      return new Promise((_, reject) => {
        // Like a server that never answers: only the caller's deadline ends it.
        request.abortSignal?.addEventListener('abort', () => reject(aborted()));
      });
    case 'lost-request':
      throw network('ETIMEDOUT', 'no answer in time');
    default:
      return undefined;
  }
}

function respond(request: PipelineRequest, { status, headers = {}, body }: Answer): PipelineResponse {
  return {
    request,
    status,
    headers: createHttpHeaders({ 'content-type': 'application/json; charset=utf-8', ...headers }),
    bodyAsText: body === undefined ? '' : JSON.stringify(body),
  };
}

/** As a stream where the client asks for one, as a socket would give it; else as text. */
function binary(request: PipelineRequest, { status, headers, body }: ReturnType<typeof blobStore>): PipelineResponse {
  const wanted = request.streamResponseStatusCodes;
  const streams = wanted?.has(status) || wanted?.has(Number.POSITIVE_INFINITY);
  return {
    request,
    status,
    headers: createHttpHeaders({ ...headers }),
    ...(streams
      ? { readableStreamBody: Readable.from([Buffer.from(body)]) }
      : { bodyAsText: Buffer.from(body).toString('utf8') }),
  };
}

const aborted = () => Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' });
const network = (code: string, message: string) => Object.assign(new Error(message), { code });
