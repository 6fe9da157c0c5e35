import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { avatar } from './parts.js';
import { lastSeen, store } from './store.js';

/** @typedef {{ text: string, hint: string, node?: Node, person?: boolean }} Suggestion */

/** When the sandbox does not tell what this person may say. */
const ALWAYS = [
  { text: 'help', summary: 'what you can ask here' },
  { text: 'incidents', summary: 'what is open now' },
  { text: 'endpoints', summary: 'the endpoints, their traffic and health' },
  { text: 'who is on call', summary: 'who is paged for what' },
  { text: 'audit verify', summary: 'prove that the record was not altered' },
];

/** @returns {Suggestion[]} */
const commands = () =>
  (store.commands.length > 0 ? store.commands : ALWAYS).map(({ text, summary }) => ({ text, hint: summary }));

/** Commands with an id that is in sight right now come first. @param {Suggestion[]} all @returns {Suggestion[]} */
function withIds(all) {
  const incident = lastSeen(/INC-\d+/);
  const request = lastSeen(/REQ-\d+/);
  const first = [
    incident ? { text: `incident ${incident}`, hint: 'the incident as it stands' } : undefined,
    incident ? { text: `incident ${incident} timeline`, hint: 'who did what, when and why' } : undefined,
    request ? { text: `request ${request}`, hint: 'the request and its votes' } : undefined,
  ].flatMap((one) => one ?? []);
  return [...first, ...all.filter((one) => !first.some((other) => other.text === one.text))];
}

/**
 * Suggestions under a message box: `/` at the start lists commands, `@` lists people.
 * @param {HTMLTextAreaElement} input
 * @param {HTMLElement} list
 * @param {{ fill: (text: string) => void, mention: () => void, send: () => void }} act
 */
export function suggest(input, list, act) {
  /** @type {Suggestion[]} */
  let shown = [];
  let at = 0;

  const close = () => {
    shown = [];
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const mark = () => {
    [...list.children].forEach((row, i) => {
      row.setAttribute('aria-selected', String(i === at));
      if (i === at) row.scrollIntoView({ block: 'nearest' });
    });
    input.setAttribute('aria-activedescendant', `${list.id}-${at}`);
  };
  /** @param {Suggestion[]} found */
  const show = (found) => {
    shown = found.slice(0, 12);
    at = 0;
    if (shown.length === 0) return close();
    list.replaceChildren(
      ...shown.map((one, i) =>
        h(
          'div',
          {
            class: 'suggestion',
            role: 'option',
            id: `${list.id}-${i}`,
            'aria-selected': 'false',
            onpointerdown: (/** @type {Event} */ event) => {
              event.preventDefault();
              take(one);
            },
          },
          one.node ?? icon('Flash', 16),
          h('span', { class: 'suggestion-text' }, one.text),
          h('span', { class: 'suggestion-hint' }, one.hint),
        ),
      ),
    );
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    mark();
  };
  /** @param {Suggestion} one */
  const take = (one) => {
    close();
    if (one.person) {
      const before = input.value.slice(0, input.selectionStart).replace(/@[^@\s]*$/, '');
      const after = input.value.slice(input.selectionStart);
      if (one.text === 'Wardroom') {
        act.fill(before + after);
        act.mention();
      } else act.fill(`${before}@${one.text} ${after}`);
    } else act.fill(one.text);
  };
  const update = () => {
    const before = input.value.slice(0, input.selectionStart);
    const mention = /(?:^|\s)@([^@\s]*)$/.exec(before);
    if (mention) {
      const wanted = (mention[1] ?? '').toLowerCase();
      const people = [
        { id: 'bot', name: 'Wardroom', kind: 'bot' },
        ...store.people.filter((one) => one.active && one.id !== store.me.id),
      ];
      show(
        people
          .filter((one) =>
            one.name
              .toLowerCase()
              .split(' ')
              .some((word) => word.startsWith(wanted)),
          )
          .map((one) => ({ text: one.name, hint: one.id === 'bot' ? 'App' : '', node: avatar(one, 20), person: true })),
      );
    } else if (before.startsWith('/')) {
      const wanted = before.slice(1).toLowerCase();
      const all = withIds(commands());
      if (input.value.startsWith('/'))
        show(all.filter((one) => `${one.text} ${one.hint}`.toLowerCase().includes(wanted)));
    } else close();
  };
  input.addEventListener('input', () => update());
  input.addEventListener('blur', close);

  return {
    close,
    /** @param {string} text */
    open: (text) => {
      act.fill(text);
      update();
    },
    /** @param {KeyboardEvent} event @returns {boolean} whether the key was used */
    key: (event) => {
      if (list.hidden) return false;
      const chosen = shown[at];
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        at = (at + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % shown.length;
        mark();
      } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) take(chosen);
      else if (event.key === 'Escape') close();
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}
