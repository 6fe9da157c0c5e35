import { HttpError } from './http.ts';
import { isRecord, textOf } from './wire.ts';

/** What a Teams client knows about a card when somebody presses a button on it. */
type Json = Record<string, unknown>;

export interface CardAction {
  type: string;
  title?: string | undefined;
  id?: string | undefined;
  verb?: string | undefined;
  /** Inputs already merged in. */
  data: unknown;
}

interface Found {
  action: Json;
  /** Inputs that are submitted with it: those of its card and of the cards around it, never of a sibling ShowCard. */
  inputs: Json[];
}

/** Properties that hold no visible elements. */
const OPAQUE = new Set(['data', 'refresh', 'msteams', 'fallback', 'authentication', 'requires']);

/** Every action of a card, also in ShowCards, popovers and menus. */
export function actionsOf(card: unknown, around: readonly Json[] = []): Found[] {
  const inputs: Json[] = [...around];
  const actions: Json[] = [];
  const nested: unknown[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const part of node) visit(part);
      return;
    }
    if (!isRecord(node)) return;
    const type = textOf(node.type);
    if (type.startsWith('Input.') && textOf(node.id) !== '') inputs.push(node);
    if (type.startsWith('Action.')) {
      actions.push(node);
      nested.push(type === 'Action.ShowCard' ? node.card : node.content);
      visit(node.menuActions);
      return;
    }
    for (const [key, part] of Object.entries(node)) if (!OPAQUE.has(key)) visit(part);
  };
  visit(card);
  return [
    ...actions.map((action) => ({ action, inputs })),
    ...nested.flatMap((inner) => (inner === undefined ? [] : actionsOf(inner, inputs))),
  ];
}

const dataOf = (action: Json): Json => (isRecord(action.data) ? action.data : {});
const verbOf = (action: Json) => textOf(action.verb) || textOf(dataOf(action).verb);

/**
 * The action with this id, title or verb, as it would be sent. Throws `HttpError` 400 when there is none, when the verb
 * alone leaves a choice, when the button is disabled, or when an input is not valid.
 */
export function chooseAction(card: unknown, wanted: string, given: Json = {}): CardAction {
  const all = actionsOf(card).filter(
    ({ action }) => action.type === 'Action.Execute' || action.type === 'Action.Submit',
  );
  const by = (is: (action: Json) => boolean) => all.filter(({ action }) => is(action));
  const same = (a: unknown) => textOf(a).trim().toLowerCase() === wanted.trim().toLowerCase();
  const tries = [by((a) => a.id === wanted), by((a) => same(a.title)), by((a) => verbOf(a) === wanted)];
  const matches = tries.find((found) => found.length > 0) ?? [];
  const names = (list: Found[]) => list.map(({ action }) => `"${textOf(action.title) || verbOf(action)}"`).join(', ');
  const [match] = matches;
  if (!match)
    throw new HttpError(
      400,
      'NoSuchAction',
      `the card has no action "${wanted}"; it has ${names(all) || 'none at all'}`,
    );
  if (matches.length > 1)
    throw new HttpError(400, 'NoSuchAction', `"${wanted}" may be ${names(matches)}; give the title`);
  if (match.action.isEnabled === false) throw new HttpError(400, 'NoSuchAction', `"${wanted}" is disabled`);
  return prepared(match, given);
}

function prepared({ action, inputs }: Found, given: Json): CardAction {
  const values = action.associatedInputs === 'none' ? {} : inputValues(inputs, given);
  return rawAction(action, values);
}

/** An action as the renderer hands it over, with further values merged into its data. */
export function rawAction(action: Json, values: Json = {}): CardAction {
  const merge = isRecord(action.data) || action.data === undefined || Object.keys(values).length > 0;
  return {
    type: textOf(action.type),
    title: textOf(action.title) || undefined,
    id: textOf(action.id) || undefined,
    verb: textOf(action.verb) || undefined,
    data: merge ? { ...dataOf(action), ...values } : action.data,
  };
}

/** Values as the client sends them: always strings, empty optional inputs left out; refuses what the client would not send. */
export function inputValues(inputs: readonly Json[], given: Json): Json {
  const unknown = Object.keys(given).filter((id) => !inputs.some((input) => input.id === id));
  if (unknown.length > 0) {
    const ids = inputs.map((input) => textOf(input.id)).join(', ') || 'none';
    throw new HttpError(400, 'InvalidInput', `the card has no input ${unknown.join(', ')}; its inputs are: ${ids}`);
  }
  const values: Json = {};
  for (const input of inputs) {
    const id = textOf(input.id);
    const fallback = input.type === 'Input.Toggle' ? (input.valueOff ?? 'false') : undefined;
    const value = given[id] ?? input.value ?? fallback;
    const text = value === undefined || value === null ? '' : String(value);
    const complaint = complaintAbout(input, text);
    if (complaint) throw new HttpError(400, 'InvalidInput', `${id}: ${textOf(input.errorMessage) || complaint}`);
    if (text !== '') values[id] = text;
  }
  return values;
}

function complaintAbout(input: Json, text: string): string | undefined {
  const notTicked = input.type === 'Input.Toggle' && text !== String(input.valueOn ?? 'true');
  if (input.isRequired === true && (text === '' || notTicked)) return 'this input is required';
  if (text === '') return undefined;
  if (typeof input.maxLength === 'number' && text.length > input.maxLength)
    return `at most ${input.maxLength} characters`;
  if (typeof input.regex === 'string' && !new RegExp(input.regex).test(text)) return `does not match ${input.regex}`;
  if (input.type !== 'Input.Number') return undefined;
  const number = Number(text);
  if (Number.isNaN(number)) return 'this is not a number';
  if (typeof input.min === 'number' && number < input.min) return `at least ${input.min}`;
  if (typeof input.max === 'number' && number > input.max) return `at most ${input.max}`;
  return undefined;
}
