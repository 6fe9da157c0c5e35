import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { type Amount, money } from '../parts/numbers.ts';
import { named } from '../parts/person.ts';
import { progress } from '../parts/progress.ts';
import { state } from '../parts/state.ts';
import { clean, counted, plain, sentence } from '../parts/text.ts';
import { between, fromNow, lasting, when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface TrainingView {
  now: Temporal.Instant;
  id: string;
  kind: 'retry' | 'retrain';
  state: 'submitting' | 'running' | 'registering' | 'done' | 'failed';
  /** What is trained or tried again. */
  subject: string;
  why: string;
  note: string;
  by: string;
  job: string;
  source?: string;
  version?: string;
  request?: string;
  estimate?: Amount;
  startedAt: Temporal.Instant;
  finishedAt?: Temporal.Instant;
}

const LOOK: Readonly<Record<TrainingView['state'], { tone: Tone; word: string }>> = {
  submitting: { tone: 'info', word: 'about to be submitted' },
  running: { tone: 'info', word: 'running' },
  registering: { tone: 'info', word: 'completed, registering' },
  done: { tone: 'good', word: 'done' },
  failed: { tone: 'bad', word: 'failed' },
};

/** A job that Wardroom submitted, followed to its end. */
export function trainingCard(view: TrainingView): Card {
  const { id, finishedAt, request } = view;
  const going = view.state !== 'done' && view.state !== 'failed';
  return card({
    summary: trainingSummary(view),
    state: state({ ...LOOK[view.state], id }),
    headline: headline(
      plain(
        going ? `${view.subject} is ${view.kind === 'retry' ? 'tried again' : 'trained again'}.` : sentence(view.note),
      ),
    ),
    soWhat: soWhat(plain(view.why, 300)),
    facts: facts([
      ['Asked by', named(view.by)],
      ['Job', plain(view.job, 120)],
      ['Copy of', view.source && plain(view.source, 120)],
      ['Expected cost', view.estimate && money(view.estimate)],
      [going ? 'Since' : 'Took', going ? when(view.startedAt) : finishedAt && between(view.startedAt, finishedAt)],
      ['Up for approval', request && plain(request)],
    ]),
    details: [going && progress({ step: view.note })],
    actions: actions([
      request !== undefined && act({ title: `Show ${request}`, verb: 'approvals.show', ids: { request } }),
      view.state === 'failed' && act({ title: 'Failed runs', verb: 'alerts.failed-runs' }),
    ]),
    foot: foot(view.now, 'Azure Machine Learning'),
  });
}

export const trainingSummary = ({
  id,
  state: now,
  subject,
  note,
}: Pick<TrainingView, 'id' | 'state' | 'subject' | 'note'>): string =>
  `${id} ${LOOK[now].word}: ${clean(now === 'done' || now === 'failed' ? note : subject, 160)}`;

export interface RetrainingView {
  now: Temporal.Instant;
  rules: readonly {
    id: string;
    model: string;
    endpoint: string;
    /** "2 features drift; recall below 0.6; every 30 days" */
    when: readonly string[];
    cooldownMinutes: number;
    paused?: { by: string; why?: string };
    last?: { id: string; at: Temporal.Instant; running: boolean };
    next?: Temporal.Instant;
    budget?: { spent: Amount; of: Amount };
  }[];
}

/** Every rule by which a model is trained again, with how it stands. */
export function retrainingCard({ now, rules }: RetrainingView): Card {
  const running = rules.filter(({ last }) => last?.running);
  const paused = rules.filter((each) => each.paused);
  const [first] = rules;
  return card({
    summary: retrainingHeadline({ rules }),
    state: state(
      rules.length === 0
        ? { tone: 'quiet', word: 'no rule' }
        : running.length > 0
          ? { tone: 'info', word: `${running.length} running` }
          : paused.length > 0
            ? { tone: 'warning', word: `${paused.length} paused` }
            : { tone: 'good', word: counted(rules.length, 'rule') },
    ),
    headline: headline(plain(retrainingHeadline({ rules }))),
    details: [
      list(
        rules.map(({ id, model, endpoint, when: calls, cooldownMinutes, paused: off, last, next, budget }) => ({
          text: `**${plain(id, 60)}** trains ${plain(model, 60)} for ${plain(endpoint, 40)} when ${plain(calls.join(' or '), 160)}`,
          detail: [
            off ? `paused by ${named(off.by)}${off.why ? `: ${plain(off.why, 100)}` : ''}` : 'in force',
            last ? `${last.id} ${last.running ? 'is running' : fromNow(now, last.at)}` : 'never ran',
            next && !off ? `next ${when(next)}` : '',
            `at most every ${lasting(cooldownMinutes * 60_000)}`,
            budget ? `${money(budget.spent)} of ${money(budget.of)} this month` : '',
          ]
            .filter(Boolean)
            .join(' · '),
        })),
        { shown: 6 },
      ),
    ],
    actions: actions(
      [
        first &&
          act({
            title: `Train ${clean(first.model, 24)} now`,
            verb: 'alerts.retrain',
            ids: { rule: first.id },
            tooltip: 'Asks before it happens',
          }),
      ],
      [act({ title: 'Training runs', verb: 'alerts.trainings' })],
    ),
    foot: foot(now, 'wardroom.yaml and what was decided in chat'),
    wide: true,
  });
}

export const retrainingHeadline = ({ rules }: Pick<RetrainingView, 'rules'>): string =>
  rules.length === 0
    ? 'No rule trains a model again; an administrator can add one to wardroom.yaml.'
    : `${counted(rules.length, 'rule')} ${rules.length === 1 ? 'trains' : 'train'} models again.`;

export interface TrainingsView {
  now: Temporal.Instant;
  rule?: string;
  runs: readonly Pick<TrainingView, 'id' | 'kind' | 'state' | 'subject' | 'note' | 'startedAt' | 'by'>[];
}

/** What was submitted, the latest first. */
export function trainingsCard({ now, rule, runs }: TrainingsView): Card {
  const failed = runs.filter((each) => each.state === 'failed').length;
  const head =
    runs.length === 0
      ? `Nothing was trained${rule ? ` by ${rule}` : ''} yet.`
      : `${counted(runs.length, 'training run')}${rule ? ` of ${rule}` : ''}, ${failed} failed.`;
  return card({
    summary: clean(head),
    state: state(
      runs.length === 0
        ? { tone: 'quiet', word: 'none' }
        : { tone: failed > 0 ? 'warning' : 'good', word: counted(runs.length, 'run') },
    ),
    headline: headline(plain(head)),
    details: [
      list(
        runs.map((each) => ({
          text: `**${each.id}** ${plain(each.subject, 80)}: ${LOOK[each.state].word}`,
          detail: `${plain(each.note, 160)} · ${named(each.by)}, ${when(each.startedAt)}`,
          select: act({ title: each.id, verb: 'alerts.training', ids: { training: each.id } }),
        })),
        { shown: 8 },
      ),
    ],
    actions: actions([act({ title: 'Retraining rules', verb: 'alerts.retraining-rules' })]),
    foot: foot(now, 'Wardroom'),
    wide: true,
  });
}
