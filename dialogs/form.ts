import { z } from 'zod/v4';
import type { FormField, FormView } from '../cards/form.ts';
import type { Organisation } from '../services/core/organisation.ts';
import { argumentOf, choicesOf, fieldsOf, isRequired } from './arguments.ts';
import type { AnyCapability } from './capability.ts';

/**
 * Forms as data: what a capability still needs becomes questions (drawn by cards/form.ts), and what comes back becomes
 * its input. A stepped form keeps a draft of raw answers between the steps, so that it can be stored and resumed.
 */
export type Asked = Pick<AnyCapability, 'id' | 'summary' | 'input' | 'effect'>;

/** Raw answers: what was typed, by field. */
export type Answers = Readonly<Record<string, string>>;

/**
 * Turns submitted data into raw input by the kinds of the fields ("90m" → PT90M); the bot's own (bot/parse-field.ts),
 * bound to the person's zone and the moment.
 */
export type ReadData = (
  capability: Pick<AnyCapability, 'input'>,
  data: Readonly<Record<string, unknown>>,
) => { input: Record<string, unknown>; errors: Record<string, string> };

export interface FormOptions {
  title?: string;
  intro?: string;
  submit?: string;
  /** Names of the fields in the words of the domain; the field's own name otherwise. */
  labels?: Readonly<Record<string, string>>;
  /** These fields, in this order; otherwise every field that has no hidden answer. */
  fields?: readonly string[];
  /** Answers that are known and not asked for again: ids, mostly. */
  hidden?: Answers;
  /** Filled in already. */
  values?: Answers;
  errors?: Answers;
  /** What can be chosen in a field whose choices the organisation decides; typed, when there is none. */
  choices?: Choices;
}

export type Choices = Readonly<Record<string, readonly { title: string; value: string }[]>>;

/** The form of a capability. */
export function formOf(capability: Asked, options: FormOptions = {}): FormView {
  const { hidden = {}, values = {}, errors = {}, labels = {}, choices = {} } = options;
  const schemas = new Map(fieldsOf(capability.input));
  const names = options.fields ?? [...schemas.keys()].filter((name) => !(name in hidden));
  const fields = names.flatMap((name): FormField[] => {
    const schema = schemas.get(name);
    if (!schema) throw new Error(`${capability.id} has no field "${name}"`);
    const value = values[name];
    const error = errors[name];
    const field = offering(fieldOf(name, schema, labels[name]), choices[name] ?? [], error ? undefined : value);
    return [{ ...field, ...(value ? { value } : {}), ...(error ? { error } : {}) }];
  });
  return {
    verb: capability.id,
    title: options.title ?? capability.summary,
    ...(options.intro ? { intro: options.intro } : {}),
    submit: options.submit ?? 'Send',
    fields,
    hidden,
    dangerous: capability.effect === 'dangerous',
  };
}

/** What was typed elsewhere and is none of the choices, stays one. */
function offering(field: FormField, choices: Choices[string], value: string | undefined): FormField {
  if (choices.length === 0) return field;
  const known = !value || choices.some((choice) => choice.value === value);
  return {
    ...field,
    kind: 'choice',
    advice: 'Choose one',
    choices: known ? choices : [...choices, { title: value, value }],
  };
}

const LONG_FROM_CHARACTERS = 120;

function fieldOf(name: string, schema: z.ZodType, label: string | undefined): FormField {
  const { argument, description } = argumentOf(schema);
  const choices = choicesOf(schema);
  const limits = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Limits;
  const field = {
    id: name,
    label: label ?? sentence(name),
    advice: sentence(description || name),
    required: isRequired(schema),
    ...(limits.maxLength === undefined ? {} : { limit: limits.maxLength }),
  };
  if (choices.length > 0)
    return { ...field, kind: 'choice', choices: choices.map((value) => ({ title: sentence(value), value })) };
  if (argument === 'number') {
    const { minimum, maximum } = limits;
    const bounds = {
      ...(minimum === undefined ? {} : { min: minimum }),
      ...(maximum === undefined ? {} : { max: maximum }),
    };
    return { ...field, kind: 'number', ...bounds };
  }
  const long = argument === 'text' && (limits.maxLength ?? 0) > LONG_FROM_CHARACTERS;
  return { ...field, kind: long ? 'long' : 'text' };
}

