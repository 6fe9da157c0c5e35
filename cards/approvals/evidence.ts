import type { Temporal } from 'temporal-polyfill';
import type { Card, Element } from '../card.ts';
import { act, actions, ask } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { foot } from '../parts/foot.ts';
import { choiceInput, textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { percentage } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { clean, counted, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { caption, headline, soWhat } from '../parts/words.ts';
import { measure } from './words.ts';

export interface EvidenceLine {
  /** "model card" */
  name: string;
  state: 'present' | 'missing' | 'stale' | 'failed';
  required: boolean;
  summary: string;
  source?: string;
  asOf?: Temporal.Instant;
  digest?: string;
  /** How old it may be: "30 days". */
  limit?: string;
}

export interface EvidenceView {
  now: Temporal.Instant;
  id: string;
  /** "fraud-detector:8 on ep-fraud" */
  what: string;
  risk: string;
  items: readonly EvidenceLine[];
  /** Global importance: mean |phi|, the largest first. */
  importance?: {
    rows: number;
    /** `mean` has the sign; `before` is the place at the serving version, 1 first. */
    features: readonly { name: string; meanAbs: number; mean?: number; before?: number }[];
    serving?: { name: string; ndcg: number };
  };
  /** Why the first row was answered as it was. */
  local?: { base: number; prediction: number; values: readonly { name: string; value: number }[] };
  metrics?: {
    serving?: string;
    lines: readonly { name: string; value: string; interval: string; difference: string }[];
  };
  fairness?: readonly {
    attribute: string;
    group: string;
    count: number;
    selected: string;
    hit: string;
    alarm: string;
  }[];
  /** What may be attached by hand. */
  attachable?: readonly { title: string; value: string }[];
  source: string;
}

const MARKS = { present: '✔', missing: '○', stale: '◆', failed: '▲' } as const;
const WORDS = { present: 'there', missing: 'missing', stale: 'too old', failed: 'not good enough' } as const;

/** What is known about a version before people vote: every item with its state, source and digest, and the pictures. */
export function evidenceCard(view: EvidenceView): Card {
  const needed = view.items.filter(({ required }) => required);
  const there = needed.filter((item) => item.state === 'present').length;
  const complete = there === needed.length;
  const words = complete
    ? `Everything that ${view.risk} risk asks for is there`
    : `${needed.length - there} of ${counted(needed.length, 'thing')} ${needed.length - there === 1 ? 'is' : 'are'} missing before the vote`;
  return card({
    summary: `${view.id}, ${clean(view.what, 120)}: ${words}`,
    state: state({
      tone: complete ? 'good' : 'warning',
      icon: 'DocumentSearch',
      word: `${there} of ${needed.length} required`,
      id: view.id,
    }),
    headline: headline(`${words}.`),
    soWhat: soWhat(`Evidence for ${plain(view.what)}, ${plain(view.risk)} risk.`),
    picture: importancePicture(view),
    details: [
      list(view.items.map(entry), { shown: 14, spacing: 'Small' }),
      view.metrics &&
        caption(
          `Metrics${view.metrics.serving ? ` against ${plain(view.metrics.serving)}` : ''}, ${percentage(95)} intervals`,
        ),
      view.metrics && metricsTable(view.metrics.lines),
      view.fairness && view.fairness.length > 0 && caption('By group: people, selected, found, false alarms'),
      view.fairness && fairnessTable(view.fairness),
      localPicture(view),
    ],
    actions: actions(
      [
        act({ title: 'Look again', verb: 'approvals.refresh', ids: { request: view.id } }),
        act({ title: `Back to ${view.id}`, verb: 'approvals.show', ids: { request: view.id } }),
      ],
      [view.attachable && attach(view.id, view.attachable)],
    ),
    foot: foot(view.now, view.source),
    wide: true,
  });
}

const entry = ({ name, state: found, required, summary, source, asOf, digest, limit }: EvidenceLine) => ({
  text: `${MARKS[found]} **${plain(name)}** ${WORDS[found]}${required ? '' : ' (not required)'}: ${plain(summary, 300)}`,
  ...(source && asOf
    ? {
        detail: `${plain(source, 100)}, ${when(asOf)}${limit ? `, at most ${limit} old` : ''}${digest ? ` · ${digest.slice(0, 8)}` : ''}`,
      }
    : {}),
});

const IMPORTANT = 5;

function importancePicture({ importance }: EvidenceView): Element | undefined {
  if (!importance) return undefined;
  return bars({
    caption: `What the model looks at, over ${counted(importance.rows, 'row')}${importance.serving ? `; order against ${clean(importance.serving.name, 60)}: NDCG ${importance.serving.ndcg.toFixed(3)}` : ''}`,
    xTitle: 'mean |SHAP value|',
    yTitle: 'Feature',
    shown: IMPORTANT,
    write: (value) => value.toPrecision(3),
    bars: importance.features.map((each, index) => ({ label: placed(each, index + 1), value: each.meanAbs })),
  });
}

/** "1st", "12th", "23rd" */
function ordinal(place: number): string {
  const ending = place % 100 > 10 && place % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${place}${ending}`;
}

/** With its sign on average, and its place before when that was another. */
function placed(
  { name, mean, before }: NonNullable<EvidenceView['importance']>['features'][number],
  now: number,
): string {
  const sign = mean === undefined ? '' : mean < 0 ? ' (−)' : ' (+)';
  return `${name}${sign}${before === undefined || before === now ? '' : `, was ${ordinal(before)}`}`;
}

/** A card has one chart; the second picture is drawn in letters. */
function localPicture({ local }: EvidenceView): Element | undefined {
  if (!local) return undefined;
  const sorted = [...local.values].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, IMPORTANT);
  const most = Math.max(...sorted.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  return table(
    [
      { title: `One answer: ${digits(local.prediction)}, usually ${digits(local.base)}`, width: 2 },
      { title: 'SHAP value', number: true },
      { title: '', width: 2 },
    ],
    sorted.map(({ name, value }) => [
      plain(name, 40),
      `${value >= 0 ? '+' : '−'}${Math.abs(value).toPrecision(2)}`,
      (value >= 0 ? '▰' : '▱').repeat(Math.max(1, Math.round((Math.abs(value) / most) * BAR_CELLS))),
    ]),
  );
}

const BAR_CELLS = 10;
const digits = (value: number): string => value.toPrecision(3).replace('-', '−');

const metricsTable = (lines: NonNullable<EvidenceView['metrics']>['lines']) =>
  table(
    [
      { title: 'Metric', width: 2 },
      { title: 'Value', number: true },
      { title: 'Interval', width: 2, number: true },
      { title: 'Change', width: 2, number: true },
    ],
    lines.map(({ name, value, interval, difference }) => [plain(measure(name), 40), value, interval, difference]),
    { shown: 6 },
  );

const fairnessTable = (rows: NonNullable<EvidenceView['fairness']>) =>
  table(
    [
      { title: 'Group', width: 2 },
      { title: 'People', number: true },
      { title: 'Selected (95 %)', width: 2, number: true },
      { title: 'Found / alarms', width: 2, number: true },
    ],
    rows.map(({ attribute, group, count, selected, hit, alarm }) => [
      `${plain(attribute, 30)} ${plain(group, 30)}`,
      count.toLocaleString('en-GB'),
      selected,
      `${hit} / ${alarm}`,
    ]),
  );

const attach = (id: string, kinds: readonly { title: string; value: string }[]) =>
  ask(
    'Attach a file',
    [
      choiceInput({ id: 'kind', label: 'What is it?', error: 'Choose what it is', required: true, choices: kinds }),
      textInput({
        id: 'file',
        label: 'The JSON, or its signed address in Azure Blob storage',
        error: 'Paste the JSON or an https address',
        required: true,
        lines: true,
        limit: 20_000,
      }),
    ],
    act({ title: `Attach to ${id}`, verb: 'approvals.attach', ids: { request: id }, inputs: 'auto' }),
  );
