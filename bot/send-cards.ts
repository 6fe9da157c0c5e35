import type { Card } from '../cards/card.ts';
import { answerCard } from '../cards/governance/answer.ts';
import { line } from '../cards/parts/words.ts';
import { fitToBudget, sizeOf } from '../cards/size.ts';
import type { Drawn } from '../dialogs/capability.ts';

const SHORT_BYTES = 8 * 1024;

/** Posted although it may stand there already, because Wardroom is not allowed to look: say so on the card. */
export function asRepeat(drawn: Drawn): Drawn {
  const note = line('Possibly a repeat: Teams did not say whether the first copy was posted.', 'quiet');
  const card: Card = { ...drawn.card, body: [...drawn.card.body, note] };
  return { ...drawn, card };
}

/** For a card that Teams found too large: its lists shortened, else its one line; undefined when it is short already. */
export function shortened(drawn: Drawn): Drawn | undefined {
  const was = sizeOf(drawn.card);
  const fitted = fitToBudget(drawn.card, Math.min(SHORT_BYTES, was / 2));
  if (sizeOf(fitted) < was) return { ...drawn, card: fitted };
  const card = answerCard({ text: `${drawn.summary}\nThe whole card is too large for Teams; ask me for its parts.` });
  return sizeOf(card) < was ? { ...drawn, card } : undefined;
}
