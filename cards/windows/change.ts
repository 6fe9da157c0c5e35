import type { Temporal } from 'temporal-polyfill';
import type { ChangeState } from '../../services/windows/planned.rules.ts';
import type { Card, Mention } from '../card.ts';
import { act, actions, ask, open } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { type Fact, facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { mentionText, named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, opening, plain, sentence } from '../parts/text.ts';
import { between, fromNow, when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { caption, headline, line, soWhat } from '../parts/words.ts';
import { ownTime } from './words.ts';

export type { ChangeState };

export interface ChangeView {
  now: Temporal.Instant;
  id: string;
  state: ChangeState;
  class: 'standard' | 'normal' | 'emergency';
  title: string;
  targets: readonly string[];
  requester: string;
  assignee: Mention;
  from: Temporal.Instant;
  to: Temporal.Instant;
  zone: string;
  revision: number;
  risk: 'low' | 'medium' | 'high';
  plan: string;
  wayBack: string;
  /** Machines, cores and money it takes beyond what runs already. */
  needs?: string;
  /** The budget that it would break; `open` while somebody has to agree. */
  budget?: { words: string; standing: string; open: boolean };
  /** What keeps quiet until it ends, and what calls all the same. */
  quiet?: { ids: readonly string[]; what: string; calls: string };
  /** Steps of the traffic since it began, the newest last. */
  steps: readonly {
    at: Temporal.Instant;
    where: string;
    verdict: 'good' | 'worse' | 'inconclusive';
    /** What was measured. */
    words: string;
  }[];
  /** One line each. */
  conflicts: readonly string[];
  /** Times at which nothing is in the way. */
  instead: readonly { from: Temporal.Instant; to: Temporal.Instant }[];
  checks: readonly { text: string; doneBy?: string }[];
  votes: readonly { voter: string; choice: 'approve' | 'reject' | 'abstain'; reason?: string }[];
  missing: readonly string[];
  deadline?: Temporal.Instant;
  note?: string;
  /** Why this is said now, in the copies that are posted once. */
  about?: string;
  run?: { state: string; url?: string };
  glass?: { by: string; reason: string; ticket: string; used: boolean; reviewedBy?: string };
  /** Somebody has to act: mention them. */
  mention: boolean;
  source: string;
}

const LOOKS: Readonly<Record<ChangeState, { tone: Tone; word: string; icon: string }>> = {
  voting: { tone: 'info', word: 'waiting for votes', icon: 'Vote' },
  approved: { tone: 'good', word: 'approved', icon: 'CheckmarkCircle' },
  waiting: { tone: 'warning', word: 'waits until it is open', icon: 'Clock' },
  running: { tone: 'info', word: 'running', icon: 'Play' },
  held: { tone: 'warning', word: 'held', icon: 'Pause' },
  done: { tone: 'good', word: 'done', icon: 'CheckmarkCircle' },
  aborted: { tone: 'bad', word: 'aborted', icon: 'Dismiss' },
  rejected: { tone: 'bad', word: 'rejected', icon: 'Dismiss' },
  expired: { tone: 'quiet', word: 'expired', icon: 'Clock' },
  withdrawn: { tone: 'quiet', word: 'withdrawn', icon: 'ArrowUndo' },
};
const SAID = { approve: 'approved', reject: 'rejected', abstain: 'abstained' } as const;
const STEP_MARKS = { good: '✔', worse: '▲', inconclusive: '○' } as const;
const MARKS = { approve: '✔', reject: '▲', abstain: '○' } as const;

/** A requested change from the form to the close-out. */
export function changeCard(view: ChangeView): Card {
  const look = LOOKS[view.state];
  const over = ['done', 'aborted', 'rejected', 'expired', 'withdrawn'].includes(view.state);
  return card({
    summary: changeSummary(view),
    state: state({
      tone: look.tone,
      icon: look.icon,
      word: `${view.class} · ${look.word}`,
      id: `${view.id} · rev ${view.revision}`,
    }),
    headline: headline(plain(view.title)),
    soWhat: soWhat(view.about ? plain(view.about, 400) : `${plain(view.targets.join(', '))}: ${plain(view.plan, 200)}`),
    facts: facts(factsOf(view)),
    details: [
      view.mention && !over && line(`${mentionText(view.assignee)} carries it out.`),
      view.note && !view.about ? line(plain(opening(view.note), 300)) : undefined,
      view.steps.length > 0 && caption('Traffic, step by step'),
      list(
        view.steps.map(({ at, where, verdict, words }) => ({
          text: `${STEP_MARKS[verdict]} ${plain(where)}: ${verdict}`,
          detail: `${when(at)} · ${plain(words, 400)}`,
        })),
        { shown: 8 },
      ),
      view.quiet &&
        !over &&
        line(
          plain(
            `Held back until it ends (${view.quiet.ids.join(', ')}): ${view.quiet.what}. These call all the same: ${view.quiet.calls}.`,
            500,
          ),
        ),
      view.budget &&
        line(plain(`Over budget: ${view.budget.words}. ${sentence(view.budget.standing)}.`, 400), 'warning'),
      view.glass &&
        line(
          plain(
            `The glass was broken by ${view.glass.by} (${view.glass.ticket}): ${view.glass.reason}.${view.glass.reviewedBy ? ` Reviewed by ${view.glass.reviewedBy}.` : view.glass.used ? ' A review is due.' : ' Not used yet.'}`,
          ),
          'bad',
        ),
      !over && view.conflicts.length > 0 && caption(`${counted(view.conflicts.length, 'conflict')}`),
      !over && list(view.conflicts.map((text) => ({ text: `▲ ${plain(text)}` }))),
      !over && view.instead.length > 0 && caption('Free times'),
      !over &&
        list(
          view.instead.map(({ from, to }) => ({
            text: `${when(from)} to ${when(to)}`,
            detail: ownTime(from, view.zone),
          })),
        ),
      view.state === 'voting' && line(sentence(`${plain(view.missing.join('; ') || 'votes are open')}.`), 'info'),
      view.votes.length > 0 && caption(counted(view.votes.length, 'vote')),
      list(
        view.votes.map(({ voter, choice, reason }) => ({
          text: `${MARKS[choice]} ${named(voter)} ${SAID[choice]}`,
          ...(reason ? { detail: plain(reason) } : {}),
        })),
      ),
      view.checks.length > 0 &&
        caption(
          `${view.checks.filter(({ doneBy }) => doneBy).length} of ${counted(view.checks.length, 'check')} ticked`,
        ),
      list(
        view.checks.map(({ text, doneBy }, index) => ({
          text: `${doneBy ? '✔' : '○'} ${index + 1}. ${plain(text)}${doneBy ? ` (${named(doneBy)})` : ''}`,
        })),
        { shown: 8 },
      ),
    ],
    actions: over ? undefined : buttons(view),
    foot: foot(view.now, view.source),
    ...(view.mention && !over ? { mentions: [view.assignee] } : {}),
  });
}

export const changeSummary = ({
  id,
  title,
  state: at,
  about,
}: Pick<ChangeView, 'id' | 'title' | 'state' | 'about'>): string =>
  about ? `${id}: ${about}` : `${id} ${LOOKS[at].word}: ${title}`;

const factsOf = (view: ChangeView): Fact[] => [
  [
    'When',
    `${when(view.from)} (${fromNow(view.now, view.from)}) for ${between(view.from, view.to)} · ${ownTime(view.from, view.zone)}`,
  ],
  ['Way back', plain(view.wayBack, 200)],
  ['Needs', view.needs ? plain(view.needs, 300) : undefined],
  ['Risk', view.risk],
  [
    'Who',
    view.requester === view.assignee.name
      ? `${named(view.requester)} asks and carries it out`
      : `${named(view.requester)} asks, ${named(view.assignee.name)} carries it out`,
  ],
  [
    'Votes until',
    view.state === 'voting' && view.deadline
      ? `${when(view.deadline)} (${fromNow(view.now, view.deadline)})`
      : undefined,
  ],
  ['Pipeline', view.run ? plain(view.run.state) : undefined],
];

function buttons(view: ChangeView) {
  const ids = { change: view.id };
  const button = (title: string, verb: `${string}.${string}`, more: Record<string, string> = {}) =>
    act({ title, verb, ids: { ...ids, ...more } });
  const because = (title: string, verb: `${string}.${string}`, more: Record<string, string> = {}) =>
    ask(
      title,
      [textInput({ id: 'reason', label: 'Why', error: 'Say why', required: true })],
      act({ title, verb, ids: { ...ids, ...more }, inputs: 'auto' }),
    );
  const run = view.run?.url ? open('Open the run', view.run.url) : undefined;
  if (view.state === 'voting')
    return actions(
      [
        act({ title: 'Approve', verb: 'windows.vote', ids: { ...ids, choice: 'approve' }, main: true }),
        because('Reject', 'windows.vote', { choice: 'reject' }),
      ],
      [
        button('Abstain', 'windows.vote', { choice: 'abstain' }),
        view.budget?.open ? button('Agree to the cost', 'windows.agree') : undefined,
        button('Edit', 'windows.edit'),
        button('Withdraw', 'windows.withdraw'),
      ],
    );
  if (view.state === 'running')
    return actions(
      [act({ title: 'Done', verb: 'windows.done', ids, main: true }), because('Abort and take back', 'windows.abort')],
      [button('Hold', 'windows.hold'), run],
    );
  return actions(
    [
      act({ title: view.state === 'held' ? 'Go on' : 'Start', verb: 'windows.start', ids, main: true }),
      view.state === 'held' ? because('Abort and take back', 'windows.abort') : button('Edit', 'windows.edit'),
    ],
    [
      view.budget?.open ? button('Agree to the cost', 'windows.agree') : undefined,
      view.state === 'held' ? undefined : button('Withdraw', 'windows.withdraw'),
      run,
    ],
  );
}
