import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { closeDialog, openDialog, openUrlDialog } from './dialog.js';
import { iconButton } from './parts.js';
import { conversation, person, putMessage, store, tell } from './store.js';
import { toast } from './toast.js';

/** Who reads a card here: their zone, and whom a people picker may offer. */
export function reader() {
  const choice = (/** @type {{ entraId: string, name: string }} */ one) => ({ value: one.entraId, title: one.name });
  const here = conversation(store.open);
  return {
    zone: store.me.zone,
    people: store.people.filter((one) => one.active).map(choice),
    members: here?.members.flatMap((id) => person(id) ?? []).map(choice),
  };
}

/**
 * Shows what came of a click or a submitted dialog.
 * @param {string} message id of the card's message
 * @param {import('./api.js').RoomOutcome} outcome
 * @param {(data: unknown) => Promise<import('./api.js').RoomOutcome>} submit takes what is filled into a dialog
 */
function showOutcome(message, outcome, submit) {
  switch (outcome.kind) {
    case 'card':
      closeDialog();
      putMessage(outcome.message);
      break;
    case 'toast':
      closeDialog();
      toast(outcome.text);
      break;
    case 'error':
      complain(message, outcome.text);
      break;
    case 'dialog':
      openDialog(outcome.dialog, async (data) => act(message, () => submit(data), submit));
      break;
    case 'closed':
      closeDialog();
      break;
    default:
  }
}

/** An error is said where the person looks: beside the card, or in the open dialog. @param {string} message @param {string} text */
function complain(message, text) {
  const place =
    document.querySelector('dialog[open] .dialog-body') ??
    document.querySelector(`#chat [data-message="${CSS.escape(message)}"] .said`);
  if (!place) {
    toast(text, 'error');
    return;
  }
  clearComplaints();
  const note = h(
    'div',
    { class: 'complaint', role: 'alert' },
    icon('ErrorCircle', 20),
    h('p', null, text),
    iconButton('Dismiss', 'Close', () => note.remove()),
  );
  place.append(note);
  note.scrollIntoView({ block: 'nearest' });
}

const clearComplaints = () => {
  for (const note of document.querySelectorAll('.complaint')) note.remove();
};

/**
 * @param {string} message
 * @param {() => Promise<import('./api.js').RoomOutcome>} run
 * @param {(data: unknown) => Promise<import('./api.js').RoomOutcome>} [submit] the card's own bot takes it when left out
 */
export async function act(message, run, submit = (data) => store.api.dialog(message, data)) {
  clearComplaints();
  try {
    showOutcome(message, await run(), submit);
    tell('stage');
  } catch (error) {
    toast(error instanceof Error ? error.message : 'That did not work.', 'error');
  }
}

/** The hooks of a card in a message. @param {string} message @returns {import('../cards/render.js').Hooks} */
export const cardHooks = (message) => ({
  onAction: (action) => act(message, () => store.api.click(message, action)),
  onOpenUrl: (url) => void window.open(url, '_blank', 'noopener'),
  onOpenUrlDialog: openUrlDialog,
});
