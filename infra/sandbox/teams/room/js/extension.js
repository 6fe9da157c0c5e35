import { h } from '../cards/dom.js';
import { menu } from '../cards/menu.js';
import { closeDialog, show } from './dialog.js';
import { plural } from './format.js';
import { act } from './outcome.js';
import { iconButton } from './parts.js';
import { store } from './store.js';

/** The app's message extension where Teams has it: in the `…` menu of a message, and beside the message box. */

/** @typedef {{ title: string, card: unknown }} Found what a search found and a person chose */
/** @typedef {{ message: string } | { conversation: string }} About */

const SEARCH_AFTER_MS = 300;

/** @param {'message' | 'compose'} context */
const offered = (context) => store.extension.filter((command) => command.context.includes(context));

/** @param {import('./api.js').RoomMessage} message @returns {HTMLElement[]} */
export function moreButton(message) {
  if (offered('message').length === 0) return [];
  const button = iconButton(
    'More',
    'More options',
    () =>
      menu(
        button,
        offered('message').map(({ id, title }) => ({ label: title, run: () => open(id, { message: message.id }) })),
        'More options',
      ),
    { 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
  );
  return [button];
}

/** @param {() => string} conversation where it is pressed @param {(found: Found) => void} take */
export function appsButton(conversation, take) {
  const button = iconButton(
    'Add',
    'Actions and apps',
    () =>
      menu(
        button,
        offered('compose').map(({ id, type, title, description }) => ({
          label: title,
          hint: description,
          run: () =>
            type === 'query'
              ? search({ id, title, description }, conversation(), take)
              : open(id, { conversation: conversation() }),
        })),
        'Actions and apps',
      ),
    { 'aria-haspopup': 'menu', 'aria-expanded': 'false' },
  );
  return button;
}

/** The dialog of an action; what is filled in goes back the same way. @param {string} command @param {About} about */
const open = (command, about) =>
  void act(
    'message' in about ? about.message : '',
    () => store.api.extension({ command, ...about }),
    (data) => store.api.extension({ command, ...about, data }),
  );

/**
 * Searches while the person types.
 * @param {{ id: string, title: string, description: string }} command
 * @param {string} conversation
 * @param {(found: Found) => void} take
 */
function search({ id, title, description }, conversation, take) {
  const input = h('input', { type: 'search', 'aria-label': title, placeholder: description, autocomplete: 'off' });
  const said = h('p', { class: 'found-count', role: 'status' });
  const list = h('ul', { class: 'found' });
  let asked = '';
  let timer = 0;
  const ask = async () => {
    const words = input.value.trim();
    if (words === asked) return;
    asked = words;
    /** @type {import('./api.js').RoomOutcome} */
    let outcome;
    try {
      outcome =
        words === '' ? { kind: 'toast', text: '' } : await store.api.extension({ command: id, conversation, words });
    } catch (error) {
      outcome = { kind: 'toast', text: error instanceof Error ? error.message : 'That did not work.' };
    }
    // Something else is asked by now.
    if (words !== asked) return;
    const results = outcome.kind === 'results' ? outcome.results : [];
    said.textContent =
      outcome.kind === 'results' ? plural(results.length, 'result', 'results') : 'text' in outcome ? outcome.text : '';
    list.replaceChildren(
      ...results.map((one) =>
        h(
          'li',
          null,
          h(
            'button',
            {
              type: 'button',
              class: 'found-one',
              onclick: () => {
                closeDialog();
                take({ title: one.title, card: one.card });
              },
            },
            h('span', { class: 'found-title' }, one.title),
            h('span', { class: 'found-text' }, one.text),
          ),
        ),
      ),
    );
  };
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), SEARCH_AFTER_MS);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    clearTimeout(timer);
    void ask();
  });
  show(title, 520, h('div', { class: 'find' }, input, said, list), 420);
}
