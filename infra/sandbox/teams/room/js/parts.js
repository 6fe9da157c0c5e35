import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { HUES, initials } from './format.js';
import { store } from './store.js';

/** The same person has the same colour in every window. @param {string} id */
const colourOf = (id) =>
  HUES[
    Math.max(
      0,
      store.people.findIndex((one) => one.id === id),
    ) % HUES.length
  ];

/** @param {{ id: string, name: string, kind?: string }} who @param {number} [size] */
export function avatar(who, size = 32) {
  const bot = who.kind === 'bot';
  return h(
    'span',
    {
      class: `avatar${bot ? ' avatar-bot' : ''}`,
      'aria-hidden': 'true',
      style: {
        width: `${size}px`,
        height: `${size}px`,
        'font-size': `${Math.round(size * 0.38)}px`,
        background: bot ? 'var(--brand)' : colourOf(who.id),
      },
    },
    bot ? 'W' : initials(who.name),
  );
}

/** @param {string} name @param {string} label @param {(event: MouseEvent) => void} onclick @param {Record<string, unknown>} [more] */
export const iconButton = (name, label, onclick, more = {}) =>
  h(
    'button',
    { class: 'icon-button', type: 'button', 'aria-label': label, title: label, onclick, ...more },
    icon(name, 20),
  );
