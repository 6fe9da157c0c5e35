import type { Temporal } from 'temporal-polyfill';
import type { CriterionVerdict, PilotVerdict } from '../../services/intake/pilot.rules.ts';
import type { Card } from '../card.ts';
import { act, actions, ask } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { choiceInput, textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { joined, plain } from '../parts/text.ts';
import { day, fromNow, when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { caption, headline, line, soWhat } from '../parts/words.ts';

export interface PilotCardView {
  now: Temporal.Instant;
  id: string;
  title: string;
  /** Without one nothing was agreed yet. */
  verdict?: PilotVerdict;
  because?: string;
  deadline?: Temporal.Instant;
  criteria: readonly {
    id: string;
    metric: string;
    direction: 'up' | 'down';
    baseline: number;
    target: number;
    failure?: number;
    minSample: number;
    verdict: CriterionVerdict;
    because: string;
    source?: string;
    /** When it was measured. */
    takenAt?: Temporal.Instant;
  }[];
  decision?: { choice: 'go' | 'stop' | 'extend'; by: string; why: string };
  decided: boolean;
  /** The vote that is open, or that ended without a decision. */
  vote?: {
    open: boolean;
    /** "2 to go live, 1 to stop" */
    count: string;
    until: Temporal.Instant;
    /** What going live still needs. */
    missing: readonly string[];
    /** Why it ended without a decision. */
    ended?: string;
    /** Whom it waits for. */
    outstanding: readonly string[];
    /** Left out while a vote is secret. */
    votes: readonly { who: string; choice: string; reason: string; until?: Temporal.Instant }[];
  };
  /** Whether some of it is read from Azure. */
  followed: boolean;
  /** What this reader is asked: a reminder, mostly. */
  note?: string;
}

const LOOK: Readonly<Record<PilotVerdict, { tone: Tone; word: string }>> = {
  succeeded: { tone: 'good', word: 'succeeded' },
  failed: { tone: 'bad', word: 'failed' },
  inconclusive: { tone: 'warning', word: 'inconclusive' },
  running: { tone: 'info', word: 'running' },
};
const MARK: Readonly<Record<CriterionVerdict, string>> = {
  met: '✔',
  missed: '▲',
  failed: '✖',
  undecided: '◆',
  'not-enough-data': '○',
  'not-measured': '○',
};

const COURSE_WORDS = { go: 'go live', stop: 'stop', extend: 'extended' } as const;

function voteFacts({ now, vote }: PilotCardView): [string, string | undefined][] {
  if (!vote) return [];
  const { open, until, count, missing, outstanding, ended } = vote;
  if (!open) return [['Vote', ended ? `ended without a decision: ${plain(ended, 200)}` : undefined]];
  return [
    ['Vote', `open until ${when(until)} (${fromNow(now, until)}): ${plain(count, 80)}`],
    ['To go live', missing.length > 0 ? plain(joined(missing), 200) : undefined],
    ['Waits for', outstanding.length > 0 ? joined(outstanding.slice(0, 5).map(named)) : undefined],
  ];
}

/** What was promised, what was measured, and what follows, with its arithmetic. */
export function pilotCard(view: PilotCardView): Card {
  const { id, title, verdict, because, criteria, decision } = view;
  const look = verdict ? LOOK[verdict] : { tone: 'quiet' as const, word: 'not planned' };
  const words = verdict
    ? `The pilot of ${title} ${verdict === 'running' ? 'is running' : verdict === 'inconclusive' ? 'is inconclusive' : `has ${verdict}`}`
    : `${title} has no pilot yet`;
  const deciding = ask(
    'Vote',
    [
      choiceInput({
        id: 'choice',
        label: 'What follows',
        error: 'Choose one',
        required: true,
        choices: [
          { title: 'Go live', value: 'go' },
          { title: 'Stop', value: 'stop' },
          { title: 'Extend', value: 'extend' },
          { title: 'Abstain', value: 'abstain' },
        ],
      }),
      textInput({
        id: 'until',
        label: 'Extended until',
        error: 'A day ahead',
        placeholder: 'such as 2027-03-31',
        limit: 60,
      }),
      textInput({ id: 'reason', label: 'Why', error: 'Say why', required: true, lines: true }),
    ],
    act({ title: 'Cast the vote', verb: 'intake.decide', ids: { useCase: id }, inputs: 'auto' }),
  );
  return card({
    summary: `${id}: ${words}`,
    state: state({ tone: look.tone, word: `pilot · ${look.word}`, icon: 'Beaker', id }),
    headline: headline(`${plain(words)}.`),
    soWhat: view.note
      ? soWhat(plain(view.note, 300))
      : because
        ? soWhat(plain(because, 400))
        : soWhat(`Say “plan pilot of ${id}”: a metric, its target, and when it has failed.`),
    facts: facts([
      [
        view.decided ? 'Decided' : 'Decided before',
        decision
          ? `${COURSE_WORDS[decision.choice]}, by ${decision.by === 'vote' ? 'vote' : named(decision.by)}: ${plain(decision.why)}`
          : undefined,
      ],
      ['Deadline', view.deadline ? `${when(view.deadline)} (${fromNow(view.now, view.deadline)})` : undefined],
      ...voteFacts(view),
    ]),
    details: [
      list(
        criteria.map(
          ({
            metric,
            direction,
            baseline,
            target,
            failure,
            minSample,
            verdict: judged,
            because: how,
            source,
            takenAt,
          }) => ({
            text: `${MARK[judged]} **${plain(metric, 80)}** ${direction === 'up' ? 'from' : 'down from'} ${number(baseline)} to ${number(target)}: ${judged.replaceAll('-', ' ')}`,
            detail: [
              how === because && !view.note ? undefined : plain(how),
              failure === undefined ? undefined : `failed at ${number(failure)}`,
              `at least ${minSample.toLocaleString('en-GB')} cases`,
              source
                ? `${source === 'typed in' ? '' : 'from '}${plain(source, 160)}${takenAt ? `, ${when(takenAt)}` : ''}`
                : undefined,
            ]
              .filter(Boolean)
              .join(' · '),
          }),
        ),
        { shown: 8, spacing: 'Medium' },
      ),
      view.vote && view.vote.votes.length > 0 && caption('Votes'),
      list(
        (view.vote?.votes ?? []).map(({ who, choice, reason, until }) => ({
          text: `${named(who)}: ${plain(choice, 20)}${until ? ` until ${day(until)}` : ''}`,
          detail: plain(reason, 200),
        })),
        { shown: 8 },
      ),
      view.decided && line('The decision is made.'),
    ],
    actions: view.decided
      ? actions([act({ title: `Show ${id}`, verb: 'intake.show', ids: { useCase: id } })])
      : verdict
        ? actions(
            [deciding, view.followed && act({ title: 'Refresh', verb: 'intake.refresh', ids: { useCase: id } })],
            [
              act({ title: 'Type a result in', verb: 'intake.result', ids: { useCase: id } }),
              act({ title: 'Add a criterion', verb: 'intake.plan-pilot', ids: { useCase: id } }),
            ],
          )
        : actions([act({ title: 'Plan the pilot', verb: 'intake.plan-pilot', ids: { useCase: id }, main: true })]),
    foot: foot(view.now, 'criteria and results of this pilot'),
  });
}
