import { get, post, remove } from './api.js';

/**
 * The director's side of the sandbox: time, events, faults (infra/sandbox/README.md).
 * @typedef {{ endpoint: string, workspace: string, traffic: Record<string, number>, provisioningState: string, health: 'good' | 'degraded', requestsPerMinute: number, p95Ms?: number, errorsPerMinute: number, breachedFeatures: string[] }} EndpointHealth
 * @typedef {{ endpoints: EndpointHealth[], faults?: { service: string, mode: string }[] }} Estate
 * @typedef {{ answer: string | number, operations: string[], left?: number }} TeamsFault
 * @typedef {{ summary: string, example: Record<string, unknown> }} Possible
 * @typedef {{ events: (Possible & { name: string })[], faultPlaces: (Possible & { where: string })[], teams?: { faults?: TeamsFault[] } } & Record<string, unknown>} Stage
 * @typedef {{ key: string, label: string, icon: string, hint: string, run: () => Promise<unknown> }} Deed
 */

/** @type {Stage} what can happen here, as the sandbox said last */
let stage = { events: [], faultPlaces: [] };

export const director = {
  /** @param {string} by ISO 8601 duration */
  advance: (by) => post('/sandbox/advance', { by }),
  /** Makes it happen with the body the sandbox itself gives as an example. @param {string} name */
  event: (name) => post('/sandbox/event', { ...stage.events.find((one) => one.name === name)?.example, name }),
  /** @param {Record<string, unknown>} order */
  fault: (order) => post('/sandbox/fault', order),
  /** @returns {Promise<Stage>} */
  async stage() {
    stage = await get('/sandbox/state');
    return stage;
  },
};

/** The part of the sandbox's state that is the estate. @param {Stage} state @returns {Estate | undefined} */
export const estateOf = (state) =>
  /** @type {Estate | undefined} */ (
    [state, ...Object.values(state)].find((part) =>
      Array.isArray(/** @type {{ endpoints?: unknown } | null} */ (part)?.endpoints),
    )
  );

/** Our words for what the sandbox calls by a short name; an unknown one speaks for itself. @type {Record<string, { label: string, icon: string }>} */
const WORDS = {
  drift: { label: 'Drift on ep-fraud', icon: 'DataTrending' },
  latency: { label: 'Latency and errors', icon: 'Gauge' },
  'failed-run': { label: 'A run fails', icon: 'Fail' },
  'cost-spike': { label: 'Cost spike', icon: 'Money' },
  quota: { label: 'Quota nearly used', icon: 'Database' },
  'model-registered': { label: 'A model is registered', icon: 'Document' },
  azure: { label: 'Azure is down', icon: 'CloudOff' },
};

/** @param {string} name */
const plain = (name) => {
  const spaced = name.replace(/[-_.]/g, ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

/** @param {Stage} state @returns {Deed[]} */
export const events = (state) =>
  state.events.map(({ name, summary }) => ({
    key: name,
    label: WORDS[name]?.label ?? plain(name),
    icon: WORDS[name]?.icon ?? 'Flash',
    hint: summary,
    run: () => director.event(name),
  }));

const THROTTLED = { where: 'teams', answer: 429, retryAfter: 20, count: 3 };
const LOST = { where: 'teams', answer: 502, delivered: true, count: 1, on: 'create' };

/** Teams and Graph are always there; other places are what the sandbox has. @param {Stage} state @returns {Deed[]} */
export const faults = (state) => [
  ...state.faultPlaces.map(({ where, summary, example }) => ({
    key: where,
    label: WORDS[where]?.label ?? plain(where),
    icon: WORDS[where]?.icon ?? 'CloudOff',
    hint: summary,
    run: () => director.fault({ ...example, where }),
  })),
  {
    key: 'teams-429',
    label: 'Teams throttles',
    icon: 'Chat',
    hint: 'The next three sends are answered 429',
    run: () => director.fault(THROTTLED),
  },
  {
    key: 'teams-502',
    label: 'Teams loses an answer',
    icon: 'ErrorCircle',
    hint: 'A message arrives, but 502 is answered',
    run: () => director.fault(LOST),
  },
  {
    key: 'end',
    label: 'End all faults',
    icon: 'CheckmarkCircle',
    hint: 'Everything works again',
    run: () => remove('/sandbox/fault'),
  },
];
