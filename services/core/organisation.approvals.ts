import { z } from 'zod/v4';
import { key, minutes, ROLES, timeOfDay, zone } from './organisation.shapes.ts';

/** How Wardroom votes: policies, boards, working hours, what has to be known before a vote, and where code is reviewed. */

/** "2/3"; exact, never a floating-point number. */
const fraction = z.string().regex(/^[1-9]\d{0,2}\/[1-9]\d{0,2}$/, 'write a fraction such as "2/3"');

const endOfDay = z
  .string('write the time in quotes, such as "17:00"')
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'write a time such as "17:00", at most "24:00"');

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** ISO 8601: 1 is Monday. */
const weekday = z.enum(DAYS).transform((day) => DAYS.indexOf(day) + 1);

/** When people are at work; deadlines of policies that name it count in these hours. */
export const businessHours = z.strictObject({
  id: key,
  zone,
  days: z.array(weekday).min(1, 'name at least one day').default([1, 2, 3, 4, 5]),
  from: timeOfDay.default('09:00'),
  /** Earlier than `from`: the next day. */
  to: endOfDay.default('17:00'),
  holidays: z.array(z.iso.date('write a date such as 2026-12-25')).default([]),
});

const DEFAULT_LIFE_MINUTES = 30 * 24 * 60;

const written = z.strictObject({
  id: key,
  /** Who may vote: people, members of boards, and everybody who holds one of these roles. */
  voters: z.strictObject({
    people: z.array(key).default([]),
    roles: z.array(z.enum(ROLES)).default([]),
    boards: z.array(key).default([]),
  }),
  /** At least this many approvals, and at least one vote of each required role. */
  minApprovals: z.number().int().positive().default(2),
  requiredRoles: z.array(z.enum(ROLES)).default([]),
  vetoRoles: z.array(z.enum(ROLES)).default([]),
  /** Votes with abstentions, as a share of those who may vote; rounded up. */
  quorum: z
    .union([fraction, z.string().regex(/^0\.\d{1,4}$/), z.literal('none'), z.number().int().positive()], {
      error: 'write a share such as "3/5" or "0.6", a number of votes, or none',
    })
    .default('3/5'),
  /** The quorum is never below this many votes. */
  minVotes: z.number().int().nonnegative().default(0),
  /** approvals / (approvals + rejections) must reach this exact fraction, e.g. "2/3". */
  threshold: fraction.default('2/3'),
  /** `when-met`: the vote that completes the conditions decides. `when-certain`: only when nobody can overturn it. */
  close: z.enum(['when-met', 'when-certain']).default('when-certain'),
  deadline: minutes.default(60 * 24),
  /** The deadline counts in these hours only. */
  hours: key.optional(),
  /** Who has not voted is reminded when so many percent of the time are over, and this long before the deadline. */
  reminders: z
    .strictObject({
      at: z.array(z.number().int().min(1).max(99)).default([50, 80]),
      before: minutes.default(240),
    })
    .default({ at: [50, 80], before: 240 }),
  /**
   * Every vote is signed: its voter signs in once more, and the ID token is kept with the vote. The sign-in may be `maxAge`
   * old; `acrs` asks for an authentication context of Conditional Access besides (phishing-resistant, from a managed device).
   */
  stepUp: z
    .strictObject({
      maxAge: minutes.default(5),
      acrs: z
        .string()
        .regex(/^c[1-9]\d?$/, 'write the id of an authentication context, c1 to c99')
        .optional(),
    })
    .optional(),
  /** Nobody sees who voted what before the close. */
  secret: z.boolean().default(false),
  /** Voters may let somebody else vote in their place for a time. Nobody signs that, so with `stepUp` it has to be said. */
  delegation: z.boolean().optional(),
  /** An approval that was not carried out by then has expired. */
  life: minutes.default(DEFAULT_LIFE_MINUTES),
  /** A second stage: this policy votes once this one has approved. */
  nextStage: key.optional(),
});
export const approvalPolicy = written.transform((policy) => ({
  ...policy,
  delegation: policy.delegation ?? policy.stepUp === undefined,
}));

/** People who decide together, in meetings or each for themselves. */
export const board = z.strictObject({
  id: key,
  name: z.string().min(1).max(120),
  members: z.array(key).min(1, 'a board needs at least one member'),
  chair: key,
  /** Where its agenda and minutes are said. */
  channel: key,
  /** Left out: it decides asynchronously. */
  meets: z.strictObject({ day: weekday, at: timeOfDay, zone }).optional(),
});

/** What can be known about a model version before it is voted on. */
export const EVIDENCE_KINDS = [
  'model-card',
  'metrics',
  'fairness',
  'explanation',
  'drift',
  'robustness',
  'tests',
  'review',
  'reproducibility',
  'data-quality',
  'package',
  'identity',
  'cost',
  'risk',
] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];
export const RISK_CLASSES = ['minimal', 'limited', 'high'] as const;
export type RiskClass = (typeof RISK_CLASSES)[number];

const share = z.number().min(0).max(1);
/** Not a record: an object names its known keys when one is mistyped. */
const required = z.strictObject(
  Object.fromEntries(EVIDENCE_KINDS.map((kind) => [kind, minutes.optional()])) as Record<
    EvidenceKind,
    z.ZodOptional<typeof minutes>
  >,
);

/** What must hold at every step of the traffic, against what serves now: a promotion, and a planned change that moves traffic. */
const guards = z.strictObject({
  /** Server errors, in percentage points above what serves now. */
  errorPoints: z.number().nonnegative().max(100).default(0.5),
  /** 95th percentile of the latency, as a multiple. */
  latencyRatio: z.number().min(1, 'write a multiple of the present latency, such as 1.25').max(100).default(1.25),
  /** Below so many requests of a step, on either side, there is no verdict. */
  minRequests: z.number().int().positive().max(10_000_000).default(1000),
});
export type Guards = z.infer<typeof guards>;
export const DEFAULT_GUARDS: Guards = guards.parse({});

/** What putting a model of one risk class into production asks for. */
export const promotion = z.strictObject({
  id: z.enum(RISK_CLASSES),
  /** The approval policy that votes. */
  policy: key,
  /** A registered version opens a draft. */
  draft: z.boolean().default(true),
  /** Required before the vote, each with how old it may be. */
  evidence: required.default({}),
  /** The new version may be worse than the serving one by at most this, for each metric. */
  margins: z.record(z.string().min(1).max(60), z.number().nonnegative()).default({}),
  fairness: z
    .strictObject({
      /** No verdict about a group with fewer people in any cell that a rate is made of. */
      minCell: z.number().int().positive().default(30),
      /** Demographic parity and equalised odds: the largest difference, the smallest ratio. */
      maxDifference: share.optional(),
      minRatio: share.optional(),
    })
    .default({ minCell: 30 }),
  guards: guards.prefault({}),
});

/** Where the training code of a model lives: its id is the model's name. */
export const repository = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/, 'use the name of the model in Azure ML'),
  host: z.enum(['github', 'azure-devops']),
  /** GitHub: owner/name. Azure DevOps: organisation/project/repository. */
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w. -]+(\/[\w. -]+)?$/, 'write owner/name, or organisation/project/repository for Azure DevOps'),
  /** How the checks are called that prove tests and the coding standard; a part of the name is enough. */
  checks: z
    .strictObject({
      unit: z.string().min(1).default('unit'),
      integration: z.string().min(1).default('integration'),
      standard: z.string().min(1).default('lint'),
    })
    .default({ unit: 'unit', integration: 'integration', standard: 'lint' }),
});
