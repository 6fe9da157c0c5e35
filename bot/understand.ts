import type { Temporal } from 'temporal-polyfill';
import { formCard } from '../cards/form.ts';
import { sentence } from '../cards/parts/text.ts';
import { argumentOf, fieldsOf, isNumbered } from '../dialogs/arguments.ts';
import type { Actor, AnyCapability } from '../dialogs/capability.ts';
import { type Answers, formOf, sentence as nameOf, readForm } from '../dialogs/form.ts';
import type { Rooms } from '../dialogs/rooms.ts';
import { didYouMean } from './did-you-mean.ts';
import { lostIn } from './lost.ts';
import { type ParseContext, parse } from './parse.ts';
import { readData } from './parse-field.ts';
import type { Registry } from './registry.ts';
import type { Result } from './results.ts';
import type { Said } from './said.ts';

export type { HeardMention } from './parse.ts';

type Meant =
  | { kind: 'run'; capability: AnyCapability; input: Record<string, unknown> }
  /** `lost`: no phrase came near; a language model may know what is meant. */
  | { kind: 'stop'; result: Result; capability?: string; lost?: boolean };

interface Context {
  registry: Registry;
  rooms: Rooms;
  actor: Actor | undefined;
  allowed: readonly AnyCapability[];
  now: Temporal.Instant;
}

/** Who speaks, when, and what the words may refer to. */
export const hearingOf = (said: Said, { allowed, now, actor, rooms }: Context): ParseContext => ({
  allowed,
  now,
  zone: actor?.zone ?? 'UTC',
  mentions: said.mentions,
  people: { find: (words) => rooms.people.find(words) },
  self: actor?.id,
  endpoints: rooms.organisation.endpoints.map(({ id }) => id),
  models: rooms.organisation.endpoints.flatMap(({ models }) => models.map((model) => model.split(':')[0] ?? model)),
});

/** Where a phrase has a preposition a sentence needs the thing. */
const SPOKEN: Readonly<Record<string, string>> = { from: 'beginning', to: 'end', until: 'end', by: 'duration' };
/** So many are named; a form with more asks for them by itself. */
const NAMED_MAX = 4;

/** "I still need the metric, the target and the deadline." */
function lacking(fields: readonly string[]): string {
  const names = fields.map((name) => `the ${SPOKEN[name] ?? name.replace(/([A-Z])/g, ' $1').toLowerCase()}`);
  return names.length > NAMED_MAX
    ? `I still need ${names.length} answers.`
    : `I still need ${[names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')}.`;
}

/** What typed text or a card's verb asks for; pure but for the lookups it is given. */
export function understand(said: Said, context: Context): Meant {
  const { registry } = context;
  const hearing = hearingOf(said, context);
  if (said.verb !== undefined) {
    const capability = registry.get(said.verb);
    if (!capability)
      return stop('refused', 'This button belongs to an older version of the card.', 'Ask for the card again.');
    // Whoever may not run it is told so by authorization, not asked for the rest.
    if (!context.allowed.includes(capability)) return { kind: 'run', capability, input: {} };
    return submitted(capability, said.data ?? {}, hearing);
  }
  const parsed = parse(registry, said.text ?? '', hearing);
  switch (parsed.kind) {
    case 'match':
      // The terminal fills fields of a form beside the words.
      if (said.data) return submitted(parsed.capability, { ...said.data, ...parsed.input }, hearing);
      if (parsed.missing.length === 0 || !context.allowed.includes(parsed.capability))
        return { kind: 'run', capability: parsed.capability, input: parsed.input };
      return asking(parsed.capability, lacking(parsed.missing), {
        hidden: parsed.input,
      });
    case 'invalid':
      return stop(
        'refused',
        `${sentence(parsed.why)}${/[.?]$/.test(parsed.why) ? '' : '.'}`,
        `For example: ${parsed.example}${parsed.list ? `. “${parsed.list}” lists them.` : ''}`,
        parsed.capability.id,
      );
    case 'refused':
      return { kind: 'stop', result: { kind: 'refused', text: parsed.refused.text } };
    case 'ambiguous': {
      const readings = parsed.readings.map(({ capability }) => `“${capability.examples[0]}” (${capability.summary})`);
      return stop('unknown', 'That can mean more than one thing:', readings.join(' or '));
    }
    case 'unknown': {
      const { why, next, kind } = lostIn(said.text ?? '');
      const suggestions = kind === 'log' ? [] : parsed.suggestions;
      const texts = suggestions.map(({ text }) => text);
      const meant = `Did you mean ${texts.map((text) => `“${text}”`).join(', ')}?`;
      const { result } = stop('unknown', why, texts.length > 0 ? meant : next);
      const card = didYouMean(registry, said.text ?? '', { why, text: result.text }, suggestions, hearing);
      const data = { suggestions: texts };
      return { kind: 'stop', lost: true, result: { ...result, data, ...(card ? { card } : {}) } };
    }
  }
}

function stop(kind: Result['kind'], why: string, next: string, capability?: string) {
  const result: Result = { kind, text: `${why} ${next}` };
  return { kind: 'stop' as const, result, ...(capability ? { capability } : {}) };
}

const SHOWN_AGAIN = 1_000;

/** A click or a form. Of its data only the declared fields count; Teams' own keys and anything forged beside them is dropped. */
function submitted(capability: AnyCapability, data: Record<string, unknown>, context: ParseContext): Meant {
  const read = readData(capability, data, context);
  const form = readForm(capability, data, () => read);
  if (form.ok) return { kind: 'run', capability, input: read.input };
  const schemas = new Map(fieldsOf(capability.input));
  // Ids come from the card: one that does not fit was forged or is out of date, and nobody should be asked to mend it.
  const isId = (name: string) => isNumbered(argumentOf(schemas.get(name) ?? capability.input).argument);
  const wrong = Object.entries(form.errors);
  const [id] = wrong.filter(([name]) => isId(name));
  if (id) return stop('refused', `${sentence(id[1])}.`, 'Ask for the card again.', capability.id);
  const said = Object.entries(form.values);
  const short = ([name, value]: [string, string]) => [name, value.slice(0, SHOWN_AGAIN)] as const;
  return asking(capability, `${wrong.map(([name, why]) => `${nameOf(name)}: ${sentence(why)}`).join('. ')}.`, {
    hidden: Object.fromEntries(said.filter(([name]) => isId(name))),
    values: Object.fromEntries(said.map(short)),
    errors: form.errors,
  });
}

/** The form of what is still needed; the text says it for the terminal and the notification. */
function asking(
  capability: AnyCapability,
  why: string,
  known: { hidden: Answers; values?: Answers; errors?: Answers },
): Meant {
  const example = `For example: ${capability.examples[0]}`;
  const card = formCard(formOf(capability, { ...known, intro: why }));
  return { kind: 'stop', result: { kind: 'form', text: `${why} ${example}`, card }, capability: capability.id };
}
