import { h } from '../cards/dom.js';
import { renderCard } from '../cards/render.js';
import { reader } from './outcome.js';
import { iconButton } from './parts.js';

/** Teams' words for a dialog's size, in pixels. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/task-modules/invoking-task-modules */
const WIDTHS = { small: 400, medium: 600, large: 800 };
const HEIGHTS = { small: 240, medium: 420, large: 620 };

/** @type {HTMLDialogElement | undefined} */
let open;
/** @type {() => void} */
let cleanup = () => undefined;

export function closeDialog() {
  cleanup();
  cleanup = () => undefined;
  open?.close();
  open?.remove();
  open = undefined;
}

/** @param {number | 'small' | 'medium' | 'large'} size @param {Record<'small' | 'medium' | 'large', number>} words */
const pixels = (size, words) => (typeof size === 'number' ? size : (words[size] ?? words.medium));

/** @param {string} title @param {number} width @param {Node} content @param {number} [height] */
export function show(title, width, content, height) {
  closeDialog();
  const heading = h('h2', { id: 'dialog-title' }, title);
  open = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'dialog-title', style: { width: `min(${width}px, calc(100vw - 24px))` } },
    h('header', null, heading, iconButton('Dismiss', 'Close', closeDialog)),
    h('div', { class: 'dialog-body', style: height ? { 'min-height': `min(${height - 56}px, 60vh)` } : {} }, content),
  );
  open.addEventListener('cancel', closeDialog);
  open.addEventListener('pointerdown', (event) => {
    if (event.target === open) closeDialog();
  });
  document.body.append(open);
  open.showModal();
  /** @type {HTMLElement | null} */ (
    open.querySelector('.dialog-body input, .dialog-body textarea, .dialog-body select')
  )?.focus();
}

/**
 * A task module.
 * @param {import('./api.js').RoomDialog} dialog
 * @param {(data: unknown) => Promise<void>} onSubmit
 */
export function openDialog(dialog, onSubmit) {
  const width = pixels(dialog.width, WIDTHS);
  if (!dialog.card && dialog.url) {
    openUrlDialog(dialog.url, dialog.title);
    return;
  }
  const card = renderCard(
    dialog.card,
    { onAction: (action) => onSubmit(action.data), onOpenUrl: (url) => void window.open(url, '_blank', 'noopener') },
    reader(),
  );
  show(dialog.title, width, card.element, pixels(dialog.height, HEIGHTS));
  cleanup = card.dispose;
}

/** A page in a dialog; the sandbox has no internet, so the address is always given as a link too. @param {string} url @param {string} title */
export function openUrlDialog(url, title) {
  const safe = /^https?:/i.test(url) ? url : 'about:blank';
  show(
    title,
    720,
    h(
      'div',
      { class: 'dialog-page' },
      h('iframe', { src: safe, title, sandbox: 'allow-scripts allow-forms' }),
      h('a', { href: safe, target: '_blank', rel: 'noopener noreferrer' }, 'Open in a new tab'),
    ),
  );
}
