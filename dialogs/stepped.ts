import { z } from 'zod/v4';
import { formCard } from '../cards/form.ts';
import { Refused } from '../services/core/errors.ts';
import { draftId, fieldsOf, oneOf, wholeNumber } from './arguments.ts';
import type { Answer, Turn } from './capability.ts';
import { type Plan, stepForm, takeStep } from './form.ts';

/**
 * A form in several steps whose answers are kept in the database after each one: it can be left, gone on with on another
 * device, and sent once. The capability that takes the steps has `stepInput(whole)` as its input and calls `step`; the one
 * that begins the form calls `begin`.
 */

/** Longer than any field of a form may be: what does not fit is refused by the field itself, with its name. */
const RAW_LIMIT_CHARACTERS = 20_000;
const raw = z.coerce
  .string()
  .max(RAW_LIMIT_CHARACTERS)
  .meta({ argument: 'text', description: 'what was typed' })
  .optional();

/** The draft, and what was typed into the fields of the whole form, unread. */
export const stepInput = (whole: z.ZodObject) =>
  z.object({
    ...Object.fromEntries(fieldsOf(whole).map(([name]) => [name, raw])),
    draft: draftId,
    /** On the buttons of the form; without it the step is only shown. */
    sent: oneOf(['yes']).optional(),
    back: oneOf(['yes']).optional(),
    /** The step that the card shows: an older card, still open elsewhere, gives its answers to its own step. */
    at: wholeNumber(0, 99).optional(),
  });
export interface StepInput extends Record<string, unknown> {
  draft: string;
  sent?: string | undefined;
  back?: string | undefined;
  at?: number | undefined;
}

/** Beside the answers: when the whole was refused last, and the person told why. No field has such a name. */
const REFUSED_AT = ':refused-at';

/** What is done with the whole form: the answer, and the id of what it became. */
export type Send = (
  turn: Turn,
  input: Record<string, unknown>,
  draft: {
    id: string;
    subject: string | undefined;
    /** When the answers that the form shows were read: what others changed since, this person has not seen. */
    since: string;
  },
) => Promise<{ answer: Answer; result: string }>;

/** A line above the next screen, from what was typed so far; `undefined` when there is nothing to say. */
export type Note = (turn: Turn, values: Readonly<Record<string, string>>) => Promise<string | undefined>;

/** What is wrong with answers so far that only the organisation's file can tell, by field. */
export type Check = (turn: Turn, values: Readonly<Record<string, string>>) => Record<string, string>;

interface Begun {
  id: string;
  at: number;
  values: Record<string, string>;
}

/** Begins a form and shows its first step. */
export async function begin(
  turn: Turn,
  plan: Plan,
  options: { subject?: string; values?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const draft = await turn.rooms.drafts.open(turn.tx, { form: plan.verb, owner: turn.actor.id, ...options });
  return shown(turn, plan, draft);
}

/** Takes one step, or shows the one where the draft stands; the last one sends the whole. */
export async function step(
  turn: Turn,
  plan: Plan,
  input: StepInput,
  send: Send,
  options: { note?: Note; check?: Check } = {},
): Promise<Answer> {
  const { drafts } = turn.rooms;
  const draft = await drafts.lock(turn.tx, input.draft);
  if (!draft || draft.form !== plan.verb) throw new Refused(`There is no form ${input.draft}.`, 'Say “my drafts”.');
  if (draft.owner !== turn.actor.id) {
    const owner = turn.rooms.people.nameOf(draft.owner);
    throw new Refused(`${draft.id} is ${owner}'s form.`, 'Begin one of your own.', 'not-yours');
  }
  if (draft.state === 'sent') throw new Refused(`${draft.id} was sent already: it is ${draft.result}.`, '', 'finished');
  if (draft.state === 'dropped') throw new Refused(`${draft.id} was discarded.`, 'Begin a new one.', 'finished');
  if (!input.sent && !input.back) return shown(turn, plan, draft);
  // An input that was emptied comes as nothing: what stood in this step's fields before does not stay.
  const { length: steps } = plan.steps;
  // Only a forged answer names a step that there is not; a plan that became shorter leaves a draft at its last one.
  if (input.at !== undefined && input.at >= steps)
    throw new Refused(`This form has ${steps} steps, none of them ${input.at + 1}.`, `Say “my drafts”.`, 'no-step');
  const at = Math.min(input.at ?? draft.at, steps - 1);
  const fields = plan.steps[at]?.fields ?? [];
  const others = Object.fromEntries(Object.entries(draft.values).filter(([name]) => !fields.includes(name)));
  const taken = takeStep(plan, { at, values: others }, input, turn.read);
  if (taken.kind === 'done') {
    const since = draft.values[REFUSED_AT] ?? draft.created_at;
    const about = { id: draft.id, subject: draft.subject ?? undefined, since };
    const sent = await drafts.attempt(turn.tx, () => send(turn, taken.input, about));
    if (sent.ok) {
      const { answer, result } = sent.value;
      await drafts.sent(turn.tx, draft.id, result);
      return { ...answer, objects: [...(answer.objects ?? []), draft.id] };
    }
    // Refused as a whole: what was typed stays.
    const values = { ...others, ...typed(input, fields), [REFUSED_AT]: turn.now.toString() };
    await drafts.keep(turn.tx, draft.id, { at, values });
    return shown(turn, plan, { id: draft.id, at, values }, {}, sent.refused.text);
  }
  const found = taken.kind === 'next' && !input.back ? (options.check?.(turn, taken.draft.values) ?? {}) : {};
  const faults = Object.fromEntries(Object.entries(found).filter(([name]) => fields.includes(name)));
  if (Object.keys(faults).length > 0) {
    await drafts.keep(turn.tx, draft.id, { at, values: taken.draft.values });
    return shown(turn, plan, { id: draft.id, at, values: taken.draft.values }, faults);
  }
  await drafts.keep(turn.tx, draft.id, taken.draft);
  const note = await options.note?.(turn, taken.draft.values);
  return shown(turn, plan, { id: draft.id, ...taken.draft }, taken.kind === 'again' ? taken.errors : {}, note);
}

const typed = (input: StepInput, fields: readonly string[]): Record<string, string> =>
  Object.fromEntries(fields.flatMap((name) => (typeof input[name] === 'string' ? [[name, input[name]]] : [])));

function shown(
  turn: Turn,
  plan: Plan,
  { id, at, values }: Begun,
  errors: Record<string, string> = {},
  note?: string,
): Answer {
  const drawn = stepForm(
    plan,
    { at, values },
    {
      hidden: { draft: id, sent: 'yes', at: String(at) },
      errors,
      ...(plan.choices ? { choices: plan.choices(turn.rooms.organisation) } : {}),
    },
  );
  const form = note ? { ...drawn, intro: note } : drawn;
  const wrong = [...(note ? [note] : []), ...Object.values(errors).map((why) => `${why}.`)];
  const where = `${form.title}, step ${at + 1} of ${plan.steps.length} (${id})`;
  return {
    text: [...wrong, where].join(' '),
    card: formCard(form),
    data: { draft: id, step: at + 1, of: plan.steps.length, values, errors },
    objects: [id],
  };
}
