import { z } from 'zod/v4';
import type { Organisation } from '../../services/core/organisation.ts';
import {
  FIRST_DRAFT,
  isCurrency,
  QUESTIONS,
  type Question,
  questionsOf,
  SECTION_WORDS,
  type Section,
} from '../../services/intake/index.ts';
import { freeText, oneOf, personRef, wholeNumber } from '../arguments.ts';
import type { AnyCapability } from '../capability.ts';
import type { Choices, Plan } from '../form.ts';
import { amount } from './amounts.ts';

const SIGNS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  $: 'USD',
  '£': 'GBP',
  '¥': 'JPY',
  EURO: 'EUR',
  EUROS: 'EUR',
};
/** A currency as people write it, stored by its code. */
const currency = z
  .string()
  .trim()
  .max(10)
  .transform((words, context) => {
    const code = SIGNS[words.toUpperCase()] ?? words.toUpperCase();
    if (!isCurrency(code))
      context.addIssue({
        code: 'custom',
        message: `${words} is no currency of ISO 4217: write a code such as EUR, USD or GBP`,
      });
    return code;
  })
  .meta({ argument: 'text', description: 'the code of a currency of ISO 4217, such as EUR, USD or CHF' });

/** The questions of services/intake as fields of a form. */
function schemaOf(question: Question): z.ZodType {
  const { kind, advice, limit = 200, choices, min, max } = question;
  switch (kind) {
    case 'text':
    case 'long':
      return freeText(limit);
    case 'number': {
      const number = z.coerce.number();
      return (min === undefined || max === undefined ? number : number.min(min).max(max)).meta({
        argument: 'number',
        description: advice,
      });
    }
    case 'money':
      return amount(advice.replace(/, such as.*/, ''));
    case 'currency':
      return currency;
    case 'rating':
      return wholeNumber(1, 5).meta({ argument: 'number', description: advice });
    case 'person':
      return personRef;
    case 'choice':
      return oneOf(choices as [string, ...string[]]);
    case 'date':
      return z.iso.date().meta({ argument: 'text', description: advice });
  }
}

const shapeOf = (questions: readonly Question[], required: readonly string[] = []) =>
  z.object(
    Object.fromEntries(
      questions.map((question) => [
        question.id,
        required.includes(question.id) ? schemaOf(question) : schemaOf(question).optional(),
      ]),
    ),
  );

export const LABELS: Readonly<Record<string, string>> = Object.fromEntries(
  QUESTIONS.map(({ id, label }) => [id, label]),
);

const asked = (summary: string, input: z.ZodObject): Pick<AnyCapability, 'id' | 'summary' | 'input' | 'effect'> => ({
  id: 'intake.step',
  summary,
  input,
  effect: 'write',
});

const first = QUESTIONS.filter(({ id }) => FIRST_DRAFT.includes(id));
export const firstInput = shapeOf(first, ['title', 'problem']);

/** Beside the organisation's own: the ten that are traded most (BIS triennial survey of 2025). */
const TRADED = ['USD', 'EUR', 'JPY', 'GBP', 'CNY', 'CHF', 'AUD', 'CAD', 'HKD', 'SGD'];
const names = new Intl.DisplayNames('en', { type: 'currency' });

/** Departments and currencies come from wardroom.yaml; its own currency is the first. */
const choices = ({ departments, cost, endpoints }: Organisation): Choices => {
  const own = [cost.currency, ...endpoints.flatMap(({ business }) => business.moneyPerHour?.currency ?? [])];
  return {
    department: departments.map(({ name }) => ({ title: name, value: name })),
    currency: [...new Set([...own, ...TRADED])].map((value) => ({ title: `${value} · ${names.of(value)}`, value })),
  };
};

/** The first draft: three minutes, three screens. */
export const FIRST_PLAN: Plan = {
  capability: asked('Bring in a use case', firstInput),
  verb: 'intake.step',
  labels: LABELS,
  choices,
  steps: [
    {
      title: 'What is it about?',
      intro: 'A first draft takes three minutes; everything else can be answered later, by whoever knows.',
      fields: ['title', 'problem', 'department', 'owner'],
    },
    { title: 'How would you know that it works?', fields: ['baselineMetric', 'baseline', 'target'] },
    {
      title: 'What is it worth?',
      intro: 'A rough range is better than none.',
      fields: ['currency', 'benefitLow', 'benefitLikely', 'benefitHigh', 'effort'],
    },
  ],
};

const MOST_FIELDS_A_SCREEN = 6;

/** A section in screens of a few questions. */
function planOf(section: Section): Plan {
  const questions = questionsOf(section);
  const screens = Math.ceil(questions.length / MOST_FIELDS_A_SCREEN);
  const size = Math.ceil(questions.length / screens);
  const words = SECTION_WORDS[section];
  return {
    capability: asked(`Answer for ${words}`, shapeOf(questions)),
    verb: 'intake.step-section',
    labels: LABELS,
    choices,
    steps: Array.from({ length: screens }, (_, index) => ({
      title: `${words[0]?.toUpperCase()}${words.slice(1)}`,
      ...(index === 0 ? { intro: 'What you do not know can stay open.' } : {}),
      fields: questions.slice(index * size, (index + 1) * size).map(({ id }) => id),
    })),
  };
}

export const SECTION_PLANS: Readonly<Record<Section, Plan>> = {
  idea: planOf('idea'),
  worth: planOf('worth'),
  data: planOf('data'),
  build: planOf('build'),
  risk: planOf('risk'),
};
/** Every field of every section, for the capability that takes their steps. */
export const everyField = shapeOf(QUESTIONS);

/** Characters that turn the direction of what stands after them (UAX #9): a title must not mirror the words beside it. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/** Answers as they are stored: text. */
export const asText = (input: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(input).flatMap(([id, value]) =>
      value === undefined ? [] : [[id, String(value).replace(TURNS, '')]],
    ),
  );
