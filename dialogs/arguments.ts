import { z } from 'zod/v4';

/**
 * Typed arguments: zod schemas that know how a person writes them. The kind is read by the parser (bot/parse.ts) to
 * decide which words a slot may take, and by help, forms and JSON Schema to describe it.
 *
 * The parser hands a slot's raw words, trimmed, mentions replaced by the person's Entra id. The schema checks the shape;
 * whether the thing exists is the service's business.
 */
export type ArgumentKind =
  | NumberedKind
  | 'person'
  | 'endpoint'
  | 'duration'
  | 'instant'
  | 'since'
  | 'period'
  | 'ahead'
  | 'choice'
  | 'number'
  | 'text';

/**
 * What people name by a number that was given in a row: INC-142. A new kind is one line here: parser, help, forms and
 * suggestions know it from this table.
 */
export const NUMBERED = {
  incident: 'INC',
  request: 'REQ',
  change: 'CHG',
  event: 'EVT',
  draft: 'DRF',
  useCase: 'UC',
  silence: 'SIL',
  maintenance: 'MNT',
  rule: 'RUL',
  task: 'TSK',
  concern: 'CON',
  experiment: 'AB',
  rollout: 'ROL',
  deviation: 'DEV',
  freeze: 'FRZ',
  order: 'ORD',
  check: 'CHK',
  training: 'TRN',
  misuse: 'MIS',
  window: 'WIN',
  planned: 'RFC',
  anomaly: 'ANO',
  rotation: 'ROT',
} as const;
export type NumberedKind = keyof typeof NUMBERED;
export const isNumbered = (kind: string): kind is NumberedKind => Object.hasOwn(NUMBERED, kind);

/** What shows all of a kind, for somebody who named none. */
export const LISTED_BY: Readonly<Partial<Record<ArgumentKind, string>>> = {
  endpoint: 'endpoints',
  incident: 'incidents',
  request: 'requests',
  planned: 'changes',
  event: 'events',
  draft: 'my drafts',
  useCase: 'use cases',
  silence: 'silences',
  rule: 'noise rules',
  task: 'my tasks',
  concern: 'concerns',
  rollout: 'rollouts',
  deviation: 'deviations',
  training: 'training runs',
  misuse: 'misuse cases',
  anomaly: 'cost anomalies',
};

interface ArgumentMeta {
  argument: ArgumentKind;
  description: string;
}

const meta = <T extends z.ZodType>(schema: T, argument: ArgumentKind, description: string): T =>
  schema.meta({ argument, description } satisfies ArgumentMeta) as T;

const shapeOf = (prefix: string) =>
  z
    .string()
    .trim()
    .toUpperCase()
    .regex(new RegExp(`^(${prefix}-)?\\d{1,9}$`), `write it as ${prefix}-142`)
    .transform((text) => (text.startsWith(prefix) ? text : `${prefix}-${text}`));

/** An argument of a numbered kind; the description says what it is, with an example. */
export const numbered = (kind: NumberedKind, description: string) => meta(shapeOf(NUMBERED[kind]), kind, description);

