import { z } from 'zod/v4';
import type { CaseInput } from '../../services/intake/index.ts';
import { wholeNumber } from '../arguments.ts';
import type { Plan } from '../form.ts';
import { amount, amounts } from './amounts.ts';
import { percentage } from './arguments.ts';

const money = amount('money');

export const caseInput = z.object({
  years: wholeNumber(1, 15),
  discountRate: percentage,
  benefits: amounts('the benefit at full use'),
  adoption: amounts('percent of the benefit that is reached'),
  volume: amount('decisions in a year'),
  development: money,
  contingency: percentage,
  compute: money,
  people: money,
  retraining: money,
  monitoring: money,
  governance: money,
  chanceToBuild: percentage,
  integration: money,
  licence: money,
  licenceGrowth: percentage,
  price: money,
  vendorWork: money,
  egress: money,
  exit: money,
  chanceToBuy: percentage,
});
export type CaseForm = z.output<typeof caseInput>;

export const CASE_PLAN: Plan = {
  capability: { id: 'intake.step-case', summary: 'Business case', input: caseInput, effect: 'write' },
  verb: 'intake.step-case',
  labels: {
    discountRate: 'Discount rate, %',
    benefits: 'Benefit of each year',
    adoption: 'Adoption of each year, %',
    volume: 'Decisions in a year',
    contingency: 'Contingency on development, %',
    compute: 'Compute a year',
    people: 'People a year',
    retraining: 'Retraining a year',
    monitoring: 'Monitoring a year',
    governance: 'Governance a year',
    chanceToBuild: 'Chance that it succeeds, %',
    licence: 'Licence in the first year',
    licenceGrowth: 'Growth of the licence a year, %',
    price: 'Price for each decision',
    vendorWork: 'Work for the vendor a year',
    egress: 'Data transfer a year',
    exit: 'Exit, once at the end',
    chanceToBuy: 'Chance that it succeeds, %',
  },
  steps: [
    {
      title: 'Benefit and time',
      intro: 'Years can be pasted as a column of a table.',
      fields: ['years', 'discountRate', 'benefits', 'adoption', 'volume'],
    },
    {
      title: 'Building it in-house',
      fields: [
        'development',
        'contingency',
        'compute',
        'people',
        'retraining',
        'monitoring',
        'governance',
        'chanceToBuild',
      ],
    },
    {
      title: 'Buying it',
      fields: ['integration', 'licence', 'licenceGrowth', 'price', 'vendorWork', 'egress', 'exit', 'chanceToBuy'],
    },
  ],
};

const list = (text: string): string[] => text.split(' ').filter(Boolean);
const share = (percent: number) => String(percent / 100);

export const caseOf = (form: CaseForm): CaseInput => ({
  years: form.years,
  rate: share(form.discountRate),
  benefits: list(form.benefits),
  adoption: list(form.adoption).map((percent) => Number(percent) / 100),
  volume: form.volume,
  build: {
    development: form.development,
    contingency: share(form.contingency),
    compute: form.compute,
    people: form.people,
    retraining: form.retraining,
    monitoring: form.monitoring,
    governance: form.governance,
    success: form.chanceToBuild / 100,
  },
  buy: {
    integration: form.integration,
    licence: form.licence,
    licenceGrowth: share(form.licenceGrowth),
    price: form.price,
    vendorWork: form.vendorWork,
    egress: form.egress,
    exit: form.exit,
    success: form.chanceToBuy / 100,
  },
});

const percent = (text: string) => String(Math.round(Number(text) * 1e6) / 1e4);

/** The numbers of a kept case as they are typed, for changing some of them. */
export const formOfCase = (input: CaseInput): Record<string, string> => ({
  years: String(input.years),
  discountRate: percent(input.rate),
  benefits: input.benefits.join(' '),
  adoption: input.adoption.map((each) => percent(String(each))).join(' '),
  volume: input.volume,
  ...Object.fromEntries(
    Object.entries(input.build)
      .filter(([name]) => name !== 'success')
      .map(([name, value]) => [name, String(value)]),
  ),
  contingency: percent(input.build.contingency),
  chanceToBuild: percent(String(input.build.success)),
  ...Object.fromEntries(
    Object.entries(input.buy)
      .filter(([name]) => name !== 'success')
      .map(([name, value]) => [name, String(value)]),
  ),
  licenceGrowth: percent(input.buy.licenceGrowth),
  chanceToBuy: percent(String(input.buy.success)),
});
