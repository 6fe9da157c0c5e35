/*
 * People are polite, and speak in sentences: “could you please show me the incidents, thanks”. What frames a command is
 * taken away, so that phrases need not know it. It is tried only when the words as they stand mean nothing.
 */

const BEFORE =
  /^(?:(?:please|pls|kindly|hey|hi|hello|ok(?:ay)?|so|now|well|wardroom|can you|could you|would you|will you|can i|could i|may i|i want to|i would like to|i'd like to|i need to|i want|i need|let's|let us|let me|try to|just)[\s,!:.]+)+/i;
const AFTER =
  /(?:[\s,;.!]+(?:please|pls|thanks|thank you|thx|now|asap|quickly|right now|for me|again|there|wardroom))+[\s.!?]*$/i;
/** In front of what is only looked at. */
const LOOK = /^(?:show|list|display|give|tell|send|get|see|open|view|print|find|what are|what is|what's|where are)\s+/i;
const FILLER = /^(?:me|us|the|a|an|all|about|our|my|current|currently|latest|of)\s+/i;

export interface Framed {
  text: string;
  /** Words such as “show me the” were taken away: only what looks may be meant. */
  looks: boolean;
}

/** In front of a thing that is named without a verb: “our costs”, “the bill”. */
const ARTICLE = /^(?:the|our|my)\s+/i;

/** A command is short; what is longer is a text that somebody pasted. */
const MOST_CHARACTERS = 300;

/** The same message with less and less around it, the least changed first; without the message itself. */
export function withoutCourtesy(text: string): Framed[] {
  if (text.length > MOST_CHARACTERS) return [];
  const spoken = text.replaceAll('’', "'").trim();
  const before = spoken.replace(AFTER, '').trim();
  const bare = before.replace(BEFORE, '').trim();
  const framed: Framed[] = [before, bare]
    .filter((words, at, all) => words !== spoken && words !== '' && all.indexOf(words) === at)
    .map((words) => ({ text: words, looks: false }));
  let rest = bare.replace(LOOK, '').replace(ARTICLE, '');
  if (rest === bare || rest === '') return framed;
  framed.push({ text: rest, looks: true });
  while (FILLER.test(rest)) {
    rest = rest.replace(FILLER, '');
    framed.push({ text: rest, looks: true });
  }
  return framed;
}
