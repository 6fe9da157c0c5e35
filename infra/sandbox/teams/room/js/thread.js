import { h } from '../cards/dom.js';
import { compose } from './compose.js';
import { plural } from './format.js';
import { showMessage } from './message.js';
import { iconButton } from './parts.js';
import { conversation, on, ordered, store, tell } from './store.js';

/** A thread beside the channel. @param {HTMLElement} pane */
export function mountThread(pane) {
  const title = h('span', { class: 'chat-sub' });
  const list = h('div', {
    class: 'messages messages-thread',
    role: 'log',
    'aria-label': 'Replies',
    'aria-live': 'off',
    tabindex: '0',
  });
  const box = compose({ label: 'Reply', thread: () => store.thread });
  const close = () => openThread(undefined);
  pane.replaceChildren(
    h(
      'header',
      { class: 'chat-head' },
      h('h2', null, 'Thread'),
      title,
      iconButton('Dismiss', 'Close thread', close, { class: 'icon-button push' }),
    ),
    h('div', { class: 'messages-hold' }, list),
    h('div', { class: 'foot' }, box.element),
  );
  pane.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) close();
  });
  /** @type {Map<string, import('./message.js').Shown>} */
  let shown = new Map();

  const count = () => {
    title.textContent = `${conversation(store.open)?.name ?? ''} · ${plural(Math.max(0, shown.size - 1), 'reply', 'replies')}`;
  };
  /** @param {import('./api.js').RoomMessage} message */
  const place = (message) => {
    const known = shown.get(message.id);
    if (known) known.update(message);
    else {
      const one = showMessage(message);
      shown.set(message.id, one);
      list.append(one.element);
    }
  };
  on('thread', (focus) => {
    for (const one of shown.values()) one.dispose();
    shown = new Map();
    list.replaceChildren();
    pane.hidden = !store.thread;
    document.getElementById('app')?.classList.toggle('with-thread', Boolean(store.thread));
    if (!store.thread) return;
    for (const message of ordered().filter((one) => one.root === store.thread)) place(message);
    count();
    box.reset();
    list.scrollTop = list.scrollHeight;
    if (focus) box.focus();
  });
  on('message', (message) => {
    if (!store.thread || message.root !== store.thread) return;
    place(message);
    count();
    list.scrollTop = list.scrollHeight;
  });
  on('open', () => openThread(undefined));
}

/** @param {string | undefined} root @param {boolean} [focus] */
export function openThread(root, focus = false) {
  if (!root && !store.thread) return;
  store.thread = root;
  tell('thread', focus);
}
