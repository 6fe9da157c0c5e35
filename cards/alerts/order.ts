import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { named } from '../parts/person.ts';
import { progress } from '../parts/progress.ts';
import { state } from '../parts/state.ts';
import { clean, plain, sentence } from '../parts/text.ts';
import { between, when } from '../parts/time.ts';
import type { Tone } from '../parts/tone.ts';
import { headline } from '../parts/words.ts';

export interface OrderView {
  now: Temporal.Instant;
  id: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** "pause the monitor ep-fraud-monitor" */
  what: string;
  by: string;
  why?: string;
  note: string;
  percent: number;
  askedAt: Temporal.Instant;
  finishedAt?: Temporal.Instant;
}

const LOOK: Readonly<Record<OrderView['state'], { tone: Tone; word: string }>> = {
  waiting: { tone: 'info', word: 'about to start' },
  running: { tone: 'info', word: 'under way' },
  done: { tone: 'good', word: 'done' },
  failed: { tone: 'bad', word: 'failed' },
};

/** Something that is done in Azure because somebody confirmed it; edited in place until it has ended. */
export function orderCard(view: OrderView): Card {
  const { what, finishedAt, askedAt } = view;
  const going = view.state === 'waiting' || view.state === 'running';
  return card({
    summary: orderSummary(view),
    state: state({ ...LOOK[view.state], id: view.id }),
    headline: headline(plain(sentence(what))),
    facts: facts([
      ['Asked by', named(view.by)],
      ['Why', view.why && plain(view.why)],
      ['Asked', when(askedAt)],
      ['Outcome', going ? undefined : plain(view.note)],
      ['Took', finishedAt && between(askedAt, finishedAt)],
    ]),
    details: [going && progress({ step: view.note, ...(view.percent > 0 ? { done: view.percent } : {}) })],
    foot: foot(view.now, 'Azure Machine Learning'),
  });
}

export const orderSummary = (view: Pick<OrderView, 'id' | 'state' | 'what' | 'note'>): string =>
  `${view.id} ${LOOK[view.state].word}: ${clean(view.what, 160)}${view.state === 'failed' ? ` (${clean(view.note, 120)})` : ''}`;
