import type { Card } from '../../cards/card.ts';
import { leftCard } from '../../cards/intake/left.ts';
import { pilotCard } from '../../cards/intake/pilot.ts';
import { intakeNoteCard, questionCard } from '../../cards/intake/question.ts';
import { readinessCard } from '../../cards/intake/readiness.ts';
import { useCaseCard, useCaseSummary } from '../../cards/intake/use-case.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { counted } from '../../cards/parts/text.ts';
import { questionsOf, SECTION_WORDS, type Section, statementOf } from '../../services/intake/index.ts';
import type { Draw, Drawn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { pilotCardView } from './pilot-view.ts';
import { readinessView } from './readiness.ts';
import { neededUseCase, readerOf, useCaseView } from './view.ts';

const drawn = (card: Card): Drawn => ({ card, summary: summaryOf(card) });
const titleOf = async (rooms: Rooms, id: string) => (await neededUseCase(rooms, id)).row.title;

const useCase: Draw = async (rooms, { ids, audience }, now) => {
  const reader = await readerOf(rooms, audience);
  const view = await useCaseView(rooms, await neededUseCase(rooms, ids['useCase'] ?? ''), now, reader, true);
  return { card: useCaseCard(view), summary: useCaseSummary(view) };
};

const asked = (rooms: Rooms, ids: Readonly<Record<string, string>>) =>
  rooms.intake.delegations.find(rooms.db, Number(ids['question']));

const question: Draw = async (rooms, { ids }) => {
  const row = await asked(rooms, ids);
  if (row?.state !== 'open') return undefined;
  const { row: of, answers } = await neededUseCase(rooms, row.use_case);
  const section = row.section as Section;
  const open = questionsOf(section).filter(({ id }) => !answers[id]);
  const card = questionCard({
    useCase: of.id,
    title: of.title,
    section,
    asker: rooms.people.nameOf(row.chain.at(-2) ?? row.chain[0] ?? ''),
    nudge: Number(ids['nudge'] ?? 0),
    questions: (open.length > 0 ? open : questionsOf(section)).map(({ label }) => label),
  });
  return drawn(card);
};

const answered: Draw = async (rooms, { ids }) => {
  const row = await asked(rooms, ids);
  if (!row) return undefined;
  const text = `${rooms.people.nameOf(ids['by'] ?? row.asked)} answered for ${SECTION_WORDS[row.section as Section]} of “${await titleOf(rooms, row.use_case)}”.`;
  return drawn(intakeNoteCard({ useCase: row.use_case, text, icon: 'CheckmarkCircle' }));
};

const stuck: Draw = async (rooms, { ids }) => {
  const row = await asked(rooms, ids);
  if (!row) return undefined;
  const text = `${rooms.people.nameOf(row.asked)} has not answered for ${SECTION_WORDS[row.section as Section]} of “${await titleOf(rooms, row.use_case)}”. Ask somebody else: ask NAME for the ${row.section} of ${row.use_case}.`;
  return drawn(intakeNoteCard({ useCase: row.use_case, text, icon: 'PersonQuestionMark' }));
};

const signReminder: Draw = async (rooms, { ids }) => {
  const { row } = await neededUseCase(rooms, ids['useCase'] ?? '');
  const { holding } = await rooms.intake.signoffs.state(rooms.db, row);
  const mine = holding.find(({ stakeholder }) => stakeholder === ids['stakeholder']);
  if (!mine || row.state !== 'idea') return undefined;
  const days = Math.floor(rooms.intake.daysSince(mine.since));
  const text = `“${row.title}” waits for ${mine.stakeholder}: it ${mine.why}, for ${counted(days, 'day')}.`;
  return drawn(intakeNoteCard({ useCase: row.id, text, icon: 'Signature' }));
};

const reply: Draw = async (rooms, { ids }) => {
  const { row } = await neededUseCase(rooms, ids['useCase'] ?? '');
  const { each } = await rooms.intake.signoffs.state(rooms.db, row);
  const found = each.find(({ last }) => String(last?.id) === ids['signature']);
  if (!found?.last?.answer) return undefined;
  const { person, text } = found.last.answer;
  const words = `${rooms.people.nameOf(person)} answered your objection to “${row.title}”: ${text}. Sign off, or object again.`;
  return drawn(intakeNoteCard({ useCase: row.id, text: words, icon: 'ArrowReply' }));
};

const pilotOver: Draw = async (rooms, { ids }) => {
  const { row } = await neededUseCase(rooms, ids['useCase'] ?? '');
  const view = await rooms.intake.pilots.of(rooms.db, row);
  if (view?.pilot.state !== 'running') return undefined;
  const text = `The pilot of “${row.title}” is over: ${view.verdict}. ${view.because}. Those who decide are asked to vote: go, stop or extend.`;
  return drawn(intakeNoteCard({ useCase: row.id, text, icon: 'Beaker' }));
};

/** Somebody left: what is affected, for whoever can name somebody else. */
const left: Draw = async (rooms, { ids }) => {
  const lines = (ids['affected'] ?? '').split(';').flatMap((line) => {
    const [useCase = '', person = '', what = ''] = line.split('|');
    return useCase ? [{ useCase, person: rooms.people.nameOf(person), what }] : [];
  });
  if (lines.length === 0) return undefined;
  return drawn(leftCard({ affected: lines, total: Number(ids['count'] ?? lines.length) }));
};

const questionBack: Draw = async (rooms, { ids }) => {
  const row = await asked(rooms, ids);
  if (!row) return undefined;
  const text = `${rooms.people.nameOf(row.asked)}, whom you asked for ${SECTION_WORDS[row.section as Section]} of “${await titleOf(rooms, row.use_case)}”, is not here any more. Ask somebody else: ask NAME for the ${row.section} of ${row.use_case}.`;
  return drawn(intakeNoteCard({ useCase: row.use_case, text, icon: 'PersonQuestionMark' }));
};

/** The pilot as it is now, with `note` for whoever is asked. */
const pilotWith =
  (note?: (row: { id: string; title: string }) => string): Draw =>
  async (rooms, { ids }, now) => {
    const { row } = await neededUseCase(rooms, ids['useCase'] ?? '');
    const view = await rooms.intake.pilots.of(rooms.db, row);
    if (!view) return undefined;
    const asked = note && view.ballot?.row.state === 'open' ? note(row) : undefined;
    const card = pilotCard(pilotCardView(rooms, row, view, now, asked));
    return { card, summary: asked ?? summaryOf(card) };
  };

const pilotReminder: Draw = async (rooms, notice, now) => {
  const { row } = await neededUseCase(rooms, notice.ids['useCase'] ?? '');
  const ballot = (await rooms.intake.pilots.of(rooms.db, row))?.ballot?.row;
  // Decided meanwhile: there is nothing to remind of.
  if (ballot?.state !== 'open' || String(ballot.id) !== notice.ids['ballot']) return undefined;
  return pilotWith(({ title }) => `Your vote on the pilot of “${title}” is still missing.`)(rooms, notice, now);
};

const DECIDED: Readonly<Record<string, string>> = {
  go: 'goes live',
  stop: 'is stopped',
  extend: 'is extended',
  none: 'has no decision: the vote ended without one. Vote again, or change the pilot',
};

const pilotDecided: Draw = async (rooms, { ids }) => {
  const { row } = await neededUseCase(rooms, ids['useCase'] ?? '');
  const text = `The pilot of “${row.title}” ${DECIDED[ids['words'] ?? ''] ?? ''}. ${ids['reason'] ?? ''}`;
  return drawn(intakeNoteCard({ useCase: row.id, text, icon: 'Vote' }));
};

const gap: Draw = async (rooms, { ids }, now) => {
  const { department = '', by = '' } = ids;
  const found = statementOf(ids['statement'] ?? '');
  if (!found) return undefined;
  const view = await readinessView(rooms, department);
  const note = `${rooms.people.nameOf(by)} gave you the gap “${found.label}” of ${department}.`;
  return { card: readinessCard({ now, ...view, only: department, note }), summary: note };
};

export const notices = {
  'intake.use-case': useCase,
  'intake.question': question,
  'intake.answered': answered,
  'intake.stuck': stuck,
  'intake.sign-reminder': signReminder,
  'intake.reply': reply,
  'intake.pilot-over': pilotOver,
  'intake.gap': gap,
  'intake.left': left,
  'intake.question-back': questionBack,
  'intake.pilot': pilotWith(),
  'intake.pilot-vote': pilotWith(({ title }) => `You are asked to vote on what follows from the pilot of “${title}”.`),
  'intake.pilot-reminder': pilotReminder,
  'intake.pilot-decided': pilotDecided,
};
