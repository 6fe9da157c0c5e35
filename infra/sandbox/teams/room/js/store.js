/**
 * What this window knows, and who wants to hear when it changes. One object, changed only here.
 *
 * @typedef {import('./api.js').RoomMessage} RoomMessage
 * @typedef {import('./api.js').RoomConversation} RoomConversation
 * @typedef {'me' | 'conversations' | 'open' | 'messages' | 'message' | 'thread' | 'clock' | 'typing' | 'connection' | 'stage'} Topic
 */

/** @type {Map<Topic, Set<(detail?: unknown) => void>>} */
const listeners = new Map();

export const store = {
  /** @type {import('./api.js').RoomApi} */
  api: /** @type {never} */ (undefined),
  /** @type {import('../../room-types.ts').RoomPerson} */
  me: /** @type {never} */ (undefined),
  /** @type {import('../../room-types.ts').RoomPerson[]} */
  people: [],
  /** @type {{ text: string, summary: string }[]} what this person may say */
  commands: [],
  /** @type {readonly import('../../room-types.ts').RoomExtension[]} */
  extension: [],
  bot: { id: '28:wardroom', name: 'Wardroom' },
  team: { id: '', name: '' },
  /** @type {RoomConversation[]} */
  conversations: [],
  clock: { now: new Date().toISOString(), frozen: true },
  /** When `clock` was heard, by this machine's own time: a clock that runs is carried on from there. */
  clockHeard: performance.now(),
  /** @type {string | undefined} open conversation id */
  open: undefined,
  /** @type {string | undefined} root of the open thread */
  thread: undefined,
  /** @type {Map<string, RoomMessage>} messages of the open conversation */
  messages: new Map(),
  more: false,
  loading: false,
  connected: true,
  /** @type {Map<string, { from: string, thread?: string, until: number }>} by sender */
  typing: new Map(),
};

/** @param {Topic} topic @param {(detail?: any) => void} listener */
export function on(topic, listener) {
  const set = listeners.get(topic) ?? new Set();
  set.add(listener);
  listeners.set(topic, set);
}

/** @param {Topic} topic @param {unknown} [detail] */
export function tell(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** The Room's now: what the server said, carried on when the clock runs. */
export const now = () =>
  store.clock.frozen
    ? store.clock.now
    : new Date(new Date(store.clock.now).getTime() + (performance.now() - store.clockHeard)).toISOString();

/** @param {string | undefined} id */
export const conversation = (id) => store.conversations.find((one) => one.id === id);
/** @param {string} id */
export const person = (id) => store.people.find((one) => one.id === id);

/** @param {RoomConversation} changed */
export function putConversation(changed) {
  const index = store.conversations.findIndex((one) => one.id === changed.id);
  if (index < 0) store.conversations.push(changed);
  else store.conversations[index] = changed;
  tell('conversations');
}

/**
 * Puts a message in its place. An older revision than the one shown is dropped: events and answers may cross.
 * @param {RoomMessage} message
 * @returns {boolean} whether it was new here
 */
export function putMessage(message) {
  if (message.conversation !== store.open) return false;
  const known = store.messages.get(message.id);
  if (known && known.revision > message.revision) return false;
  store.messages.set(message.id, message);
  if (message.from.kind === 'bot') store.typing.delete('bot');
  else store.typing.delete(message.from.id);
  tell('message', message);
  return !known;
}

/** Oldest first. */
export const ordered = () =>
  [...store.messages.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));

/** The newest text of that pattern seen here, for suggestions. @param {RegExp} pattern */
export function lastSeen(pattern) {
  for (const message of ordered().reverse()) {
    const found = pattern.exec(`${message.text} ${message.summary ?? ''} ${JSON.stringify(message.attachments)}`);
    if (found) return found[0];
  }
  return undefined;
}