interface Limits {
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

/** A field's own name in words: `reasonForException` and "reason-for-exception" are "Reason for exception". */
export const sentence = (words: string): string => {
  const spaced = words.includes(' ')
    ? words
    : words
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .replace(/[-_]/g, ' ')
        .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

export type Submitted =
  | { ok: true; input: Record<string, unknown> }
  | { ok: false; errors: Record<string, string>; values: Record<string, string> };

/** Reads a submitted form back; when it does not fit, what to say at which field, and the answers to show again. */
export function readForm(
  capability: Pick<AnyCapability, 'input'>,
  data: Readonly<Record<string, unknown>>,
  read: ReadData,
): Submitted {
  const { input, errors } = read(capability, data);
  const checked = capability.input.safeParse(input);
  if (checked.success && Object.keys(errors).length === 0) return { ok: true, input: checked.data };
  const found = { ...missing(checked.error?.issues ?? [], capability.input, input), ...errors };
  return { ok: false, errors: found, values: answersOf(capability.input, data) };
}

const missing = (issues: readonly z.core.$ZodIssue[], schema: z.ZodObject, input: Record<string, unknown>) =>
  Object.fromEntries(
    issues.map(({ path: [first], message }) => {
      const name = String(first ?? '');
      const field = fieldsOf(schema).find(([known]) => known === name)?.[1];
      if (!field || name in input) return [name, message];
      return [name, `write ${argumentOf(field).description || `the ${name}`}`];
    }),
  );

/** What was typed into the fields of the input, and nothing else. */
const answersOf = (input: z.ZodObject, data: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    fieldsOf(input).flatMap(([name]) => {
      const value = Object.hasOwn(data, name) ? data[name] : undefined;
      return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
    }),
  );

/** A form in several steps. `verb` is the capability that takes a step; the input is the whole form's. */
export interface Plan {
  capability: Asked;
  verb: Asked['id'];
  steps: readonly { title: string; intro?: string; fields: readonly string[] }[];
  labels?: Readonly<Record<string, string>>;
  /** What the organisation's file lets people choose, by field. */
  choices?: (organisation: Organisation) => Choices;
}

/** What is stored between the steps. */
export interface Draft {
  /** 0-based. */
  at: number;
  values: Record<string, string>;
}

export const emptyDraft: Draft = { at: 0, values: {} };

/** The form of the step where the draft stands. */
export function stepForm(
  plan: Plan,
  draft: Draft,
  options: Pick<FormOptions, 'hidden' | 'errors' | 'choices'> = {},
): FormView {
  const step = plan.steps[draft.at];
  if (!step) throw new RangeError(`${plan.capability.id} has no step ${draft.at + 1}`);
  const last = draft.at === plan.steps.length - 1;
  const { title, intro, fields } = step;
  const form = formOf(plan.capability, {
    title,
    submit: last ? 'Send' : 'Next',
    fields,
    values: draft.values,
    ...(intro ? { intro } : {}),
    ...(plan.labels ? { labels: plan.labels } : {}),
    ...options,
  });
  return { ...form, verb: plan.verb, dangerous: false, step: { at: draft.at + 1, of: plan.steps.length } };
}

export type Stepped =
  | { kind: 'next'; draft: Draft }
  | { kind: 'again'; draft: Draft; errors: Record<string, string> }
  | { kind: 'done'; input: Record<string, unknown> };

/** Takes the answers of one step: on to the next, back (`back: yes`), once more, or done with the whole input. */
export function takeStep(plan: Plan, draft: Draft, data: Readonly<Record<string, unknown>>, read: ReadData): Stepped {
  const fields = plan.steps[draft.at]?.fields ?? [];
  const said = Object.entries(answersOf(plan.capability.input, data)).filter(([name]) => fields.includes(name));
  const values = { ...draft.values, ...Object.fromEntries(said) };
  if (data.back === 'yes') return { kind: 'next', draft: { at: Math.max(0, draft.at - 1), values } };
  const result = readForm(plan.capability, values, read);
  const errors = result.ok ? {} : result.errors;
  const wrong = (names: readonly string[]) => names.some((name) => name in errors);
  if (wrong(fields)) return { kind: 'again', draft: { at: draft.at, values }, errors: only(errors, fields) };
  if (draft.at < plan.steps.length - 1) return { kind: 'next', draft: { at: draft.at + 1, values } };
  if (result.ok) return { kind: 'done', input: result.input };
  // The last step is right, an earlier one is not (the plan changed since it was saved): back to it.
  const at = plan.steps.findIndex((step) => wrong(step.fields));
  if (at < 0) throw new Error(`${plan.capability.id}: no step asks for ${Object.keys(errors).join(', ')}`);
  return { kind: 'again', draft: { at, values }, errors: only(errors, plan.steps[at]?.fields ?? []) };
}

const only = (errors: Record<string, string>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(errors).filter(([name]) => names.includes(name)));
