import type { Temporal } from 'temporal-polyfill';
import { type BusinessCaseView, businessCaseCard } from '../../cards/intake/business-case.ts';
import {
  businessCase,
  type CaseInput,
  flip,
  type SideResult,
  tornado,
  type UseCase,
} from '../../services/intake/index.ts';
import type { Answer } from '../capability.ts';
import { currencyOf } from './view.ts';

/** The reckoned case as an answer. */
export function shownCase(useCase: UseCase, input: CaseInput, now: Temporal.Instant): Answer {
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
    tornado: tornado(input).map(({ input: name, swing }) => ({ input: name, swing: Number(swing) })),
    ...(turn ? { flip: { input: turn.input, change: Number(turn.change) } } : {}),
  };
  const words =
    better === 'equal'
      ? 'both are worth the same'
      : `${better === 'build' ? 'building' : 'buying'} is worth ${by.toFixed(0)} ${currency} more`;
  const { now: _, ...data } = view;
  return {
    text: `${useCase.row.id}: over ${input.years} years ${words} (build ${build.npv.toFixed(0)}, buy ${buy.npv.toFixed(0)}).`,
    card: businessCaseCard(view),
    data,
    objects: [useCase.row.id],
  };
}
