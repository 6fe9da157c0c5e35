import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { z } from 'zod/v4';
import { Unavailable } from '../core/errors.ts';
import type { HttpClient } from './wire.ts';

/** Every Azure answer is read through here: garbage becomes an Unavailable that names the service and the field. */
export function read<Schema extends z.ZodType>(service: string, schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue && issue.path.length > 0 ? issue.path.join('.') : 'the answer';
  throw new Unavailable(service, `sent something we cannot read in ${field}: ${issue?.message ?? 'unknown'}`, {
    cause: parsed.error,
  });
}

/** JSON text that came from a service. */
export function readJson(service: string, text: string | null | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Unavailable(service, 'the answer is not JSON', { cause });
  }
}

/**
 * The same border in front of an SDK: some clients fail on an unexpected body with a TypeError out of their own depths.
 * Goes into the client's `additionalPolicies` at `perRetry`, which runs before the body is deserialised.
 */
export function borderPolicy(service: string, schema: z.ZodType): { policy: PipelinePolicy; position: 'perRetry' } {
  return {
    position: 'perRetry',
    policy: {
      name: 'wardroomBorder',
      async sendRequest(request, next) {
        const response = await next(request);
        if (response.status === 200) read(service, schema, readJson(service, response.bodyAsText));
        return response;
      },
    },
  };
}

/**
 * How every client of @azure/monitor-query is set up: our own border, and no retries of its own, which would stand inside
 * those of the guard.
 */
export const monitorClient = (
  { endpoint, httpClient }: { endpoint: string; httpClient?: HttpClient | undefined },
  service: string,
  wire: z.ZodType,
) => ({
  endpoint,
  audience: endpoint,
  retryOptions: { maxRetries: 0 },
  additionalPolicies: [borderPolicy(service, wire)],
  ...(httpClient ? { httpClient } : {}),
});

/**
 * An instant as ISO 8601 text or a Date (the SDKs turn some fields into one), as ISO text in UTC with milliseconds. ARM
 * writes seven digits and an offset, the SDKs cut to three: only one form makes two readings of a resource equal.
 */
export const isoTime = z
  .union([z.date(), z.iso.datetime({ offset: true })])
  .transform((when) => new Date(when).toISOString());
