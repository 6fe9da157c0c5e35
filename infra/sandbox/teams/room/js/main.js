import { ApiError, listen, roomApi } from './api.js';
import { mountChat } from './chat.js';
import { shortId } from './format.js';
import { mountRail } from './rail.js';
import { mountSide } from './side.js';
import { now, putConversation, putMessage, store, tell } from './store.js';
import { applyTheme, chosenTheme } from './theme.js';
import { mountThread, openThread } from './thread.js';
import { toast } from './toast.js';
import { mountTop } from './top.js';
import { createTour } from './tour.js';
import { heardTyping } from './typing.js';

const app = /** @type {HTMLElement} */ (document.getElementById('app'));
/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {() => void} stops listening as the person before */
let stop = () => undefined;
/** When a card's own view was asked for last, and for which version. @type {Map<string, { version: string, at: number }>} */
const refreshed = new Map();
/** Teams asks again only when the last answer is older. */
const REFRESH_AFTER_MS = 60_000;

/** @param {unknown} error */
const complain = (error) => toast(error instanceof Error ? error.message : 'That did not work.', 'error');

/** The address names who and where, so that a second window can be somebody else. @param {boolean} [push] */
function address(push = false) {
  const here = store.conversations.find((one) => one.id === store.open);
  const query = new URLSearchParams({ as: store.me.id, ...(here ? { c: shortId(here) } : {}) });
  const url = `/?${query}`;
  if (url === location.pathname + location.search) return;
  if (push) history.pushState(null, '', url);
  else history.replaceState(null, '', url);
}

/** @param {string | null | undefined} asked short or whole id */
const find = (asked) =>
  store.conversations.find((one) => one.id === asked || shortId(one) === asked || one.name === asked);

let becoming = 0;
/** @param {string} as @param {string | null} [wanted] conversation; where the person before stood, when left out */
async function become(as, wanted) {
  const turn = ++becoming;
  const api = roomApi(as);
  const state = await api.state();
  if (turn !== becoming) return;
  stop();
  const was = store.conversations.find((one) => one.id === store.open)?.kind;
  store.api = api;
  Object.assign(store, {
    me: state.me,
    people: state.people,
    bot: state.bot,
    team: state.team,
    conversations: state.conversations,
    commands: state.commands ?? [],
    extension: state.extension,
  });
  refreshed.clear();
  store.typing.clear();
  setClock(state.clock);
  localStorage.setItem('room.as', as);
  stop = listen(as, state.sequence, hear, (connected) => {
    store.connected = connected;
    tell('connection');
  });
  tell('me');
  const start =
    find(wanted) ??
    (was === 'personal' ? find('personal') : find(store.open)) ??
    state.conversations.find((one) => one.mentions > 0) ??
    find('fraud-ops') ??
    state.conversations[0];
  if (start) await open(start.id);
}

let opening = 0;
/** @param {string} id @param {boolean} [push] */
async function open(id, push = false) {
  const turn = ++opening;
  store.open = id;
  store.loading = true;
  app.classList.add('in-chat');
  store.messages = new Map();
  tell('open');
  address(push);
  try {
    const page = await store.api.messages(id);
    if (turn !== opening) return;
    // What was heard while the page was under way is newer than the page.
    const heard = store.messages;
    store.messages = new Map(page.messages.map((message) => [message.id, message]));
    for (const message of heard.values()) {
      if ((store.messages.get(message.id)?.revision ?? -1) < message.revision) store.messages.set(message.id, message);
    }
    store.more = page.more;
    store.loading = false;
    tell('messages');
    putConversation(page.conversation);
    void read();
  } catch (error) {
    store.loading = false;
    complain(error);
  }
}

async function older() {
  const roots = [...store.messages.values()]
    .filter((one) => one.root === one.id)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const before = roots[0]?.id;
  if (!store.open || !before || store.loading) return;
  store.loading = true;
  try {
    const page = await store.api.messages(store.open, { before });
    for (const message of page.messages) store.messages.set(message.id, message);
    store.more = page.more;
  } catch (error) {
    store.more = false;
    complain(error);
  } finally {
    store.loading = false;
  }
}

/** Reading is looking: an unread message counts as read only in a window that is in front. */
async function read() {
  const here = store.conversations.find((one) => one.id === store.open);
  if (!here || here.unread === 0 || document.visibilityState !== 'visible') return;
  try {
    putConversation((await store.api.read(here.id)).conversation);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) complain(error);
  }
}

