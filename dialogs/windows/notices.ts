import { answerCard } from '../../cards/windows/answer.ts';
import { changeCard, changeSummary } from '../../cards/windows/change.ts';
import { entryCard, entryWords } from '../../cards/windows/entry.ts';
import type { Draw } from '../capability.ts';
import { changeView, neededChange } from './change-view.ts';
import { answerView, entryView } from './view.ts';

const entry: Draw = async (rooms, { ids }, now) => {
  const view = await entryView(rooms, now, ids['entry'] ?? '');
  return { card: entryCard(view), summary: entryWords(view) };
};

const change: Draw = async (rooms, { ids }, now) => {
  const view = await changeView(rooms, await neededChange(rooms, ids['change'] ?? ''), now, ids['about']);
  return { card: changeCard(view), summary: changeSummary(view) };
};

/** A pipeline could not be told; somebody has to look at it. */
const gate: Draw = async (rooms, { ids }, now) => {
  const check = await rooms.windows.gate.check(rooms.db, ids['check'] ?? '');
  if (!check) return undefined;
  const decision = await rooms.windows.ask({ endpoint: check.endpoint, now }, rooms.db);
  const view = await answerView(rooms, now, check.endpoint, decision);
  const why = `A pipeline of ${check.source} waits for this answer and could not be told: ${check.last_error ?? 'no reason was kept'}`;
  return { card: answerCard({ ...view, why }), summary: why };
};

export const notices = {
  'windows.gate': gate,
  'windows.entry': entry,
  'windows.change': change,
  'windows.change-note': change,
};
