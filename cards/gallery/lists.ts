import { endpointsCard } from '../fleet/endpoints.ts';
import { type FormView, formCard } from '../form.ts';
import type { Sample } from '../gallery.ts';
import { undeliveredCard } from '../governance/undelivered.ts';
import { at } from './story.ts';

const endpoints = [
  ['ep-fraud', 'mlw-payments-weu', 'Fraud', 'stops stolen cards before payment', ['INC-101']],
  ['ep-aml', 'mlw-payments-weu', 'Fraud', 'screens transfers for money laundering', []],
  ['ep-churn', 'mlw-retail-weu', 'Retail', 'tells which customers may leave', ['INC-99']],
  ['ep-recommend', 'mlw-retail-weu', 'Retail', 'suggests products in the shop', []],
  ['ep-demand', 'mlw-retail-weu', 'Retail', 'plans the stock of each store', []],
  ['ep-credit', 'mlw-risk-neu', 'Risk', 'scores applications for credit', []],
] as const;

const letter = {
  what: 'the card of INC-101',
  to: 'the channel Fraud operations',
  why: 'Teams answered 403: the bot was removed from the channel',
  since: at('14:05'),
};

const form: FormView = {
  verb: 'approvals.rollback',
  title: 'Ask for a rollback',
  intro: 'The voters see what you write here.',
  submit: 'Ask for approval',
  fields: [
    { id: 'endpoint', label: 'Endpoint', advice: 'an endpoint, such as ep-fraud', required: true, kind: 'text' },
    { id: 'reason', label: 'Reason', advice: 'why it has to go back', required: true, kind: 'long', limit: 500 },
  ],
};

export const listSamples = (): Sample[] => [
  {
    name: 'fleet/endpoints',
    card: endpointsCard({
      now: at('14:10'),
      endpoints: endpoints.map(([name, workspace, owner, purpose, incidents]) => ({
        name,
        workspace,
        owner,
        purpose,
        stopped: name === 'ep-aml',
        incidents,
      })),
    }),
  },
  {
    name: 'governance/undelivered',
    card: undeliveredCard({
      now: at('14:20'),
      letters: [
        { ...letter, dead: true },
        { ...letter, what: 'the page of INC-101', to: 'Ben Okafor', why: 'Teams answered 429', dead: false },
      ],
    }),
  },
  { name: 'governance/undelivered-none', card: undeliveredCard({ now: at('14:20'), letters: [] }) },
  { name: 'form/first', card: formCard(form) },
  {
    name: 'form/mistakes',
    card: formCard({
      ...form,
      dangerous: true,
      step: { at: 2, of: 3 },
      hidden: { incident: 'INC-101' },
      fields: [
        {
          id: 'endpoint',
          label: 'Endpoint',
          advice: 'an endpoint, such as ep-fraud',
          required: true,
          kind: 'choice',
          choices: [
            { title: 'ep-fraud', value: 'ep-fraud' },
            { title: 'ep-aml', value: 'ep-aml' },
          ],
          value: 'ep-aml',
          error: 'ep-aml has no deployment to go back to',
        },
        {
          id: 'share',
          label: 'Share of the traffic',
          advice: 'a whole number from 1 to 100',
          required: true,
          kind: 'number',
          min: 1,
          max: 100,
          value: '10',
        },
      ],
    }),
  },
];
