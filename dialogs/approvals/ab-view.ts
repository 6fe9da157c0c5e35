import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { ExperimentView } from '../../cards/approvals/experiment.ts';
import {
  type ExperimentRow,
  nameOf,
  TEST_METRICS,
  type TestPlan,
  type TestReading,
  unitOf,
} from '../../services/approvals/index.ts';
import { decimalNumber, endpointRef, freeText, modelName, oneOf, wholeNumber } from '../arguments.ts';
import type { Turn } from '../capability.ts';
import type { Plan } from '../form.ts';
import type { Rooms } from '../rooms.ts';

/** The whole form of a test. */
export const testForm = z.object({
  model: modelName,
  candidate: wholeNumber(1, 999_999_999),
  current: wholeNumber(1, 999_999_999),
  endpoint: endpointRef,
  metric: oneOf(TEST_METRICS),
  outcome: freeText(60).optional(),
  better: oneOf(['higher', 'lower']).optional(),
  baseline: decimalNumber(0, 1000),
  effect: decimalNumber(0, 100),
  margin: decimalNumber(0, 100).optional(),
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
        'Shares (errors, accuracy, a rate such as conversion): percent now, and the points that matter. Latency (p95 by the minute), mean latency and other means: how much single values vary (standard deviation in % of the mean), and the change that matters (%). A rate or a mean of your own needs its name in WardroomOutcomes_CL.',
      fields: ['metric', 'outcome', 'better', 'baseline', 'effect', 'margin'],
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
    outcome: 'Name of your own rate or mean',
    better: 'Which way it is better',
    baseline: 'Now, or how much it varies (%)',
    effect: 'Difference to be seen',
    margin: 'May be worse by (for “not worse”)',
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
  const { state, since, by } = await rooms.experiments.stateOf(rooms.db, row);
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
    measured: nameOf(plan),
    unit: unitOf(plan.metric),
    ...(plan.margin === undefined ? {} : { margin: plan.margin }),
    effect: plan.effect,
    power: plan.power,
    share: plan.share,
    perArm: plan.perArm,
    days: plan.days,
    ...(plan.inAWeek === undefined ? {} : { inAWeek: plan.inAWeek }),
    ...(row.request ? { request: row.request } : {}),
    ...(since ? { since } : {}),
    ...(by ? { by } : {}),
    model: row.model,
    versions: { candidate: plan.candidate.version, current: plan.current.version },
    ...(last ? { reading: last } : {}),
    ...(row.stopped_at
      ? { stopped: { by: rooms.people.nameOf(row.stopped_by ?? ''), at: Temporal.Instant.from(row.stopped_at) } }
      : {}),
    source: 'Wardroom; Azure Monitor',
  };
}
