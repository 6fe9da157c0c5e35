import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { director } from './director.js';
import { iconButton } from './parts.js';
import { lastSeen, on, store, tell } from './store.js';
import { toast } from './toast.js';

/**
 * @typedef {object} Go what the tour can do for the newcomer
 * @property {(person: string, conversation?: string) => Promise<void>} become
 * @property {(text: string) => void} write
 *
 * @typedef {object} Step
 * @property {string} title
 * @property {string} text
 * @property {string} [at] selector of what is meant; gets a ring
 * @property {string} [label] of the button that does it
 * @property {(go: Go) => Promise<unknown> | unknown} [run]
 */

/** The story in ten steps. @type {Step[]} */
export const STEPS = [
  {
    title: 'Welcome to the Room',
    text: 'This is Teams on your machine: channels, chats, several people, and Wardroom as an app. You play all the people. Nothing here reaches the internet.',
    at: '#rail .who',
  },
  {
    title: 'Something goes wrong',
    text: 'Since this afternoon ep-fraud sends 10 % of its traffic to model v7. Let Azure ML’s monitor find that the inputs have drifted, and the endpoint become slow.',
    at: '#fold-events',
    label: 'Cause drift',
    run: async () => {
      await director.event('drift');
      await director.event('latency');
    },
  },
  {
    title: 'One card, in the right channel',
    text: 'All signals became one incident in fraud-ops. Ann is on call, so she is mentioned. Read the card: what is wrong, what it costs, what changed shortly before.',
    at: '#chat .messages',
    label: 'Look as Ann',
    run: (go) => go.become('ann', 'fraud-ops'),
  },
  {
    title: 'Nobody acts',
    text: 'Ann is at lunch. Move the clock ten minutes ahead and the next step of the escalation policy pages Ben.',
    at: '#fold-clock',
    label: '+10 min',
    run: () => director.advance('PT10M'),
  },
  {
    title: 'Ben acknowledges',
    text: 'Ben got the page in his own chat with Wardroom. Press Acknowledge there: every copy of the card shows it, and nobody else is paged.',
    at: '#chat .messages',
    label: 'Be Ben',
    run: (go) => go.become('ben', 'personal'),
  },
  {
    title: 'Roll back',
    text: 'Press Roll back on the card. That changes production, so it opens a request for approval: two votes, one of them from risk.',
    at: '#chat .messages',
    label: 'To the incident',
    run: (go) => go.become('ben', 'fraud-ops'),
  },
  {
    title: 'Cara votes for risk',
    text: 'Cara is an approver and from risk. The request waits in her own chat with Wardroom: approve it.',
    at: '#chat .messages',
    label: 'Be Cara',
    run: (go) => go.become('cara', 'personal'),
  },
  {
    title: 'Dev gives the last vote',
    text: 'Dev’s vote is the last one needed. The moment he approves, the change starts. Keep an eye on the bars of ep-fraud on the right.',
    at: '#fold-estate',
    label: 'Be Dev',
    run: (go) => go.become('dev', 'personal'),
  },
  {
    title: 'The change lands, the alert ends',
    text: 'Azure moves the traffic to blue. Give it some minutes: latency recovers, Azure Monitor says Resolved, and Wardroom closes the incident.',
    at: '#fold-clock',
    label: '+10 min',
    run: () => director.advance('PT10M'),
  },
  {
    title: 'Who did what, when and why',
    text: 'Ask for the timeline of the incident and send it with Enter. It tells the whole story.',
    at: '#compose',
    label: 'Write it for me',
    run: async (go) => {
      await go.become('ann', 'fraud-ops');
      go.write(`incident ${lastSeen(/INC-\d+/) ?? 'INC-1'} timeline`);
    },
  },
  {
    title: 'Prove it',
    text: 'The record is a chain of hashes. “audit verify”, sent with Enter, checks every link and names a row that was altered. That is the whole story; go on and break something else.',
    at: '#compose',
    label: 'Write it for me',
    run: async (go) => {
      await go.become('finn', 'personal');
      go.write('audit verify');
    },
  },
];

const KEY = 'room.tour';

/** @param {Go} go */
export function createTour(go) {
  let at = Number(sessionStorage.getItem(KEY) ?? -1);
  const box = h('section', { class: 'tour', 'aria-label': 'Tour', hidden: true });
  document.body.append(box);
  /** @type {Element | null} */
  let ringed = null;

  const ring = () => {
    ringed?.classList.remove('tour-ring');
    ringed = at >= 0 ? document.querySelector(STEPS[at]?.at ?? 'none') : null;
    if (ringed?.id === 'compose') ringed = ringed.closest('.compose-box');
    ringed?.classList.add('tour-ring');
    if (ringed?.closest('.side')) ringed.scrollIntoView({ block: 'nearest' });
  };
  /** @param {number} step */
  const to = (step) => {
    at = step;
    sessionStorage.setItem(KEY, String(at));
    const here = STEPS[at];
    box.hidden = !here;
    document.body.classList.toggle('touring', Boolean(here));
    ring();
    if (!here) return;
    const act = here.label
      ? h(
          'button',
          {
            class: 'button primary small',
            type: 'button',
            onclick: () => run(here, /** @type {HTMLButtonElement} */ (act)),
          },
          here.label,
        )
      : null;
    box.replaceChildren(
      h(
        'header',
        null,
        h('span', { class: 'tour-count' }, `${at + 1} of ${STEPS.length}`),
        iconButton('Dismiss', 'End the tour', () => to(-1)),
      ),
      h('h2', { tabindex: '-1' }, here.title),
      h('p', null, here.text),
      h(
        'footer',
        null,
        at > 0 ? iconButton('ArrowLeft', 'Back', () => to(at - 1)) : null,
        h('span', { class: 'push' }),
        act,
        h(
          'button',
          {
            class: `button small tour-next${act ? '' : ' primary'}`,
            type: 'button',
            onclick: () => to(at + 1 < STEPS.length ? at + 1 : -1),
          },
          at + 1 < STEPS.length ? 'Next' : 'Done',
        ),
      ),
    );
    document.body.style.setProperty('--tour-height', `${box.offsetHeight}px`);
  };
  /** @param {Step} step @param {HTMLButtonElement} button */
  const run = async (step, button) => {
    button.classList.add('busy');
    try {
      await step.run?.(go);
      tell('stage');
      button.replaceChildren(icon('Checkmark', 16), step.label ?? '');
      // What is left to do is to go on.
      button.classList.replace('primary', 'done');
      box.querySelector('.tour-next')?.classList.add('primary');
    } catch (error) {
      toast(error instanceof Error ? error.message : 'That did not work.', 'error');
    } finally {
      button.classList.remove('busy');
      ring();
    }
  };
  on('open', () => queueMicrotask(ring));
  if (at >= 0 && store.me) to(at);
  return {
    start: () => {
      to(0);
      /** @type {HTMLElement | null} */ (box.querySelector('h2'))?.focus();
    },
    resume: () => to(at),
  };
}
