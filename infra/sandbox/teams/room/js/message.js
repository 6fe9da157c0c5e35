import { h } from '../cards/dom.js';
import { icon } from '../cards/icons.js';
import { menu } from '../cards/menu.js';
import { renderCard } from '../cards/render.js';
import { dateFunctions, markdown, markMentions } from '../cards/text.js';
import { moreButton } from './extension.js';
import { full, time } from './format.js';
import { act, cardHooks, reader } from './outcome.js';
import { avatar, iconButton } from './parts.js';
import { person, putMessage, store } from './store.js';
import { toast } from './toast.js';

const CARD = 'application/vnd.microsoft.card.adaptive';
const REACTIONS = { like: '👍', heart: '❤️', laugh: '😆', surprised: '😮', sad: '🙁', angry: '😠' };

/** @typedef {import('./api.js').RoomMessage} RoomMessage */
/** @typedef {{ element: HTMLElement, update: (message: RoomMessage) => void, dispose: () => void }} Shown */

/**
 * One message. `update` changes only what is new: a card that stays the same keeps what was typed into it.
 * @param {RoomMessage} first
 * @param {{ mine?: boolean, bubble?: boolean }} look
 * @returns {Shown}
 */
export function showMessage(first, look = {}) {
  const words = h('div', { class: 'words' });
  const cards = h('div', { class: 'cards' });
  const foot = h('div', { class: 'message-foot' });
  const head = h('div', { class: 'message-head' });
  const said = h('div', { class: 'said' }, words, cards, foot);
  const tools = h('div', { class: 'message-tools' });
  const who =
    first.from.kind === 'bot'
      ? { id: 'bot', name: first.from.name, kind: 'bot' }
      : { id: first.from.id, name: person(first.from.id)?.name ?? first.from.name };
  const element = h(
    'article',
    {
      class: `message${look.bubble ? ' bubble' : ''}${look.mine ? ' mine' : ''}`,
      'data-message': first.id,
      tabindex: '-1',
    },
    look.mine && look.bubble ? null : avatar(who),
    h('div', { class: 'message-body' }, head, said),
    tools,
  );
  let drawnCards = '';
  /** @type {(() => void)[]} */
  let disposals = [];
  const dispose = () => {
    for (const one of disposals) one();
    disposals = [];
  };

  /** @param {RoomMessage} message */
  const update = (message) => {
    const held = element.contains(document.activeElement);
    draw(message);
    // The button that was pressed is gone: whoever goes by the keyboard stays at the message.
    if (held && !element.contains(document.activeElement)) element.focus({ preventScroll: true });
  };
  /** @param {RoomMessage} message */
  const draw = (message) => {
    element.classList.toggle('mentions-me', message.mentionsMe);
    element.setAttribute(
      'aria-label',
      `${who.name}, ${time(message.at, store.me.zone)}${message.mentionsMe ? ', mentions you' : ''}`,
    );
    head.replaceChildren(...parts(headline(message, who.name, look)));
    words.replaceChildren(...parts(text(message)));
    foot.replaceChildren(...parts(footline(message)));
    tools.replaceChildren(...(message.deleted ? [] : [reactButton(message), ...moreButton(message)]));
    const fresh = message.deleted ? '' : JSON.stringify([message.attachments, message.view]);
    if (fresh === drawnCards) return;
    const again = drawnCards !== '';
    drawnCards = fresh;
    dispose();
    cards.className = `cards${message.attachmentLayout === 'carousel' ? ' carousel' : ''}`;
    cards.replaceChildren(
      ...(message.deleted ? [] : message.attachments.map((attachment) => attached(attachment, message, disposals))),
    );
    if (again) {
      cards.classList.remove('changed');
      requestAnimationFrame(() => cards.classList.add('changed'));
    }
  };
  update(first);
  return { element, update, dispose };
}

/** @param {(Node | false | null | undefined)[]} nodes */
const parts = (nodes) => /** @type {Node[]} */ (nodes.filter(Boolean));

/** @param {RoomMessage} message @param {string} name @param {{ mine?: boolean, bubble?: boolean }} look */
const headline = (message, name, look) => [
  look.mine && look.bubble ? null : h('span', { class: 'from' }, name),
  message.from.kind === 'bot' ? h('span', { class: 'tag' }, 'App') : null,
  h('time', { datetime: message.at, title: full(message.at, store.me.zone) }, time(message.at, store.me.zone)),
  message.editedAt && !message.deleted
    ? h('span', { class: 'edited', title: `Edited ${full(message.editedAt, store.me.zone)}` }, 'Edited')
    : null,
  message.mentionsMe ? h('span', { class: 'at-me', title: 'Mentions you' }, '@') : null,
  message.targeted || message.view === 'own' ? h('span', { class: 'only-me' }, 'Only you see this') : null,
  message.ai ? h('span', { class: 'tag' }, 'AI generated') : null,
];

