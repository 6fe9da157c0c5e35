import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { money } from '../parts/numbers.ts';
import { plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { changeWords, report, type Source } from './report.ts';
import { spell } from './words.ts';

export interface DigestView {
  source: Source;
  team: string;
  teamName: string;
  week: string;
  currency: string;
  total: string;
  before: string;
  changes: readonly { name: string; part: string; before: string; after: string }[];
  anomalies: readonly string[];
  budgets: readonly string[];
}

/** A team's week: only what changed. */
export function digestCard(view: DigestView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  const quiet = view.changes.length + view.anomalies.length === 0;
  return report({
    state: { tone: quiet ? 'good' : 'info', word: 'week in costs', icon: 'CalendarWeekNumbers', id: spell(view.week) },
    headline: `${view.teamName}: ${amount(view.total)} in the week of ${spell(view.week)}, ${changeWords(Number(view.total), Number(view.before))}`,
    soWhat: quiet ? 'Nothing changed by more than a tenth.' : undefined,
    entries: view.changes.map((each) => ({
      text: `**${plain(each.name, 80)}** · ${amount(each.before)} → ${amount(each.after)}`,
      detail: `${plain(each.part)}, ${changeWords(Number(each.after), Number(each.before))}`,
    })),
    facts: [
      ['Out of the ordinary', view.anomalies.length > 0 ? plain(view.anomalies.join(', ')) : undefined],
      ...view.budgets.map((words, index) => [index === 0 ? 'Budgets' : `Budget ${index + 1}`, plain(words)] as const),
    ],
    primary: [act({ title: 'What changed', verb: 'cost.changes', ids: { of: view.team } })],
    menu: [act({ title: 'Stop these digests', verb: 'cost.unsubscribe', ids: { team: view.team } })],
    source: view.source,
  });
}

export interface DataView {
  source: Source;
  scopes: readonly {
    scope: string;
    basis: string;
    source: string;
    from?: string;
    to?: string;
    asOf?: Temporal.Instant;
    error?: string;
    missing: readonly string[];
  }[];
  resources: number;
}

/** What is known of costs, from when to when, and what does not work. */
export function dataCard(view: DataView): Card {
  const failing = view.scopes.filter(({ error }) => error).length;
  return report({
    state: {
      tone: failing > 0 ? 'warning' : view.scopes.length === 0 ? 'quiet' : 'good',
      word: failing > 0 ? `${failing} failing` : view.scopes.length === 0 ? 'nothing read' : 'all read',
      icon: 'Database',
    },
    headline:
      view.scopes.length === 0
        ? 'No costs have been read from Azure yet'
        : `Costs of ${view.resources} resources are known${failing > 0 ? `; ${failing} ${failing === 1 ? 'read fails' : 'reads fail'} at the moment` : ''}`,
    soWhat:
      view.scopes.length === 0
        ? 'They are read when the house starts, then every four hours.'
        : 'They are read every four hours; Azure itself is about four hours behind.',
    entries: view.scopes.map((each) => ({
      text: `${each.error ? '◆' : '✔'} **${plain(each.scope, 80)}** · ${plain(each.basis)} cost, by ${plain(each.source)}`,
      detail: [
        each.from && each.to ? spell(`${each.from} to ${each.to}`) : 'nothing yet',
        each.asOf ? `read ${when(each.asOf)}` : '',
        plain(each.error ?? ''),
        each.missing.length > 0 ? `missing: ${plain(each.missing.slice(0, 4).map(spell).join(', '))}` : '',
      ]
        .filter(Boolean)
        .join(' · '),
    })),
    source: view.source,
  });
}
