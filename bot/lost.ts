/*
 * Why words mean nothing here, where that can be told from the words alone, and what helps then.
 */

export interface Lost {
  kind: 'log' | 'foreign' | 'unknown';
  why: string;
  /** The way on when nothing comes near. */
  next: string;
}

const LOG = /\b(?:traceback|exception|stack ?trace|caused by|error:)|^\s+at \S+\(|^\s*file "/im;

/** Frequent small words that English does not have; two different ones make a sentence of that language. */
const FOREIGN = new Set(
  [
    'der die das und ist nicht wer wie ich du wir uns mir bitte zeige zeig kannst welche wann warum hat auf für',
    'le les des est pas qui quel quelle quels pourquoi comment je nous vous avec dans montre affiche une',
    'el los las qué quién cómo cuándo por muestra está hay con una para del',
    'il gli che chi come quando perché sono mostra per di una con della',
    'het een niet wie wat hoe waarom wanneer zijn heeft laat zien voor van',
  ].flatMap((row) => row.split(' ')),
);
const SAYS_FOREIGN = 2;

export function lostIn(text: string): Lost {
  if (text.includes('\n') && LOG.test(text))
    return {
      kind: 'log',
      why: 'That looks like a log; I read one command at a time.',
      next: '“note INC-142: …” writes it into the timeline of an incident, and “failed runs” says why runs failed.',
    };
  const words = new Set(text.toLowerCase().match(/\p{L}+/gu));
  if ([...words].filter((word) => FOREIGN.has(word)).length >= SAYS_FOREIGN)
    return {
      kind: 'foreign',
      why: 'I understand English only so far.',
      next: 'Say “status” for what is wrong now, “who is on call”, or “help” for everything you can ask.',
    };
  return {
    kind: 'unknown',
    why: 'I did not understand that.',
    next: 'Say “status” for what is wrong now, or “help” for what I can do for you.',
  };
}
