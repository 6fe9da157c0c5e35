import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { iconButton } from './parts.js';

const SHOWN_SECONDS = 6;

/**
 * A sentence for a moment. An error stays until it is closed.
 * @param {string} text
 * @param {'done' | 'error' | 'info'} [kind]
 * @param {{ label: string, run: () => void }} [action]
 */
export function toast(text, kind = 'info', action) {
  const close = () => note.remove();
  const note = h(
    'div',
    { class: `toast toast-${kind}`, role: kind === 'error' ? 'alert' : 'status' },
    icon(kind === 'error' ? 'ErrorCircle' : kind === 'done' ? 'CheckmarkCircle' : 'Info', 20),
    h('p', null, text),
    action
      ? h(
          'button',
          {
            class: 'button',
            type: 'button',
            onclick: () => {
              close();
              action.run();
            },
          },
          action.label,
        )
      : null,
    iconButton('Dismiss', 'Close', close),
  );
  const stack = document.getElementById('toasts');
  while (stack && stack.children.length > 2) stack.firstElementChild?.remove();
  stack?.append(note);
  if (kind !== 'error') setTimeout(close, SHOWN_SECONDS * 1000);
}
