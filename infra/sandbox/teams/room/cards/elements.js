import { CHARTS, chartElement } from './charts.js';
import { h } from './dom.js';
import { icon } from './icons.js';

/**
 * The elements that Teams knows and the `adaptivecards` package does not. Property names after the typings of
 * @microsoft/teams.cards (platform facts, section 1.3).
 *
 * @typedef {Record<string, any>} Source what the card's author wrote; unchecked, so every reader falls back
 * @typedef {{ selectable: (element: HTMLElement, action: unknown, label: string) => void, onDispose: (cleanup: () => void) => void }} Tools
 * @typedef {(source: Source, tools: Tools) => HTMLElement} Draw
 */

/** @param {unknown} value */
const word = (value) =>
  String(value ?? '')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
/** @param {unknown} value @param {number} otherwise */
const amount = (value, otherwise) =>
  Number.isFinite(Number(value)) && value !== undefined && value !== null ? Number(value) : otherwise;

const SIZES = { xxsmall: 12, xsmall: 16, small: 20, standard: 24, medium: 28, large: 32, xlarge: 40, xxlarge: 48 };
/** @param {unknown} size */
const iconSize = (size) => SIZES[/** @type {keyof typeof SIZES} */ (word(size))] ?? 24;

/** @type {Draw} */
function badge(source) {
  const style = word(source.style) || 'default';
  const after = word(source.iconPosition) === 'after';
  const picture = source.icon ? icon(String(source.icon), 14) : null;
  return h(
    'div',
    { class: 'badge-row' },
    h(
      'span',
      {
        class: `badge badge-${style} badge-${word(source.appearance) || 'filled'} badge-${word(source.size) || 'medium'} badge-${word(source.shape) || 'circular'}`,
        title: source.tooltip,
      },
      after ? null : picture,
      source.text ? h('span', { class: 'badge-text' }, String(source.text)) : null,
      after ? picture : null,
    ),
  );
}

/** @type {Draw} */
function codeBlock(source) {
  const code = String(source.codeSnippet ?? '');
  const first = amount(source.startLineNumber, 1);
  const lines = code.split('\n');
  const copy = h('button', { class: 'code-copy', type: 'button' }, 'Copy');
  copy.addEventListener('click', async () => {
    await navigator.clipboard?.writeText(code).catch(() => undefined);
    copy.textContent = 'Copied';
    setTimeout(() => {
      copy.textContent = 'Copy';
    }, 1500);
  });
  return h(
    'div',
    { class: 'code' },
    h(
      'div',
      { class: 'code-head' },
      h('span', null, String(source.language ?? 'PlainText').replace('PlainText', 'Plain text')),
      copy,
    ),
    h(
      'pre',
      { tabindex: '0', 'aria-label': 'Code' },
      h(
        'code',
        null,
        lines.map((line, i) => h('span', { class: 'code-line', 'data-line': first + i }, line || ' ')),
      ),
    ),
  );
}

/** @type {Draw} */
function progressBar(source) {
  const max = amount(source.max, 100);
  const known = source.value !== undefined && source.value !== null;
  const value = Math.min(max, Math.max(0, amount(source.value, 0)));
  return h(
    'div',
    {
      class: `progress progress-${word(source.color) || 'accent'}${known ? '' : ' progress-unknown'}`,
      role: 'progressbar',
      'aria-label': String(source.tooltip ?? source.label ?? 'Progress'),
      'aria-valuemin': 0,
      'aria-valuemax': known ? max : undefined,
      'aria-valuenow': known ? value : undefined,
    },
    h('i', { style: { width: known ? `${(100 * value) / (max || 1)}%` : '30%' } }),
  );
}

/** @type {Draw} */
function progressRing(source) {
  const size = { tiny: 16, small: 20, medium: 28, large: 36 }[word(source.size)] ?? 28;
  const label = source.label ? h('span', null, String(source.label)) : null;
  return h(
    'div',
    { class: `ring ring-${word(source.labelPosition) || 'below'}`, role: 'status' },
    h('i', { class: 'ring-turn', style: { width: `${size}px`, height: `${size}px` }, 'aria-hidden': 'true' }),
    label ?? h('span', { class: 'sr-only' }, 'In progress'),
  );
}

/** @type {Draw} */
function iconElement(source, tools) {
  const holder = h(
    'span',
    { class: `icon-element icon-${word(source.color) || 'default'}` },
    icon(String(source.name ?? ''), iconSize(source.size)),
  );
  if (source.selectAction)
    tools.selectable(holder, source.selectAction, String(source.selectAction.title ?? source.name ?? 'Open'));
  return h('div', { class: 'icon-row' }, holder);
}

/** @type {Draw} */
function compoundButton(source, tools) {
  const named = typeof source.icon === 'string' ? source.icon : source.icon?.name;
  const holder = h(
    'div',
    { class: 'compound' },
    named
      ? h('span', { class: `compound-icon icon-${word(source.icon?.color) || 'accent'}` }, icon(String(named), 24))
      : null,
    h(
      'span',
      { class: 'compound-words' },
      h(
        'span',
        { class: 'compound-title' },
        String(source.title ?? ''),
        source.badge
          ? h('span', { class: 'badge badge-accent badge-tint badge-small badge-circular' }, String(source.badge))
          : null,
      ),
      source.description ? h('span', { class: 'compound-text' }, String(source.description)) : null,
    ),
  );
  if (source.selectAction)
    tools.selectable(holder, source.selectAction, [source.title, source.description].filter(Boolean).join('. '));
  return holder;
}

/** @type {Draw} */
function rating(source) {
  const max = Math.min(10, amount(source.max, 5));
  const value = amount(source.value, 0);
  return h(
    'div',
    {
      class: `rating rating-${word(source.color) || 'neutral'}`,
      role: 'img',
      'aria-label': `${value} of ${max} stars${source.count ? `, ${source.count} ratings` : ''}`,
    },
    Array.from({ length: max }, (_, i) =>
      h(
        'span',
        { class: i < Math.round(value) ? 'star star-on' : 'star' },
        icon('star', word(source.size) === 'large' ? 20 : 16),
      ),
    ),
    source.count ? h('span', { class: 'rating-count' }, String(source.count)) : null,
  );
}

/** @type {Draw} */
function person(source) {
  const properties = source.properties ?? {};
  const people = Array.isArray(properties.users) ? properties.users : [properties];
  return h(
    'div',
    { class: 'persons' },
    people.map((/** @type {Source} */ one) =>
      h(
        'span',
        { class: 'person-chip' },
        icon('person', 16),
        String(one.displayName ?? one.userPrincipalName ?? one.id ?? 'unknown'),
      ),
    ),
  );
}

/** @type {Record<string, Draw>} */
export const ELEMENTS = {
  Badge: badge,
  CodeBlock: codeBlock,
  ProgressBar: progressBar,
  ProgressRing: progressRing,
  Icon: iconElement,
  CompoundButton: compoundButton,
  Rating: rating,
  Component: person,
  ...Object.fromEntries(
    Object.keys(CHARTS).map((type) => [
      type,
      /** @type {Draw} */ (
        (source, tools) => chartElement(/** @type {import('./chart-options.js').Chart} */ (source), tools.onDispose)
      ),
    ]),
  ),
};
