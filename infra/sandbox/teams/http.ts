import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod/v4';

/** An answer that says no: the Connector's and our own error body alike. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const MAX_BODY_BYTES = 1_048_576;

/** Reads a JSON object or array. Throws `HttpError` 400, 413 or 415; an empty body is `{}`. */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    size += part.length;
    // Keep reading without keeping: a connection cut in mid-body would hide the answer from the sender.
    if (size <= MAX_BODY_BYTES) parts.push(part);
    else if (size > MAX_BODY_BYTES * 32) throw new HttpError(413, 'MessageSizeTooBig', 'the body is far too large');
  }
  if (size > MAX_BODY_BYTES)
    throw new HttpError(413, 'MessageSizeTooBig', `the body has ${size} bytes; at most ${MAX_BODY_BYTES} are read`);
  if (size === 0) return {};
  if (!/^application\/json\b/i.test(req.headers['content-type'] ?? ''))
    throw new HttpError(415, 'UnsupportedMediaType', 'send the body with content-type: application/json');
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
  } catch (error) {
    throw new HttpError(
      400,
      'BadSyntax',
      `the body is not JSON: ${error instanceof Error ? error.message : 'unreadable'}`,
    );
  }
}

export function sendJson(
  res: ServerResponse,
  status: number,
  body?: unknown,
  headers: Record<string, string> = {},
): void {
  if (res.headersSent || res.destroyed) return;
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  // restify replaces writeHead by one that returns nothing: no chaining.
  res.writeHead(status, {
    ...(bytes && { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length }),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  res.end(bytes);
}

export const sendError = (res: ServerResponse, error: HttpError, headers: Record<string, string> = {}) =>
  sendJson(res, error.status, { error: { code: error.code, message: error.message } }, headers);

/** Checks a body against a schema; what is wrong is said field by field. */
export function check<Schema extends z.ZodType>(schema: Schema, body: unknown, code = 'BadArgument'): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const complaints = result.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
  );
  throw new HttpError(400, code, complaints.join('; '));
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

/**
 * Why this request is refused, or `undefined`. The sandbox has no passwords, so only this machine may talk to it: not
 * another address, not a web page elsewhere that rebinds its name to 127.0.0.1 (Host), not one that posts blindly (Origin).
 */
export function foreign(req: IncomingMessage): string | undefined {
  if (!LOOPBACK.test(req.socket.remoteAddress ?? '')) return 'the sandbox answers requests from this machine only';
  if (!LOCAL_HOST.test(req.headers.host ?? '')) return 'the Host header must be localhost or 127.0.0.1';
  const origin = req.headers.origin;
  if (origin === undefined) return undefined;
  const host = URL.canParse(origin) ? new URL(origin).host : '';
  return LOCAL_HOST.test(host) ? undefined : 'requests from other web pages are refused';
}

/** Matches `/a/{b}/c` and returns the decoded variable parts; `undefined` when it does not match. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith('{')) {
      if (value === '') return undefined;
      found[part.slice(1, -1)] = decode(value);
    } else if (part !== value) return undefined;
  }
  return found;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new HttpError(400, 'BadSyntax', 'the address is not properly encoded');
  }
}
