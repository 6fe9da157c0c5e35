import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { ExperimentView } from '../../cards/approvals/experiment.ts';
import type { ExperimentRow, TestPlan, TestReading } from '../../services/approvals/index.ts';
import { decimalNumber, endpointRef, modelName, oneOf, wholeNumber } from '../arguments.ts';
import type { Turn } from '../capability.ts';
import type { Plan } from '../form.ts';
import type { Rooms } from '../rooms.ts';

/** The whole form of a test. */
export const testForm = z.object({
  model: modelName,
  candidate: wholeNumber(1, 999_999_999),
  current: wholeNumber(1, 999_999_999),
  endpoint: endpointRef,
  metric: oneOf(['errors', 'latency']),
  baseline: decimalNumber(0, 100),
  effect: decimalNumber(0, 100),
  power: wholeNumber(50, 99),
  share: wholeNumber(1, 99),
});

export const testPlan: Plan = {
  capability: { id: 'approvals.ab', summary: 'Plan an A/B test', input: testForm, effect: 'write' },
  verb: 'approvals.ab-step',
  steps: [
    { title: 'A test between two versions', fields: ['model', 'candidate', 'current', 'endpoint'] },
    {
      title: 'What is measured, and what is worth seeing',
      intro:
        'Errors: percent of requests now, and the points that matter. Latency: how much a minute’s p95 varies (%), and the change that matters (%).',
      fields: ['metric', 'baseline', 'effect'],
    },
    {
      title: 'How sure, and with how much traffic',
      intro: 'Power is how often a difference of this size is seen; 80 is common. The share is the candidate’s.',
      fields: ['power', 'share'],
    },
  ],
  labels: {
    candidate: 'Version to try',
    current: 'Version it is compared with',
    baseline: 'Now (%)',
    effect: 'Difference to be seen',
    power: 'Power (%)',
    share: 'Share of the candidate (%)',
  },
};

export async function experimentView(
  rooms: Rooms,
  row: ExperimentRow,
  now: Turn['now'],
  reading?: TestReading,
): Promise<ExperimentView> {
  const plan = row.plan as unknown as TestPlan;
  const { state, since } = await rooms.experiments.stateOf(rooms.db, row);
  const side = (of: TestPlan['current']) => `${row.model}:${of.version} (${of.deployment})`;
  const last = reading ?? (row.result as TestReading | null) ?? undefined;
  return {
    now,
    id: row.id,
    state,
    endpoint: row.endpoint,
    candidate: side(plan.candidate),
    current: side(plan.current),
    metric: plan.metric,
    effect: plan.effect,
    power: plan.power,
    share: plan.share,
    perArm: plan.perArm,
    days: plan.days,
    ...(plan.inAWeek === undefined ? {} : { inAWeek: plan.inAWeek }),
    ...(row.request ? { request: row.request } : {}),
    ...(since ? { since } : {}),
    ...(last ? { reading: last } : {}),
    ...(row.stopped_at
      ? { stopped: { by: rooms.people.nameOf(row.stopped_by ?? ''), at: Temporal.Instant.from(row.stopped_at) } }
      : {}),
    source: 'Wardroom; Azure Monitor',
  };
}
