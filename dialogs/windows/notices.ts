import { entryCard, entryWords } from '../../cards/windows/entry.ts';
import type { Draw } from '../capability.ts';
import { entryView } from './view.ts';

const entry: Draw = async (rooms, { ids }, now) => {
  const view = await entryView(rooms, now, ids['entry'] ?? '');
  return { card: entryCard(view), summary: entryWords(view) };
};

export const notices = { 'windows.entry': entry };
