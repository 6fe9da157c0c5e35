import { swapCard } from '../../cards/alerts/swap.ts';
import type { Swap } from '../../services/alerts/index.ts';
import { wholeNumber } from '../arguments.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

/** PostgreSQL would refuse a larger id; nobody types one. */
const LARGEST = 999_999_999;
export const swapNumber = wholeNumber(1, LARGEST);

const cardOf = ({ people }: Rooms, swap: Swap, reader: string, now: Turn['now']) =>
  swapCard({
    ...swap,
    now,
    asker: people.nameOf(swap.asker),
    asked: people.nameOf(swap.asked),
    reader: reader === swap.asker ? 'asker' : reader === swap.asked ? 'asked' : 'other',
  });

/** The swap as it is after what this person did. */
export const swapAnswer = ({ rooms, now, actor }: Turn, swap: Swap, text: string): Answer => ({
  text,
  card: cardOf(rooms, swap, actor.id, now),
  data: { swap: swap.number, state: swap.state, schedule: swap.schedule },
  objects: [swap.schedule, `swap ${swap.number}`],
});

/** One to one, for each of the two, as it is when it is sent. */
export const swapNotice: Draw = async (rooms, { ids }, now) => {
  const swap = await rooms.alerts.swaps.find(rooms.db, Number(ids['swap']));
  if (!swap) return undefined;
  const card = cardOf(rooms, swap, ids['person'] ?? '', now);
  return { card, summary: card.fallbackText ?? '' };
};
