import type { Temporal } from 'temporal-polyfill';
import type { RolloutState } from '../../services/store/tables/rollouts.ts';
import type { Card, Element } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { split, trend } from '../parts/charts.ts';
import { type Fact, facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { progress } from '../parts/progress.ts';
import { state } from '../parts/state.ts';
import { clean, opening, plain, sentence } from '../parts/text.ts';
import { between, fromNow, when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { caption, headline, line, soWhat } from '../parts/words.ts';

export interface RolloutView {
  now: Temporal.Instant;
  id: string;
  state: RolloutState;
  /** `fraud-detector:8` */
  model: string;
  endpoint: string;
  deployment: string;
  request: string;
  /** What it does now, or why it ended. */
  note: string;
  /** Steps in words ("10 % live"), and how many of them are behind. */
  steps: readonly { words: string; minutes: number }[];
  /** The step that Azure shows, 0 first; below 0 before any. */
  at: number;
  /** When the step was shown, and when it is enough of it. */
  since?: Temporal.Instant;
  until?: Temporal.Instant;
  /** Live percent per deployment by this step, with its model. */
  shares: readonly { label: string; percent: number; candidate: boolean }[];
  guards: readonly { guard: string; verdict: 'ok' | 'bad' | 'unclear' | 'unknown'; words: string }[];
  /** How near their limits the guards were, look by look, in percent of the limit; minutes since the start. */
  nearness: readonly { guard: string; points: readonly { minute: number; percent: number }[] }[];
  change?: { id: string; done?: number };
  held?: { why: string; by?: string; kind: string; at: Temporal.Instant };
  startedAt?: Temporal.Instant;
  finishedAt?: Temporal.Instant;
  source: string;
}

const LOOKS: Readonly<Record<RolloutView['state'], { word: string; tone: Tone; icon: string }>> = {
  waiting: { word: 'waiting', tone: 'info', icon: 'Clock' },
  deploying: { word: 'making the deployment', tone: 'info', icon: 'ArrowSync' },
  moving: { word: 'moving traffic', tone: 'info', icon: 'ArrowSync' },
  baking: { word: 'being watched', tone: 'info', icon: 'Eye' },
  held: { word: 'held', tone: 'warning', icon: 'Pause' },
  'rolling-back': { word: 'going back', tone: 'warning', icon: 'ArrowUndo' },
  succeeded: { word: 'done', tone: 'good', icon: 'CheckmarkCircle' },
  'rolled-back': { word: 'rolled back', tone: 'bad', icon: 'ArrowUndo' },
  aborted: { word: 'aborted', tone: 'quiet', icon: 'DismissCircle' },
  overtaken: { word: 'overtaken', tone: 'quiet', icon: 'ArrowSwap' },
  failed: { word: 'failed', tone: 'bad', icon: 'ErrorCircle' },
};
export const rolloutWord = (name: RolloutView['state']): string => LOOKS[name].word;
const OVER: readonly RolloutView['state'][] = ['succeeded', 'rolled-back', 'aborted', 'overtaken', 'failed'];
const MARKS = { ok: '✔', bad: '▲', unclear: '◆', unknown: '○' } as const;
const VERDICTS = {
  ok: 'holds',
  bad: 'over its limit',
  unclear: 'not decided yet',
  unknown: 'not enough data',
} as const;

/** A promotion on its way: the step it stands at, what its guards say, and what one may do. */
export function rolloutCard(view: RolloutView): Card {
  const look = LOOKS[view.state];
  const over = OVER.includes(view.state);
  return card({
    summary: rolloutSummary(view),
    state: state({
      tone: look.tone,
      icon: look.icon,
      word: over ? look.word : `${look.word} · ${placeOf(view)}`,
      id: view.id,
    }),
    headline: headline(plain(whatIsSo(view))),
    soWhat: moreOf(view) ? soWhat(plain(moreOf(view) ?? '', 400)) : undefined,
    picture: picture(view),
    facts: facts(factsOf(view)),
    details: [
      !over &&
        view.change &&
        progress({ step: stepOf(view), ...(view.change.done === undefined ? {} : { done: view.change.done }) }),
      view.guards.length > 0 && caption('Guards, by everything seen at this step'),
      list(
        view.guards.map(({ guard, verdict, words }) => ({
          text: `${MARKS[verdict]} **${plain(sentence(guard))}** ${VERDICTS[verdict]}`,
          detail: plain(sentence(without(words, guard)), 300),
        })),
      ),
      caption('The plan'),
      line(
        view.steps
          .map((step, index) => stepWord(step, index, view.state === 'succeeded' ? view.steps.length : view.at))
          .join('  →  '),
      ),
      !over && reasonOf(view),
    ],
    actions: over
      ? actions([], [act({ title: `Show ${view.request}`, verb: 'approvals.show', ids: { request: view.request } })])
      : buttons(view),
    foot: foot(view.now, view.source),
    wide: true,
  });
}

export const rolloutSummary = (view: Pick<RolloutView, 'id' | 'state' | 'model' | 'endpoint' | 'note'>): string =>
  `${view.id} ${LOOKS[view.state].word}: ${view.model} on ${view.endpoint}. ${clean(view.note, 160)}`;

const placeOf = ({ at, steps }: RolloutView): string =>
  at < 0 ? `before step 1 of ${steps.length}` : `step ${at + 1} of ${steps.length}`;

/** What the headline does not say already; a name at its start keeps its small letter. */
function moreOf(view: RolloutView): string | undefined {
  const { held, note } = view;
  if (held && view.state === 'rolling-back') return held.by ? `${held.by}: ${held.why}` : opening(held.why);
  if (held && !OVER.includes(view.state)) return `Held${held.by ? ` by ${held.by}` : ''}: ${held.why}`;
  const said = whatIsSo(view);
  if (changing(note) === said) return undefined;
  return opening(note.startsWith(`${said}. `) ? note.slice(said.length + 2) : note);
}

/** The note as the name of a step: the share follows it. */
const changing = (note: string): string => note.replace(/\.$/, '');

/** What is said above is not said again over the bar. */
const stepOf = (view: RolloutView): string =>
  moreOf(view) === opening(view.note) ? LOOKS[view.state].word : changing(view.note);

/** The line above names the guard, and says when there is not enough data. */
const without = (words: string, guard: string): string =>
  [`${VERDICTS.unknown}: `, `${guard} `].reduce(
    (left, known) => (left.toLowerCase().startsWith(known.toLowerCase()) ? left.slice(known.length) : left),
    words,
  );

function whatIsSo({ state: now, model, endpoint, at, steps, deployment }: RolloutView): string {
  if (now === 'succeeded') return `${model} serves all of ${endpoint}`;
  if (OVER.includes(now)) return `${model} did not take over ${endpoint}`;
  const step = steps[at];
  if (now === 'rolling-back') return `${endpoint} goes back from ${model} to what served before`;
  return step
    ? `${model} has ${step.words} of ${endpoint} (${deployment})`
    : `${model} is about to be tried on ${endpoint}`;
}

const stepWord = ({ words, minutes }: RolloutView['steps'][number], index: number, at: number): string => {
  const text = plain(`${words}${minutes > 0 ? ` for ${lasts(minutes)}` : ''}`);
  return index < at ? `✔ ${text}` : index === at ? `**● ${text}**` : text;
};
const lasts = (minutes: number): string => (minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`);

function picture(view: RolloutView): Element | undefined {
  const lines = view.nearness.filter(({ points }) => points.length > 1);
  if (lines.length > 0)
    return trend({
      caption: 'How near the guards came to their limits (100 is the limit)',
      xTitle: 'Minutes since the start',
      yTitle: '% of the limit',
      unit: '%',
      series: lines.map(({ guard, points }, index) => ({
        label: sentence(guard),
        tone: (['info', 'warning', 'quiet'] as const)[index % 3] ?? 'info',
        points: points.map(({ minute, percent }) => ({ x: minute, y: percent })),
      })),
      limit: { label: 'limit', value: 100 },
    });
  if (view.shares.length === 0) return undefined;
  return split(
    OVER.includes(view.state) ? 'Live traffic when it ended' : 'Live traffic at this step',
    'Traffic',
    view.shares.map(({ label, percent, candidate }) => ({ label, percent, tone: candidate ? 'info' : 'quiet' })),
  );
}

const factsOf = (view: RolloutView): Fact[] => [
  ['Approved by', plain(view.request)],
  [
    'Watched until',
    view.state === 'baking' && view.until ? `${when(view.until)} (${fromNow(view.now, view.until)})` : undefined,
  ],
  ['Held since', view.state === 'held' && view.held ? when(view.held.at) : undefined],
  ['Change', view.change ? plain(view.change.id) : undefined],
  ['Started', view.startedAt ? when(view.startedAt) : undefined],
  ['Ended', view.finishedAt ? when(view.finishedAt) : undefined],
  ['Took', view.startedAt && view.finishedAt ? between(view.startedAt, view.finishedAt) : undefined],
];

/** One reason for whatever is pressed: two forms on one card cannot both ask for it. */
const reasonOf = (view: RolloutView): Element | undefined =>
  view.state === 'rolling-back'
    ? undefined
    : textInput({
        id: 'reason',
        label: 'Reason, for the record',
        error: 'Give a reason: it goes into the record',
        required: true,
        placeholder: view.state === 'held' ? 'the numbers of today are fine' : 'looking into a complaint',
      });

function buttons(view: RolloutView): Element | undefined {
  const ids = { rollout: view.id };
  const again = act({ title: 'Read again', verb: 'approvals.rollout', ids });
  if (view.state === 'rolling-back') return actions([again]);
  const next = view.steps[view.at + 1];
  const decided = view.held?.kind === 'inconclusive' || view.held?.kind === 'azure';
  const goOn = decided && next ? `Go on to ${next.words}` : 'Go on';
  return actions(
    [
      view.state === 'held'
        ? act({ title: goOn, verb: 'approvals.resume', ids, main: true, inputs: 'auto' })
        : act({ title: 'Hold', verb: 'approvals.hold', ids, inputs: 'auto' }),
      act({ title: 'Go back now', verb: 'approvals.abort', ids, dangerous: true, inputs: 'auto' }),
    ],
    [again, act({ title: `Show ${view.request}`, verb: 'approvals.show', ids: { request: view.request } })],
  );
}
