import type { Card } from '../card.ts';
import { act, ask } from '../parts/actions.ts';
import { trend } from '../parts/charts.ts';
import { numberInput, textInput } from '../parts/inputs.ts';
import { money } from '../parts/numbers.ts';
import { plain } from '../parts/text.ts';
import { report, type Source } from './report.ts';
import { spell } from './words.ts';

export interface AnomalyView {
  source: Source;
  id: string;
  /** "endpoint", "workspace", … and its name. */
  what: string;
  name: string;
  day: string;
  value: number;
  expected: number;
  currency: string;
  kind: 'changed' | 'new_cost' | 'removed_cost';
  course: string;
  state: 'open' | 'acknowledged' | 'muted' | 'incident' | 'planned';
  drivers: readonly { name: string; delta: string }[];
  cause?: { what: string; by?: string };
  decided?: string;
  history: readonly { day: string; amount: number }[];
}

const COURSES: Readonly<Record<string, string>> = {
  spike: 'a spike',
  drop: 'a drop',
  step_change: 'a step to a new level',
  drift: 'a slow climb',
  normal: 'one day out of the ordinary',
};
const STATES = {
  open: { tone: 'warning', word: 'open' },
  acknowledged: { tone: 'good', word: 'acknowledged' },
  muted: { tone: 'quiet', word: 'muted' },
  incident: { tone: 'bad', word: 'an incident' },
  planned: { tone: 'info', word: 'explained by a change' },
} as const;

export function anomalySummary(
  view: Pick<AnomalyView, 'name' | 'day' | 'value' | 'expected' | 'currency' | 'kind'>,
): string {
  const amount = (value: number) => money({ amount: value.toFixed(2), currency: view.currency });
  if (view.kind === 'new_cost')
    return `${view.name} cost ${amount(view.value)} on ${spell(view.day)} and nothing before`;
  if (view.kind === 'removed_cost')
    return `${view.name} cost nothing on ${spell(view.day)}, usually ${amount(view.expected)}`;
  return `${view.name} cost ${amount(view.value)} on ${spell(view.day)}, usually ${amount(view.expected)}`;
}

/** One cost that is out of the ordinary: how much, what drove it, who did what. */
export function anomalyCard(view: AnomalyView): Card {
  const ids = { anomaly: view.id };
  const amount = (value: number) => money({ amount: Math.abs(value).toFixed(2), currency: view.currency });
  const delta = view.value - view.expected;
  const { tone, word } = STATES[view.state];
  const open = view.state === 'open' || view.state === 'planned';
  return report({
    state: { tone, word: `cost anomaly · ${word}`, icon: 'DataTrending', id: view.id },
    headline: anomalySummary(view),
    soWhat:
      view.kind === 'removed_cost'
        ? 'It may also be that Azure has not billed it yet: missing data look like this.'
        : `${amount(delta)} ${delta >= 0 ? 'more' : 'less'} than on the same weekday before: ${COURSES[view.course] ?? view.course}.`,
    picture: trend({
      caption: `${view.name}, each day`,
      xTitle: 'Day',
      yTitle: view.currency,
      unit: view.currency,
      series: [
        { label: view.name, tone: 'warning', points: view.history.map(({ day, amount: y }) => ({ x: day, y })) },
      ],
      limit: { label: 'usual for the weekday', value: view.expected },
    }),
    facts: [
      ['Found on', `${plain(view.what)} ${plain(view.name, 80)}`],
      [
        'Driven by',
        view.drivers.length > 0
          ? view.drivers
              .map(
                ({ name, delta: each }) => `${plain(name, 60)} ${Number(each) >= 0 ? '+' : '−'}${amount(Number(each))}`,
              )
              .join(', ')
          : undefined,
      ],
      [
        view.state === 'planned' ? 'Planned' : 'Who did what',
        view.cause
          ? `${plain(view.cause.what, 160)}${view.cause.by ? `, ${plain(view.cause.by, 40)}` : ''}`
          : undefined,
      ],
      ['Decided', view.decided ? plain(view.decided) : undefined],
    ],
    primary: open
      ? [
          act({ title: 'Acknowledge', verb: 'cost.acknowledge', ids, main: true }),
          ask(
            'Mute',
            [
              numberInput({
                id: 'days',
                label: 'Days',
                error: '1 to 90 days',
                value: '14',
                min: 1,
                max: 90,
                required: true,
              }),
              textInput({
                id: 'reason',
                label: 'Reason',
                error: 'why nobody needs to hear of it',
                required: true,
                limit: 300,
              }),
            ],
            act({ title: 'Mute it', verb: 'cost.mute', ids, inputs: 'auto' }),
          ),
        ]
      : view.state === 'muted'
        ? [act({ title: 'Unmute', verb: 'cost.unmute', ids })]
        : [],
    menu: open
      ? [
          act({ title: 'Make it an incident', verb: 'cost.incident', ids }),
          act({ title: 'What changed', verb: 'cost.changes' }),
        ]
      : [],
    source: view.source,
  });
}

export interface AnomaliesView {
  source: Source;
  /** What the list was asked of: "Fraud, last 30 days"; left out for all. */
  of?: string;
  anomalies: readonly Pick<AnomalyView, 'id' | 'name' | 'day' | 'value' | 'expected' | 'currency' | 'kind' | 'state'>[];
}

/** The newest first, those nobody has decided about before the others. */
export function anomaliesCard(view: AnomaliesView): Card {
  const open = view.anomalies.filter(({ state }) => state === 'open').length;
  const of = view.of ? `${plain(view.of, 120)}: ` : '';
  return report({
    state: {
      tone: open > 0 ? 'warning' : 'good',
      word: open > 0 ? `${open} open` : 'nothing open',
      icon: 'DataTrending',
    },
    headline:
      view.anomalies.length === 0
        ? `${of}${of ? 'no' : 'No'} cost is out of the ordinary`
        : `${of}${view.anomalies.length} ${view.anomalies.length === 1 ? 'cost was' : 'costs were'} out of the ordinary, ${open} of them open`,
    soWhat:
      'Every workspace, endpoint, team, project, meter and resource is compared with the same weekday of eight weeks.',
    entries: view.anomalies.map((each) => ({
      text: `${each.state === 'open' ? '◆' : '✔'} **${each.id}** · ${plain(anomalySummary(each))}`,
      detail: STATES[each.state].word,
      select: act({ title: `Show ${each.id}`, verb: 'cost.anomaly', ids: { anomaly: each.id } }),
    })),
    source: view.source,
  });
}
