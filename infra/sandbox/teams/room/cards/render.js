import { isPopover, openPopover, registerActions } from './actions.js';
import { h } from './dom.js';
import { ELEMENTS } from './elements.js';
import { hostConfig } from './host-config.js';
import { overflowMenu } from './menu.js';
import { prepare } from './prepare.js';
import { markdown, withoutMarks } from './text.js';
import { applyWidth, registerWidths } from './widths.js';

/**
 * The `adaptivecards` package, loaded as a script; untyped here because the page has no build.
 * @typedef {any} AdaptiveCards
 *
 * @typedef {object} Hooks what a card does when it is used
 * @property {(action: CardAction, button: HTMLElement | undefined) => Promise<void> | void} onAction Execute and Submit, inputs merged into `data`
 * @property {(url: string) => void} onOpenUrl
 * @property {(url: string, title: string) => void} [onOpenUrlDialog]
 *
 * @typedef {{ type: string, verb?: string, title?: string, id?: string, data: unknown }} CardAction
 * @typedef {{ element: HTMLElement, dispose: () => void }} Rendered
 */

/** @returns {AdaptiveCards} */
const library = () => /** @type {any} */ (window).AdaptiveCards;

/** @type {(() => void)[]} cleanups of the card that is being drawn; drawing is synchronous */
let cleanups = [];
/** @type {any[]} elements with a targetWidth in the card that is being read */
let sized = [];
let registered = false;

/** Teaches the library the Teams elements, actions and text rules. Once per page. */
function register() {
  if (registered) return;
  registered = true;
  const AC = library();
  for (const [type, draw] of Object.entries(ELEMENTS)) {
    class TeamsElement extends AC.CardElement {
      getJsonTypeName() {
        return type;
      }
      /** @param {any} source @param {any} context */
      internalParse(source, context) {
        super.internalParse(source, context);
        this.source = source;
        if (source.selectAction) this.selectAction = context.parseAction(this, source.selectAction, [], false);
      }
      internalRender() {
        return draw(this.source ?? {}, {
          onDispose: (cleanup) => cleanups.push(cleanup),
          selectable: (element, _, label) => selectable(element, this.selectAction, label),
        });
      }
    }
    AC.GlobalRegistry.elements.register(type, TeamsElement, AC.Versions.v1_0);
  }
  // The package holds the bounds of an optional number that was left empty against "not a number", and sends nothing.
  class OptionalNumber extends AC.NumberInput {
    isValid() {
      return this.isSet() ? super.isValid() : !this.isRequired;
    }
  }
  AC.GlobalRegistry.elements.register('Input.Number', OptionalNumber, AC.Versions.v1_0);
  registerActions(AC);
  registerWidths(AC, (element) => sized.push(element));
  AC.Strings.defaults.overflowButtonText = () => '···';
  AC.Strings.defaults.overflowButtonTooltip = () => 'More actions';
  AC.GlobalSettings.enableFallback = true;
  AC.GlobalSettings.useMarkdownInRadioButtonAndCheckbox = false;
  AC.GlobalSettings.setTabIndexAtCardRoot = false;
  AC.GlobalSettings.allowMoreThanMaxActionsInOverflowMenu = true;
  AC.AdaptiveCard.onProcessMarkdown = (/** @type {string} */ text, /** @type {any} */ result) => {
    result.outputHtml = markdown(text);
    result.didProcess = true;
  };
}

/** @param {HTMLElement} element @param {any} action @param {string} label */
function selectable(element, action, label) {
  if (!action) return;
  element.setAttribute('role', 'button');
  element.setAttribute('tabindex', '0');
  element.setAttribute('aria-label', label);
  element.classList.add('selectable');
  element.addEventListener('click', () => action.execute());
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    action.execute();
  });
}

/**
 * Draws an Adaptive Card as Teams would. A card that cannot be read becomes its `fallbackText` and a sentence, never an
 * exception: one bad card must not take the chat with it.
 * @param {unknown} json
 * @param {Hooks} hooks
 * @param {import('./prepare.js').Reader} reader
 * @returns {Rendered}
 */
