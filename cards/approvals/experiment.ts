import type { Temporal } from 'temporal-polyfill';
import type { Card, Element } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { split, trend } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { number, percentage } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { APART, clean, counted, plain, sentence } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface ExperimentView {
  now: Temporal.Instant;
  id: string;
  state: 'planned' | 'asked' | 'running' | 'overtaken' | 'stopped' | 'refused';
  endpoint: string;
  model: string;
  versions: { candidate: string; current: string };
  /** `fraud-detector:7 (green)` */
  candidate: string;
  current: string;
  metric: string;
  /** "errors", "conversion" */
  measured: string;
  unit: 'points' | '%';
  /** Non-inferiority, in the unit. */
  margin?: number;
  effect: number;
  power: number;
  share: number;
  perArm: number;
  days: number;
  inAWeek?: number;
  request?: string;
  since?: Temporal.Instant;
  /** What moved the traffic since, and ended it. */
  by?: { change: string; at: Temporal.Instant };
  reading?: {
    verdict: string;
    words: string;
    looks: readonly { minute: number; estimate: number; low: number; high: number }[];
    n: { current: number; candidate: number };
    split: { p: number; broken: boolean } | undefined;
    /** What the test says that is valid once, at the planned size. */
    planned?: string;
  };
  stopped?: { by: string; at: Temporal.Instant };
  source: string;
}

const LOOKS: Readonly<Record<ExperimentView['state'], { word: string; tone: Tone }>> = {
  planned: { word: 'planned', tone: 'info' },
  asked: { word: 'waits for its vote', tone: 'info' },
  running: { word: 'running', tone: 'info' },
  overtaken: { word: 'overtaken', tone: 'warning' },
  stopped: { word: 'stopped', tone: 'quiet' },
  refused: { word: 'was not approved', tone: 'quiet' },
};
/** "running", "stopped · candidate is worse" */
export const testWord = (now: ExperimentView['state'], verdict: string | undefined): string =>
  verdict === undefined ? LOOKS[now].word : `${LOOKS[now].word} · ${verdict}`;
const TONES: Readonly<Record<string, Tone>> = {
  'candidate is better': 'good',
  'not worse': 'good',
  'candidate is worse': 'bad',
  'split broken': 'bad',
};

/** A test between two deployments: its size before it starts, and what it says while it runs. */
export function experimentCard(view: ExperimentView): Card {
  const { reading } = view;
  const look = LOOKS[view.state];
  return card({
    summary: experimentSummary(view),
    state: state({
      tone: (reading && TONES[reading.verdict]) ?? look.tone,
      word: testWord(view.state, reading?.verdict),
      id: view.id,
    }),
    headline: headline(plain(`${view.candidate} against ${view.current} on ${view.endpoint}`)),
    soWhat: soWhat(sentence(plain(reading?.words ?? sizeWords(view), 400))),
    picture: picture(view),
    facts: facts([
      ['Overtaken', view.by ? `${plain(view.by.change)} moved the traffic, ${when(view.by.at)}` : undefined],
      ['Measured', plain(MEASURED[view.metric] ?? view.measured, 80)],
      [
        'Needs',
        `${number(view.perArm)} ${view.metric === 'latency' ? 'minutes' : view.metric === 'errors' ? 'requests' : 'values'} of each, about ${lasting(view.days)}`,
      ],
      ['Since', view.since && !view.by ? when(view.since) : undefined],
      ['Counted', reading ? `${number(reading.n.current)} and ${number(reading.n.candidate)}` : undefined],
      [
        'Split',
        reading?.split
          ? `p ${reading.split.p.toPrecision(2)}, ${reading.split.broken ? '▲ not as set up' : 'as set up'}`
          : undefined,
      ],
      ['Planned size', reading?.planned ? plain(sentence(reading.planned), 300) : undefined],
      ['Stopped', view.stopped ? `${plain(view.stopped.by, 60)}, ${when(view.stopped.at)}` : undefined],
    ]),
    actions: buttons(view),
    foot: foot(view.now, view.source),
    wide: true,
  });
}

const MEASURED: Readonly<Record<string, string>> = {
  errors: 'share of server errors',
  latency: 'p95 latency, minute by minute',
  'mean-latency': 'mean latency of the requests',
  accuracy: 'share of answers that their labels say are right',
};

const sizeWords = ({ unit, effect, power, share, perArm, days, inAWeek, margin }: ExperimentView): string => {
  const week = inAWeek === undefined ? '' : `; in a week this traffic shows ${inAWeek.toFixed(2)}${APART}${unit}`;
  const not = margin === undefined ? '' : `; not worse means by less than ${measured(margin, unit)}`;
  return `To see ${measured(effect, unit)} with a power of ${percentage(power)} at a share of ${percentage(share)}: ${number(perArm)} of each, about ${lasting(days)}${week}${not}`;
};
/** "1 point", "0.3 points", "2 %". */
const measured = (size: number, unit: ExperimentView['unit']): string =>
  `${size}${APART}${unit === 'points' && size === 1 ? 'point' : unit}`;
const lasting = (days: number): string =>
  days >= 2
    ? counted(Math.ceil(days), 'day')
    : days * 24 >= 2
      ? `${number(Math.ceil(days * 24))} h`
      : `${number(Math.max(1, Math.ceil(days * 1440)))} min`;

function picture({ reading, unit, current, candidate, share }: ExperimentView): Element | undefined {
  if (!reading || reading.looks.length < 2)
    return split('Live traffic of the test', 'Traffic', [
      { label: current, percent: 100 - share, tone: 'quiet' },
      { label: candidate, percent: share, tone: 'info' },
    ]);
  const line = (pick: (look: { estimate: number; low: number; high: number }) => number) =>
    reading.looks.map((look) => ({ x: look.minute, y: Math.round(pick(look) * 1000) / 1000 }));
  return trend({
    caption: `Candidate minus current, with what is still possible (${unit}; 0 is no difference)`,
    xTitle: 'Minutes of the test',
    yTitle: unit === 'points' ? 'Points' : '%',
    series: [
      { label: 'Difference', tone: 'info', points: line(({ estimate }) => estimate) },
      { label: 'At most', tone: 'quiet', points: line(({ high }) => high) },
      { label: 'At least', tone: 'quiet', points: line(({ low }) => low) },
    ],
    limit: { label: 'no difference', value: 0 },
  });
}

function buttons({ id, state: now, ...view }: ExperimentView): Element | undefined {
  const ids = { test: id };
  const read = act({ title: 'Read again', verb: 'approvals.ab-read', ids });
  if (now === 'planned')
    return actions([act({ title: 'Ask for the split', verb: 'approvals.ab-start', ids, main: true })]);
  if (now === 'running')
    return actions([act({ title: 'Stop the test', verb: 'approvals.ab-stop', ids, dangerous: true }), read]);
  if (now === 'overtaken')
    return actions([act({ title: 'Close the test', verb: 'approvals.ab-stop', ids, main: true }), read]);
  if (now === 'stopped' && view.reading && TONES[view.reading.verdict] === 'good')
    return actions([
      act({
        title: `Ask for approval of ${view.model}:${view.versions.candidate}`,
        verb: 'approvals.request',
        ids: { model: `${view.model}:${view.versions.candidate}`, endpoint: view.endpoint },
        main: true,
      }),
    ]);
  return now === 'asked' ? actions([read]) : undefined;
}

export const experimentSummary = ({ id, state: now, candidate, current, reading }: ExperimentView): string =>
  `${id} ${LOOKS[now].word}: ${clean(candidate)} against ${clean(current)}${reading ? `, ${reading.verdict}` : ''}`;
