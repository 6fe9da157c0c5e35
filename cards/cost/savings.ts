import type { Card } from '../card.ts';
import { act, type Ids } from '../parts/actions.ts';
import { bars } from '../parts/charts.ts';
import { money, percentage } from '../parts/numbers.ts';
import { counted, plain, sentence } from '../parts/text.ts';
import { report, type Source } from './report.ts';
import { term } from './words.ts';

export interface SavingsView {
  source: Source;
  currency: string;
  total: string;
  /** Something could not be looked at: then nothing found is no good news. */
  incomplete?: boolean;
  /** Only machines that stand idle were looked for. */
  idle?: boolean;
  savings: readonly {
    what: string;
    saving: string;
    risk: string;
    effort: string;
    because: string;
    /** Asks for it: the verb and what it is about. */
    plan?: { title: string; verb: `${string}.${string}`; ids: Ids };
  }[];
}

/** What could be had for less, the largest first; what can be done from here has a button that asks for approval. */
export function savingsCard(view: SavingsView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  const doable = view.savings.filter(({ plan }) => plan);
  return report({
    state: {
      tone: view.savings.length > 0 ? 'info' : view.incomplete ? 'quiet' : 'good',
      word:
        view.savings.length === 0
          ? view.incomplete
            ? 'not known'
            : 'no savings'
          : counted(view.savings.length, view.idle ? 'idle compute' : 'saving'),
      icon: 'Savings',
    },
    headline:
      view.savings.length === 0
        ? view.incomplete
          ? 'Nothing was found where Azure answers; the rest could not be looked at'
          : view.idle
            ? 'No machine stands idle'
            : 'Nothing stands idle or is too large'
        : `About ${amount(view.total)} a month could be saved`,
    picture: bars({
      caption: 'Saving a month',
      xTitle: view.currency,
      yTitle: 'Saving',
      bars: view.savings.map(({ what, saving }) => ({
        label: briefly(what, view.savings),
        value: Number(saving),
        tone: 'good' as const,
      })),
    }),
    entries: view.savings.map((each) => ({
      text: `**${plain(each.what, 160)}** · ${amount(each.saving)} a month`,
      detail: `Risk ${each.risk}, effort ${each.effort}. ${plain(sentence(each.because))}`,
      ...(each.plan ? { select: act(each.plan) } : {}),
    })),
    primary: doable
      .slice(0, 2)
      .flatMap(({ plan }) => (plan ? [act({ ...plan, tooltip: 'Opens a request; others vote on it' })] : [])),
    menu: [act({ title: 'Reservations', verb: 'cost.reservations' })],
    source: view.source,
  });
}

/** What is to be done without its circumstances, for an axis: "ep-aml blue: 2 to 1 instance", "gpu-a100". */
const brief = (what: string): string => what.replace(/^stop (?=\S)/i, '').split(/, | (?:of|in) (?=\S+$)/, 1)[0] ?? what;

/** Two machines of one name in two workspaces keep the workspace. */
const briefly = (what: string, all: SavingsView['savings']): string =>
  all.some((other) => other.what !== what && brief(other.what) === brief(what)) ? what : brief(what);

export interface ReservationsView {
  source: Source;
  currency: string;
  steadiness: string;
  cv: number;
  hourlyMean: string;
  best: { hourly: string; saving: string; utilisation?: number; coverage?: number };
  commitmentCost: string;
  offered: readonly {
    kind: string;
    sku: string;
    term: string;
    commitment: string;
    saving: string;
    utilisation?: number;
    coverage?: number;
    breakEven?: string;
  }[];
  days: number;
}

/** Whether use is steady enough to commit to, what a commitment would have brought, and what Azure would buy. */
export function reservationsCard(view: ReservationsView): Card {
  const amount = (value: string) => money({ amount: value, currency: view.currency });
  const worth = Number(view.best.saving) > 0;
  return report({
    state: { tone: worth ? 'info' : 'quiet', word: view.steadiness, icon: 'CalendarLock' },
    headline: worth
      ? `Committing to ${amount(view.best.hourly)} an hour would have saved ${amount(view.best.saving)} in ${counted(view.days, 'day')}`
      : 'Serving is not steady enough to commit to',
    soWhat: `Serving costs ${amount(view.hourlyMean)} an hour, varying by ${percentage(view.cv * 100, 0)} (below ${percentage(30)} is steady).`,
    facts: [
      [
        'Utilisation',
        view.best.utilisation === undefined
          ? undefined
          : `${percentage(view.best.utilisation, 1)} of what would be committed`,
      ],
      ['Coverage', view.best.coverage === undefined ? undefined : `${percentage(view.best.coverage, 1)} of serving`],
      ['Break-even', `at ${percentage(70)} of the hours, with a discount of ${percentage(30)}`],
      ['Committed already', `${amount(view.commitmentCost)} this month, amortised`],
    ],
    entries: view.offered.map((each) => ({
      text: `**${plain(each.kind === 'reservation' ? each.sku : each.sku.replaceAll('_', ' '), 60)}** · ${plain(each.kind)} for ${plain(term(each.term), 20)}, ${each.kind === 'reservation' ? `${plain(each.commitment, 20)} ${each.commitment === '1' ? 'machine' : 'machines'}` : `${amount(each.commitment)} an hour`} · saves ${amount(each.saving)} a month`,
      detail:
        [
          each.utilisation === undefined ? '' : `used to ${percentage(each.utilisation, 1)}`,
          each.coverage === undefined ? '' : `covers ${percentage(each.coverage, 1)}`,
          each.breakEven ?? '',
        ]
          .filter(Boolean)
          .join(' · ') || 'as Azure recommends it',
    })),
    source: view.source,
  });
}
