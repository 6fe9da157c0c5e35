import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type RequestView, requestSummary } from '../../cards/approvals/request.ts';
import { missingWords } from '../../cards/approvals/words.ts';
import { Refused } from '../../services/core/errors.ts';
import { freeText, instant, oneOf, personRef, requestId } from '../arguments.ts';
import { capability, type Place } from '../capability.ts';
import { requestAnswer } from './own.ts';
import { neededRequest } from './view.ts';

const DONE = { approve: 'approved', reject: 'rejected', abstain: 'abstained on' } as const;

export const vote = capability({
  id: 'approvals.vote',
  summary: 'Vote on a request for approval',
  phrases: [
    'vote {choice} on {request} [because {reason}]',
    'vote yes on {request} [because {reason}] {choice=approve}',
    'vote no on {request} because {reason} {choice=reject}',
    'approve {request} [because {reason}]',
    'reject {request} because {reason}',
    'abstain on {request}',
    'approve {request} if {condition} by {owner} until {until}',
  ],
  examples: [
    'approve REQ-142',
    'reject REQ-142 because the bias report is missing',
    'approve REQ-142 if the bias report covers age by Ann until Friday 17:00',
  ],
  input: z.object({
    request: requestId,
    choice: oneOf(['approve', 'reject', 'abstain']),
    reason: freeText().optional(),
    /** What has to be done before it takes effect, by whom and until when. */
    condition: freeText(300).optional(),
    owner: personRef.optional(),
    until: instant.optional(),
  }),
  // Everybody may try: who may vote on this request is its policy's business, and the answer says why not.
  roles: ['viewer'],
  effect: 'write',
  sealed: async ({ rooms }, { request }) =>
    (await rooms.approvals.isSecret(rooms.db, request)) ? { request } : undefined,
  signs: async ({ actor, now, place, rooms }, input) => {
    const { request, choice, reason } = input;
    if (isOverheard(place) && (await rooms.approvals.isSecret(rooms.db, request))) return undefined;
    const conditions = conditionsOf(input, now);
    const signing = await rooms.approvals.toSign(rooms.db, request, { voter: actor.id, choice, reason, conditions });
    return (
      signing && {
        ...signing,
        about: request,
        back: { title: `Back to ${request}`, verb: 'approvals.show', ids: { request } },
      }
    );
  },
  run: async (turn, { request, choice, reason, condition, owner, until }) => {
    const { rooms, proof } = turn;
    const secret = await rooms.approvals.isSecret(turn.tx, request);
    // Typed among others it is no secret; whoever clicks gets the answer alone.
    if (secret && isOverheard(turn.place))
      throw new Refused(
        `${request} is voted on in secret, and everybody here reads what you type: it was not counted.`,
        'Use the buttons of the card, or write to me alone.',
      );
    const { decision, open, record } = await rooms.approvals.vote(turn.tx, request, {
      voter: turn.actor.id,
      choice,
      reason,
      turn: turn.key,
      conditions: conditionsOf({ choice, condition, owner, until }, turn.now),
      proof,
    });
    const inside = { ...rooms, db: turn.tx };
    const row = open?.row ?? (await neededRequest(inside, request));
    const { view, shown } = await requestAnswer(turn, inside, row, open?.standing);
    const missing = open?.standing.shown.missing ?? decision.missing;
    const next = open ? `${request} ${missingWords(missing)}.` : `${decision.reason}${stageWords(view.stage)}`;
    const what =
      secret && open
        ? `You ${DONE[choice]} ${request}; nobody else learns that before the close.`
        : `${turn.actor.name} ${DONE[choice]} ${request}.`;
    return {
      text: `${what} ${next}`,
      ...shown,
      data: { request, choice, state: row.state, missing, summary: requestSummary(view) },
      objects: [request, ...(row.incident ? [row.incident] : [])],
      ...(reason ? { why: reason } : {}),
      record,
    };
  },
});

/** The deciding vote of a stage that is not the last one opens the next. */
const stageWords = (stage: RequestView['stage']): string =>
  stage && stage.at > 1 ? ` Stage ${stage.at} of ${stage.of} votes now.` : '';

const isOverheard = ({ kind, message }: Place): boolean => !message && (kind === 'channel' || kind === 'group');

function conditionsOf(
  said: { choice: string; condition?: string | undefined; owner?: string | undefined; until?: string | undefined },
  now: Temporal.Instant,
) {
  const { choice, condition, owner, until } = said;
  if (condition === undefined) return [];
  if (choice !== 'approve')
    throw new Refused('Only an approval can have a condition.', 'Reject it with a reason instead.');
  if (owner === undefined || until === undefined)
    throw new Refused(
      'A condition needs somebody who sees to it, and a date.',
      'Say “… if … by Ann until Friday 17:00”.',
    );
  const due = Temporal.Instant.from(until);
  if (due.epochMilliseconds <= now.epochMilliseconds)
    throw new Refused('That time is over already.', 'Name a time to come, such as Friday 17:00.');
  return [{ what: condition, owner, due }];
}
