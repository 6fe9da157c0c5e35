import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { iconButton } from './parts.js';
import { on, store } from './store.js';
import { currentTheme, keepTheme } from './theme.js';

/**
 * The top bar.
 * @param {HTMLElement} top
 * @param {{ tour: () => void, window: () => void, home: string }} go
 */
export function mountTop(top, go) {
  const app = /** @type {HTMLElement} */ (document.getElementById('app'));
  const state = h('span', { class: 'connection', role: 'status' });
  const theme = iconButton('Moon', 'Dark theme', () => {
    keepTheme(currentTheme() === 'dark' ? 'light' : 'dark');
    drawTheme();
  });
  const drawTheme = () => {
    const dark = currentTheme() === 'dark';
    theme.replaceChildren(icon(dark ? 'Sun' : 'Moon', 20));
    theme.setAttribute('aria-label', dark ? 'Light theme' : 'Dark theme');
    theme.title = dark ? 'Light theme' : 'Dark theme';
  };
  const phone = iconButton('Phone', 'Phone width', () => set(phone, 'phone', 'room.phone'), {
    class: 'icon-button wide-only',
    'aria-pressed': 'false',
  });
  const panel = iconButton('Panel', 'Clock, events and estate', () => set(panel, 'side-open', 'room.side'), {
    'aria-pressed': 'false',
  });
  /** @param {HTMLElement} button @param {string} name @param {string} key @param {boolean} [on] */
  const set = (button, name, key, on = !app.classList.contains(name)) => {
    app.classList.toggle(name, on);
    button.setAttribute('aria-pressed', String(on));
    localStorage.setItem(key, String(on));
  };
  set(phone, 'phone', 'room.phone', localStorage.getItem('room.phone') === 'true' && window.innerWidth > 700);
  set(panel, 'side-open', 'room.side', window.innerWidth > 1100 && localStorage.getItem('room.side') !== 'false');
  // A window that becomes narrow would have the panel over the chat.
  matchMedia('(max-width: 1100px)').addEventListener('change', ({ matches }) => {
    const kept = localStorage.getItem('room.side');
    set(panel, 'side-open', 'room.side', !matches && kept !== 'false');
    if (kept === null) localStorage.removeItem('room.side');
    else localStorage.setItem('room.side', kept);
  });
  drawTheme();
  on('connection', () => {
    state.textContent = store.connected ? '' : 'Reconnecting…';
  });
  top.replaceChildren(
    h(
      'a',
      { class: 'brand', href: go.home },
      h('img', { src: '/room/favicon.svg', alt: '', width: '24', height: '24' }),
      h('span', null, 'Wardroom'),
      h('span', { class: 'brand-sub' }, 'the Room'),
    ),
    state,
    h(
      'div',
      { class: 'top-tools' },
      h('button', { class: 'button small tour-button', type: 'button', onclick: go.tour }, icon('Map', 16), 'Tour'),
      h('a', { class: 'button small wide-only', href: '/gallery' }, 'Cards'),
      iconButton('Open', 'A second window, to be somebody else', go.window, { class: 'icon-button wide-only' }),
      phone,
      theme,
      panel,
    ),
  );
}
