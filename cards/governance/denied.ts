import type { Card } from '../card.ts';
import { act, actions, type Ids, type Verb } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { state } from '../parts/state.ts';
import { clean, plain } from '../parts/text.ts';
import { headline, soWhat } from '../parts/words.ts';

/** A `Refused` of services/core/errors.ts. */
export interface DeniedView {
  why: string;
  /** What the person can do now; may be empty. */
  next: string;
  /** The nearest thing they may do. */
  instead?: { title: string; verb: Verb; ids?: Ids };
}

/** The answer to something that is not done: the reason word for word, and the way on. */
export const deniedCard = ({ why, next, instead }: DeniedView): Card =>
  card({
    summary: next ? `${clean(why)} ${clean(next)}` : clean(why),
    state: state({ tone: 'warning', word: 'not done', icon: 'Warning' }),
    headline: headline(plain(why, 400)),
    soWhat: next ? soWhat(plain(next, 400)) : undefined,
    actions: instead ? actions([act(instead)]) : undefined,
  });
