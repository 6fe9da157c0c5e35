import { h } from '../cards/dom.js';
import { appsButton } from './extension.js';
import { shortId } from './format.js';
import { iconButton } from './parts.js';
import { conversation, putMessage, store } from './store.js';
import { suggest } from './suggest.js';
import { toast } from './toast.js';

const HISTORY_KEPT = 50;
const TYPING_EVERY_MS = 3000;

/** What this person said before, newest last; kept per person in this browser. */
const history = {
  /** @returns {string[]} */
  read: () => JSON.parse(localStorage.getItem(`room.said.${store.me.id}`) ?? '[]'),
  /** @param {string} text */
  add: (text) =>
    localStorage.setItem(
      `room.said.${store.me.id}`,
      JSON.stringify([...history.read().filter((one) => one !== text), text].slice(-HISTORY_KEPT)),
    ),
};

let boxes = 0;

/**
 * The message box: Enter sends, Shift+Enter breaks the line, arrow up brings back what was said, `/` and `@` suggest.
 * @param {{ label: string, thread: () => string | undefined }} place
 */
export function compose(place) {
  const number = boxes++;
  const id = number === 0 ? 'compose' : `compose-${number}`;
  const chip = h(
    'span',
    { class: 'chip' },
    '@Wardroom',
    iconButton('Dismiss', 'Do not mention Wardroom', () => mention(false)),
  );
  const dropped = h('span', { class: 'chip', hidden: true });
  const input = h('textarea', {
    id,
    rows: '1',
    'aria-label': place.label,
    autocomplete: 'off',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    disabled: true,
    role: 'combobox',
    'aria-controls': `${id}-list`,
  });
  const list = h('div', {
    class: 'suggestions',
    id: `${id}-list`,
    role: 'listbox',
    'aria-label': 'Suggestions',
    hidden: true,
  });
  const send = iconButton('Send', 'Send', () => void submit(), { class: 'icon-button send' });
  const element = h(
    'div',
    { class: 'compose' },
    list,
    h(
      'div',
      { class: 'compose-box' },
      chip,
      dropped,
      input,
      appsButton(
        () => store.open ?? 'personal',
        (found) => drop(found),
      ),
      iconButton('Flash', 'What can I say?', () => suggestions.open('/')),
      send,
    ),
  );
  let mentions = false;
  let back = -1;
  let lastTyping = 0;

  const here = () => conversation(store.open);
  /** @param {boolean} on */
  const mention = (on) => {
    mentions = on;
    chip.hidden = !on;
    input.placeholder = on
      ? 'Ask, or type / for ideas'
      : here()?.kind === 'personal'
        ? 'Ask Wardroom, or type / for ideas'
        : 'Type a message; @Wardroom to ask';
    if (document.activeElement === chip.querySelector('button')) input.focus();
  };
  /** @type {import('./extension.js').Found | undefined} the card that goes with the message */
  let card;
  /** @param {import('./extension.js').Found | undefined} found */
  const drop = (found) => {
    card = found;
    // A card that is shared is for the people there; whoever wants the bot to hear of it says so.
    if (found) mention(false);
    dropped.hidden = !found;
    dropped.replaceChildren(
      h('span', { class: 'chip-text', title: found?.title }, found?.title ?? ''),
      iconButton('Dismiss', 'Do not send the card', () => drop(undefined)),
    );
    input.focus();
  };
  const grow = () => {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
  };
  /** @param {string} text */
  const fill = (text) => {
    input.value = text;
    grow();
    input.setSelectionRange(text.length, text.length);
    input.focus();
  };
  const suggestions = suggest(input, list, { fill, mention: () => mention(true), send: () => void submit() });

  const submit = async () => {
    const text = input.value.trim();
    const at = here();
    if (!(text || card) || !at) return;
    const sent = card;
    suggestions.close();
    fill('');
    if (text) history.add(text);
    if (sent) drop(undefined);
    back = -1;
    try {
      const { message } = await store.api.say(shortId(at), text, {
        thread: place.thread(),
        mentionBot: mentions && at.kind !== 'personal',
        ...(sent ? { card: sent.card } : {}),
      });
      putMessage(message);
    } catch (error) {
      fill(text);
      if (sent) drop(sent);
      toast(error instanceof Error ? error.message : 'The message was not sent.', 'error');
    }
  };

  input.addEventListener('input', () => {
    grow();
    back = -1;
    const at = here();
    if (at && performance.now() - lastTyping > TYPING_EVERY_MS) {
      lastTyping = performance.now();
      store.api.typing(shortId(at), place.thread()).catch(() => undefined);
    }
  });
  input.addEventListener('keydown', (event) => {
    if (suggestions.key(event)) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'Backspace' && mentions && input.selectionStart === 0 && input.selectionEnd === 0)
      mention(false);
    else if (event.key === 'ArrowUp' && (input.value === '' || back >= 0)) step(event, 1);
    else if (event.key === 'ArrowDown' && back >= 0) step(event, -1);
  });
  /** @param {KeyboardEvent} event @param {number} by */
  const step = (event, by) => {
    const said = history.read();
    const next = back + by;
    if (next >= said.length) return;
    event.preventDefault();
    back = next;
    fill(back < 0 ? '' : (said.at(-1 - back) ?? ''));
  };
  element.querySelector('.compose-box')?.addEventListener('click', (event) => {
    if (event.target === event.currentTarget) input.focus();
  });

  return {
    element,
    focus: () => input.focus(),
    reset: () => {
      input.disabled = false;
      suggestions.close();
      // The focus stays where the person is: on the row that they chose.
      input.value = '';
      card = undefined;
      dropped.hidden = true;
      grow();
      mention(here()?.kind === 'channel' || here()?.kind === 'group');
    },
  };
}
