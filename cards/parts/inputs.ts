import type { Element } from '../card.ts';
import { clean } from './text.ts';

interface Field {
  /** The capability's input field. */
  id: string;
  label: string;
  /** What to do when it is wrong; also shown when it is empty and required. */
  error: string;
  required?: boolean;
  /** What is filled in already. */
  value?: string;
}

export const textInput = (field: Field & { placeholder?: string; limit?: number; lines?: boolean }): Element => ({
  type: 'Input.Text',
  ...common(field),
  ...(field.placeholder ? { placeholder: clean(field.placeholder, 100) } : {}),
  maxLength: field.limit ?? 500,
  ...(field.lines ? { isMultiline: true } : {}),
  ...(field.value ? { value: field.value } : {}),
});

/** A longer list is looked through by typing. */
const FILTERED_FROM = 20;

export const choiceInput = (field: Field & { choices: readonly { title: string; value: string }[] }): Element => ({
  type: 'Input.ChoiceSet',
  ...common(field),
  ...(field.choices.length > FILTERED_FROM ? { style: 'filtered' } : {}),
  choices: field.choices.map(({ title, value }) => ({ title: clean(title, 80), value })),
  ...(field.value ? { value: field.value } : {}),
});

export const numberInput = ({ value, min, max, ...field }: Field & { min?: number; max?: number }): Element => ({
  type: 'Input.Number',
  ...common(field),
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
  ...(value && Number.isFinite(Number(value)) ? { value: Number(value) } : {}),
});

const common = ({ id, label, error, required }: Field) => ({
  id,
  label: clean(label, 80),
  isRequired: required ?? false,
  errorMessage: clean(error, 120),
});
