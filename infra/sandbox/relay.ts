import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod/v4';
import { createHttpHeaders, createPipelineRequest, type HttpClient } from '../../services/azure/wire.ts';
import { check, foreign, HttpError, readJson, sendError, sendJson } from './teams/http.ts';

/**
 * Further processes beside the one that hosts the sandbox: they ask its estate by `POST /sandbox/azure`, which carries a
 * request of the Azure SDK as it stands, and its Teams over HTTP as always.
 */
export const RELAY_PATH = '/sandbox/azure';

const asked = z.object({
  method: z.enum(['GET', 'PUT', 'PATCH', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE']),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  /** The client wants the body as a stream. */
  stream: z.boolean().default(false),
});
const answered = z.object({
  status: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** The body is bytes, in base64: a blob. */
  binary: z.boolean().default(false),
});

/** The host's side; true when it answered. */
export function relayHandle(estate: HttpClient) {
  return async (req: IncomingMessage, res: ServerResponse): Promise<boolean> => {
    if (req.url !== RELAY_PATH || req.method !== 'POST') return false;
    const refusal = foreign(req);
    if (refusal) {
      sendError(res, new HttpError(403, 'Forbidden', refusal));
      return true;
    }
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    try {
      const { method, url, headers, body, stream } = check(asked, await readJson(req));
      const request = createPipelineRequest({
        method,
        url,
        headers: createHttpHeaders(headers),
        abortSignal: gone.signal,
        ...(body === undefined ? {} : { body }),
        ...(stream ? { streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]) } : {}),
      });
      const response = await estate.sendRequest(request);
      const bytes = response.readableStreamBody && (await buffer(response.readableStreamBody));
      const said = {
        status: response.status,
        headers: response.headers.toJSON(),
        body: bytes ? bytes.toString('base64') : (response.bodyAsText ?? ''),
        binary: bytes !== undefined,
      };
      sendJson(res, 200, said);
    } catch (error) {
      // A lost answer of the estate is one here, too.
      if (error instanceof HttpError) sendError(res, error);
      else req.socket.destroy();
    }
    return true;
  };
}

/** The other side: a transport for the Azure SDK clients. */
export function relayClient(host: string): HttpClient {
  return {
    async sendRequest(request) {
      const { method, url, headers, body, abortSignal, streamResponseStatusCodes: stream } = request;
      const answer = await fetch(new URL(RELAY_PATH, host), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          method,
          url,
          headers: headers.toJSON(),
          ...(typeof body === 'string' ? { body } : {}),
          ...(stream && stream.size > 0 ? { stream: true } : {}),
        }),
        // The SDK has its own kind of signal.
        ...(abortSignal ? { signal: abortSignal as AbortSignal } : {}),
      });
      if (!answer.ok) throw new Error(`the sandbox at ${host} answered ${answer.status}`);
      const said = answered.parse(await answer.json());
      return {
        request,
        status: said.status,
        headers: createHttpHeaders(said.headers),
        ...(said.binary
          ? { readableStreamBody: Readable.from([Buffer.from(said.body, 'base64')]) }
          : { bodyAsText: said.body }),
      };
    },
  };
}
