import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { compose } from './compose.js';
import { day, plural } from './format.js';
import { showMessage } from './message.js';
import { avatar, iconButton } from './parts.js';
import { conversation, now, on, ordered, person, store } from './store.js';
import { typingLine } from './typing.js';

/** Replies that stay in sight under a post; the others are a click away. */
const REPLIES_SHOWN = 2;

/**
 * The middle: one conversation. Channels show posts with their replies, chats show messages.
 * @param {HTMLElement} chat
 * @param {{ thread: (root: string, focus?: boolean) => void, older: () => Promise<void>, rail: () => void, seen: (message: import('./api.js').RoomMessage) => void }} go
 */
export function mountChat(chat, go) {
  const head = h('header', { class: 'chat-head' });
  const list = h('div', {
    class: 'messages',
    role: 'log',
    'aria-label': 'Messages',
    'aria-live': 'off',
    tabindex: '0',
  });
  const newer = h(
    'button',
    { class: 'newer', type: 'button', hidden: true, onclick: () => toEnd() },
    icon('ArrowDown', 16),
    'New messages',
  );
  const box = compose({ label: 'Message', thread: () => undefined });
  const typing = typingLine(undefined);
  chat.replaceChildren(
    head,
    h('div', { class: 'messages-hold' }, list, newer),
    h('div', { class: 'foot' }, typing, box.element),
  );
  const spoken = h('div', { class: 'sr-only', 'aria-live': 'polite' });
  chat.append(spoken);

  /** @type {Map<string, import('./message.js').Shown>} */
  let shown = new Map();
  /** @type {Map<string, { element: HTMLElement, replies: HTMLElement }>} */
  let posts = new Map();
  let firstUnread = '';

  const atEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const toEnd = () => {
    list.scrollTop = list.scrollHeight;
    newer.hidden = true;
  };
  list.addEventListener('scroll', () => {
    if (atEnd()) newer.hidden = true;
    if (list.scrollTop < 120 && store.more && !store.loading) void older();
  });
  const older = async () => {
    const before = list.scrollHeight;
    await go.older();
    draw(false);
    list.scrollTop += list.scrollHeight - before;
  };

  const drawHead = () => {
    const here = conversation(store.open);
    if (!here) return;
    const title = here.kind === 'personal' ? store.bot.name : here.name;
    const picture =
      here.kind === 'personal'
        ? avatar({ id: 'bot', name: 'Wardroom', kind: 'bot' }, 32)
        : h('span', { class: 'hash' }, icon(here.kind === 'group' ? 'People' : 'Channel', 20));
    const names = here.members.map((id) => person(id)?.name ?? id);
    head.replaceChildren(
      iconButton('ArrowLeft', 'Conversations', go.rail, { class: 'icon-button only-phone' }),
      picture,
      h('h1', null, title),
      here.kind === 'personal'
        ? h('span', { class: 'tag' }, 'App')
        : h(
            'span',
            { class: 'chat-sub', title: names.join(', ') },
            here.kind === 'channel' ? store.team.name : plural(here.members.length, 'person', 'people'),
          ),
      here.installed ? '' : h('span', { class: 'tag tag-warning' }, 'Wardroom is not installed here'),
    );
  };

  /** @param {boolean} end */
  const draw = (end) => {
    for (const one of shown.values()) one.dispose();
    shown = new Map();
    posts = new Map();
    const here = conversation(store.open);
    const messages = ordered();
    if (end) firstUnread = messages.find((one) => one.unread && one.from.id !== store.me.id)?.id ?? '';
    list.className = `messages messages-${here?.kind ?? 'none'}`;
    list.replaceChildren();
    if (messages.length === 0 && !store.loading) list.append(empty(here));
    for (const message of messages) place(message);
    if (end) toEnd();
  };

  /** @param {import('./api.js').RoomMessage} message */
  const place = (message) => {
    const here = conversation(store.open);
    const known = shown.get(message.id);
    if (known) {
      known.update(message);
      return;
    }
    list.querySelector('.empty')?.remove();
    if (here?.kind === 'channel') placePost(message);
    else placeLine(message);
    go.seen(message);
  };

  /** @param {import('./api.js').RoomMessage} message */
  const marks = (message) => {
    const label = day(message.at, now(), store.me.zone);
    const last = /** @type {HTMLElement | undefined} */ ([...list.querySelectorAll('.day')].at(-1));
    if (last?.dataset.day !== label) list.append(h('div', { class: 'day', 'data-day': label }, h('span', null, label)));
    if (message.id === firstUnread) list.append(h('div', { class: 'fresh' }, h('span', null, 'New')));
  };

  /** @param {import('./api.js').RoomMessage} message */
  const placeLine = (message) => {
    marks(message);
    const one = showMessage(message, { bubble: true, mine: message.from.id === store.me.id });
    shown.set(message.id, one);
    list.append(one.element);
  };

  /** @param {import('./api.js').RoomMessage} message */
  const placePost = (message) => {
    const one = showMessage(message);
    shown.set(message.id, one);
    const root = posts.get(message.root);
    if (message.root === message.id || !root) {
      marks(message);
      const replies = h('div', { class: 'replies' });
      const element = h(
        'div',
        {
          role: 'group',
          class: `post${message.mentionsMe ? ' post-me' : ''}`,
          'aria-label': `Post by ${message.from.name}`,
        },
        one.element,
        replies,
        h(
          'div',
          { class: 'post-foot' },
          h(
            'button',
            { class: 'link', type: 'button', onclick: () => go.thread(message.root, true) },
            icon('Reply', 16),
            'Reply',
          ),
        ),
      );
      posts.set(message.root, { element, replies });
      list.append(element);
      return;
    }
    root.replies.append(one.element);
    fold(root.replies, message.root);
  };

  /** @param {HTMLElement} replies @param {string} root */
  const fold = (replies, root) => {
    replies.querySelector('.earlier')?.remove();
    const all = /** @type {HTMLElement[]} */ ([...replies.querySelectorAll(':scope > .message')]);
    all.forEach((one, i) => {
      one.hidden = i < all.length - REPLIES_SHOWN;
    });
    const hidden = all.length - REPLIES_SHOWN;
    if (hidden > 0)
      replies.prepend(
        h(
          'button',
          { class: 'link earlier', type: 'button', onclick: () => go.thread(root) },
          `Open ${plural(hidden, 'earlier reply', 'earlier replies')}`,
        ),
      );
  };

  on('open', () => {
    drawHead();
    box.reset();
  });
  on('conversations', drawHead);
  on('messages', () => draw(true));
  on('message', (message) => {
    const stick = atEnd();
    const isNew = !shown.has(message.id);
    place(message);
    if (stick || (isNew && message.from.id === store.me.id)) toEnd();
    else if (isNew) newer.hidden = false;
    if (isNew && message.from.id !== store.me.id)
      spoken.textContent = `${message.from.name}: ${message.summary ?? message.text}`;
  });
  return { focus: () => box.focus() };
}

/** @param {import('./api.js').RoomConversation | undefined} here */
function empty(here) {
  const lines = {
    personal: ['This is where Wardroom talks to you alone', 'Ask it something, for instance “help”.'],
    group: ['Nothing said yet', 'Mention @Wardroom and ask.'],
    channel: ['No posts yet', 'Alerts for what this channel owns appear here. Mention @Wardroom to ask.'],
  }[here?.kind ?? 'channel'];
  return h(
    'div',
    { class: 'empty' },
    avatar({ id: 'bot', name: 'Wardroom', kind: 'bot' }, 56),
    h('h2', null, lines[0]),
    h('p', null, lines[1]),
  );
}
