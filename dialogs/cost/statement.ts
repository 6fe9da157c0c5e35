import { z } from 'zod/v4';
import { statementCard } from '../../cards/cost/showback.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { findPeriod, readPeriod } from '../../services/cost/index.ts';
import { freeText } from '../arguments.ts';
import { capability, type Turn } from '../capability.ts';
import { sourceOf } from './view.ts';

interface Input {
  department: string;
  period?: string | undefined;
}

export const statement = capability({
  id: 'cost.statement',
  summary: 'A department’s statement for a time, with a CSV file to book it by',
  phrases: [
    'statement {department} for {period}',
    'statement {department}',
    'statement of {department} for {period}',
    'statement for {department} for {period}',
    'invoice for {department} for {period}',
    'invoice for {department}',
    'invoice {department} for {period}',
    'invoice {department}',
    'chargeback for {department} for {period}',
    'chargeback for {department}',
  ],
  examples: ['statement payments for last month'],
  input: z.object({ department: freeText(80), period: freeText(60).optional() }),
  roles: ['viewer'],
  // It makes a file, which is ours.
  effect: 'write',
  prepare: (turn, input) => prepared(turn, input),
  run: async (turn, _input, { view, rows }) => {
    const { rooms } = turn;
    const token = await rooms.files.table(turn.tx, { ...rows, madeFor: turn.actor.id });
    const card = statementCard({ ...view, url: rooms.fileUrl(token) });
    return {
      text: `${summaryOf(card)}. The file: ${rooms.fileUrl(token)}`,
      card,
      data: {
        department: view.department,
        total: view.total,
        currency: view.currency,
        lines: rows.rows.length,
        url: rooms.fileUrl(token),
      },
      objects: [`department:${view.department}`],
    };
  },
});

async function prepared({ rooms, actor, now }: Turn, { department: words, period: time }: Input) {
  // “statement payments last month”: the time follows the name without a word between.
  const said = time === undefined ? findPeriod(words, rooms.cost.today()) : undefined;
  const department = rooms.cost.showback.department(said?.rest ?? words, actor);
  const period = said?.period ?? readPeriod(time ?? 'this month', rooms.cost.today());
  const all = await rooms.cost.showback.statement(period);
  const line = all.lines.find((each) => each.department === department.id);
  const details = await rooms.cost.showback.details(department.id, period);
  const budget = rooms.organisation.budgets.find((each) => each.department === department.id && each.every === 'month');
  const own = [
    ...details.map((each) => [
      period.words,
      department.name,
      each.resource,
      each.facets.part,
      each.facets.meter,
      each.amount.toFixed(4),
      each.currency,
    ]),
    [
      period.words,
      department.name,
      'share of shared cost',
      'shared',
      '',
      line?.shared.toFixed(2) ?? '0.00',
      all.currency,
    ],
    [period.words, department.name, 'total', '', '', line?.total.toFixed(2) ?? '0.00', all.currency],
  ];
  return {
    view: {
      source: sourceOf(rooms, now, await rooms.cost.standing(period), {
        currency: all.currency,
        scope: department.name,
      }),
      department: department.name,
      periodWords: period.words,
      currency: all.currency,
      direct: line?.direct.toFixed(2) ?? '0.00',
      shared: line?.shared.toFixed(2) ?? '0.00',
      total: line?.total.toFixed(2) ?? '0.00',
      ...(budget && line
        ? { budget: { amount: budget.amount, percent: line.total.div(budget.amount).times(100).toNumber() } }
        : {}),
      lines: details.map((each) => ({
        resource: each.facets.resource,
        part: each.facets.part,
        amount: each.amount.toFixed(2),
      })),
    },
    rows: {
      name: `statement-${department.id}-${period.from}-${period.to}.csv`,
      header: ['Period', 'Department', 'Resource', 'What for', 'Meter', 'Amount', 'Currency'],
      rows: own,
    },
  };
}
