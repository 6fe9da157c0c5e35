import { z } from 'zod/v4';
import { type HelpView, helpCard } from '../../cards/governance/help.ts';
import { argumentOf, fieldsOf, freeText } from '../arguments.ts';
import { type AnyCapability, capability } from '../capability.ts';

export const help = capability({
  id: 'governance.help',
  summary: 'Say what you can ask me, or search it',
  phrases: ['help [{about}]', 'help me', 'what can i do', 'what can you do'],
  examples: ['help', 'help incidents'],
  input: z.object({ about: freeText(100).optional() }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ allowed }, { about }) => {
    const view = helpView(allowed(), about);
    return { text: helpText(view), card: helpCard(view), data: view };
  },
});

/**
 * Help for one person: `allowed` is what they may run, so nothing else is shown. Searched by words that must all be
 * found; when no capability has them all, by any of them. The id of a capability gives it alone, with all its phrases.
 */
export function helpView(allowed: readonly AnyCapability[], about?: string): HelpView {
  const searched = about?.trim();
  if (!searched) return { groups: grouped(allowed, entryOf) };
  const exact = allowed.find(({ id }) => id === searched.toLowerCase());
  if (exact) return { searched, groups: [{ name: domainOf(exact), entries: everyWay(exact) }] };
  const words = wordsOf(searched);
  const scored = allowed
    .map((one) => ({ one, scores: words.map((word) => scoreOf(one, word)) }))
    .filter(({ scores }) => scores.some((score) => score > 0));
  const full = scored.filter(({ scores }) => scores.every((score) => score > 0));
  const best = (full.length > 0 ? full : scored).sort((left, right) => sum(right.scores) - sum(left.scores));
  return {
    searched,
    groups: grouped(
      best.map(({ one }) => one),
      entryOf,
    ),
  };
}

type Entry = HelpView['groups'][number]['entries'][number];

const entryOf = ({ examples, summary, effect }: AnyCapability): Entry => ({
  example: examples[0] ?? '',
  summary,
  effect,
});

/** The examples first, then the phrases with their fields in capitals and what goes there. */
function everyWay({ examples, phrases, summary, effect, input }: AnyCapability): Entry[] {
  const fields = new Map(fieldsOf(input));
  return [
    ...examples.map((example) => ({ example, summary, effect })),
    ...phrases
      .filter((phrase) => phrase.includes('{'))
      .map((phrase) => {
        const named = [...phrase.matchAll(/\{([^{}=]+)\}/g)].flatMap(([, name = '']) => {
          const schema = fields.get(name);
          return schema ? [`${name.toUpperCase()} is ${argumentOf(schema).description || name}`] : [];
        });
        const example = phrase
          .replace(/ ?\{[^{}]*=[^{}]*\}/g, '')
          .replace(/\{([^{}]+)\}/g, (_, name: string) => name.toUpperCase());
        return { example, summary: named.join('; '), effect };
      }),
  ];
}

const domainOf = ({ id }: AnyCapability): string => id.split('.')[0] ?? id;

const grouped = (list: readonly AnyCapability[], entry: (one: AnyCapability) => Entry): HelpView['groups'] =>
  [...Map.groupBy(list, domainOf)].map(([name, members]) => ({ name, entries: members.map(entry) }));

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\d]+/gu) ?? [];

const sum = (scores: readonly number[]): number => scores.reduce((total, score) => total + score, 0);

/** Where a word is found decides how much it counts: its name and phrases before its description. */
function scoreOf({ id, phrases, summary, examples }: AnyCapability, word: string): number {
  const places: [string, number][] = [
    [id, 4],
    [phrases.join(' ').replace(/\{[^{}]*\}/g, ''), 4],
    [summary, 2],
    [examples.join(' '), 1],
  ];
  return Math.max(...places.map(([text, weight]) => (wordsOf(text).some((own) => alike(own, word)) ? weight : 0)));
}

/** "votes" finds "vote", and "roll" finds "rollback". */
const alike = (own: string, word: string): boolean =>
  own === word || (Math.min(own.length, word.length) >= 3 && (own.startsWith(word) || word.startsWith(own)));

const MARKS: Readonly<Record<Entry['effect'], string>> = {
  read: '',
  write: '',
  dangerous: ' (asks before it happens)',
};

/** For the terminal and the notification. */
export function helpText({ groups, searched }: HelpView): string {
  if (groups.length === 0)
    return searched
      ? `I have nothing about "${searched}" for you. Say "help" to see everything.`
      : 'There is nothing you may ask me. Ask your administrator for a role.';
  const lines = groups.flatMap(({ name, entries }) => [
    name,
    ...entries.map(({ example, summary, effect }) => `  ${example}: ${summary}${MARKS[effect]}`),
  ]);
  return [searched ? `About "${searched}":` : 'What you can ask me:', ...lines].join('\n');
}
