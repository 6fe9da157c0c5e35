import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { ChangeView } from '../../cards/windows/change.ts';
import { Refused } from '../../services/core/errors.ts';
import { type ChangeBody, type CheckItem, localTextOf, type PlannedRow } from '../../services/windows/index.ts';
import { duration, freeText, instant, oneOf, wholeNumber } from '../arguments.ts';
import type { Plan } from '../form.ts';

const RISKS = ['low', 'medium', 'high'] as const satisfies readonly ChangeView['risk'][];

/** Everything a change request says; the form asks for it in three steps. */
export const changeInput = z.object({
  title: freeText(120),
  targets: freeText(200),
  class: oneOf(['normal', 'standard', 'emergency']),
  standard: freeText(63).optional(),
  plan: freeText(1000),
  wayBack: freeText(1000),
  checks: freeText(1000).optional(),
  start: instant,
  takes: duration,
  risk: oneOf(RISKS),
  security: oneOf(['no', 'yes']).default('no'),
  pool: freeText(63).optional(),
  instances: wholeNumber(1, 1000).optional(),
  cores: wholeNumber(1, 1000).optional(),
  pipeline: freeText(63).optional(),
});
export type ChangeInput = z.output<typeof changeInput>;

export const requestPlan: Plan = {
  capability: { id: 'windows.request', summary: 'Request a change', input: changeInput, effect: 'write' },
  verb: 'windows.request-step',
  steps: [
    {
      title: 'What changes, and where',
      intro: 'Conflicts are looked for when it is sent, and at every later edit.',
      fields: ['title', 'targets', 'class', 'standard'],
    },
    { title: 'How, and how back', fields: ['plan', 'wayBack', 'checks', 'risk', 'security'] },
    {
      title: 'When',
      intro:
        'How long it takes includes a rollback: a change that cannot finish before its window closes does not start.',
      fields: ['start', 'takes', 'pool', 'instances', 'cores', 'pipeline'],
    },
  ],
  labels: {
    title: 'What changes',
    targets: 'Where: endpoints, endpoint/deployment or workspaces, with commas',
    class: 'Class',
    standard: 'Which agreed standard change (standard only)',
    wayBack: 'How it is taken back',
    checks: 'Checks, one a line',
    takes: 'How long, with a rollback',
    security: 'A security fix',
    pool: 'Quota pool or store it shares with others',
    instances: 'Instances it will run (as many as now when empty)',
    cores: 'Cores of each instance (asked of Azure when empty)',
    pipeline: 'Pipeline that is started with it',
  },
};

const list = (text: string | undefined, by: RegExp): string[] =>
  (text ?? '')
    .split(by)
    .map((part) => part.trim())
    .filter(Boolean);
export const targetsOf = (text: string): string[] => [...new Set(list(text, /[,\s]+/))];
const MOST_CHECKS = 30;
export function checksOf(text: string | undefined): string[] {
  const checks = list(text, /[\n;]+/);
  if (checks.length <= MOST_CHECKS) return checks;
  throw new Refused(
    `${checks.length} checks are more than the ${MOST_CHECKS} that a change may have.`,
    'Put some together.',
    'too-many',
  );
}

export function bodyOf(input: ChangeInput): ChangeBody {
  const { plan, wayBack, risk, security, standard, pool, instances, cores, pipeline } = input;
  return {
    plan,
    wayBack,
    risk,
    security: security === 'yes',
    ...(standard ? { standard } : {}),
    ...(pool ? { pool } : {}),
    ...(instances ? { instances } : {}),
    ...(cores ? { coresPerInstance: cores } : {}),
    ...(pipeline ? { pipeline } : {}),
  };
}

/** What stands in the form when a change is edited. */
export function valuesOf(row: PlannedRow, zone: string): Record<string, string> {
  const body = row.body as ChangeBody;
  const optional = {
    standard: body.standard,
    pool: body.pool,
    pipeline: body.pipeline,
    instances: body.instances?.toString(),
    cores: body.coresPerInstance?.toString(),
  };
  return {
    title: row.title,
    targets: row.targets.join(', '),
    class: row.class,
    plan: body.plan,
    wayBack: body.wayBack,
    checks: (row.checklist as CheckItem[]).map(({ text }) => text).join('\n'),
    start: localTextOf(Temporal.Instant.from(row.starts_at), zone).slice(0, 16).replace('T', ' '),
    takes: `${row.need_minutes}m`,
    risk: body.risk,
    security: body.security ? 'yes' : 'no',
    ...Object.fromEntries(
      Object.entries(optional).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}
