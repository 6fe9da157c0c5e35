import { changeCard, changeSummary } from '../../cards/windows/change.ts';
import { entryCard, entryWords } from '../../cards/windows/entry.ts';
import type { Draw } from '../capability.ts';
import { changeView, neededChange } from './change-view.ts';
import { entryView } from './view.ts';

const entry: Draw = async (rooms, { ids }, now) => {
  const view = await entryView(rooms, now, ids['entry'] ?? '');
  return { card: entryCard(view), summary: entryWords(view) };
};

const change: Draw = async (rooms, { ids }, now) => {
  const view = await changeView(rooms, await neededChange(rooms, ids['change'] ?? ''), now, ids['about']);
  return { card: changeCard(view), summary: changeSummary(view) };
};

export const notices = { 'windows.entry': entry, 'windows.change': change, 'windows.change-note': change };
