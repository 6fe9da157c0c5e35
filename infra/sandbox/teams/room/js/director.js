import { get, post } from './api.js';

/**
 * The director's side of the sandbox: time, events, faults (infra/sandbox/README.md).
 * @typedef {{ endpoint: string, workspace: string, traffic: Record<string, number>, provisioningState: string, health: 'good' | 'degraded', requestsPerMinute: number, p95Ms?: number, errorsPerMinute: number, breachedFeatures: string[] }} EndpointHealth
 * @typedef {{ endpoints: EndpointHealth[], faults: { service: string, mode: string }[], firing: string[] }} Estate
 */
export const director = {
  /** @param {string} by ISO 8601 duration */
  advance: (by) => post('/sandbox/advance', { by }),
  /** @param {string} scenario @param {Record<string, string | number>} [params] */
  event: (scenario, params = {}) => post('/sandbox/event', { scenario, params }),
  /** @param {Record<string, unknown>} order */
  fault: (order) => post('/sandbox/fault', order),
  reset: () => post('/sandbox/reset', {}),
  /** @returns {Promise<Estate>} */
  estate: () => get('/sandbox/estate'),
};

/** What can happen, in words. `run` says what was done, for the notice. */
export const HAPPENINGS = [
  {
    label: 'Drift on ep-fraud',
    icon: 'DataTrending',
    hint: 'the model monitor finds PSI above its limit',
    run: () => director.event('drift', { endpoint: 'ep-fraud' }),
  },
  {
    label: 'Latency and errors',
    icon: 'Gauge',
    hint: 'ep-fraud answers slowly and with 5xx',
    run: () => director.event('latency', { endpoint: 'ep-fraud' }),
  },
  {
    label: 'A run fails',
    icon: 'Fail',
    hint: 'train-fraud-detector is out of memory',
    run: () => director.event('failed-run'),
  },
  {
    label: 'Cost spike',
    icon: 'Money',
    hint: 'the month’s budget is exceeded',
    run: () => director.event('cost-spike'),
  },
  {
    label: 'Quota nearly used',
    icon: 'Database',
    hint: 'cores of mlw-payments-weu at 97 %',
    run: () => director.event('quota'),
  },
  {
    label: 'A model is registered',
    icon: 'Document',
    hint: 'a new version of fraud-detector',
    run: () => director.event('model-registered'),
  },
];

const TEN_MINUTES_MS = 600_000;

export const FAULTS = [
  {
    label: 'Azure is down, 10 min',
    icon: 'CloudOff',
    hint: 'every Azure call answers 500',
    run: () => director.fault({ azure: { service: '*', mode: '500', forMs: TEN_MINUTES_MS } }),
  },
  {
    label: 'Azure throttles',
    icon: 'Cloud',
    hint: 'the next 5 calls answer 429',
    run: () => director.fault({ azure: { service: '*', mode: '429', count: 5, retryAfter: 20 } }),
  },
  {
    label: 'Teams throttles',
    icon: 'Chat',
    hint: 'the next 3 sends answer 429',
    run: () => director.fault({ teams: { answer: 429, retryAfter: 20, count: 3 } }),
  },
  {
    label: 'Teams loses an answer',
    icon: 'ErrorCircle',
    hint: 'delivered, but 502 is answered',
    run: () => director.fault({ teams: { answer: 502, delivered: true, count: 1 } }),
  },
  {
    label: 'End all faults',
    icon: 'CheckmarkCircle',
    hint: 'everything works again',
    run: () => director.fault({ clear: true }),
  },
];
