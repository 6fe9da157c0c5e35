import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { menu } from '../cards/menu.js';
import { plural, when } from './format.js';
import { avatar } from './parts.js';
import { now, on, store } from './store.js';

/**
 * The left rail: who I am, and where I can talk.
 * @param {HTMLElement} rail
 * @param {{ open: (conversation: string) => void, become: (person: string) => void }} go
 */
export function mountRail(rail, go) {
  const who = h('button', {
    class: 'who',
    type: 'button',
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
    onclick: () => choosePerson(who, go.become),
  });
  const list = h('div', { class: 'rail-list' });
  rail.replaceChildren(who, list);
  rail.addEventListener('keydown', (event) => walk(rail, event));

  const drawMe = () => {
    who.title = 'Be somebody else';
    who.replaceChildren(
      avatar(store.me, 36),
      h('span', { class: 'sr-only' }, 'You are'),
      h('span', { class: 'who-words' }, h('strong', null, store.me.name), h('span', null, roles(store.me))),
      icon('ChevronDown', 16),
    );
  };
  const draw = () => {
    const groups = [
      { title: 'Chat', kinds: ['personal', 'group'] },
      { title: store.team.name || 'Team', kinds: ['channel'] },
    ];
    const focused =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset.conversation : undefined;
    list.replaceChildren(
      ...groups.map(({ title, kinds }) => {
        const members = store.conversations.filter((one) => kinds.includes(one.kind));
        members.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.name.localeCompare(b.name));
        return h(
          'section',
          { 'aria-label': title },
          h('h2', null, title),
          h(
            'ul',
            null,
            members.map((one) => h('li', null, row(one, go.open))),
          ),
        );
      }),
    );
    if (focused)
      /** @type {HTMLElement | null} */ (list.querySelector(`[data-conversation="${CSS.escape(focused)}"]`))?.focus();
    const unread = store.conversations.reduce(
      (sum, one) => sum + (one.kind === 'channel' ? one.mentions : one.unread),
      0,
    );
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${store.conversations.find((one) => one.id === store.open)?.name ?? 'The Room'} · Wardroom`;
  };
  on('me', drawMe);
  on('me', draw);
  on('conversations', draw);
  on('open', draw);
}

/** @param {import('../../room-types.ts').RoomPerson} one */
const roles = (one) => one.roles.join(', ') || 'viewer';

/** @param {import('./api.js').RoomConversation} one @param {(conversation: string) => void} open */
function row(one, open) {
  const unread = one.unread > 0 && one.id !== store.open;
  const title = one.kind === 'personal' ? store.bot.name : one.name;
  const spoken = [
    one.mentions > 0 ? plural(one.mentions, 'mention') : '',
    one.unread > 0 ? `${one.unread >= 100 ? '100 or more' : one.unread} unread` : '',
  ]
    .filter(Boolean)
    .join(', ');
  const picture =
    one.kind === 'personal'
      ? avatar({ id: 'bot', name: 'Wardroom', kind: 'bot' }, 32)
      : one.kind === 'group'
        ? h('span', { class: 'avatar avatar-group', 'aria-hidden': 'true' }, icon('People', 18))
        : h('span', { class: 'hash', 'aria-hidden': 'true' }, icon('Channel', 18));
  return h(
    'button',
    {
      type: 'button',
      class: `row row-${one.kind}${unread ? ' row-unread' : ''}`,
      'data-conversation': one.id,
      'aria-current': one.id === store.open ? 'page' : undefined,
      onclick: () => open(one.id),
    },
    picture,
    h(
      'span',
      { class: 'row-words' },
      h(
        'span',
        { class: 'row-top' },
        h('span', { class: 'row-name' }, title),
        one.last && one.kind !== 'channel'
          ? h('span', { class: 'row-time' }, when(one.last.at, now(), store.me.zone))
          : null,
      ),
      one.kind !== 'channel'
        ? h('span', { class: 'row-last' }, one.last?.preview.replace(/\*\*|`|<\/?at>/g, '') ?? 'No messages yet')
        : null,
    ),
    unread && spoken ? h('span', { class: 'sr-only' }, spoken) : null,
    unread && one.mentions > 0
      ? h(
          'span',
          { class: 'pill pill-mention', 'aria-hidden': 'true' },
          '@',
          one.mentions > 1 ? String(one.mentions) : '',
        )
      : null,
    unread && one.mentions === 0
      ? h('span', { class: 'pill', 'aria-hidden': 'true' }, one.unread >= 100 ? '99+' : String(one.unread))
      : null,
  );
}

/** @param {HTMLElement} anchor @param {(person: string) => void} become */
function choosePerson(anchor, become) {
  menu(
    anchor,
    store.people
      .filter((one) => one.active)
      .map((one) => ({
        label: one.name,
        hint: roles(one),
        node: avatar(one, 24),
        checked: one.id === store.me.id,
        run: () => become(one.id),
      })),
    'Be somebody',
  );
}

/** Arrow keys walk the list. @param {HTMLElement} rail @param {KeyboardEvent} event */
function walk(rail, event) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = /** @type {HTMLElement[]} */ ([...rail.querySelectorAll('.who, .row')]);
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (at < 0) return;
  event.preventDefault();
  rows[(at + (event.key === 'ArrowDown' ? 1 : rows.length - 1)) % rows.length]?.focus();
}
