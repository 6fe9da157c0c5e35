import { z } from 'zod/v4';
import { type CaseInput, CONTINGENCY } from '../../services/intake/index.ts';
import { oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { useCaseId } from './arguments.ts';
import { CASE_PLAN, formOfCase } from './case-fields.ts';
import { shownCase } from './case-view.ts';
import { neededUseCase } from './view.ts';

export const weigh = capability({
  id: 'intake.weigh',
  summary: 'Weigh building a use case in-house against buying it',
  phrases: [
    'business case of {useCase}',
    'business case for {useCase}',
    'business case {useCase}',
    'build or buy {useCase}',
    'npv of {useCase}',
    'roi of {useCase}',
    'payback of {useCase}',
    'change business case of {useCase} {again=yes}',
  ],
  examples: ['business case of UC-104'],
  input: z.object({ useCase: useCaseId, again: oneOf(['yes']).optional() }),
  roles: ['viewer'],
  effect: 'write',
  run: async (turn, { useCase, again }) => {
    const found = await neededUseCase({ ...turn.rooms, db: turn.tx }, useCase);
    const kept = found.row.business_case as CaseInput | null;
    if (kept && !again) return shownCase(turn.rooms, found, kept, turn.now);
    const { answers } = found;
    const known = kept
      ? formOfCase(kept)
      : {
          years: '3',
          discountRate: '8',
          contingency: String(Number(CONTINGENCY) * 100),
          adoption: '50 100',
          chanceToBuild: '80',
          chanceToBuy: '90',
          ...(answers['benefitLikely'] ? { benefits: answers['benefitLikely'] } : {}),
          ...(answers['volume'] ? { volume: answers['volume'] } : {}),
          ...(answers['costOnce'] ? { development: answers['costOnce'] } : {}),
        };
    return begin(turn, CASE_PLAN, { subject: useCase, values: known });
  },
});
