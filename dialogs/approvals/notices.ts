import { Temporal } from 'temporal-polyfill';
import { saidCard } from '../../cards/alerts/said.ts';
import { deviationCard, deviationSummary } from '../../cards/approvals/deviation.ts';
import { minutesCard } from '../../cards/approvals/minutes.ts';
import { type RequestNoteView, requestNoteCard } from '../../cards/approvals/note.ts';
import { requestCard, requestSummary } from '../../cards/approvals/request.ts';
import { reviewCard } from '../../cards/approvals/review.ts';
import { rolloutCard, rolloutSummary } from '../../cards/approvals/rollout.ts';
import { lookOf } from '../../cards/approvals/words.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { when } from '../../cards/parts/time.ts';
import type { Draw, Drawn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { minutesOf } from './board-view.ts';
import { deviationView } from './deviation-view.ts';
import { ownViews } from './own.ts';
import { neededRollout, rolloutView } from './rollout-view.ts';
import { neededRequest, requestView } from './view.ts';

/** A copy sent to one person is their own view: their vote, or that it is missing. */
const request: Draw = async (rooms, { ids }, now) => {
  const row = await neededRequest(rooms, ids['request'] ?? '');
  const standing = await rooms.approvals.standing(rooms.db, row);
  const view = await requestView(rooms, row, now, ids['person'], standing);
  return { card: requestCard(view), summary: requestSummary(view), own: await ownViews(rooms, row, standing) };
};

const rollout: Draw = async (rooms, { ids }, now) => {
  const view = await rolloutView(rooms, await neededRollout(rooms, ids['rollout'] ?? ''), now);
  return { card: rolloutCard(view), summary: rolloutSummary(view) };
};

const deviation: Draw = async (rooms, { ids }, now) => {
  const row = await rooms.serving.find(rooms.db, ids['deviation'] ?? '');
  if (!row) return undefined;
  const view = await deviationView(rooms, row, now);
  return { card: deviationCard(view), summary: deviationSummary(view) };
};

/** Replies in the thread of a rollout: each step, and why it stands still or ended. */
const rolloutSaid: Draw = async (_rooms, { ids }) => {
  const text = `${ids['rollout']}: ${ids['words']}`;
  return { card: saidCard({ text }), summary: text };
};

const review: Draw = async (rooms, { ids }, now) => {
  const { id, emergency, what } = await requestView(rooms, await neededRequest(rooms, ids['request'] ?? ''), now);
  // Reviewed since: nothing is left to be reminded of.
  if (!emergency || emergency.review) return undefined;
  const card = reviewCard({ now, id, what, confirmedBy: emergency.confirmedBy, due: emergency.reviewDue });
  return { card, summary: summaryOf(card) };
};

/** Posted only to somebody whose vote is missing; once it stands it shows the present like every other card. */
const reminder: Draw = async (rooms, notice, now) => {
  const row = await neededRequest(rooms, notice.ids['request'] ?? '');
  const view = await requestView(rooms, row, now, notice.ids['person']);
  const closes = Temporal.Instant.from(row.deadline).toZonedDateTimeISO(zoneOf(rooms, notice.ids['person']));
  const until = closes.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
  const waits = view.mine?.kind === 'may-vote';
  const summary = waits ? `${row.id} still waits for your vote, until ${until}: ${row.title}` : requestSummary(view);
  return { card: requestCard(view), summary };
};

const zoneOf = (rooms: Rooms, person: string | undefined) =>
  rooms.people.byId(person ?? '')?.zone ?? rooms.organisation.zone;

const noted = (view: Omit<RequestNoteView, 'now'>, now: Temporal.Instant): Drawn => {
  const card = requestNoteCard({ ...view, now });
  return { card, summary: summaryOf(card) };
};

const changed: Draw = async (rooms, { ids }, now) => {
  const row = await neededRequest(rooms, ids['request'] ?? '');
  const revision = (await rooms.approvals.revisionsOf(rooms.db, row.id)).find(
    (each) => each.revision === Number(ids['revision']),
  );
  if (!revision) return undefined;
  return noted(
    {
      id: row.id,
      tone: 'warning',
      icon: 'ArrowSync',
      word: 'votes void',
      title: 'Changed after people voted, so their votes are void.',
      meaning: 'It is voted on again once its evidence is complete.',
      lines: revision.changes,
    },
    now,
  );
};

const gone: Draw = async (rooms, { ids }, now) => {
  const row = await neededRequest(rooms, ids['request'] ?? '');
  const { reason } = row.decision as { reason: string };
  return noted(
    {
      id: row.id,
      tone: 'bad',
      icon: 'Delete',
      word: 'withdrawn',
      title: reason,
      meaning: 'Your vote is kept on record.',
    },
    now,
  );
};

/** To who asked: how it ended, and why. */
const decided: Draw = async (rooms, { ids }, now) => {
  const row = await neededRequest(rooms, ids['request'] ?? '');
  if (row.state === 'voting') return undefined;
  const { reason } = row.decision as { reason: string };
  return noted({ id: row.id, ...lookOf(row.state), title: reason, meaning: row.title }, now);
};

const CONDITION = {
  set: { tone: 'info', word: 'condition', icon: 'TaskListSquareLtr' },
  due: { tone: 'bad', word: 'overdue', icon: 'Clock' },
  met: { tone: 'good', word: 'condition met', icon: 'CheckmarkCircle' },
} as const;

const condition: Draw = async (rooms, { ids }, now) => {
  const row = await neededRequest(rooms, ids['request'] ?? '');
  const found = (await rooms.approvals.conditionsOf(rooms.db, row.id)).find(
    (each) => each.number === Number(ids['number']),
  );
  const what = ids['what'] === 'due' || ids['what'] === 'met' ? ids['what'] : 'set';
  // Dropped meanwhile, or met before the reminder went out: nothing is left to do.
  if (!found || found.state === 'dropped' || (what !== 'met' && found.state === 'met')) return undefined;
  const by = rooms.people.nameOf(found.set_by);
  const owner = rooms.people.nameOf(found.owner);
  const title = {
    set: `${by} asks you for this: ${found.what}`,
    due: `Overdue, and ${by} waits for it: ${found.what}`,
    met: `${owner} says that your condition ${found.number} is met.`,
  }[what];
  return noted(
    {
      id: row.id,
      ...CONDITION[what],
      title,
      meaning: what === 'met' ? (found.proof ?? '') : row.title,
      facts: [
        ['Condition', `${found.number}`],
        ['Due', when(Temporal.Instant.from(found.due))],
        [
          'When it is done',
          what === 'met' ? undefined : `say “condition ${found.number} of ${row.id} is met because …”`,
        ],
      ],
    },
    now,
  );
};

const comment: Draw = async (rooms, { ids }, now) =>
  noted(
    {
      id: ids['request'] ?? '',
      tone: 'quiet',
      icon: 'Comment',
      word: 'comment',
      title: `${rooms.people.nameOf(ids['by'] ?? '')}: ${ids['text'] ?? ''}`,
    },
    now,
  );

const minutes: Draw = async (rooms, { ids }, now) => {
  const board = rooms.approvals.boardOf(ids['board']);
  const meeting = (await rooms.approvals.meetings(rooms.db, board.id, 20)).find(({ id }) => id === ids['meeting']);
  const card = minutesCard({
    now,
    id: board.id,
    board: board.name,
    markdown: await minutesOf(rooms, board, meeting, now),
  });
  return { card, summary: summaryOf(card) };
};

export const notices = {
  'approvals.request': request,
  'approvals.review': review,
  'approvals.rollout': rollout,
  'approvals.deviation': deviation,
  'approvals.rollout-said': rolloutSaid,
  'approvals.reminder': reminder,
  'approvals.changed': changed,
  'approvals.gone': gone,
  'approvals.decided': decided,
  'approvals.condition': condition,
  'approvals.comment': comment,
  'approvals.minutes': minutes,
};
