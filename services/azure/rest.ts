import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  RestError,
} from '@azure/core-rest-pipeline';
import { Unavailable } from '../core/errors.ts';
import { readJson } from './border.ts';
import type { HttpClient, TokenCredential } from './wire.ts';

export interface RestAnswer {
  status: number;
  header(name: string): string | undefined;
  body: unknown;
}

export interface RestCall {
  method: HttpMethods;
  /** A path below the endpoint, or a whole URL on the endpoint's host. */
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

export type Rest = (call: RestCall) => Promise<RestAnswer>;

export interface RestDeps {
  /** Named in errors. */
  service: string;
  endpoint: string;
  scope: string;
  /** Left out for what anybody may ask without signing in. */
  credential?: TokenCredential;
  /** Sent as it is, for a service that knows no Entra token. */
  authorization?: string | undefined;
  httpClient?: HttpClient | undefined;
}

/**
 * JSON over the Azure pipeline, for what the SDKs lack. Throws the pipeline's RestError for every status outside
 * 200-299, so that one policy (resilience.ts) reads all failures alike. Never retries by itself.
 */
export function restClient({ service, endpoint, scope, credential, authorization, httpClient }: RestDeps): Rest {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  if (credential) pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  const transport = httpClient ?? createDefaultHttpClient();
  const home = new URL(endpoint);

  return async ({ method, path, query = {}, body, headers = {}, signal }) => {
    const url = new URL(path.startsWith('/') ? `${home.pathname.replace(/\/$/, '')}${path}` : path, home);
    // An operation URL comes out of a response header and is kept in our store: never carry the token elsewhere.
    if (url.host !== home.host || url.protocol !== home.protocol)
      throw new Unavailable(service, `will not follow a link to another host (${url.host})`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const request = createPipelineRequest({
      url: url.href,
      method,
      headers: createHttpHeaders({
        accept: 'application/json',
        ...(authorization ? { authorization } : {}),
        ...headers,
      }),
      ...(signal ? { abortSignal: signal } : {}),
    });
    if (body !== undefined) {
      request.headers.set('content-type', 'application/json');
      request.body = JSON.stringify(body);
    }
    const response = await pipeline.sendRequest(transport, request);
    // 203 is a proxy's or a sign-in page's answer, never the service's own.
    if (response.status < 200 || response.status > 299 || response.status === 203)
      throw new RestError(`${method} ${url.pathname} answered ${response.status}`, {
        code: 'HTTP',
        statusCode: response.status,
        request,
        response,
      });
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      body: readJson(service, response.bodyAsText),
    };
  };
}
