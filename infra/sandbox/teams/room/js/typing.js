import { h } from '../cards/dom.js';
import { on, person, store } from './store.js';

const SHOWN_MS = 5000;

/** "Wardroom is typing", in a line that always has its height. @param {string | undefined} thread */
export function typingLine(thread) {
  const line = h('div', { class: 'typing', 'aria-hidden': 'true' });
  const draw = () => {
    const at = performance.now();
    const names = [...store.typing]
      .filter(([, one]) => one.until > at && one.thread === thread)
      .map(([id]) => (id === 'bot' ? store.bot.name : (person(id)?.name ?? id)));
    line.replaceChildren(
      ...(names.length > 0
        ? [
            h('span', { class: 'dots' }, h('i'), h('i'), h('i')),
            `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} typing`,
          ]
        : []),
    );
  };
  on('typing', () => {
    draw();
    setTimeout(draw, SHOWN_MS + 50);
  });
  on('message', draw);
  on('open', draw);
  return line;
}

/** @param {{ from: string, conversation: string, thread?: string }} event */
export function heardTyping(event) {
  if (event.conversation !== store.open || event.from === store.me.id) return false;
  store.typing.set(person(event.from) ? event.from : 'bot', {
    from: event.from,
    thread: event.thread,
    until: performance.now() + SHOWN_MS,
  });
  return true;
}
