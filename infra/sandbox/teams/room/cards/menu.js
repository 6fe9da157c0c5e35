import { h } from './dom.js';

/**
 * A floating surface beside an element: keeps inside the window, closes on Escape, on a click outside and on scrolling,
 * and gives the focus back.
 * @param {HTMLElement} anchor
 * @param {HTMLElement} surface
 * @param {() => void} [onClose]
 * @returns {() => void} close
 */
export function float(anchor, surface, onClose) {
  surface.classList.add('floating');
  surface.style.visibility = 'hidden';
  document.body.append(surface);
  const at = anchor.getBoundingClientRect();
  const width = surface.offsetWidth;
  const height = surface.offsetHeight;
  const below = at.bottom + 4 + height < window.innerHeight || at.top - 4 - height < 0;
  surface.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
  surface.style.top = `${Math.max(8, below ? Math.min(at.bottom + 4, window.innerHeight - height - 8) : at.top - 4 - height)}px`;
  surface.style.visibility = '';
  const close = () => {
    document.removeEventListener('pointerdown', outside, true);
    document.removeEventListener('keydown', onEscape, true);
    surface.remove();
    anchor.setAttribute('aria-expanded', 'false');
    onClose?.();
  };
  const outside = (/** @type {Event} */ event) => {
    if (!surface.contains(/** @type {Node} */ (event.target)) && !anchor.contains(/** @type {Node} */ (event.target)))
      close();
  };
  const onEscape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
    anchor.focus();
  };
  document.addEventListener('pointerdown', outside, true);
  document.addEventListener('keydown', onEscape, true);
  anchor.setAttribute('aria-expanded', 'true');
  return close;
}

/**
 * A menu of choices with arrow keys, Home, End and the first letter.
 * @param {HTMLElement} anchor
 * @param {{ label: string, hint?: string, node?: Node, disabled?: boolean, checked?: boolean, run: () => void }[]} items
 * @param {string} label what the menu is, for screen readers
 */
export function menu(anchor, items, label) {
  const buttons = items.map((item) =>
    h(
      'button',
      {
        type: 'button',
        role: item.checked === undefined ? 'menuitem' : 'menuitemradio',
        'aria-checked': item.checked === undefined ? undefined : String(item.checked),
        class: 'menu-item',
        disabled: item.disabled,
        tabindex: '-1',
        onclick: () => {
          close();
          anchor.focus();
          item.run();
        },
      },
      item.node ?? null,
      h('span', { class: 'menu-label' }, item.label),
      item.hint ? h('span', { class: 'menu-hint' }, item.hint) : null,
    ),
  );
  const surface = h('div', { class: 'menu', role: 'menu', 'aria-label': label }, buttons);
  surface.addEventListener('keydown', (event) => {
    const live = buttons.filter((button) => !button.disabled);
    const index = live.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const letter =
      event.key.length === 1
        ? live.find(
            (button, i) => i > index && button.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()),
          )
        : undefined;
    const next =
      event.key === 'ArrowDown'
        ? live[(index + 1) % live.length]
        : event.key === 'ArrowUp'
          ? live[(index - 1 + live.length) % live.length]
          : event.key === 'Home'
            ? live[0]
            : event.key === 'End'
              ? live.at(-1)
              : letter;
    if (event.key === 'Tab') close();
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  const close = float(anchor, surface);
  (buttons.find((_, i) => items[i]?.checked) ?? buttons.find((button) => !button.disabled))?.focus();
}

/** The `…` menu of a card's secondary actions. @param {readonly any[]} actions @param {HTMLElement | undefined} target */
export function overflowMenu(actions, target) {
  if (!target) return false;
  menu(
    target,
    actions.map((action) => ({
      label: String(action.title ?? ''),
      disabled: action.isEnabled === false,
      run: () => action.execute(),
    })),
    'More actions',
  );
  return true;
}
