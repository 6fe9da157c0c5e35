/**
 * The Room API and the director's API of the sandbox (infra/sandbox/README.md); shapes in ../room-types.ts.
 *
 * @typedef {import('../../room-types.ts').RoomState & { commands?: { text: string, summary: string }[] }} RoomState
 * @typedef {import('../../room-types.ts').RoomMessage} RoomMessage
 * @typedef {import('../../room-types.ts').RoomMessages} RoomMessages
 * @typedef {import('../../room-types.ts').RoomConversation} RoomConversation
 * @typedef {import('../../room-types.ts').RoomOutcome} RoomOutcome
 * @typedef {import('../../room-types.ts').RoomEvent} RoomEvent
 * @typedef {import('../../room-types.ts').RoomDialog} RoomDialog
 */

/** An answer that is not 2xx, in the server's own words. */
export class ApiError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @param {string} path @param {RequestInit} [init] */
async function call(path, init) {
  let answer;
  try {
    answer = await fetch(path, init);
  } catch {
    throw new ApiError(0, 'The sandbox does not answer. Is it still running?');
  }
  const text = await answer.text();
  let body;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    body = undefined;
  }
  if (!answer.ok) throw new ApiError(answer.status, body?.error?.message ?? `The sandbox answered ${answer.status}.`);
  return body;
}

/** @param {string} path @param {Record<string, string | number | undefined>} query */
export const get = (path, query = {}) => {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
  return call(search.size > 0 ? `${path}?${search}` : path);
};

/** @param {string} path @param {unknown} body */
export const post = (path, body) =>
  call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** @param {string} path */
export const remove = (path) => call(path, { method: 'DELETE' });

/** Everything one person can do. @param {string} as person id */
export const roomApi = (as) => ({
  /** @returns {Promise<RoomState>} */
  state: () => get('/room/api/state', { as }),
  /** @param {string} conversation @param {{ before?: string, thread?: string }} [page] @returns {Promise<RoomMessages>} */
  messages: (conversation, page = {}) => get('/room/api/messages', { as, conversation, ...page }),
  /** @param {string} conversation @param {string} text @param {{ thread?: string, mentionBot?: boolean, card?: unknown }} how @returns {Promise<{ message: RoomMessage }>} */
  say: (conversation, text, how) => post('/room/api/say', { as, conversation, text, ...how }),
  /** @param {string} message @param {unknown} action @returns {Promise<RoomOutcome>} */
  click: (message, action) => post('/room/api/click', { as, message, action }),
  /** @param {string} message @param {unknown} data @returns {Promise<RoomOutcome>} */
  dialog: (message, data) => post('/room/api/dialog', { as, message, data }),
  /** @param {{ command: string, message?: string, conversation?: string, words?: string, data?: unknown }} use @returns {Promise<RoomOutcome>} */
  extension: (use) => post('/room/api/extension', { as, ...use }),
  /** @param {string} message @returns {Promise<{ message: RoomMessage }>} */
  refresh: (message) => post('/room/api/refresh', { as, message }),
  /** @param {string} conversation @returns {Promise<{ conversation: RoomConversation }>} */
  read: (conversation) => post('/room/api/read', { as, conversation }),
  /** @param {string} conversation @param {string | undefined} thread */
  typing: (conversation, thread) => post('/room/api/typing', { as, conversation, thread }),
  /** @param {string} message @param {string} reaction @returns {Promise<{ message: RoomMessage }>} */
  react: (message, reaction) => post('/room/api/react', { as, message, reaction }),
  /** @param {string} message @param {'like' | 'dislike'} reaction @returns {Promise<RoomOutcome>} */
  feedback: (message, reaction) => post('/room/api/feedback', { as, message, reaction }),
});

/** @typedef {ReturnType<typeof roomApi>} RoomApi */

const KINDS = ['message', 'conversation', 'typing', 'clock', 'reset'];

/**
 * Listens until it is closed. The browser reconnects by itself and names the last event it saw.
 * @param {string} as
 * @param {number} after
 * @param {(event: RoomEvent) => void} onEvent
 * @param {(connected: boolean) => void} onState
 */
export function listen(as, after, onEvent, onState) {
  const source = new EventSource(`/room/api/events?${new URLSearchParams({ as, after: String(after) })}`);
  for (const kind of KINDS)
    source.addEventListener(kind, (event) => onEvent(JSON.parse(/** @type {MessageEvent} */ (event).data)));
  source.addEventListener('open', () => onState(true));
  source.addEventListener('error', () => onState(false));
  return () => source.close();
}
