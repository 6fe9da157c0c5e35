import { rotationCard, rotationSummary } from '../../cards/alerts/rotation.ts';
import type { RotationChange, RotationLook } from '../../services/alerts/index.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { said } from '../times.ts';
import { namesOf, shiftData, shiftOf, stretchData, stretchOf } from './oncall-words.ts';

const viewOf = (rooms: Rooms, look: RotationLook, now: Turn['now']) => ({
  now,
  schedule: look.schedule,
  zone: look.zone,
  words: look.words,
  fresh: look.fresh,
  gone: look.gone,
  from: look.from,
  to: look.to,
  shifts: look.shifts.map((shift) => shiftOf(rooms, shift)),
  gaps: look.gaps.map(stretchOf),
  before: namesOf(rooms, look.now.before),
  after: namesOf(rooms, look.now.after),
  touched: namesOf(rooms, look.touched),
  uncalled: look.uncalled,
});

/** The two weeks ahead in words, for the terminal and for whoever has to confirm it. */
export function lookWords({ rooms, now, actor }: Pick<Turn, 'rooms' | 'now' | 'actor'>, look: RotationLook): string {
  const view = viewOf(rooms, look, now);
  const gaps = view.gaps.map(
    ({ start, end }) =>
      `Nobody is on call from ${said(start, actor.zone)} ${end ? `to ${said(end, actor.zone)}` : 'on'}.`,
  );
  const shifts = view.shifts
    .slice(0, 8)
    .map(({ who, start }) => `${said(start, actor.zone)} ${who.join(' and ') || 'nobody'}`);
  return [`${look.schedule}: ${look.words}.`, ...gaps, shifts.length > 0 ? `Two weeks: ${shifts.join('; ')}.` : '']
    .filter(Boolean)
    .join(' ');
}

const dataOf = (look: RotationLook) => ({
  schedule: look.schedule,
  words: look.words,
  shifts: look.shifts.map(shiftData),
  gaps: look.gaps.map(stretchData),
  touched: look.touched,
});

export const previewAnswer = (turn: Turn, look: RotationLook, draft: string): Answer => ({
  text: `${lookWords(turn, look)} Nothing has changed yet: say “apply rotation ${draft}”.`,
  card: rotationCard({ ...viewOf(turn.rooms, look, turn.now), stage: 'preview', draft }),
  data: { draft, ...dataOf(look) },
});

export const changeAnswer = (turn: Turn, { change, look }: { change: RotationChange; look: RotationLook }): Answer => {
  const { rooms, now } = turn;
  return {
    text: `${change.id} is ${change.undoneBy ? 'taken back' : 'in force'}. ${lookWords(turn, look)}`,
    card: rotationCard({ ...viewOf(rooms, look, now), ...stageOf(rooms, change) }),
    data: { rotation: change.id, undone: change.undoneBy !== undefined, ...dataOf(look) },
    objects: [change.schedule, change.id],
    ...(change.reason ? { why: change.reason } : {}),
  };
};

const stageOf = (rooms: Rooms, change: RotationChange) => ({
  stage: change.undoneBy ? ('undone' as const) : ('made' as const),
  id: change.id,
  by: rooms.people.nameOf(change.undoneBy ?? change.by),
  ...(change.reason ? { reason: change.reason } : {}),
});

/** For whom it touches, with the two weeks ahead as they are when the message is sent. */
export const rotationNotice: Draw = async (rooms, { ids }, now) => {
  const change = await rooms.alerts.rotations.find(rooms.db, ids['rotation'] ?? '');
  if (!change) return undefined;
  const look = await rooms.alerts.rotations.lookAt(rooms.db, change);
  const view = { ...viewOf(rooms, look, now), ...stageOf(rooms, change) };
  return { card: rotationCard(view), summary: rotationSummary(view) };
};
