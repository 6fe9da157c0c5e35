import type { Temporal } from 'temporal-polyfill';
import { type BusinessCaseView, businessCaseCard, TORNADO_SHOWN } from '../../cards/intake/business-case.ts';
import { money as moneyOf, number, percent } from '../../cards/parts/numbers.ts';
import { shortly } from '../../cards/pictures/axis.ts';
import {
  businessCase,
  type CaseInput,
  flip,
  type SideResult,
  type TornadoBar,
  tornado,
  type UseCase,
} from '../../services/intake/index.ts';
import type { Answer } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { currencyOf } from './view.ts';

/** The reckoned case as an answer. */
export function shownCase(
  rooms: Pick<Rooms, 'pictures'>,
  useCase: UseCase,
  input: CaseInput,
  now: Temporal.Instant,
): Answer {
  const currency = currencyOf(useCase);
  const { build, buy, better, by, breakEvenVolume } = businessCase(input);
  const money = (value: { toFixed(digits: number): string }) => ({ amount: value.toFixed(2), currency });
  const side = (one: SideResult): BusinessCaseView['build'] => ({
    npv: money(one.npv),
    tco: money(one.tco),
    irr:
      one.irr.kind === 'rate'
        ? Number(one.irr.rate)
        : one.irr.kind === 'several'
          ? 'more than one rate'
          : `none: ${one.irr.why}`,
    breakEven: one.breakEvenMonth,
    flows: one.flows.map(money),
  });
  const turn = flip(input);
  const moved = tornado(input);
  const written = (value: TornadoBar['from'], unit: TornadoBar['unit']): string => {
    if (unit === 'share') return percent(Number(value));
    if (unit === 'count') return number(Number(value));
    // A price for each use may be far under the smallest coin.
    return value.abs().lt(1) ? `${number(Number(value))} ${currency}` : moneyOf(money(value));
  };
  const view: BusinessCaseView = {
    now,
    id: useCase.row.id,
    title: useCase.row.title,
    years: input.years,
    rate: Number(input.rate),
    build: side(build),
    buy: side(buy),
    better,
    by: money(by),
    ...(breakEvenVolume
      ? { breakEvenVolume: { volume: Math.round(Number(breakEvenVolume.volume)), above: breakEvenVolume.above } }
      : {}),
    tornado: moved.map(({ input: name, unit, from, to, low, high }) => ({
      input: name,
      low: written(from, unit),
      high: written(to, unit),
      atLow: money(low),
      atHigh: money(high),
    })),
    picture: rooms.pictures({
      kind: 'tornado',
      axis: `building is better by (${currency}, present value)`,
      below: 'buying is better',
      above: 'building is better',
      base: Number(build.npv.minus(buy.npv)),
      bars: moved.slice(0, TORNADO_SHOWN).map(({ input: name, unit, from, to, low, high }) => ({
        name,
        low: shortly(Number(from), unit === 'share'),
        high: shortly(Number(to), unit === 'share'),
        atLow: Number(low),
        atHigh: Number(high),
        ...(turn?.input === name ? { turns: true } : {}),
      })),
    }),
    ...(turn ? { flip: { input: turn.input, change: Number(turn.change) } } : {}),
  };
  const words =
    better === 'equal'
      ? 'both are worth the same'
      : `${better === 'build' ? 'building' : 'buying'} is worth ${moneyOf(view.by)} more`;
  const { now: _, picture: __, ...data } = view;
  return {
    text: `${useCase.row.id}: over ${input.years} years ${words} (build ${moneyOf(view.build.npv)}, buy ${moneyOf(view.buy.npv)}).`,
    card: businessCaseCard(view),
    data,
    objects: [useCase.row.id],
  };
}
