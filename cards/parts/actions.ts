import type { Action, Element } from '../card.ts';
import { clean } from './text.ts';

/** The capability's id. */
export type Verb = `${string}.${string}`;
/** What the click is about: ids and fixed choices. The object is read again on the click, so nothing else belongs here. */
export type Ids = Readonly<Record<string, string>>;

export interface Doing {
  /** Names the effect: "Roll back to blue", not "OK". */
  title: string;
  verb: Verb;
  ids?: Ids;
  /** What most people come for; drawn as such, so at most one of a card. */
  main?: boolean;
  /** Changes something outside; drawn as such and confirmed by the bot before it happens. */
  dangerous?: boolean;
  tooltip?: string;
  /** Fields of the card that go along; a plain button takes none, so that half-typed text cannot stop it. */
  inputs?: 'auto' | 'none';
}

/**
 * A button. Old clients do not know Execute and get a Submit with the same verb and data
 * (https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#backward-compatibility).
 */
export function act({ title, verb, ids = {}, main, dangerous, tooltip, inputs = 'none' }: Doing): Action {
  const name = clean(title, 40);
  const look = {
    title: name,
    ...(dangerous ? { style: 'destructive' } : main ? { style: 'positive' } : {}),
    ...(tooltip ? { tooltip: clean(tooltip, 100) } : {}),
    associatedInputs: inputs,
  };
  return {
    type: 'Action.Execute',
    verb,
    data: { ...ids },
    ...look,
    fallback: { type: 'Action.Submit', data: { ...ids, verb }, ...look },
  };
}

/** A button that opens a small form below it. */
export const ask = (title: string, body: readonly Element[], submit: Action): Action => ({
  type: 'Action.ShowCard',
  title: clean(title, 40),
  card: { type: 'AdaptiveCard', version: '1.5', body: [...body, { type: 'ActionSet', actions: [submit] }] },
});

/** A page outside: https only, and what this machine itself offers (the sandbox). */
export function open(title: string, url: string): Action | undefined {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const own = target?.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(target.hostname);
  return target && (own || target.protocol === 'https:')
    ? { type: 'Action.OpenUrl', title: clean(title, 40), url: target.href }
    : undefined;
}

type Maybe = Action | undefined | false;
const PRIMARY_MAX = 2;
/** What hosts draw; Microsoft's own renderer drops what is beyond. */
const ACTIONS_MAX = 5;

/** The second row, which *More* opens. */
const MORE = 'more-actions';

/**
 * At most two buttons; the others, and `menu` in order of use, are in the overflow menu. A menu never stands alone. What
 * hosts would drop stands in a second row that *More* opens in place: nothing that a person can do is lost.
 */
export function actions(primary: readonly Maybe[], menu: readonly Maybe[] = []): Element | undefined {
  const wanted = primary.filter(isAction);
  const others = menu.filter(isAction);
  const given = wanted.length > 0 ? wanted : others.slice(0, 1);
  const secondary = [...given.slice(PRIMARY_MAX), ...(wanted.length > 0 ? others : others.slice(1))].map(inMenu);
  const all = [...given.slice(0, PRIMARY_MAX), ...secondary];
  if (all.length === 0) return undefined;
  if (all.length <= ACTIONS_MAX) return row(all);
  const more: Action = { type: 'Action.ToggleVisibility', title: 'More', targetElements: [MORE], mode: 'secondary' };
  const rest = all
    .slice(ACTIONS_MAX - 1, 2 * ACTIONS_MAX - 1)
    .map((each, at) => (at < PRIMARY_MAX ? inRow(each) : each));
  return {
    type: 'Container',
    items: [row([...all.slice(0, ACTIONS_MAX - 1), more]), { ...row(rest), id: MORE, isVisible: false }],
  };
}

const row = (all: readonly Action[]): Element => ({ type: 'ActionSet', actions: [...all], spacing: 'Medium' });

const isAction = (action: Maybe): action is Action => Boolean(action);

const inRow = ({ mode: _mode, ...action }: Action): Action => {
  const { fallback } = action;
  const { mode: _too, ...plain } = (typeof fallback === 'object' ? fallback : {}) as Record<string, unknown>;
  return { ...action, type: action.type, ...(typeof fallback === 'object' ? { fallback: plain } : {}) };
};

const inMenu = (action: Action): Action => {
  const fallback = action.fallback;
  const within = typeof fallback === 'object' ? { fallback: { ...fallback, mode: 'secondary' } } : {};
  return { ...action, ...within, mode: 'secondary' };
};
