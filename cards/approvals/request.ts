import type { Temporal } from 'temporal-polyfill';
import type { Card, Element } from '../card.ts';
import { act, actions, ask } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { type Fact, facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { choiceInput, textInput } from '../parts/inputs.ts';
import { LIST_SHOWN, list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { progress } from '../parts/progress.ts';
import { state } from '../parts/state.ts';
import { clean, counted, joined, plain, sentence } from '../parts/text.ts';
import { between, clock, fromNow, when } from '../parts/time.ts';
import { caption, headline, line, soWhat } from '../parts/words.ts';
import { CHOICE_MARKS, CHOICES, type Choice, lookOf, missingWords, type RequestState } from './words.ts';

export interface VoteLine {
  voter: string;
  /** The roles that count for this vote. */
  roles: readonly string[];
  choice: Choice;
  at: Temporal.Instant;
  reason?: string;
  /** Whose votes it stands for besides their own. */
  inPlaceOf?: readonly string[];
}

/** Blocks what was approved until its owner shows that it is met. */
export interface ConditionLine {
  number: number;
  what: string;
  owner: string;
  due: Temporal.Instant;
  met?: string;
}

/** What this reader may do; only on the view that they alone see. */
export type Mine =
  | { kind: 'may-vote'; inPlaceOf?: readonly string[] }
  | { kind: 'voted'; choice: Choice; at: Temporal.Instant; inPlaceOf?: readonly string[] }
  | { kind: 'may-not'; why: string; withdraw?: boolean };

export interface RequestView {
  now: Temporal.Instant;
  id: string;
  state: RequestState;
  /** What is asked, with its effect: "Roll back ep-fraud: all traffic to blue (fraud-detector:6)". */
  what: string;
  why: string;
  /** Of the plan the votes are about; another plan is another request. */
  digest: string;
  requester: string;
  askedAt: Temporal.Instant;
  deadline: Temporal.Instant;
  incident?: string;
  votes: readonly VoteLine[];
  /** Approvals the policy asks for. */
  needed: number;
  /** What an approval still needs, each in words; empty when nothing is. */
  missing: readonly string[];
  mine?: Mine;
  /** Who votes for whom, of those who are still to be heard. */
  standIns?: readonly { person: string; inPlaceOf: readonly string[] }[];
  /** What is known before the vote; only of a promotion. */
  evidence?: { there: number; required: number; lacking: readonly string[] };
  conditions?: readonly ConditionLine[];
  /** The ballot is secret and still open: so many have voted. */
  secret?: { voted: number };
  /** Every voter signs in once more before the vote counts. */
  signed?: boolean;
  /** Why earlier votes are void, in words. */
  changed?: { at: Temporal.Instant; what: readonly string[] };
  /** `over`: how each earlier stage ended, in words. */
  stage?: { at: number; of: number; over?: readonly string[] };
  /** How it is carried out in steps; `waits` says what for. */
  rollout?: { id: string; waits?: string };
  /** `done` is in percent. */
  change?: { step: string; done?: number };
  /** Carried out without votes, by two people; looked at afterwards. */
  emergency?: {
    confirmedBy: string;
    reviewDue: Temporal.Instant;
    review?: { by: string; finding: 'justified' | 'unjustified'; why: string; at: Temporal.Instant };
  };
  /** Back to what another request approved before: nobody votes again, one person is enough. */
  preapproved?: {
    request: string;
    reviewDue: Temporal.Instant;
    review?: NonNullable<RequestView['emergency']>['review'];
  };
  /** Set in every finished state; `by` is left out when nobody decided it (a deadline, the change itself). */
  finished?: { at: Temporal.Instant; by?: string; why: string };
  source: string;
}

/** A request for approval from the first vote to the finished change. */
export function requestCard(view: RequestView): Card {
  const look = lookOf(view.state, Boolean(view.emergency));
  const open = view.state === 'open';
  return card({
    summary: requestSummary(view),
    state: state({ tone: look.tone, icon: look.icon, word: open ? approvalsWord(view) : look.word, id: view.id }),
    headline: headline(plain(view.what)),
    soWhat: soWhat(askedWords(view)),
    facts: facts(open ? openFacts(view) : finishedFacts(view)),
    details: [
      open && line(sentence(`${plain(missingWords(view.missing), 400)}.`), 'info'),
      ...(view.stage?.over ?? []).map((how, at) => line(`Stage ${at + 1} of ${view.stage?.of}: ${plain(how, 300)}`)),
      evidenceLine(view),
      changedLine(view),
      view.conditions && view.conditions.length > 0 && caption(counted(view.conditions.length, 'condition')),
      list((view.conditions ?? []).map((each) => conditionEntry(each, view.now))),
      view.state === 'executing' && view.change && progressOf(view.change),
      view.state === 'executing' &&
        view.rollout?.waits !== undefined &&
        line(`${plain(view.rollout.id)} waits: ${plain(view.rollout.waits, 300)}`, 'warning'),
      view.secret && line(`${votesWord(view.secret.voted)} so far; who voted what is shown at the close.`),
      open && view.signed && line('A vote counts once its voter has signed in for it.'),
      view.votes.length > 0 && caption(votesWord(view.votes.length)),
      // Hundreds may have voted: only the entries that are shown are made.
      list(view.votes.slice(0, LIST_SHOWN).map(voteEntry), { total: view.votes.length }),
      open && view.standIns && view.standIns.length > 0 && line(standInWords(view.standIns)),
      open && view.mine ? line(mineWords(view.mine)) : undefined,
    ],
    actions: open
      ? buttons(view)
      : view.emergency && !view.emergency.review
        ? reviewButtons(view.id)
        : otherButtons(view),
    foot: foot(view.now, view.source),
  });
}

export const requestSummary = (view: Pick<RequestView, 'id' | 'state' | 'what' | 'missing' | 'emergency'>): string =>
  view.state === 'open'
    ? `${view.id} ${missingWords(view.missing)}: ${clean(view.what, 160)}`
    : `${view.id} ${lookOf(view.state, Boolean(view.emergency)).word}: ${clean(view.what, 160)}`;

const askedWords = ({ requester, emergency, preapproved, why }: RequestView): string => {
  if (emergency)
    return `Without votes. ${named(requester)} asked and ${named(emergency.confirmedBy)} confirmed: ${plain(why)}`;
  if (preapproved)
    return `Approved before by ${plain(preapproved.request)}. ${named(requester)} goes back: ${plain(why)}`;
  return `${named(requester)} asks: ${plain(why)}`;
};

const approvals = (votes: readonly VoteLine[]) => votes.filter((vote) => vote.choice === 'approve').length;

const approvalsWord = ({ votes, needed, secret }: RequestView) =>
  secret ? `${secret.voted} voted in secret` : `${approvals(votes)} of ${counted(needed, 'approval')}`;

function evidenceLine({ evidence, state: now }: RequestView): Element | undefined {
  if (!evidence) return undefined;
  const [first, ...more] = evidence.lacking;
  const words = `Evidence: ${evidence.there} of ${evidence.required}`;
  if (first === undefined) return line(`${words}, all there.`, now === 'evidence' ? 'good' : undefined);
  const rest = more.length > 0 ? `; and ${more.length} more` : '';
  // What is missing is at times a sentence of its own already.
  return line(`${words}. ${sentence(plain(first.replace(/\.$/, ''), 300))}${rest}.`, 'warning');
}

function changedLine({ changed, state: now }: RequestView): Element | undefined {
  if (!changed || (now !== 'open' && now !== 'evidence')) return undefined;
  const what = changed.what.map((each) => plain(each, 300)).join('; ');
  const words = what === '' ? '. It is as it was again' : `: ${what}`;
  return line(`Changed ${when(changed.at)}, so earlier votes are void${words}.`, 'warning');
}

const conditionEntry = ({ number, what, owner, due, met }: ConditionLine, now: Temporal.Instant) => ({
  text: `${met ? '✔' : '○'} **${number}** ${plain(what, 300)}`,
  detail: met
    ? `met by ${named(owner)}: ${plain(met)}`
    : `${named(owner)}, due ${fromNow(now, due)}${due.epochMilliseconds < now.epochMilliseconds ? ' · overdue' : ''}`,
});

const votesWord = (count: number) => counted(count, 'vote');

const openFacts = (view: RequestView): Fact[] => [
  ['Stage', view.stage && view.stage.of > 1 ? `${view.stage.at} of ${view.stage.of}` : undefined],
  ['Open until', `${when(view.deadline)} (${fromNow(view.now, view.deadline)})`],
  ...commonFacts(view),
];

/** Who asks is in the sentence above; so is the incident when it is the reason. */
const commonFacts = ({ askedAt, incident, why, digest }: RequestView): Fact[] => [
  ['Incident', incident && !why.includes(incident) ? plain(incident) : undefined],
  ['Asked', when(askedAt)],
  ['Plan', plain(shortDigest(digest))],
];

const finishedFacts = (view: RequestView): Fact[] => finalFacts(view).concat(commonFacts(view));

const finalFacts = ({ now: at, state: now, finished, askedAt, emergency, preapproved }: RequestView): Fact[] => [
  ...reviewFacts(at, emergency ?? preapproved),
  [
    sentence(lookOf(now).word.split(' ·')[0] ?? ''),
    finished && `${finished.by ? `${named(finished.by)}, ` : ''}${when(finished.at)}`,
  ],
  [now === 'done' || now === 'failed' ? 'Outcome' : 'Why', finished && plain(finished.why)],
  ['Took', finished && between(askedAt, finished.at)],
];

function reviewFacts(
  now: Temporal.Instant,
  emergency: Pick<NonNullable<RequestView['emergency']>, 'review' | 'reviewDue'> | undefined,
): Fact[] {
  if (!emergency) return [];
  const { review, reviewDue } = emergency;
  if (!review) return [['Review due', `${when(reviewDue)} (${fromNow(now, reviewDue)})`]];
  return [
    ['Reviewed', `${named(review.by)}: ${review.finding}, ${when(review.at)}`],
    ['Finding', plain(review.why)],
  ];
}

/** Enough of a digest to compare by eye. */
const shortDigest = (digest: string): string => (digest.length > 23 ? `${digest.slice(0, 19)}…` : digest);

const progressOf = ({ step, done }: { step: string; done?: number }): Element =>
  progress({ step, ...(done === undefined ? {} : { done }) });

const voteEntry = ({ voter, roles, choice, at, reason, inPlaceOf = [] }: VoteLine) => ({
  text: `${CHOICE_MARKS[choice]} **${named(voter)}**${inPlaceOf.length > 0 ? ` for ${joined(inPlaceOf.map(named))}` : ''}${roles.length > 0 ? ` (${plain(roles.join(', '), 60)})` : ''} ${CHOICES[choice]} at ${clock(at)}`,
  ...(reason ? { detail: plain(reason) } : {}),
});

function mineWords(mine: Mine): string {
  if (mine.kind === 'may-not') return plain(mine.why);
  const stead = mine.inPlaceOf ? ` for ${joined(mine.inPlaceOf.map(named))}` : '';
  if (mine.kind === 'may-vote') return `Your vote${stead} is still missing.`;
  return `You ${CHOICES[mine.choice]}${stead} at ${clock(mine.at)}. Until it closes you can change your vote.`;
}

const standInWords = (all: NonNullable<RequestView['standIns']>): string =>
  all
    .slice(0, LIST_SHOWN)
    .map(({ person, inPlaceOf }) => `${named(person)} votes for ${joined(inPlaceOf.map(named))}.`)
    .concat(all.length > LIST_SHOWN ? [`And ${all.length - LIST_SHOWN} more delegations.`] : [])
    .join(' ');

function buttons({ id, mine, evidence, secret }: RequestView): Element | undefined {
  const ids = { request: id };
  if (mine?.kind === 'may-not') {
    return actions([
      evidence && act({ title: 'Evidence', verb: 'approvals.evidence', ids }),
      mine.withdraw && act({ title: 'Withdraw', verb: 'approvals.withdraw', ids }),
    ]);
  }
  const voted = mine?.kind === 'voted' ? mine.choice : undefined;
  return actions(
    [
      voted !== 'approve' &&
        act({ title: 'Approve', verb: 'approvals.vote', ids: { ...ids, choice: 'approve' }, main: true }),
      voted !== 'reject' &&
        ask(
          'Reject',
          [
            textInput({
              id: 'reason',
              label: 'Why do you reject it?',
              error: 'Give a reason, so that the requester knows what to change',
              required: true,
              lines: true,
              placeholder: 'the bias report is missing',
            }),
          ],
          act({ title: `Reject ${id}`, verb: 'approvals.vote', ids: { ...ids, choice: 'reject' }, inputs: 'auto' }),
        ),
    ],
    [
      evidence && act({ title: 'Evidence', verb: 'approvals.evidence', ids }),
      // What one asks for would say how one voted.
      evidence && !secret && conditional(id),
      voted !== 'abstain' && act({ title: 'Abstain', verb: 'approvals.vote', ids: { ...ids, choice: 'abstain' } }),
      // Clients show five actions at most.
      !evidence && act({ title: 'Read again', verb: 'approvals.show', ids }),
    ],
  );
}

/** For whoever may review it; the answer tells the others why not. */
export const reviewButtons = (id: string): Element | undefined =>
  actions([
    ask(
      'Review',
      [
        choiceInput({
          id: 'finding',
          label: 'Was it right to act without votes?',
          error: 'Say whether it was justified',
          required: true,
          choices: [
            { title: 'Yes, justified', value: 'justified' },
            { title: 'No, not justified', value: 'unjustified' },
          ],
        }),
        textInput({
          id: 'why',
          label: 'What did you find?',
          error: 'Say what you found, for the record',
          required: true,
          lines: true,
          placeholder: 'declines were back to normal within two minutes',
        }),
      ],
      act({ title: `Close the review of ${id}`, verb: 'approvals.review', ids: { request: id }, inputs: 'auto' }),
    ),
  ]);

/** An approval that holds once something is done. */
const conditional = (id: string) =>
  ask(
    'Approve with a condition',
    [
      textInput({
        id: 'condition',
        label: 'What has to be done first?',
        error: 'Write what has to be done',
        required: true,
        lines: true,
        limit: 300,
        placeholder: 'the bias report covers age',
      }),
      textInput({ id: 'owner', label: 'Who does it?', error: 'Write a name', required: true, limit: 120 }),
      textInput({
        id: 'until',
        label: 'Until when?',
        error: 'Write a time such as Friday 17:00',
        required: true,
        limit: 60,
        placeholder: 'Friday 17:00',
      }),
    ],
    act({
      title: `Approve ${id} with it`,
      verb: 'approvals.vote',
      ids: { request: id, choice: 'approve' },
      inputs: 'auto',
    }),
  );

function otherButtons({ id, state: now, evidence, rollout }: RequestView): Element | undefined {
  const ids = { request: id };
  const show = evidence && act({ title: 'Evidence', verb: 'approvals.evidence', ids });
  if (now === 'draft')
    return actions([
      act({ title: 'Ask for approval', verb: 'approvals.submit', ids, main: true }),
      act({ title: 'Drop the draft', verb: 'approvals.withdraw', ids }),
    ]);
  if (now === 'evidence')
    return actions(
      [show, act({ title: 'Look again', verb: 'approvals.refresh', ids })],
      [act({ title: 'Withdraw', verb: 'approvals.withdraw', ids })],
    );
  const steps =
    rollout && act({ title: `Show ${rollout.id}`, verb: 'approvals.rollout', ids: { rollout: rollout.id } });
  return actions(now === 'executing' ? [steps] : [show, steps]);
}
