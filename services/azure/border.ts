import { z } from 'zod/v4';
import { Unavailable } from '../core/errors.ts';

/** Every Azure answer is read through here: garbage becomes an Unavailable that names the service and the field. */
export function read<Schema extends z.ZodType>(service: string, schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue && issue.path.length > 0 ? issue.path.join('.') : 'the answer';
  throw new Unavailable(service, `sent something we cannot read in ${field}: ${issue?.message ?? 'unknown'}`, {
    cause: parsed.error,
  });
}

/** An instant as ISO 8601 text or a Date (the SDKs turn some fields into one), as ISO text. */
export const isoTime = z.union([z.date().transform((date) => date.toISOString()), z.iso.datetime({ offset: true })]);
