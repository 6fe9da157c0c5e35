import type { Card, Element, Mention } from '../card.ts';
import { CARD_BUDGET_BYTES, fitToBudget, HEADROOM_BYTES, sizeOf } from '../size.ts';
import { act, type Ids, type Verb } from './actions.ts';
import { mentionEntity } from './person.ts';
import { clean, plain } from './text.ts';
import { aside } from './words.ts';

/** The anatomy, in this order on every card; what is empty is left out. */
export interface Parts {
  /** One line for the notification, the screen reader and clients that cannot draw the card. No Markdown. */
  summary: string;
  state?: Element | undefined;
  headline: Element;
  soWhat?: Element | undefined;
  /** At most one chart. */
  picture?: Element | undefined;
  facts?: Element | undefined;
  /** Lists, timelines, what is missing, progress. */
  details?: readonly (Element | undefined | false)[];
  actions?: Element | undefined;
  foot?: Element | undefined;
  /** Full width, for tables and charts. */
  wide?: boolean;
  /** People who have to act: the text of the card holds `mentionText` of each. */
  mentions?: readonly Mention[];
}

/** Puts the parts together and shortens lists until the card is within the size budget. */
export function card(parts: Parts): Card {
  const head = [parts.state, parts.headline, parts.soWhat].filter(isElement);
  const rest = [parts.picture, parts.facts, ...(parts.details ?? []), parts.actions, parts.foot].filter(isElement);
  const summary = clean(parts.summary);
  const entities = (parts.mentions ?? []).map(mentionEntity);
  const msteams = {
    ...(parts.wide ? { width: 'full' as const } : {}),
    ...(entities.length > 0 ? { entities } : {}),
  };
  return fitToBudget({
    type: 'AdaptiveCard',
    version: '1.5',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    fallbackText: summary,
    speak: summary,
    ...(Object.keys(msteams).length > 0 ? { msteams } : {}),
    body: [{ type: 'Container', items: head }, ...rest],
  });
}

const isElement = (element: Element | undefined | false): element is Element => Boolean(element);

/** With a line from the bot itself under the head, such as what it understood. */
export function noted(drawn: Card, words: string): Card {
  const [head, ...rest] = drawn.body;
  return fitToBudget({ ...drawn, body: [...(head ? [head] : []), aside(plain(words)), ...rest] });
}

/** What the notification says. */
export const summaryOf = (drawn: Card): string => drawn.fallbackText ?? '';

const KEY_PREFIX = 'wr-';

/**
 * Marks the card with the delivery key. A create that was not answered may have arrived: delivery then looks for this id
 * in the conversation (architecture, rule 4).
 */
export function withKey(drawn: Card, key: string): Card {
  const [first, ...others] = drawn.body;
  const head: Element = first?.type === 'Container' ? first : { type: 'Container', items: first ? [first] : [] };
  return { ...drawn, body: [{ ...head, id: markerOf(key) }, ...others] };
}

/** The id that `withKey` writes for this key; a marker stays what it is. */
export const markerOf = (key: string): string => (key.startsWith(KEY_PREFIX) ? key : `${KEY_PREFIX}${key}`);

/** The delivery key of a card, also of one that was read back from Teams. */
export function keyOf(drawn: unknown): string | undefined {
  const body = isRecord(drawn) ? drawn.body : undefined;
  const first: unknown = Array.isArray(body) ? body[0] : undefined;
  const id = isRecord(first) ? first.id : undefined;
  return typeof id === 'string' && id.startsWith(KEY_PREFIX) ? id.slice(KEY_PREFIX.length) : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Teams draws a view of their own for at most this many people. */
export const PERSONAL_VIEWS_MAX = 60;

/**
 * Each of these people (Teams ids, `29:…`) gets their own view: Teams runs the verb for them when the card is shown.
 * Always explicit: without `userIds` the documentation disagrees on who refreshes. Sixty ids can take 12 KB, so the card
 * is fitted again.
 */
export function withPersonalViews(drawn: Card, verb: Verb, ids: Ids, userIds: readonly string[]): Card {
  const refresh = { action: act({ title: 'Refresh', verb, ids }), userIds: userIds.slice(0, PERSONAL_VIEWS_MAX) };
  const offered = { ...drawn, refresh };
  // `card` has left room for a few; measuring every card anew costs a question as much as drawing it.
  return sizeOf(refresh) < HEADROOM_BYTES / 2 ? offered : fitToBudget(offered, CARD_BUDGET_BYTES);
}
