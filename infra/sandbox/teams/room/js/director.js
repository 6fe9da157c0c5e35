import { get, post, remove } from './api.js';

/**
 * The director's side of the sandbox: time, events, faults (infra/sandbox/README.md).
 * @typedef {{ endpoint: string, workspace: string, traffic: Record<string, number>, provisioningState: string, health: 'good' | 'degraded', requestsPerMinute: number, p95Ms?: number, errorsPerMinute: number, breachedFeatures: string[] }} EndpointHealth
 * @typedef {{ endpoints: EndpointHealth[], faults?: { service: string, mode: string }[] }} Estate
 * @typedef {{ answer: string | number, operations: string[], left?: number }} TeamsFault
 * @typedef {{ summary: string, example: Record<string, unknown> }} Possible
 * @typedef {{ events: (Possible & { name: string })[], faultPlaces: (Possible & { where: string })[], teams?: { faults?: TeamsFault[] } } & Record<string, unknown>} Stage
 * @typedef {{ key: string, label: string, icon: string, hint: string, more?: boolean, run: () => Promise<unknown> }} Deed
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

/**
 * Our words for what the sandbox calls by a short name, those of the story first; `more` stands behind a fold. An unknown
 * one speaks for itself. @type {Record<string, { label: string, icon: string, hint?: string, more?: boolean }>}
 */
const WORDS = {
  drift: { label: 'Drift on ep-fraud', icon: 'DataTrending' },
  latency: { label: 'Latency and errors', icon: 'Gauge' },
  'failed-run': { label: 'A run fails', icon: 'Fail' },
  'cost-spike': { label: 'Cost spike', icon: 'Money' },
  quota: { label: 'Quota nearly used', icon: 'Database' },
  'model-registered': { label: 'A model is registered', icon: 'Document' },
  'model-deleted': { label: 'A model is deleted', icon: 'Document', more: true },
  'evidence-broken': {
    label: 'Evidence is unreadable',
    icon: 'Document',
    hint: 'A training run left a file that cannot be used',
    more: true,
  },
  regression: {
    label: 'A version gets worse',
    icon: 'Gauge',
    hint: 'A little slower, more errors, worse answers',
    more: true,
  },
  split: {
    label: 'The split is wrong',
    icon: 'BranchFork',
    hint: 'The router gives a deployment another part than it was told',
    more: true,
  },
  'data-version': {
    label: 'The training data changes',
    icon: 'Database',
    hint: 'A new version lacks a column and has another',
    more: true,
  },
  volume: { label: 'Traffic jumps', icon: 'DataTrending', hint: 'An endpoint is asked far more often', more: true },
  'traffic-changed': {
    label: 'Traffic moved in the portal',
    icon: 'BranchFork',
    hint: 'Somebody changes it past Wardroom',
    more: true,
  },
  'deployment-changed': {
    label: 'Model swapped in the portal',
    icon: 'Flow',
    hint: 'Somebody puts another version into a deployment, past Wardroom',
    more: true,
  },
  'endpoint-deleted': {
    label: 'An endpoint is deleted',
    hint: 'Somebody deletes it in the portal, past Wardroom',
    icon: 'Document',
    more: true,
  },
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
    hint: WORDS[name]?.hint ?? summary,
    more: WORDS[name]?.more ?? false,
    run: () => director.event(name),
  }));

const TEN_MINUTES_MS = 600_000;
const AZURE_DOWN = { where: 'azure', service: '*', mode: '500', forMs: TEN_MINUTES_MS };
const AZURE_THROTTLED = { where: 'azure', service: '*', mode: '429', count: 5, retryAfter: 20 };
const TEAMS_THROTTLED = { where: 'teams', answer: 429, retryAfter: 20, count: 3 };
const TEAMS_LOSES = { where: 'teams', answer: 502, delivered: true, count: 1, on: 'create' };

/** @param {string} label @param {string} icon @param {string} hint @param {Record<string, unknown>} order @returns {Deed} */
const fault = (label, icon, hint, order) => ({ key: label, label, icon, hint, run: () => director.fault(order) });

/** Teams is always there; Azure and other places are what the sandbox has. @param {Stage} state @returns {Deed[]} */
export const faults = (state) => [
  ...state.faultPlaces.flatMap(({ where, summary, example }) =>
    where === 'azure'
      ? [
          fault('Azure is down', 'CloudOff', 'Every call is answered 500 for ten minutes', AZURE_DOWN),
          fault('Azure throttles', 'Cloud', 'The next five calls are answered 429', AZURE_THROTTLED),
        ]
      : [fault(plain(where), 'CloudOff', summary, { ...example, where })],
  ),
  fault('Teams throttles', 'Chat', 'The next three sends are answered 429', TEAMS_THROTTLED),
  fault('Teams loses an answer', 'ErrorCircle', 'A message arrives, but 502 is answered', TEAMS_LOSES),
  {
    key: 'end',
    label: 'End all faults',
    icon: 'CheckmarkCircle',
    hint: 'Everything works again',
    run: () => remove('/sandbox/fault'),
  },
];
