import { z } from 'zod/v4';
import { approvalPolicy, board, businessHours, promotion, repository } from './organisation.approvals.ts';
import { budget, cost, department } from './organisation.cost.ts';
import { intake, kpi } from './organisation.intake.ts';
import { concernPath, driftContext, labelSource, retrainingRule } from './organisation.models.ts';
import { DEFAULT_INHIBITIONS, inhibition, route } from './organisation.noise.ts';
import { escalationPolicy, schedule } from './organisation.oncall.ts';
import { azureName, key, minutes, ROLES, zone } from './organisation.shapes.ts';
import { watchdog } from './organisation.watchdog.ts';
import { automation, changePolicy, errorBudget, pipeline, windowEntry } from './organisation.windows.ts';

export { EVIDENCE_KINDS, type EvidenceKind, RISK_CLASSES, type RiskClass } from './organisation.approvals.ts';
export type { Budget, CostSettings, Department } from './organisation.cost.ts';
export { type EscalationTarget, type Override, schedule } from './organisation.oncall.ts';
export { minutes, minutesOf, ROLES, type Role } from './organisation.shapes.ts';

/**
 * The shape of `wardroom.yaml`: who works here, what they own and how they are called and asked.
 * Checks that need more than one entry (unknown person, a cycle between policies) are in organisation.rules.ts.
 */

export const person = z.strictObject({
  id: key,
  name: z.string().min(1).max(120),
  /** Entra object id: how an activity's sender is recognised. */
  entraId: z.guid('write the Entra object id, such as 00000000-0000-4000-8000-000000000001').toLowerCase(),
  email: z.email().optional(),
  /** Everybody is a viewer; the others are granted. */
  roles: z.array(z.enum(ROLES)).default([]),
  /** IANA zone, for times written out to this person. */
  zone: zone.default('UTC'),
  /** A person who left keeps their name in the record and loses every right. */
  active: z.boolean().default(true),
});

export const channel = z.strictObject({
  id: key,
  name: z.string().min(1).max(120),
  /** The Teams conversation id (19:…@thread.tacv2); learnt on installation when it is left out. */
  conversation: z.string().min(1).max(200).optional(),
});

export const team = z.strictObject({
  id: key,
  name: z.string().min(1),
  members: z.array(key).min(1, 'a team needs at least one member'),
  /** Where this team's alerts appear. */
  channel: key,
});

/** PSI over 0.2 is commonly read as a shift that needs action (Siddiqi, Credit Risk Scorecards, 2006). */
export const DEFAULT_PSI_LIMIT = 0.2;

const businessContext = z.strictObject({
  /** What the endpoint decides, in the words of the business. */
  purpose: z.string().min(1).max(200),
  /** Money at risk per hour while it is wrong, as a decimal string with its ISO 4217 currency. */
  moneyPerHour: z
    .strictObject({
      amount: z
        .string('write the amount in quotes, such as "4200.00"')
        .regex(/^\d{1,12}(\.\d{1,4})?$/, 'write the amount in digits, such as "4200.00"'),
      currency: z.string().regex(/^[A-Z]{3}$/, 'write the three letters of ISO 4217, such as EUR'),
    })
    .optional(),
  /** What is counted ("payments") and how many pass in an hour. */
  unit: z.string().min(1).max(40).optional(),
  unitsPerHour: z.number().nonnegative().optional(),
  /** One of the EU AI Act classes, from intake. */
  riskClass: z.enum(['minimal', 'limited', 'high']).default('minimal'),
  /** How people oversee what it decides (EU AI Act, Article 14), in words; asked for where the risk is high. */
  oversight: z.string().min(1).max(500).optional(),
});

export const endpoint = z.strictObject({
  id: azureName,
  /** A batch endpoint has no traffic to move and no latency to watch. */
  kind: z.enum(['online', 'batch']).default('online'),
  workspace: azureName,
  owner: key.describe('team id'),
  models: z.array(z.string()).default([]),
  escalation: key.optional(),
  approval: key.optional(),
  business: businessContext,
  /** Drift limits per feature (PSI); `default` serves the rest. */
  psiLimits: z
    .record(z.string().min(1).max(120), z.number().positive())
    .default({})
    .transform((limits): Record<string, number> & { default: number } => ({ default: DEFAULT_PSI_LIMIT, ...limits })),
});

export const workspace = z.strictObject({
  id: azureName,
  subscription: z.guid('write the Azure subscription id, such as 6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001').toLowerCase(),
  resourceGroup: z.string().min(1),
  region: z.string().min(1),
  /** Log Analytics workspace (customer) id. */
  logs: z.guid('write the customer id of a Log Analytics workspace').optional(),
});

