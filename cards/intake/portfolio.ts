import type { Temporal } from 'temporal-polyfill';
import type { RiskClass } from '../../services/intake/score.rules.ts';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { image } from '../parts/picture.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { caption, headline, soWhat } from '../parts/words.ts';
import { MARKS } from '../pictures/marks.ts';
import type { PictureAddresses } from '../pictures/picture.ts';
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
  /** Where the picture of value against feasibility is found; none when nothing is ranked. */
  picture?: PictureAddresses;
  /** Person-months. */
  capacity?: number;
  /** The weights when they are not those that count: a what-if. */
  whatIf?: string;
}

/** Which mark of a picture stands for a class of risk. */
export const RISK_SERIES: Readonly<Record<RiskClass, number>> = {
  minimal: 0,
  transparency: 0,
  sensitive: 3,
  high: 1,
  prohibited: 2,
};
const markOf = (risk: RiskClass | undefined) => MARKS[RISK_SERIES[risk ?? 'minimal']];

/** The portfolio: what to do first, drawn as value against feasibility, with the line where the people end. */
export function portfolioCard(view: PortfolioView): Card {
  const { ranked, held, capacity, picture } = view;
  const [first] = ranked;
  const words = first
    ? `${counted(ranked.length, 'use case')} ranked; ${first.title} comes first.`
    : 'No use case can be ranked yet.';
  const fitting = ranked.filter(({ within }) => within);
  return card({
    summary: words,
    state: state({ tone: 'info', word: view.whatIf ? 'what if' : 'portfolio', icon: 'Board' }),
    headline: headline(plain(words)),
    soWhat: !first
      ? soWhat(held.length > 0 ? 'What each of them lacks stands below.' : 'Say “new use case” to begin.')
      : capacity === undefined
        ? view.whatIf
          ? soWhat(plain(view.whatIf))
          : undefined
        : soWhat(
            `${counted(fitting.length, 'use case fits', 'use cases fit')} into ${counted(capacity, 'person-month')}.`,
          ),
    picture:
      picture &&
      image(
        `${markOf('minimal')} minimal risk · ${markOf('sensitive')} sensitive · ${markOf('high')} high; the larger, the more person-months; the best place is at the top right`,
        ranked
          .map(
            ({ id, place, value, feasibility, effort, risk }) =>
              `${place} ${id}: value ${number(value)}, feasibility ${number(feasibility)}${effort === undefined ? '' : `, ${counted(effort, 'person-month')}`}, ${RISKS[risk ?? 'minimal'].word}`,
          )
          .join('; '),
        picture,
      ),
    details: [
      ranked.length > 0 && caption('In order of score for each person-month'),
      list(
        ranked.map(({ id, title, place, score, effort, perEffort, within, risk }) => ({
          text: `${place}. **${id}** · ${plain(title, 120)}`,
          detail: [
            `${number(score, { digits: 1 })} points`,
            effort === undefined ? 'no effort given' : `${counted(effort, 'person-month')}, ${number(perEffort)} each`,
            risk ? `${markOf(risk)} ${RISKS[risk].word}` : undefined,
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
