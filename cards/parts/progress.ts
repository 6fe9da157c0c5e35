import type { Element } from '../card.ts';
import { percentage } from './numbers.ts';
import { plain, sentence } from './text.ts';
import { LOOKS, type Tone } from './tone.ts';

export interface Progress {
  /** What happens now, in words: "Moving traffic to blue". */
  step: string;
  /** Percent, 0 to 100; left out while nobody can say. */
  done?: number;
  tone?: Tone;
}

const CELLS = 10;

/** The step in words, the share in words, and a bar that repeats it. */
export function progress({ step, done, tone = 'info' }: Progress): Element {
  const share = done === undefined ? undefined : Math.round(Math.min(100, Math.max(0, done)));
  const what = sentence(plain(step));
  const words = share === undefined ? what : `${what}: ${percentage(share)}`;
  const items: Element[] = [{ type: 'TextBlock', text: words, wrap: true }];
  if (share !== undefined) {
    const filled = Math.round((share / 100) * CELLS);
    items.push({
      type: 'ProgressBar',
      value: share,
      max: 100,
      color: LOOKS[tone].bar,
      fallback: {
        type: 'TextBlock',
        text: `${'▰'.repeat(filled)}${'▱'.repeat(CELLS - filled)}`,
        color: LOOKS[tone].text,
      },
    });
  }
  return { type: 'Container', items };
}