const pointer = z
  .string()
  .max(200)
  .regex(/^(\/([^~/]|~0|~1)*)+$/, 'write a JSON Pointer (RFC 6901), such as /alert/title');
const word = z
  .union([z.string().max(200), z.number(), z.boolean()], { error: 'write a word, a number, or true or false' })
  .transform(String);

/** How the JSON of a sender of your own is read: it posts to /hooks/generic/<id>, one event or an array of them. */
export const hook = z.strictObject({
  id: key,
  /** What its events are about, unless `fields.endpoint` finds another in them. */
  endpoint: azureName.optional(),
  /** Told from the words of the headline when it is left out. */
  kind: z.enum(['drift', 'latency', 'errors', 'availability', 'failed-run', 'other']).optional(),
  /** Pointer and the values that make an event one of this hook; every one must fit. */
  match: z.record(pointer, z.union([word.transform((one) => [one]), z.array(word).min(1)])).default({}),
  /** Where in an event things are. `key` pairs a beginning with its end; without it the headline does. */
  fields: z.strictObject({
    headline: pointer,
    severity: pointer.optional(),
    key: pointer.optional(),
    status: pointer.optional(),
    startedAt: pointer.optional(),
    endpoint: pointer.optional(),
  }),
  /** The sender's words for severity: 0 is the worst, 4 for information. */
  severities: z.record(z.string().min(1).max(60), z.number().int().min(0).max(4)).default({}),
  /** Values of `fields.status` that say it is over. */
  resolvedWhen: z.array(word).min(1, 'name at least one value').optional(),
});

/** A job that calls /hooks/heartbeat/<id> as long as it lives; its silence alerts, from its first call on. */
export const heartbeat = z.strictObject({
  id: key,
  every: minutes,
  /** How much later than that it may come. */
  grace: minutes.default(5),
  /** Whose trouble its silence is: an endpoint's, or a team's. */
  endpoint: azureName.optional(),
  team: key.optional(),
  /** How that team is called; an endpoint has its own. */
  escalation: key.optional(),
  /** 0 is the worst, 4 for information. */
  severity: z.number().int().min(0).max(4).default(2),
});

export const organisation = z.strictObject({
  name: z.string().min(1),
  zone: zone.default('UTC'),
  /** Channel for everything nobody owns. */
  fallbackChannel: key,
  people: z.array(person).min(1, 'name at least one person'),
  channels: z.array(channel).min(1, 'name at least one channel'),
  teams: z.array(team).min(1, 'name at least one team'),
  workspaces: z.array(workspace).default([]),
  endpoints: z.array(endpoint).default([]),
  schedules: z.array(schedule).default([]),
  escalationPolicies: z.array(escalationPolicy).default([]),
  approvalPolicies: z.array(approvalPolicy).default([]),
  businessHours: z.array(businessHours).default([]),
  boards: z.array(board).default([]),
  promotions: z.array(promotion).default([]),
  repositories: z.array(repository).default([]),
  hooks: z.array(hook).default([]),
  heartbeats: z.array(heartbeat).default([]),
  watchdog: watchdog.prefault({}),
  departments: z.array(department).default([]),
  budgets: z.array(budget).default([]),
  windows: z.array(windowEntry).default([]),
  errorBudgets: z.array(errorBudget).default([]),
  automations: z.array(automation).default([]),
  pipelines: z.array(pipeline).default([]),
  changes: changePolicy.prefault({}),
  cost,
  routes: z.array(route).default([]),
  inhibitions: z.array(inhibition).default([...DEFAULT_INHIBITIONS]),
  driftContexts: z.array(driftContext).default([]),
  labels: z.array(labelSource).default([]),
  retraining: z.array(retrainingRule).default([]),
  concernPaths: z.array(concernPath).default([]),
  kpis: z.array(kpi).default([]),
  intake,
});

export type Organisation = z.infer<typeof organisation>;
export type Channel = z.infer<typeof channel>;
export type Person = z.infer<typeof person>;
export type Team = z.infer<typeof team>;
export type Endpoint = z.infer<typeof endpoint>;
export type Workspace = z.infer<typeof workspace>;
export type Schedule = z.infer<typeof schedule>;
export type EscalationPolicy = z.infer<typeof escalationPolicy>;
export type Hook = z.infer<typeof hook>;
export type Heartbeat = z.infer<typeof heartbeat>;
export type ApprovalPolicy = z.infer<typeof approvalPolicy>;
export type BusinessHoursSetting = z.infer<typeof businessHours>;
export type Board = z.infer<typeof board>;
export type Promotion = z.infer<typeof promotion>;
export type Repository = z.infer<typeof repository>;
export type { AiActEdition } from './organisation.intake.ts';
export type { ConcernPath, DriftContext, LabelSource, RetrainingRule } from './organisation.models.ts';