export const incidentId = numbered('incident', 'an incident, such as INC-142');
export const requestId = numbered('request', 'an approval request, such as REQ-7');
export const eventId = numbered('event', 'a message that came by webhook, such as EVT-1204');
export const anomalyId = numbered('anomaly', 'a cost that is out of the ordinary, such as ANO-101');
export const draftId = numbered('draft', 'a form that was begun, such as DRF-104');
export const orderId = numbered('order', 'an order to Azure, such as ORD-101');
export const checkId = numbered('check', 'a check of collected data, such as CHK-101');
export const trainingId = numbered('training', 'a training run, such as TRN-101');
export const misuseId = numbered('misuse', 'a case of misuse, such as MIS-101');
export const rolloutId = numbered('rollout', 'a rollout, such as ROL-104');
export const experimentId = numbered('experiment', 'an A/B test, such as AB-103');
export const deviationId = numbered('deviation', 'an endpoint that was changed past Wardroom, such as DEV-102');
/** A registered model's name, without its version. */
export const modelName = meta(
  z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, 'write the name of a model, such as fraud-detector'),
  'text',
  'a model, such as fraud-detector',
);
export const taskId = numbered('task', 'a task, such as TSK-103');
export const personRef = meta(z.string().trim().min(1).max(120), 'person', 'a person: a mention, a name or an id');
export const endpointRef = meta(z.string().trim().min(1).max(63), 'endpoint', 'an endpoint, such as ep-fraud');
/** Words such as "90m", "2 hours", "1h30"; the parser turns them into an ISO 8601 duration. */
export const duration = meta(z.iso.duration(), 'duration', 'a duration, such as 90m or 2 hours');
/** Words such as "tomorrow 22:00"; the parser turns them into an ISO 8601 instant in the person's zone. */
export const instant = meta(z.iso.datetime({ offset: true }), 'instant', 'a time, such as tomorrow 22:00');
/** Words such as "Monday" or "2 hours ago", which look back; the parser turns them into an ISO 8601 instant. */
export const since = meta(z.iso.datetime({ offset: true }), 'since', 'a time that has been, such as Monday');
/** Words such as "last month"; the parser turns them into two instants with a slash between them (ISO 8601). */
export const period = meta(
  z.string().regex(/^\d{4}-\S{1,40}Z\/\d{4}-\S{1,40}Z$/, 'write last month, this week, November or last 30 days'),
  'period',
  'a period, such as last month',
);
/** Words such as "tonight" or "next week"; the parser turns them into two instants with a slash between them (ISO 8601). */
export const ahead = meta(
  z.string().regex(/^\d{4}-\S{1,40}Z\/\d{4}-\S{1,40}Z$/, 'write tonight, Friday, next week or tomorrow 22:00'),
  'ahead',
  'a time that comes, such as tonight, Friday or next week',
);
export const freeText = (max = 500) => meta(z.string().trim().min(1).max(max), 'text', `text, up to ${max} characters`);
export const wholeNumber = (min: number, max: number) =>
  meta(z.coerce.number().int().min(min).max(max), 'number', `a whole number from ${min} to ${max}`);
/** A number with decimals, written with a point. */
export const decimalNumber = (min: number, max: number) =>
  meta(z.coerce.number().min(min).max(max), 'number', `a number from ${min} to ${max}, such as 0.25`);
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  meta(z.enum(words), 'choice', `one of ${words.join(', ')}`);

/** The kind of a field, through `optional` and `default`; text when nothing is said. */
export function argumentOf(schema: z.ZodType): ArgumentMeta {
  for (const layer of layersOf(schema)) {
    const found = layer.meta() as Partial<ArgumentMeta> | undefined;
    if (found?.argument) return { argument: found.argument, description: found.description ?? '' };
  }
  return { argument: 'text', description: '' };
}

/** The words a `choice` field knows, through `optional` and `default`; empty for every other field. */
export function choicesOf(schema: z.ZodType): readonly string[] {
  for (const layer of layersOf(schema)) if (layer instanceof z.ZodEnum) return layer.options.map(String);
  return [];
}

/** Whether the input is refused without this field. */
export const isRequired = (schema: z.ZodType): boolean => !schema.safeParse(undefined).success;

/** A capability's fields in the order of their declaration. */
export const fieldsOf = (input: z.ZodObject): readonly (readonly [name: string, schema: z.ZodType])[] =>
  Object.entries(input.shape) as [string, z.ZodType][];

function* layersOf(schema: z.ZodType): Generator<z.ZodType> {
  let current: z.ZodType | undefined = schema;
  while (current) {
    yield current;
    const inner: unknown = (current as { _zod?: { def?: { innerType?: unknown } } })._zod?.def?.innerType;
    current = inner as z.ZodType | undefined;
  }
}
