import { isObject } from './eventgrid.ts';

/** Header names in lower case, as Node gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HandshakeAnswer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: Readonly<Record<string, string>>;
  /** Why it was refused, for the log; absent when it was accepted. */
  why?: string;
}

export const headerOf = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
};

/**
 * Which event subscriptions may deliver here. Azure upper-cases the name in `aeg-subscription-name`, so case is ignored.
 * An empty list allows nobody.
 */
export function subscriptionAllowed(headers: Headers, allowed: readonly string[]): { ok: boolean; why: string } {
  const name = headerOf(headers, 'aeg-subscription-name')?.trim();
  if (!name) return { ok: false, why: 'the header aeg-subscription-name is missing' };
  const ok = allowed.some((entry) => entry.toLowerCase() === name.toLowerCase());
  return {
    ok,
    why: ok ? `subscription ${name} is allowed` : `subscription ${name} is not in the list of allowed ones`,
  };
}

/**
 * Event Grid schema: answers a SubscriptionValidation delivery by echoing its code; Event Grid wants 200 and nothing
 * else within 30 s (learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema). The
 * `validationUrl` beside it is never fetched: it is an address chosen by the sender.
 * `undefined` when the delivery is not a validation.
 */
export function answerValidation(
  headers: Headers,
  body: unknown,
  allowed: readonly string[],
): HandshakeAnswer | undefined {
  const events: readonly unknown[] = Array.isArray(body) ? body : [body];
  const event = events.find(isValidation);
  if (!event && headerOf(headers, 'aeg-event-type')?.toLowerCase() !== 'subscriptionvalidation') return undefined;
  const { ok, why } = subscriptionAllowed(headers, allowed);
  if (!ok) return { status: 403, why };
  const data = event ? fieldOf(event, 'data') : undefined;
  const code = isObject(data) ? fieldOf(data, 'validationcode') : undefined;
  if (typeof code !== 'string' || code === '') return { status: 400, why: 'data.validationCode is missing' };
  return { status: 200, body: { validationResponse: code } };
}

/**
 * CloudEvents: answers the OPTIONS request of the abuse protection (CloudEvents HTTP webhook 1.0, section 4). The origin
 * must be one we expect; the answer names it and the rate per minute we take.
 */
export function answerOptions(
  headers: Headers,
  origins: readonly string[] = ['eventgrid.azure.net'],
  ratePerMinute?: number,
): HandshakeAnswer {
  const origin = headerOf(headers, 'webhook-request-origin')?.trim().toLowerCase();
  if (!origin) return { status: 400, why: 'the header WebHook-Request-Origin is missing' };
  if (!origins.includes(origin)) return { status: 403, why: `origin ${origin} is not allowed to send here` };
  return {
    status: 200,
    headers: {
      Allow: 'POST',
      'WebHook-Allowed-Origin': origin,
      // The rate is answered only when one was asked for or is set (the specification, section 4.2).
      ...(ratePerMinute === undefined
        ? headerOf(headers, 'webhook-request-rate') === undefined
          ? {}
          : { 'WebHook-Allowed-Rate': '*' }
        : { 'WebHook-Allowed-Rate': String(ratePerMinute) }),
    },
  };
}

const isValidation = (event: unknown): event is Readonly<Record<string, unknown>> =>
  isObject(event) &&
  String(fieldOf(event, 'eventtype')).toLowerCase() === 'microsoft.eventgrid.subscriptionvalidationevent';

const fieldOf = (object: Readonly<Record<string, unknown>>, lowerName: string): unknown =>
  Object.entries(object).find(([key]) => key.toLowerCase() === lowerName)?.[1];
