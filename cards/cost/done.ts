import type { Card } from '../card.ts';
import { act, type Verb } from '../parts/actions.ts';
import type { Tone } from '../parts/tone.ts';
import { report, type Source } from './report.ts';

export interface DoneView {
  source: Source;
  word: string;
  tone?: Tone;
  text: string;
  next?: { title: string; verb: Verb; ids?: Readonly<Record<string, string>> };
}

/** What was just done, and the way on. */
export function doneCard({ source, word, tone = 'good', text, next }: DoneView): Card {
  return report({ state: { tone, word }, headline: text, primary: next ? [act(next)] : [], source });
}
