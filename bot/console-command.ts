import type { Action, Card, Element } from '../cards/card.ts';
import { CANCEL, CONFIRM } from './confirm.ts';
import type { Pattern } from './parse-phrase.ts';
import type { Registry } from './registry.ts';

/** What somebody in a terminal would type for a button; `undefined` when no words do the same. */
export function commandOf(registry: Registry, action: Action): string | undefined {
  if (action.type === 'Action.ShowCard') return commandOfForm(registry, action);
  const { verb, data } = action as { verb?: string; data?: Record<string, string> };
  return typeof verb === 'string' ? commandFor(registry, verb, data ?? {}) : undefined;
}

/** `inputs` are fields that the person fills in; they stand in capitals. */
export function commandFor(
  registry: Registry,
  verb: string,
  data: Readonly<Record<string, string>>,
  inputs: readonly string[] = [],
): string | undefined {
  if (verb === CONFIRM) return `confirm ${data['confirmation'] ?? ''}`;
  if (verb === CANCEL) return `cancel ${data['confirmation'] ?? ''}`;
  const known: Record<string, string> = { ...data };
  for (const name of inputs) known[name] ??= name.toUpperCase();
  const fitting = registry.patterns.filter((pattern) => pattern.capability.id === verb && fits(pattern, known));
  // What says the most of the button's fields, in the fewest words.
  const [best] = fitting.sort((a, b) => covered(b, known) - covered(a, known) || a.parts.length - b.parts.length);
  return best?.parts.map((part) => ('literal' in part ? part.literal : (known[part.slot] ?? ''))).join(' ');
}

const fits = ({ parts, given, missing }: Pattern, known: Readonly<Record<string, string>>): boolean =>
  missing.length === 0 &&
  parts.every((part) => 'literal' in part || part.slot in known) &&
  Object.entries(given).every(([name, value]) => known[name] === undefined || known[name] === value);

const covered = ({ parts, given }: Pattern, known: Readonly<Record<string, string>>): number =>
  parts.filter((part) => 'slot' in part).length + Object.keys(given).filter((name) => name in known).length;

/** A button that opens a form: the form's own button, with the form's fields to fill in. */
function commandOfForm(registry: Registry, action: Action): string | undefined {
  const card = action['card'] as Card | undefined;
  const inputs = (card?.body ?? []).flatMap((element) => (typeof element['id'] === 'string' ? [element['id']] : []));
  const submit = (card?.body ?? []).flatMap(
    (element: Element) => (element['actions'] as Action[] | undefined) ?? [],
  )[0];
  const { verb, data } = (submit ?? {}) as { verb?: string; data?: Record<string, string> };
  return typeof verb === 'string' ? commandFor(registry, verb, data ?? {}, inputs) : undefined;
}
