import type { Temporal } from 'temporal-polyfill';
import type { RiskClass } from '../../services/intake/score.rules.ts';
import type { Card, Element } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { aside, caption, headline, soWhat } from '../parts/words.ts';
import { GATES, RISKS } from './words.ts';

export interface PortfolioView {
  now: Temporal.Instant;
  ranked: readonly {
    id: string;
    title: string;
    place: number;
    score: number;
    effort: number | undefined;
    perEffort: number | undefined;
    within: boolean;
    /** 0 to 100 */
    value: number;
    feasibility: number;
    risk: RiskClass | undefined;
  }[];
  held: readonly { id: string; title: string; gate: keyof typeof GATES }[];
  /** Person-months. */
  capacity?: number;
  /** The weights when they are not those that count: a what-if. */
  whatIf?: string;
}

const BANDS = [
  { from: 66.7, word: 'high' },
  { from: 33.3, word: 'mid' },
  { from: Number.NEGATIVE_INFINITY, word: 'low' },
] as const;
const bandOf = (value: number): number => BANDS.findIndex(({ from }) => value >= from);
const MARKS: Readonly<Record<RiskClass, string>> = {
  minimal: '●',
  transparency: '●',
  sensitive: '◆',
  high: '▲',
  prohibited: '✖',
};
const SHOWN_IN_A_FIELD = 4;

/** The portfolio: what to do first, drawn as value against feasibility, with the line where the people end. */
export function portfolioCard(view: PortfolioView): Card {
  const { ranked, held, capacity } = view;
  const [first] = ranked;
  const words = first
    ? `${counted(ranked.length, 'use case')} ranked; ${first.title} comes first.`
    : 'No use case can be ranked yet.';
  const fitting = ranked.filter(({ within }) => within);
  return card({
    summary: words,
    state: state({ tone: 'info', word: view.whatIf ? 'what if' : 'portfolio', icon: 'Board' }),
    headline: headline(plain(words)),
    soWhat:
      capacity === undefined
        ? view.whatIf
          ? soWhat(plain(view.whatIf))
          : undefined
        : soWhat(
            `${counted(fitting.length, 'use case fits', 'use cases fit')} into ${counted(capacity, 'person-month')}.`,
          ),
    picture: ranked.length > 0 ? matrix(ranked) : undefined,
    details: [
      ranked.length > 0 && caption('In order of score for each person-month'),
      list(
        ranked.map(({ id, title, place, score, effort, perEffort, within, risk }) => ({
          text: `${place}. **${id}** · ${plain(title, 120)}`,
          detail: [
            `${number(score, { digits: 1 })} points`,
            effort === undefined ? 'no effort given' : `${counted(effort, 'person-month')}, ${number(perEffort)} each`,
            risk ? `${MARKS[risk]} ${RISKS[risk].word}` : undefined,
            within ? undefined : 'beyond the people there are',
          ]
            .filter(Boolean)
            .join(' · '),
          select: act({ title: `Show ${id}`, verb: 'intake.show', ids: { useCase: id } }),
        })),
        { shown: 10, spacing: 'Medium' },
      ),
      held.length > 0 && caption('Not ranked'),
      list(
        held.map(({ id, title, gate }) => ({
          text: `**${id}** · ${plain(title, 120)}`,
          detail: GATES[gate],
          select: act({ title: `Show ${id}`, verb: 'intake.show', ids: { useCase: id } }),
        })),
      ),
    ],
    foot: foot(view.now, 'what people answered'),
    wide: true,
  });
}

/** Value upwards, feasibility to the right; each use case by its place, with the mark of its risk. */
function matrix(ranked: PortfolioView['ranked']): Element {
  const cell = (row: number, column: number): string => {
    const inside = ranked.filter((one) => bandOf(one.value) === row && bandOf(one.feasibility) === column);
    const shown = inside
      .slice(0, SHOWN_IN_A_FIELD)
      .map(
        ({ id, risk, effort }) =>
          `${MARKS[risk ?? 'minimal']} ${id}${effort === undefined ? '' : ` (${number(effort)})`}`,
      );
    const rest = inside.length - shown.length;
    return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join('\n\n') || ' ';
  };
  const columns = [2, 1, 0];
  const text = (words: string, more: object = {}) => ({
    type: 'TextBlock',
    text: words,
    wrap: true,
    size: 'Small',
    ...more,
  });
  const rowOf = (cells: readonly Element[], style?: string) => ({
    type: 'TableRow',
    cells: cells.map((items) => ({ type: 'TableCell', items: [items], ...(style ? { style } : {}) })),
  });
  const names = columns.map((column) => text(`${BANDS[column]?.word} feasibility`, { isSubtle: true }));
  return {
    type: 'Container',
    spacing: 'Medium',
    items: [
      caption('Value against feasibility (person-months) · ● minimal risk · ◆ sensitive · ▲ high risk'),
      {
        type: 'Table',
        showGridLines: true,
        firstRowAsHeaders: true,
        columns: [{ width: 1 }, { width: 2 }, { width: 2 }, { width: 2 }],
        rows: [
          rowOf([text(' '), ...names]),
          ...BANDS.map(({ word }, row) =>
            rowOf([text(`${word} value`, { isSubtle: true }), ...columns.map((column) => text(cell(row, column)))]),
          ),
        ],
      },
      aside('The best place is at the top right.'),
    ],
  };
}
