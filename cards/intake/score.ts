import type { Temporal } from 'temporal-polyfill';
import type { Axis } from '../../services/intake/score.rules.ts';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { bars } from '../parts/charts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number, percentage } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { plain } from '../parts/text.ts';
import { caption, headline, line, soWhat } from '../parts/words.ts';
import { AXIS_WORDS } from './words.ts';

export interface ScoreView {
  now: Temporal.Instant;
  id: string;
  title: string;
  score: number | undefined;
  between?: { low: number; high: number };
  range?: { low: number; high: number };
  rows: readonly {
    axis: Axis;
    weight: number;
    value: number | undefined;
    points: number | undefined;
    because: string;
  }[];
  confidence: { factor: number; because: string };
  risk: { factor: number; because: string };
  gate?: { why: string; next: string };
  levers: readonly { name: string; change: string; effect: number }[];
}

const one = (value: number | undefined) => number(value, { digits: 1 });
const signed = (value: number) => `${value < 0 ? '−' : '+'}${one(Math.abs(value))}`;

/** Why it scores what it scores, term by term. */
export function scoreCard(view: ScoreView): Card {
  const words =
    view.score === undefined
      ? `${view.title} scores between ${one(view.between?.low)} and ${one(view.between?.high)}`
      : `${view.title} scores ${one(view.score)} of 100`;
  const [strongest] = view.levers;
  return card({
    summary: `${view.id}: ${words}`,
    state: state({
      tone: view.gate ? 'warning' : 'info',
      word: view.gate ? 'not ranked' : 'score',
      icon: 'Calculator',
      id: view.id,
    }),
    headline: headline(`${plain(words)}.`),
    soWhat: view.gate
      ? soWhat(`${plain(view.gate.why)} ${plain(view.gate.next)}`)
      : strongest
        ? soWhat(`It would change most if ${plain(strongest.change)}: ${signed(strongest.effect)} points.`)
        : undefined,
    picture: bars({
      caption: 'What would change the score, points',
      xTitle: 'Points',
      yTitle: 'If',
      bars: view.levers.map(({ name, effect }) => ({ label: name, value: Math.round(effect * 10) / 10 })),
    }),
    details: [
      table(
        [
          { title: 'Axis', width: 2 },
          { title: 'Rated', number: true },
          { title: 'Weight', number: true },
          { title: 'Points', number: true },
        ],
        view.rows.map(({ axis, value, weight, points }) => [
          AXIS_WORDS[axis],
          one(value),
          percentage(weight * 100, 0),
          one(points),
        ]),
      ),
      caption('Where they come from'),
      list(
        [
          ...view.rows.map(({ axis, because }) => ({ text: `${AXIS_WORDS[axis]}: ${plain(because)}` })),
          { text: `Confidence × ${number(view.confidence.factor)}: ${plain(view.confidence.because)}` },
          { text: `Risk × ${number(view.risk.factor)}: ${plain(view.risk.because)}` },
        ],
        { shown: 6 },
      ),
      view.range &&
        line(
          `With the low benefit and less confidence ${one(view.range.low)}, with the high benefit ${one(view.range.high)}.`,
        ),
    ],
    actions: actions([
      act({ title: `Show ${view.id}`, verb: 'intake.show', ids: { useCase: view.id } }),
      act({ title: 'Portfolio', verb: 'intake.rank' }),
    ]),
    foot: foot(view.now, 'confidence × (weights × axes) × (1 − 0.4 × risk)'),
    wide: true,
  });
}
