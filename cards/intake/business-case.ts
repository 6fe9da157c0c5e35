import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { type Amount, money, number, percent } from '../parts/numbers.ts';
import { image } from '../parts/picture.ts';
import { state } from '../parts/state.ts';
import { table } from '../parts/table.ts';
import { plain } from '../parts/text.ts';
import { caption, headline, line, soWhat } from '../parts/words.ts';
import type { PictureAddresses } from '../pictures/picture.ts';

interface SideView {
  npv: Amount;
  tco: Amount;
  /** Share, or words when there is none. */
  irr: number | string;
  /** Months; undefined: never within the years. */
  breakEven: number | undefined;
  /** Year 0 first. */
  flows: readonly Amount[];
}

export interface BusinessCaseView {
  now: Temporal.Instant;
  id: string;
  title: string;
  years: number;
  /** 0.08 */
  rate: number;
  build: SideView;
  buy: SideView;
  better: 'build' | 'buy' | 'equal';
  by: Amount;
  breakEvenVolume?: { volume: number; above: 'build' | 'buy' };
  /** The widest first: the input's two values as they are written, and by how much building is better with each. */
  tornado: readonly { input: string; low: string; high: string; atLow: Amount; atHigh: Amount }[];
  flip?: { input: string; change: number };
  /** Where the picture of `tornado` is found. */
  picture?: PictureAddresses;
}

const SIDES = { build: 'Building in-house', buy: 'Buying from a third party' } as const;
const months = (value: number | undefined): string =>
  value === undefined ? 'never' : `month ${number(value, { digits: 0 })}`;

/** As many inputs as a picture has room for. */
export const TORNADO_SHOWN = 8;
const TORNADO = 'By how much building is better when one input moves';

/** The picture in words. */
const tornadoWords = ({ tornado, flip }: BusinessCaseView): string => {
  const each = tornado
    .slice(0, TORNADO_SHOWN)
    .map(({ input, low, high, atLow, atHigh }) => `${input} ${low} ${money(atLow)}, ${high} ${money(atHigh)}`);
  const turns = flip ? ` The choice turns soonest with ${flip.input}.` : '';
  return `${TORNADO}, the widest swing first: ${each.join('; ')}.${turns}`;
};

/** In-house against a third party: what it is worth, what it costs, and what would turn the choice around. */
export function businessCaseCard(view: BusinessCaseView): Card {
  const { id, title, better, by, years, flip, breakEvenVolume } = view;
  const words =
    better === 'equal'
      ? `${title}: both ways are worth the same`
      : `${SIDES[better]} is worth ${money(by)} more over ${years} years`;
  const irr = (value: number | string) => (typeof value === 'number' ? percent(value) : value);
  return card({
    summary: `${id}: ${words}`,
    state: state({ tone: 'info', word: 'business case', icon: 'MoneyCalculator', id }),
    headline: headline(`${plain(words)}.`),
    soWhat: flip
      ? soWhat(
          `The choice turns around with ${percent(Math.abs(flip.change))} ${flip.change < 0 ? 'less' : 'more'}: ${plain(flip.input)}.`,
        )
      : soWhat('No single input turns the choice around within ten times its value.'),
    picture: view.picture && view.tornado.length > 0 ? image(TORNADO, tornadoWords(view), view.picture) : undefined,
    facts: facts([
      [
        'Break-even volume',
        breakEvenVolume
          ? `${number(breakEvenVolume.volume)} a year; above it ${breakEvenVolume.above === 'build' ? 'building' : 'buying'} is better`
          : undefined,
      ],
      ['Discount rate', percent(view.rate)],
    ]),
    details: [
      table(
        [{ title: '' }, { title: 'Build', number: true }, { title: 'Buy', number: true }],
        [
          ['Net present value', money(view.build.npv), money(view.buy.npv)],
          ['Total cost of ownership', money(view.build.tco), money(view.buy.tco)],
          ['Internal rate of return', irr(view.build.irr), irr(view.buy.irr)],
          ['Paid back', months(view.build.breakEven), months(view.buy.breakEven)],
          ...view.build.flows.map((flow, year) => [
            year === 0 ? 'Now' : `Year ${year}`,
            money(flow),
            money(view.buy.flows[year]),
          ]),
        ],
        { shown: 12 },
      ),
      caption(`${TORNADO} (${by.currency})`),
      table(
        [
          { title: 'Input', width: 2 },
          { title: 'A fifth lower', width: 2, number: true },
          { title: 'A fifth higher', width: 2, number: true },
        ],
        view.tornado
          .slice(0, TORNADO_SHOWN)
          .map(({ input, low, high, atLow, atHigh }) => [
            `${flip?.input === input ? '◆ ' : ''}${plain(input)}`,
            `${low}: ${money(atLow)}`,
            `${high}: ${money(atHigh)}`,
          ]),
        { shown: TORNADO_SHOWN },
      ),
      line('Flows are benefit × adoption × chance of success, less cost; each at the end of its year.'),
    ],
    actions: actions([
      act({ title: 'Change the numbers', verb: 'intake.weigh', ids: { useCase: id, again: 'yes' } }),
      act({ title: `Show ${id}`, verb: 'intake.show', ids: { useCase: id } }),
    ]),
    foot: foot(view.now, 'numbers of this use case'),
    wide: true,
  });
}
