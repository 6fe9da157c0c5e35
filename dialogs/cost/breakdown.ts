import { z } from 'zod/v4';
import { type BreakdownView, breakdownCard } from '../../cards/cost/breakdown.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { DIMENSIONS, type Dimension, whomToAsk } from '../../services/cost/index.ts';
import { freeText, oneOf } from '../arguments.ts';
import { type Answer, capability, type Turn } from '../capability.ts';
import { nameOf, partialWords, sourceOf } from './view.ts';

const MOST_LINES = 40;

export const breakdown = capability({
  id: 'cost.breakdown',
  summary: 'What was spent: by training and serving, department, team, endpoint, model, project or meter',
  phrases: [
    'cost',
    'costs',
    'cost by {by} [{of}]',
    'costs {of}',
    'cost trend [{of}]',
    'the {of} cost [{when}]',
    'the {of} costs [{when}]',
    'what {of} cost [{when}]',
    'how much {of} cost [{when}]',
    ...['did', 'does', 'do'].flatMap((past) => [
      `what ${past} {of} cost us [{when}]`,
      `how much ${past} {of} cost us [{when}]`,
      `what ${past} {of} spend [{when}]`,
      `how much [money] ${past} {of} spend [{when}]`,
      `how much [money] ${past} {of} burn [{when}]`,
    ]),
    'how much is {of} costing [us] [{when}]',
    'what is {of} costing [us] [{when}]',
    ...['what', 'how much'].flatMap((word) => [
      `${word} are we spending [on] {of}`,
      `${word} are we paying [for] {of}`,
      `${word} do we pay [for] {of}`,
      `${word} did we pay [for] {of}`,
    ]),
    'how expensive is {of}',
    'how expensive was {of}',
    'break down [our] cost [{of}]',
    'break down [our] costs [{of}]',
    'break down the costs [{of}]',
    'break down the bill [{of}]',
    'break down our bill [{of}]',
    'cost breakdown [{of}]',
    'cost report [{of}]',
    'compare costs [of] {of}',
    'compare cost [of] {of}',
    'what did {of} cost [{when}]',
    'what does {of} cost [{when}]',
    'what do {of} cost [{when}]',
    'how much did {of} cost [{when}]',
    'how much does {of} cost [{when}]',
    'how much do {of} cost [{when}]',
    'how much did we spend [on] {of}',
    'how much do we spend [on] {of}',
    'how much have we spent [on] {of}',
    'how much did we spend',
    'how much have we spent',
    'what did we spend [on] {of}',
    'what do we spend [on] {of}',
    'what have we spent [on] {of}',
    'what did we spend',
    'what is the cost of {of}',
    'spend',
    'year to date {of=this year}',
    'month to date {of=this month}',
    'spending [{of}]',
    'bill [{of}]',
    'azure bill [{of}]',
    'azure cost [{of}]',
    'azure costs [{of}]',
    'cost of {of} by {by}',
    'cost of {of}',
    'cost {of} by {by}',
    'cost {of}',
    'spend by {by} [{of}]',
    'spend {of}',
    'amortised cost [{of}] {basis=amortised}',
    'amortised cost by {by} {basis=amortised}',
  ],
  examples: ['cost this month', 'cost of fraud-detector last quarter by endpoint', 'cost by department'],
  input: z.object({
    of: freeText(160).optional(),
    by: oneOf(DIMENSIONS).optional(),
    basis: oneOf(['actual', 'amortised']).optional(),
    when: freeText(60).optional(),
  }),
  roles: ['viewer'],
  effect: 'read',
  run: (turn, { of, by, basis = 'actual', when }) =>
    brokenDown(turn, [of, when].filter(Boolean).join(' ') || undefined, by, basis),
});

/** One answer for every way of asking. `most` shows only so many lines. */
export async function brokenDown(
  turn: Turn,
  of: string | undefined,
  split: Dimension | undefined,
  basis: 'actual' | 'amortised',
  most = MOST_LINES,
): Promise<Answer> {
  const { rooms, actor, now } = turn;
  const { subject, period, by = split } = await rooms.cost.understand(of, actor);
  const dimension = by ?? (subject && subject.dimension !== 'part' ? 'part' : subject ? 'resource' : 'part');
  const found = await rooms.cost.breakdown({ ...(subject ? { subject } : {}), period, by: dimension, basis }, actor);
  const span = `${period.from} to ${period.to}`;
  const [total] = found.totals;
  const view: BreakdownView = {
    source: sourceOf(rooms, now, found, { basis, scope: nameOf(rooms, subject), currency: total?.currency }),
    of: nameOf(rooms, subject),
    period: period.words,
    previous: found.previous.words,
    by: dimension,
    totals: found.totals.map((each) => ({
      amount: each.amount.toString(),
      currency: each.currency,
      before: each.before?.toNumber(),
    })),
    lines: ranked(found.lines, most).map((line) => ({
      name: nameOf(rooms, { dimension, value: line.name }) ?? line.name,
      amount: line.amount.toString(),
      currency: line.currency,
      before: line.before?.toNumber(),
      ...(line.name === 'none' || line.name === 'shared' || line.name === 'unallocated'
        ? {}
        : { drill: { of: `${line.name} ${span}`, basis } }),
    })),
    daily: found.daily,
    trend: by === undefined,
    ...(most < MOST_LINES ? { top: true } : {}),
    partial: found.partial ? partialWords(rooms, actor, whomToAsk(rooms.organisation)) : undefined,
    ids: { of: `${subject?.value ?? ''} ${span}`.trim(), basis },
    basis,
  };
  const card = breakdownCard(view);
  const lines = view.lines.map(
    (each) => `  ${each.name.padEnd(28)} ${Number(each.amount).toFixed(2).padStart(12)} ${each.currency}`,
  );
  return {
    text: [
      `${summaryOf(card)}.`,
      ...lines,
      ...found.warnings,
      `As of ${found.asOf ?? 'never'}, ${view.source.of}.`,
    ].join('\n'),
    card,
    data: {
      period: { from: period.from.toString(), to: period.to.toString() },
      basis,
      asOf: found.asOf?.toString(),
      totals: view.totals,
      lines: view.lines.map(({ name, amount, currency, before }) => ({ name, amount, currency, before })),
      warnings: found.warnings,
    },
  };
}

/** Of the dearest only those that are something; what belongs to none is no answer to "which". */
function ranked<T extends { name: string }>(lines: readonly T[], most: number): T[] {
  const some = most < MOST_LINES ? lines.filter(({ name }) => name !== 'none' && name !== 'unallocated') : lines;
  return (some.length > 0 ? some : lines).slice(0, most);
}