/** @param {RoomMessage} message */
function text(message) {
  if (message.deleted) return [h('p', { class: 'deleted' }, 'This message has been deleted.')];
  if (!message.text) return [];
  const entities = message.mentions.map((one) => ({ text: one.text, mentioned: { name: one.name } }));
  const marked = markMentions(dateFunctions(message.text, store.me.zone), entities);
  const holder = h('div', { class: 'text' });
  if (message.textFormat === 'plain' && message.mentions.length === 0) holder.textContent = message.text;
  else holder.innerHTML = markdown(marked);
  return [holder];
}

/** @param {import('../../room-types.ts').RoomAttachment} attachment @param {RoomMessage} message @param {(() => void)[]} disposals */
function attached(attachment, message, disposals) {
  if (attachment.contentType === CARD) {
    const card = renderCard(attachment.content, cardHooks(message.id), reader());
    disposals.push(card.dispose);
    return card.element;
  }
  const name = attachment.name ?? attachment.contentType;
  return h(
    'div',
    { class: 'file' },
    icon('Document', 20),
    attachment.contentUrl && /^https?:/.test(attachment.contentUrl)
      ? h('a', { href: attachment.contentUrl, target: '_blank', rel: 'noopener noreferrer' }, name)
      : name,
  );
}

/** @param {RoomMessage} message */
function footline(message) {
  const suggested = message.suggestedActions.map((action) =>
    h(
      'button',
      {
        class: 'button small',
        type: 'button',
        onclick: () =>
          void store.api.say(message.conversation, String(action.value ?? action.title), { mentionBot: true }),
      },
      action.title,
    ),
  );
  const cited = message.citations.map((one) =>
    one.url && /^https?:/.test(one.url)
      ? h(
          'a',
          { class: 'cite', href: one.url, target: '_blank', rel: 'noopener noreferrer', title: one.abstract },
          `${one.position} ${one.name}`,
        )
      : h('span', { class: 'cite', title: one.abstract }, `${one.position} ${one.name}`),
  );
  const reactions = message.reactions.map((one) =>
    h(
      'button',
      {
        class: `reaction${one.people.includes(store.me.id) ? ' reaction-mine' : ''}`,
        type: 'button',
        'aria-label': `${one.reaction}: ${one.people.map((id) => person(id)?.name ?? id).join(', ')}`,
        title: one.people.map((id) => person(id)?.name ?? id).join(', '),
        onclick: () => react(message, one.reaction),
      },
      REACTIONS[/** @type {keyof typeof REACTIONS} */ (one.reaction)] ?? '👍',
      ` ${one.people.length}`,
    ),
  );
  return [
    message.failed
      ? h('p', { class: 'failed', role: 'alert' }, icon('ErrorCircle', 16), ` Not delivered: ${message.failed}`)
      : null,
    cited.length ? h('div', { class: 'cites' }, cited) : null,
    suggested.length ? h('div', { class: 'suggested' }, suggested) : null,
    message.feedback && !message.deleted
      ? h(
          'div',
          { class: 'feedback' },
          h(
            'button',
            {
              class: 'reaction',
              type: 'button',
              'aria-label': 'Helpful',
              onclick: () => act(message.id, () => store.api.feedback(message.id, 'like')),
            },
            '👍',
          ),
          h(
            'button',
            {
              class: 'reaction',
              type: 'button',
              'aria-label': 'Not helpful',
              onclick: () => act(message.id, () => store.api.feedback(message.id, 'dislike')),
            },
            '👎',
          ),
        )
      : null,
    reactions.length ? h('div', { class: 'reactions' }, reactions) : null,
  ];
}

/** @param {RoomMessage} message */
function reactButton(message) {
  const button = iconButton('Sun', 'React', () =>
    menu(
      button,
      Object.entries(REACTIONS).map(([name, face]) => ({
        label: `${face}  ${name}`,
        run: () => void react(message, name),
      })),
      'Reactions',
    ),
  );
  button.replaceChildren('☺');
  button.classList.add('react');
  return button;
}

/** @param {RoomMessage} message @param {string} reaction */
async function react(message, reaction) {
  try {
    putMessage((await store.api.react(message.id, reaction)).message);
  } catch (error) {
    toast(error instanceof Error ? error.message : 'That did not work.', 'error');
  }
}