/** Teams' automatic refresh of a card that has a view of its own for this person. @param {import('./api.js').RoomMessage} message */
async function seen(message) {
  const version = message.editedAt ?? '';
  const at = new Date(now()).getTime();
  const last = refreshed.get(message.id);
  if (!message.refresh || (last?.version === version && at - last.at < REFRESH_AFTER_MS)) return;
  refreshed.set(message.id, { version, at });
  try {
    putMessage((await store.api.refresh(message.id)).message);
  } catch {
    // The card everybody sees stays: that is what Teams shows when a refresh fails.
  }
}

/** @param {import('../../room-types.ts').RoomClock} clock */
function setClock(clock) {
  store.clock = clock;
  store.clockHeard = performance.now();
  tell('clock');
}

/** @param {import('./api.js').RoomEvent} event */
function hear(event) {
  switch (event.kind) {
    case 'message': {
      const fresh = putMessage(event.message);
      putConversation(event.conversation);
      void seen(event.message);
      if (event.message.conversation === store.open) void read();
      else if (event.message.mentionsMe && event.message.unread) announce(event.message, event.conversation);
      if (fresh && event.message.conversation === store.open && event.message.mentionsMe) void read();
      break;
    }
    case 'conversation':
      putConversation(event.conversation);
      break;
    case 'typing':
      if (heardTyping(event)) tell('typing');
      break;
    case 'clock':
      setClock(event.clock);
      break;
    case 'reset':
      store.open = undefined;
      become(store.me.id).catch(complain);
      break;
    default:
  }
}

/** @type {Set<string>} messages that already rang */
const rang = new Set();
/** @param {import('./api.js').RoomMessage} message @param {import('./api.js').RoomConversation} where */
function announce(message, where) {
  if (rang.has(message.id)) return;
  rang.add(message.id);
  const place = where.kind === 'personal' ? store.bot.name : where.name;
  toast(`${place}: ${message.summary ?? message.text}`, 'info', {
    label: 'Open',
    run: () => void open(where.id, true),
  });
}

/** @param {string} as @param {string} [wanted] */
const switchTo = (as, wanted) => become(as, wanted).catch(complain);

applyTheme(chosenTheme());
const tour = createTour({
  become: (as, wanted) => become(as, wanted),
  write: (text) => {
    const box = /** @type {HTMLTextAreaElement} */ (byId('compose'));
    box.value = text;
    box.dispatchEvent(new Event('input'));
    box.focus();
  },
});
mountTop(byId('top'), {
  home: '/',
  tour: tour.start,
  window: () =>
    void window.open(
      `/?as=${store.me.id === 'ben' ? 'ann' : 'ben'}${store.open ? `&c=${encodeURIComponent(shortId({ id: store.open, kind: store.conversations.find((one) => one.id === store.open)?.kind ?? '' }))}` : ''}`,
      '_blank',
    ),
});
mountRail(byId('rail'), {
  open: (id) => void open(id, true),
  become: (as) => void switchTo(as),
});
const chat = mountChat(byId('chat'), {
  thread: (root, focus) => openThread(root, focus),
  older,
  rail: () => app.classList.remove('in-chat'),
  seen: (message) => void seen(message),
});
mountThread(byId('thread'));
mountSide(byId('side'));

document.addEventListener('visibilitychange', () => void read());
window.addEventListener('popstate', () => {
  const query = new URLSearchParams(location.search);
  const as = query.get('as') ?? store.me.id;
  const wanted = find(query.get('c'));
  if (as === store.me.id && wanted) void open(wanted.id);
  else void switchTo(as, query.get('c') ?? undefined);
});
document.addEventListener('keydown', (event) => {
  if (
    event.key === '/' &&
    !event.ctrlKey &&
    !(event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog, [role=menu]'))
  ) {
    event.preventDefault();
    chat.focus();
  }
});

try {
  const query = new URLSearchParams(location.search);
  const asked = query.get('as');
  await become(asked ?? localStorage.getItem('room.as') ?? 'ann', query.get('c')).catch((error) => {
    if (asked === 'ann' || !(error instanceof ApiError) || error.status === 0) throw error;
    return become('ann', query.get('c'));
  });
  tour.resume();
} catch (error) {
  complain(error);
}
