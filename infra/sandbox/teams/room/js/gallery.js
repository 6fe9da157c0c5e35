import { h } from '../cards/dom.js';
import { renderCard } from '../cards/render.js';
import { applyTheme, chosenTheme, currentTheme, keepTheme } from './theme.js';

/** @typedef {{ name: string, group: string, card: unknown }} Golden */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const stage = byId('cards');

/** @param {string} text */
const status = (text) => {
  byId('status').textContent = text;
};

/** A card here is only looked at: a click says what it would send. */
const hooks = {
  onAction: (/** @type {import('../cards/render.js').CardAction} */ action) =>
    status(`${action.title ?? action.verb ?? action.type}: ${JSON.stringify(action.data)}`),
  onOpenUrl: (/** @type {string} */ url) => status(`Opens ${url}`),
};

/** @param {Golden[]} cards */
function draw(cards) {
  const groups = new Map();
  for (const golden of cards) groups.set(golden.group, [...(groups.get(golden.group) ?? []), golden]);
  stage.replaceChildren(
    ...[...groups].map(([group, members]) =>
      h(
        'section',
        { class: 'gallery-group', 'aria-label': group },
        h('h2', null, group),
        h(
          'div',
          { class: 'gallery-cards' },
          members.map((/** @type {Golden} */ golden) =>
            h(
              'article',
              { class: 'gallery-one', id: golden.name, 'data-find': `${golden.group} ${golden.name}`.toLowerCase() },
              h('h3', null, golden.name),
              renderCard(golden.card, hooks, { zone: 'Europe/Amsterdam' }).element,
            ),
          ),
        ),
      ),
    ),
  );
  if (cards.length === 0) stage.append(h('p', { class: 'gallery-empty' }, 'No cards yet.'));
  stage.removeAttribute('aria-busy');
}

const themeButton = byId('theme');
const showTheme = () => themeButton.setAttribute('aria-pressed', String(currentTheme() === 'dark'));
themeButton.addEventListener('click', () => {
  keepTheme(currentTheme() === 'dark' ? 'light' : 'dark');
  showTheme();
});
const phoneButton = byId('phone');
const setPhone = (/** @type {boolean} */ on) => {
  stage.classList.toggle('phone', on);
  phoneButton.setAttribute('aria-pressed', String(on));
};
phoneButton.addEventListener('click', () => setPhone(!stage.classList.contains('phone')));
byId('find').addEventListener('input', (event) => {
  const wanted = /** @type {HTMLInputElement} */ (event.target).value.trim().toLowerCase();
  const all = (/** @type {string} */ selector) =>
    /** @type {NodeListOf<HTMLElement>} */ (stage.querySelectorAll(selector));
  for (const one of all('.gallery-one')) one.hidden = !one.dataset.find?.includes(wanted);
  for (const group of all('.gallery-group')) group.hidden = !group.querySelector('.gallery-one:not([hidden])');
});

applyTheme(chosenTheme());
showTheme();
setPhone(new URLSearchParams(location.search).has('phone'));
try {
  const answer = await fetch('/room/api/gallery');
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  draw((await answer.json()).cards);
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
} catch (error) {
  stage.replaceChildren(
    h(
      'p',
      { class: 'gallery-empty', role: 'alert' },
      `The cards could not be loaded: ${error instanceof Error ? error.message : 'unknown reason'}. Is the sandbox running?`,
    ),
  );
  stage.removeAttribute('aria-busy');
}