export function renderCard(json, hooks, reader) {
  register();
  const AC = library();
  cleanups = [];
  sized = [];
  const source = /** @type {any} */ (json);
  const holder = h('div', {
    class: `card${source?.msteams?.width === 'full' ? ' card-full' : ''}`,
    role: 'group',
    'aria-label': source?.speak ?? 'Card',
  });
  try {
    const card = new AC.AdaptiveCard();
    card.hostConfig = new AC.HostConfig(hostConfig);
    card.onExecuteAction = (/** @type {any} */ action) => execute(AC, action, hooks, reader, holder);
    card.onDisplayOverflowActionMenu = overflowMenu;
    card.parse(prepare(source, reader), new AC.SerializationContext());
    card.onInlineCardExpanded = () => tidy(holder);
    card.onElementVisibilityChanged = () => tidy(holder);
    const drawn = card.render();
    if (!drawn) throw new Error('nothing to draw');
    holder.append(drawn);
    tidy(holder);
    const elements = sized;
    const watch = new ResizeObserver(() => applyWidth(elements, holder.clientWidth));
    if (elements.length > 0) watch.observe(holder);
    cleanups.push(() => watch.disconnect());
  } catch (error) {
    holder.append(h('p', { class: 'card-broken' }, source?.fallbackText ?? 'This card cannot be shown.'));
    console.warn('A card could not be drawn:', error);
  }
  const mine = cleanups;
  cleanups = [];
  return { element: holder, dispose: () => mine.forEach((cleanup) => void cleanup()) };
}

/** @param {AdaptiveCards} AC @param {any} action @param {Hooks} hooks @param {import('./prepare.js').Reader} reader @param {HTMLElement} holder */
function execute(AC, action, hooks, reader, holder) {
  const type = action.getJsonTypeName();
  const button = /** @type {HTMLElement | undefined} */ (action.renderedElement);
  if (isPopover(action)) {
    openPopover(action, button ?? holder, (content) => renderCard(content, hooks, reader));
  } else if (action instanceof AC.OpenUrlAction) {
    if (type === 'Action.OpenUrlDialog') hooks.onOpenUrlDialog?.(action.url, action.title ?? action.url);
    else if (/^(https?:|mailto:|\/)/i.test(action.url ?? '')) hooks.onOpenUrl(action.url);
  } else if (action instanceof AC.SubmitActionBase || type === 'Action.Execute' || type === 'Action.Submit') {
    const sent = { type, verb: action.verb, title: action.title, id: action.id, data: action.data ?? {} };
    const answer = hooks.onAction(sent, button);
    if (button && answer) {
      button.classList.add('busy');
      button.setAttribute('aria-busy', 'true');
      holder.inert = false;
      answer.finally(() => {
        button.classList.remove('busy');
        button.removeAttribute('aria-busy');
      });
    }
  }
}

let drawnCards = 0;

/**
 * Corrections to the library's markup. Ids and radio names come from the card's author, so two cards on one page may share
 * them and a label would point into the wrong card: they are made unique here. What is sent is read from the card's own
 * objects and stays as the author wrote it.
 * @param {HTMLElement} holder
 */
function tidy(holder) {
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeValue && /[\uE000-\uE002]/.test(node.nodeValue)) node.nodeValue = withoutMarks(node.nodeValue);
  }
  holder.dataset.card ??= `c${++drawnCards}-`;
  const prefix = holder.dataset.card;
  const own = (/** @type {string} */ id) => (id.startsWith(prefix) ? id : prefix + id);
  for (const element of holder.querySelectorAll('[id]')) element.id = own(element.id);
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (holder.querySelectorAll('input[name]')))
    input.name = own(input.name);
  for (const name of ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls']) {
    for (const element of holder.querySelectorAll(`[${name}]`)) {
      const ids = (element.getAttribute(name) ?? '').split(/\s+/).filter(Boolean).map(own);
      element.setAttribute(
        name,
        ids.filter((id) => holder.querySelector(`#${CSS.escape(id)}`)).join(' ') || ids.join(' '),
      );
    }
  }
  // A box that can be pressed is named by what stands in it; the action's title stays as its tooltip.
  for (const box of holder.querySelectorAll('div[role="button"][aria-label], span[role="button"][aria-label]')) {
    if (box.textContent?.trim()) box.removeAttribute('aria-label');
  }
  // aria-expanded on plain text and boxes (set when their visibility is toggled) is not allowed by ARIA.
  for (const element of holder.querySelectorAll('[aria-expanded]:not(button, [role=button])'))
    element.removeAttribute('aria-expanded');
}
