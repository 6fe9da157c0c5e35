import { Temporal } from 'temporal-polyfill';
import { type ArgumentKind, fieldsOf, isRequired, NUMBERED, type NumberedKind } from '../dialogs/arguments.ts';
import type { AnyCapability, Domain } from '../dialogs/capability.ts';
import { ROLES, type Role } from '../services/core/organisation.ts';
import { mayRun } from './authorize.ts';
import { findMatches, indexPatterns, type PatternIndex } from './parse-match.ts';
import { compilePhrase, type Pattern, type Slot } from './parse-phrase.ts';
import type { SlotContext } from './parse-slots.ts';
import { hear } from './parse-tokens.ts';

/** Every capability of the house, checked and ready to be matched. */
export interface Registry {
  domains: readonly Domain[];
  capabilities: readonly AnyCapability[];
  /** By id, which is also the card verb. */
  get(id: string): AnyCapability | undefined;
  /** The capabilities that somebody with these roles may run, in the order of their declaration. */
  allowedFor(roles: readonly Role[]): readonly AnyCapability[];
  patterns: readonly Pattern[];
  index: PatternIndex;
}

/**
 * Builds the registry, or throws one error that lists everything that is wrong: a collision of phrases must stop the
 * start, not surprise a person at night.
 */
export function buildRegistry(domains: readonly Domain[]): Registry {
  const problems: string[] = [];
  const capabilities = domains.flatMap((domain) => domain.capabilities);
  const byId = new Map<string, AnyCapability>();
  const patterns: Pattern[] = [];
  for (const domain of domains) {
    for (const capability of domain.capabilities) {
      const say = (problem: string) => problems.push(`${capability.id}: ${problem}`);
      if (byId.has(capability.id)) say('the id is declared twice');
      byId.set(capability.id, capability);
      for (const problem of declarationProblems(capability, domain)) say(problem);
      const compiled = capability.phrases.map((phrase) => compilePhrase(capability, phrase));
      for (const problem of compiled.flatMap((one) => one.problems)) say(problem);
      const own = compiled.flatMap((one) => one.patterns);
      if (!capability.form) for (const problem of unreachableFields(capability, own)) say(problem);
      patterns.push(...own);
    }
  }
  const index = indexPatterns(patterns);
  for (const capability of byId.values()) problems.push(...exampleProblems(capability, index));
  problems.push(...collisions(patterns, index));
  if (problems.length > 0)
    throw new Error(
      `The capabilities do not fit together:\n${[...new Set(problems)].map((line) => `- ${line}`).join('\n')}`,
    );
  const allowed = new Map<string, readonly AnyCapability[]>();
  return {
    domains,
    capabilities,
    patterns,
    index,
    get: (id) => byId.get(id),
    allowedFor(roles) {
      const key = [...new Set(roles)].sort().join(' ');
      const known = allowed.get(key) ?? capabilities.filter((capability) => mayRun(capability, roles));
      allowed.set(key, known);
      return known;
    },
  };
}

function declarationProblems(capability: AnyCapability, domain: Domain): string[] {
  const problems: string[] = [];
  if (!new RegExp(`^${domain.name}\\.[a-z][a-z0-9-]*$`).test(capability.id))
    problems.push(`the id must be "${domain.name}.verb", in lower case with dashes`);
  if (!capability.summary.trim()) problems.push('has no summary');
  if (capability.phrases.length === 0) problems.push('has no phrase');
  if (capability.examples.length === 0) problems.push('has no example');
  if (capability.roles.length === 0) problems.push('names no role, so nobody could run it');
  for (const role of capability.roles)
    if (!ROLES.includes(role)) problems.push(`unknown role "${role}"; the roles are ${ROLES.join(', ')}`);
  if (capability.effect === 'dangerous' && !capability.preview)
    problems.push('is dangerous and has no preview; a person must see what will happen before confirming');
  if (capability.secondPerson && capability.effect !== 'dangerous')
    problems.push('asks for a second person, which only dangerous capabilities can');
  return problems;
}

function unreachableFields(capability: AnyCapability, patterns: readonly Pattern[]): string[] {
  return fieldsOf(capability.input).flatMap(([name, schema]) =>
    isRequired(schema) && patterns.every(({ missing }) => missing.includes(name))
      ? [`no phrase can give the required field "${name}"`]
      : [],
  );
}

/** The start is checked without an organisation: any words pass as a person, any shape as an endpoint. */
const ANYWHERE: SlotContext = { now: Temporal.Instant.from('2026-01-01T00:00:00Z'), zone: 'UTC' };

function exampleProblems(capability: AnyCapability, index: PatternIndex): string[] {
  return capability.examples.flatMap((example) => {
    const { best } = findMatches(index, hear(example), ANYWHERE);
    const [match] = best;
    const others = best.filter(({ pattern }) => pattern.capability !== capability);
    if (!match) return [`${capability.id}: no phrase reads the example "${example}"`];
    if (others.length > 0)
      return others.map(
        ({ pattern }) => `${capability.id}: ${pattern.capability.id} also reads the example "${example}"`,
      );
    return match.taken.flatMap(({ slot, value }) => {
      const checked = slot.schema.safeParse(value);
      if (checked.success) return [];
      return [`${capability.id}: in the example "${example}" "${value}" is not ${slot.description || slot.slot}`];
    });
  });
}

/** Words that a person could put into a slot of a kind: what collisions are looked for with. */
export const SAMPLES: Readonly<Record<Exclude<ArgumentKind, 'choice'>, readonly string[]>> = {
  ...(Object.fromEntries(
    Object.entries(NUMBERED).map(([kind, prefix]) => [kind, [`${prefix}-142`]]),
  ) as unknown as Record<NumberedKind, readonly string[]>),
  person: ['Ann', 'Ann Berg'],
  endpoint: ['ep-fraud'],
  duration: ['90m', '2 hours'],
  instant: ['tomorrow 22:00', 'in 2 hours', '22:00'],
  since: ['Monday', 'yesterday', '2 hours ago'],
  period: ['last month', 'this week'],
  ahead: ['tonight', 'next week'],
  number: ['7'],
  text: ['words', 'some other words'],
};

const samplesOf = (slot: Slot): readonly string[] => (slot.kind === 'choice' ? slot.choices : SAMPLES[slot.kind]);

/**
 * Writes every pattern out with samples and listens: when another capability hears it as well, or better, the two
 * collide. Slots whose kinds tell themselves apart (`show {incident}`, `show {request}`) do not; an `{endpoint}` and a
 * `{person}` in the same place do, because one word can be both.
 */
function collisions(patterns: readonly Pattern[], index: PatternIndex): string[] {
  const problems: string[] = [];
  for (const pattern of patterns) {
    const widest = Math.max(1, ...pattern.parts.map((part) => ('slot' in part ? samplesOf(part).length : 1)));
    for (let turn = 0; turn < widest; turn++) {
      const text = pattern.parts
        .map((part) => ('literal' in part ? part.literal : (samplesOf(part)[turn % samplesOf(part).length] ?? '')))
        .join(' ');
      for (const other of findMatches(index, hear(text), ANYWHERE).best) {
        if (other.pattern.capability === pattern.capability) continue;
        const [one, two] = [pattern, other.pattern]
          .map(({ capability, phrase }) => `${capability.id} "${phrase}"`)
          .sort();
        problems.push(`${one} and ${two} collide: both read "${text}"`);
        break;
      }
    }
  }
  return problems;
}
