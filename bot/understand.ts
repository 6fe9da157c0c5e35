import type { Temporal } from 'temporal-polyfill';
import type { Actor, AnyCapability } from '../dialogs/capability.ts';
import type { Rooms } from '../dialogs/rooms.ts';
import type { Said } from './dispatch.ts';
import { parse } from './parse.ts';
import type { Registry } from './registry.ts';
import type { Result } from './results.ts';

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

/** What typed text or a card's verb asks for; pure but for the lookups it is given. */
export function understand(said: Said, context: Context): Meant {
  const { registry } = context;
  if (said.verb !== undefined) {
    const capability = registry.get(said.verb);
    if (capability) return { kind: 'run', capability, input: fieldsOf(capability, said.data ?? {}) };
    return stop('refused', 'This button belongs to an older version of the card.', 'Ask for the card again.');
  }
  const parsed = parse(registry, said.text ?? '', {
    allowed: context.allowed,
    now: context.now,
    zone: context.actor?.zone ?? 'UTC',
    mentions: said.mentions,
    people: { find: (words) => context.rooms.people.find(words) },
    self: context.actor?.id,
    endpoints: context.rooms.organisation.endpoints.map(({ id }) => id),
  });
  switch (parsed.kind) {
    case 'match':
      if (parsed.missing.length === 0) return { kind: 'run', capability: parsed.capability, input: parsed.input };
      return stop(
        'form',
        `I still need the ${parsed.missing.join(' and the ')}.`,
        `For example: ${parsed.capability.examples[0]}`,
        parsed.capability.id,
      );
    case 'invalid':
      return stop('refused', `${sentence(parsed.why)}.`, `For example: ${parsed.example}`, parsed.capability.id);
    case 'refused':
      return { kind: 'stop', result: { kind: 'refused', text: parsed.refused.text } };
    case 'ambiguous': {
      const readings = parsed.readings.map(({ capability }) => `“${capability.examples[0]}” (${capability.summary})`);
      return stop('unknown', 'That can mean more than one thing:', readings.join(' or '));
    }
    case 'unknown': {
      const [first, ...others] = parsed.suggestions.map(({ text }) => `“${text}”`);
      const next = first
        ? `Did you mean ${[first, ...others].join(', ')}?`
        : 'Say “help” to see what I can do for you.';
      const result = stop('unknown', 'I did not understand that.', next);
      return {
        ...result,
        lost: true,
        result: { ...result.result, data: { suggestions: parsed.suggestions.map(({ text }) => text) } },
      };
    }
  }
}

function stop(kind: Result['kind'], why: string, next: string, capability?: string) {
  const result: Result = { kind, text: `${why} ${next}` };
  return { kind: 'stop' as const, result, ...(capability ? { capability } : {}) };
}

/** Of a card's data only the declared fields count; Teams' own keys and anything forged beside them is dropped. */
const fieldsOf = (capability: AnyCapability, data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(data).filter(([key, value]) => Object.hasOwn(capability.input.shape, key) && value !== ''),
  );

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
