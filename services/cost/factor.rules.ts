import { Refused } from '../core/errors.ts';

const TIMES: Readonly<Record<string, number>> = { double: 2, twice: 2, triple: 3, halve: 0.5, half: 0.5 };
const WORD = /^(?:(?:is|are|gets?|by) )?(double|twice|triple|halve|half)[sd]?(?: as (?:often|much|many))?$/;
const FACTOR = /^(?:(?:is|are|by|times|x) ?)?(\d+(?:\.\d+)?)(?: ?(?:x|times|fold))?(?: as (?:often|much|many))?$/;
const MORE = '(?:grows?|rises?|increases?|goes up|go up|is up|up|\\+)';
const LESS = '(?:falls?|drops?|shrinks?|decreases?|goes down|go down|is down|down|-|−)';
const CHANGE = new RegExp(
  `^(?:(${MORE})|(${LESS}))? ?(?:by )?(\\d+(?:\\.\\d+)?) ?(?:%|percent)(?: (more|less|up|down|fewer))?$`,
);
const MOST = 1000;

/**
 * What is multiplied by what, as people say it: "2", "1.5x", "twice as often", "halves", "grows by 50 %", "20 % less".
 * Nothing said is 1. Throws `Refused` for what is none.
 */
export function readFactor(words: string | undefined): number {
  if (words === undefined) return 1;
  const said = words
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/(\d),(\d)/g, '$1.$2')
    .replace(/[?!.]+$/, '');
  const [, factor] = FACTOR.exec(said) ?? [];
  const [, times] = WORD.exec(said) ?? [];
  const [, , less, percent, which] = CHANGE.exec(said) ?? [];
  const down = less !== undefined || (which !== undefined && which !== 'more' && which !== 'up');
  const read =
    factor !== undefined
      ? Number(factor)
      : times !== undefined
        ? TIMES[times]
        : percent !== undefined
          ? 1 + (down ? -1 : 1) * (Number(percent) / 100)
          : undefined;
  if (read !== undefined && read >= 0 && read <= MOST) return Math.round(read * 1e9) / 1e9;
  throw new Refused(
    `I cannot read “${words.slice(0, 40)}” as a change.`,
    'Write a factor from 0 to 1000 such as 2, or twice, halves, grows by 50 %, 20 % less.',
    'no-factor',
  );
}
