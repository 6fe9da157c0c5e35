import type { Card } from '../card.ts';
import { act, open } from '../parts/actions.ts';
import { bars } from '../parts/charts.ts';
import { money, percentage } from '../parts/numbers.ts';
import { table } from '../parts/table.ts';
import { clean, plain } from '../parts/text.ts';
import { aside } from '../parts/words.ts';
import { report, type Source } from './report.ts';

export interface ShowbackView {
  source: Source;
  period: string;
  periodWords: string;
  currency: string;
  total: string;
  lines: readonly { id: string; name: string; direct: string; shared: string; total: string; visible: boolean }[];
  rule: string;
}

/** Who carries what, to the cent: direct cost and the share of what is shared. */
export function showbackCard(view: ShowbackView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  const largest = [...view.lines].sort((a, b) => Number(b.total) - Number(a.total))[0];
  return report({
    state: { tone: 'info', word: 'showback', icon: 'Money', id: view.periodWords },
    headline: `${amount(view.total)} in ${view.periodWords}${largest ? `; ${largest.name} carries most of it, ${amount(largest.total)}` : ''}`,
    soWhat: view.rule,
    picture: bars({
      caption: `Cost by department in ${view.periodWords}`,
      xTitle: view.currency,
      yTitle: 'Department',
      shown: 8,
      bars: view.lines
        .filter(({ total }) => Number(total) > 0)
        .map(({ name, total }) => ({ label: name, value: Number(total) })),
    }),
    more: [
      table(
        [
          { title: 'Department', width: 2 },
          { title: 'Direct', number: true },
          { title: 'Shared', number: true },
          { title: 'Total', number: true },
        ],
        view.lines.map((each) => [plain(each.name, 60), exact(each.direct), exact(each.shared), exact(each.total)]),
      ),
    ],
    primary: [
      ...view.lines
        .filter(({ visible, id }) => visible && id !== 'unallocated')
        .slice(0, 2)
        .map((each) =>
          act({
            title: `Statement of ${each.name}`,
            verb: 'cost.statement',
            ids: { department: each.id, period: view.period },
          }),
        ),
    ],
    menu: [act({ title: 'Tag coverage', verb: 'cost.tags' })],
    source: view.source,
  });
}

/** A statement shows every cent. */
const exact = (value: string): string =>
  Number(value).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export interface StatementView {
  source: Source;
  department: string;
  periodWords: string;
  currency: string;
  direct: string;
  shared: string;
  total: string;
  budget?: { amount: string; percent: number };
  lines: readonly { resource: string; part: string; amount: string }[];
  url: string;
}

/** What one department carries, with the file to book it by. */
export function statementCard(view: StatementView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  const cents = (value: string) => `${exact(value)} ${view.currency}`;
  return report({
    state: {
      tone: view.budget && view.budget.percent > 100 ? 'warning' : 'info',
      word: 'statement',
      icon: 'Receipt',
      id: view.periodWords,
    },
    headline: `${view.department} carries ${cents(view.total)} for ${view.periodWords}`,
    soWhat: `${cents(view.direct)} of its own and ${cents(view.shared)} of what is shared.`,
    facts: [
      ['Budget', view.budget ? `${percentage(view.budget.percent, 1)} of ${amount(view.budget.amount)}` : undefined],
      ['Lines', `${view.lines.length}, all of them in the file`],
    ],
    more: [
      table(
        [{ title: 'Resource', width: 2 }, { title: 'What for' }, { title: view.currency, number: true }],
        view.lines.slice(0, 10).map((each) => [plain(each.resource, 60), plain(each.part, 30), exact(each.amount)]),
        { total: view.lines.length },
      ),
      { ...aside(`The file is there for a day: ${clean(view.url, 400)}`), spacing: 'Medium' },
    ],
    primary: [open('Download CSV', view.url)],
    source: view.source,
  });
}

export interface TagsView {
  source: Source;
  periodWords: string;
  tag: string;
  currency: string;
  coverage: number;
  untagged: string;
  missing: readonly { resource: string; amount: string; ask?: string }[];
  unknown: readonly { resource: string; value: string; amount: string }[];
}

/** How much of the cost bears the tag, what does not, and whom to ask. */
export function tagsCard(view: TagsView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  return report({
    state: {
      tone: view.coverage >= 95 ? 'good' : view.coverage >= 80 ? 'warning' : 'bad',
      word: `${percentage(view.coverage, 1)} tagged`,
      icon: 'Tag',
      id: view.periodWords,
    },
    headline: `${percentage(view.coverage, 1)} of the cost bears the tag “${view.tag}”; ${amount(view.untagged)} does not`,
    soWhat:
      view.missing.length === 0
        ? 'Everything can be allocated.'
        : 'What bears no tag is carried by nobody until somebody tags it.',
    entries: [
      ...view.missing.map((each) => ({
        text: `**${plain(each.resource, 80)}** · ${amount(each.amount)} · no tag`,
        detail: each.ask ? `ask ${plain(each.ask, 60)}` : 'nobody is known who could tell',
      })),
      ...view.unknown.map((each) => ({
        text: `**${plain(each.resource, 80)}** · ${amount(each.amount)} · “${plain(each.value, 40)}”`,
        detail: 'no department has this value; add it to wardroom.yaml or correct the tag',
      })),
    ],
    primary: [act({ title: 'Showback', verb: 'cost.showback' })],
    source: view.source,
  });
}
