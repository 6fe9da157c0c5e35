import type { Card, Element } from './card.ts';
import { act, actions, type Ids, type Verb } from './parts/actions.ts';
import { card } from './parts/card.ts';
import { choiceInput, numberInput, textInput } from './parts/inputs.ts';
import { clean, plain } from './parts/text.ts';
import { aside, headline, line, soWhat } from './parts/words.ts';

/** One question of a form. `error` is what was wrong with the last answer. */
export interface FormField {
  /** The capability's input field. */
  id: string;
  label: string;
  /** What to write, as advice and as the message when it is missing. */
  advice: string;
  required: boolean;
  kind: 'text' | 'long' | 'number' | 'choice';
  choices?: readonly { title: string; value: string }[];
  min?: number;
  max?: number;
  /** Characters. */
  limit?: number;
  value?: string;
  error?: string;
}

export interface FormView {
  /** The capability that the button runs. */
  verb: Verb;
  title: string;
  intro?: string;
  /** Names the effect. */
  submit: string;
  fields: readonly FormField[];
  /** Ids and known answers that go along unseen. */
  hidden?: Ids;
  dangerous?: boolean;
  /** 1-based place in a stepped form. */
  step?: { at: number; of: number };
}

/** Questions, their mistakes, and one button. */
export function formCard(view: FormView): Card {
  const { title, intro, step, verb, hidden = {}, dangerous } = view;
  const wrong = view.fields.filter(({ error }) => error !== undefined).length;
  return card({
    summary: `${clean(title, 160)}${step ? ` (step ${step.at} of ${step.of})` : ''}`,
    headline: headline(plain(title)),
    soWhat: intro ? soWhat(plain(intro, 500)) : undefined,
    details: [
      step && aside(`Step ${step.at} of ${step.of}`),
      wrong > 0 && line(toMend(view.fields, wrong), 'bad'),
      ...view.fields.flatMap(drawn),
    ],
    actions: actions([
      act({ title: view.submit, verb, ids: hidden, inputs: 'auto', ...(dangerous ? { dangerous } : {}) }),
      step && step.at > 1 && act({ title: 'Back', verb, ids: { ...hidden, back: 'yes' } }),
    ]),
  });
}

/** What was not answered at all is missing; only what was written needs another look. */
function toMend(fields: readonly FormField[], wrong: number): string {
  if (fields.some(({ error, value }) => error !== undefined && value))
    return wrong === 1 ? 'One answer needs another look.' : `${wrong} answers need another look.`;
  return wrong === 1 ? 'One answer is missing.' : `${wrong} answers are missing.`;
}

/** The mistake stands above its question: the error message of an input is shown for the client's own checks only. */
function drawn(field: FormField): Element[] {
  const { id, label, advice, required, kind, choices = [], min, max, limit, value, error } = field;
  const common = { id, label, error: advice, required, ...(value === undefined ? {} : { value }) };
  const above = error === undefined ? [] : [line(plain(error), 'bad')];
  if (kind === 'choice') return [...above, choiceInput({ ...common, choices })];
  if (kind === 'number') return [...above, numberInput({ ...common, ...defined({ min, max }) })];
  return [...above, textInput({ ...common, placeholder: advice, lines: kind === 'long', ...defined({ limit }) })];
}

const defined = <T extends Record<string, number | undefined>>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: number };
