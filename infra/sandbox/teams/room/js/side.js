import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { director, events, faults } from './director.js';
import { mountEstate } from './estate.js';
import { now, on, store, tell } from './store.js';
import { toast } from './toast.js';

const STEPS = [
  { label: '+1 min', by: 'PT1M' },
  { label: '+10 min', by: 'PT10M' },
  { label: '+1 h', by: 'PT1H' },
];

const EVERY_MS = 5000;
/** Kept while the list is drawn anew. */
let moreOpen = false;

/**
 * The right side: the clock, what can happen, and the estate. What can happen is asked from the sandbox.
 * @param {HTMLElement} side
 */
export function mountSide(side) {
  const estate = mountEstate();
  const happenings = h('ul', { class: 'happenings' });
  const troubles = h('ul', { class: 'happenings' });
  let drawn = '';
  let pending = false;
  const refresh = async () => {
    if (pending) return;
    pending = true;
    try {
      const state = await director.stage();
      estate.draw(state);
      const fresh = JSON.stringify([state.events, state.faultPlaces]);
      if (fresh === drawn) return;
      drawn = fresh;
      happenings.replaceChildren(...deeds(events(state), refresh));
      troubles.replaceChildren(...deeds(faults(state), refresh));
    } catch (error) {
      estate.fail(error instanceof Error ? error.message : 'The sandbox does not answer.');
    } finally {
      pending = false;
    }
  };
  side.replaceChildren(
    fold('clock', 'Clock', mountClock()),
    fold('events', 'Make something happen', happenings),
    fold('faults', 'Faults', troubles, false),
    fold('estate', 'Estate', estate.element),
  );
  on('clock', () => void refresh());
  on('stage', () => void refresh());
  setInterval(() => {
    if (document.visibilityState === 'visible' && side.offsetParent) void refresh();
  }, EVERY_MS);
}

/** @param {string} name @param {string} title @param {HTMLElement} content @param {boolean} [open] */
function fold(name, title, content, open = true) {
  const key = `room.fold.${name}`;
  const kept = localStorage.getItem(key);
  const details = h(
    'details',
    { class: 'fold', id: `fold-${name}`, open: kept ? kept === 'open' : open },
    h('summary', null, h('h2', null, title), icon('ChevronDown', 16)),
    content,
  );
  details.addEventListener('toggle', () => localStorage.setItem(key, details.open ? 'open' : 'closed'));
  return details;
}

/** @param {import('./director.js').Deed[]} items @param {() => void} after */
function deeds(items, after) {
  if (items.length === 0) return [h('li', { class: 'quiet' }, 'Nothing can be made to happen here.')];
  const rest = items.filter(({ more }) => more);
  const shown = items.filter(({ more }) => !more).map((item) => deed(item, after));
  if (rest.length === 0) return shown;
  const folded = h(
    'details',
    { class: 'more-happenings', open: moreOpen },
    h('summary', null, `${rest.length} more`),
    h('ul', { class: 'happenings' }, ...rest.map((item) => deed(item, after))),
  );
  folded.addEventListener('toggle', () => {
    moreOpen = folded.open;
  });
  return [...shown, h('li', null, folded)];
}

/** @param {import('./director.js').Deed} item @param {() => void} after */
function deed(item, after) {
  const run = async () => {
    await item.run();
    after();
    toast(`Now: ${item.label}`, 'done');
  };
  const button = h(
    'button',
    { class: 'happening', type: 'button', 'data-deed': item.key, onclick: () => busy(button, run) },
    icon(item.icon, 20),
    h('span', null, h('strong', null, item.label), h('span', null, item.hint)),
  );
  return h('li', null, button);
}

/** @param {HTMLButtonElement} button @param {() => Promise<unknown>} run */
async function busy(button, run) {
  button.classList.add('busy');
  button.disabled = true;
  try {
    await run();
  } catch (error) {
    toast(error instanceof Error ? error.message : 'That did not work.', 'error');
  } finally {
    button.classList.remove('busy');
    button.disabled = false;
  }
}

function mountClock() {
  const big = h('div', { class: 'clock-now' });
  const spoken = h('span', { class: 'sr-only', role: 'status' });
  const small = h('div', { class: 'clock-utc' });
  /** @param {string} by @param {string} label */
  const go = async (by, label) => {
    await director.advance(by);
    tell('stage');
    spoken.textContent = `The clock moved: ${label}.`;
  };
  const steps = STEPS.map((step) => {
    const button = h(
      'button',
      { class: 'button small', type: 'button', onclick: () => busy(button, () => go(step.by, step.label)) },
      step.label,
    );
    return button;
  });
  const amount = h('input', {
    class: 'field',
    type: 'number',
    min: '1',
    max: '10000',
    value: '1',
    'aria-label': 'How many',
  });
  const unit = h(
    'select',
    { class: 'field', 'aria-label': 'Unit' },
    h('option', { value: 'M' }, 'minutes'),
    h('option', { value: 'H' }, 'hours'),
    h('option', { value: 'D', selected: true }, 'days'),
  );
  const move = h('button', { class: 'button small', type: 'submit' }, 'Move');
  const custom = h(
    'form',
    {
      class: 'clock-custom',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const count = Math.max(1, Math.round(Number(amount.value) || 1));
        const by = unit.value === 'D' ? `P${count}D` : `PT${count}${unit.value}`;
        void busy(move, () => go(by, `${count} ${unit.selectedOptions[0]?.textContent ?? ''}`));
      },
    },
    amount,
    unit,
    move,
  );
  const draw = () => {
    const at = new Date(now());
    const zone = store.me?.zone;
    big.replaceChildren(
      at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone }),
    );
    small.textContent = `${at.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: zone })} · ${zone ?? ''} · ${at.toISOString().slice(11, 16)} UTC`;
  };
  on('clock', draw);
  on('me', draw);
  setInterval(draw, 1000);
  const say = h('p', { class: 'clock-state' });
  on('clock', () => {
    say.textContent = store.clock.frozen
      ? 'Time stands still until you move it.'
      : 'Time runs; you can also move it ahead.';
  });
  return h('div', { class: 'clock' }, spoken, big, small, say, h('div', { class: 'clock-steps' }, steps), custom);
}
