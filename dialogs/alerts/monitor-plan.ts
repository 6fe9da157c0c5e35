import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import type { Endpoint } from '../../services/core/organisation.ts';
import { endpointOf, MONITOR_METRICS, MONITOR_SIGNALS } from '../../services/models/index.ts';
import { decimalNumber, endpointRef, freeText, oneOf, wholeNumber } from '../arguments.ts';
import type { Turn } from '../capability.ts';
import type { Plan } from '../form.ts';

/** The whole form of a new monitor, and how its answers become what Azure ML is told. */
export const monitorForm = z.object({
  endpoint: endpointRef,
  signal: oneOf(MONITOR_SIGNALS),
  metric: oneOf(MONITOR_METRICS).optional(),
  limit: decimalNumber(0, 10),
  features: freeText(400).optional(),
  baseline: oneOf(['training', 'earlier']),
  target: freeText(120).optional(),
  every: oneOf(['day', 'week', 'month']),
  hour: wholeNumber(0, 23),
  emails: freeText(300).optional(),
});
export type MonitorAnswers = z.output<typeof monitorForm>;

export const monitorPlan: Plan = {
  capability: {
    id: 'alerts.create-monitor',
    summary: 'Create a model monitor',
    input: monitorForm,
    effect: 'dangerous',
  },
  verb: 'alerts.monitor-step',
  steps: [
    { title: 'A new monitor: what it looks at', fields: ['endpoint', 'signal'] },
    {
      title: 'How it measures and from where on it alerts',
      intro:
        'PSI 0.2 is a common limit. For data quality the limit is what may come on top of the baseline’s own rate, for feature attribution the least NDCG.',
      fields: ['metric', 'limit', 'features'],
    },
    {
      title: 'What it compares with',
      intro:
        'Training compares with the data asset <endpoint>-training; earlier with a window before that does not overlap.',
      fields: ['baseline', 'target'],
    },
    { title: 'When it runs and who hears of it', fields: ['every', 'hour', 'emails'] },
  ],
  labels: {
    target: 'Column the model predicts (needed for feature attribution)',
    hour: 'Hour of the day (UTC)',
    emails: 'E-mail addresses, separated by commas',
    features: 'Features, separated by commas (empty: the ten that matter most)',
  },
};

const EVERY = { day: 'Day', week: 'Week', month: 'Month' } as const;
const listed = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

/** What was wished, without Azure; `Refused` where the answers do not fit together. */
export function wishOf({ rooms }: Pick<Turn, 'rooms'>, answers: MonitorAnswers) {
  const endpoint: Endpoint = endpointOf(rooms.organisation, answers.endpoint);
  if (answers.signal === 'feature-attribution' && !answers.target)
    throw new Refused('Feature attribution needs the column that the model predicts.', 'Go back and name the target.');
  const emails = listed(answers.emails);
  const wrong = emails.find((each) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(each));
  if (wrong) throw new Refused(`"${wrong.slice(0, 60)}" is no e-mail address.`, 'Separate addresses by commas.');
  const spec = {
    endpoint: endpoint.id,
    signal: answers.signal,
    metric: answers.metric ?? ('psi' as const),
    limit: answers.limit,
    features: listed(answers.features),
    task: 'Classification' as const,
    ...(answers.baseline === 'training' ? { baseline: `azureml:${endpoint.id}-training:1` } : {}),
    ...(answers.target ? { target: answers.target } : {}),
    every: EVERY[answers.every],
    hour: answers.hour,
    emails,
  };
  return { name: `${endpoint.id}-${answers.signal}`, workspace: endpoint.workspace, spec };
}

/** With the deployment that serves most now; asks Azure. */
export async function specOf(turn: Pick<Turn, 'rooms'>, answers: MonitorAnswers) {
  const wish = wishOf(turn, answers);
  const look = await turn.rooms.fleet.look(wish.workspace, wish.spec.endpoint);
  const serving = Object.entries(look?.traffic ?? {}).sort(([, a], [, b]) => b - a)[0];
  if (!serving || serving[1] === 0)
    throw new Refused(`${wish.spec.endpoint} has no deployment that serves.`, 'Give one traffic first.');
  return { ...wish, spec: { ...wish.spec, deployment: serving[0] } };
}

export const specWords = ({ spec }: ReturnType<typeof wishOf>): (readonly [string, string])[] => [
  ['Signal', spec.signal.replace('-', ' ')],
  [
    'Measures',
    spec.signal === 'data-quality'
      ? 'null, type-error and out-of-bounds rates'
      : spec.signal === 'feature-attribution'
        ? 'NDCG of the importances'
        : spec.metric,
  ],
  ['Limit', String(spec.limit)],
  ['Compares with', spec.baseline ?? 'an earlier window of collected data'],
  ['Runs', `every ${spec.every.toLowerCase()} at ${String(spec.hour).padStart(2, '0')}:10 UTC`],
  ['E-mail', spec.emails.join(', ') || 'nobody; Wardroom hears it by Event Grid'],
];
