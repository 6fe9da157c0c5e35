import { z } from 'zod/v4';
import { key, minutes, ROLES, zone } from './organisation.shapes.ts';

/** When changes may run: windows, freezes, maintenance, error budgets, how changes are decided, who hears of events. */

const patterns = z.array(z.string().min(1).max(120)).default([]);
const localTime = z
  .string('write the local time in quotes, such as "2026-11-27T22:00"')
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/, 'write a local time such as "2026-11-27T22:00", or a date');

/** What an entry is about. Names may be globs; one that begins with ! is left out. Dimensions must all fit. */
const scope = z.union([
  z.literal('everything').transform(() => ({ everything: true as const, teams: [], workspaces: [], endpoints: [] })),
  z.strictObject({ teams: patterns, workspaces: patterns, endpoints: patterns, op: z.enum(['AND', 'OR']).optional() }),
]);

export const windowEntry = z.strictObject({
  id: key,
  name: z.string().min(1).max(120).optional(),
  /** `allow` opens and closes everything outside; `deny` is a freeze; `advisory` is told and stops nothing. */
  kind: z.enum(['allow', 'deny', 'maintenance', 'advisory']),
  zone,
  start: localTime.optional(),
  end: localTime.optional(),
  duration: z.string().max(40).optional(),
  /** RFC 5545, daily or rarer; or five fields of cron with a duration. */
  rrule: z.string().max(300).optional(),
  cron: z.string().max(120).optional(),
  offsetDays: z.number().int().min(-31).max(31).optional(),
  rdate: z.array(z.string()).optional(),
  exdate: z.array(z.string()).optional(),
  scope,
  /** Calendars are combined with AND; entries of one calendar are alternatives. */
  calendar: key.optional(),
  override: z
    .strictObject({
      manual: z.boolean().optional(),
      overrun: z.boolean().optional(),
      exempt: z.array(z.enum(['security', 'emergency', 'standard', 'rollback'])).optional(),
      roles: z.array(z.enum(ROLES)).optional(),
    })
    .optional(),
});

/** A freeze that opens when the budget of four weeks is exceeded and closes when it is not any more. */
export const errorBudget = z.strictObject({
  id: key,
  endpoint: z.string().min(1),
  /** Share of requests that must succeed, such as 0.999. */
  slo: z.number().gt(0).lt(1),
});

/** Standard changes are those that were agreed on once: they pass without votes when they are one of these. */
const standardChange = z.strictObject({ id: key, name: z.string().min(1).max(120), endpoints: patterns });

/** Kinds of alerts that carrying a change out can cause by itself. Drift, failed runs and budgets are never among them. */
const DISTURBED = ['latency', 'availability', 'health', 'deployment', 'errors'] as const;

const changeQuiet = z.strictObject({
  /** What is expected of a change; everything else about its targets calls as always, and severity 0 whatever it is. */
  kinds: z.array(z.enum(DISTURBED)).min(1).default(['latency', 'availability']),
  /** Alert rules that guard a change and so are never held back: names, `*` for any letters. */
  except: z
    .array(
      z
        .string()
        .regex(/^[^*]+(\*[^*]*)?$|^\*[^*]+\*?$/, 'write the name of an alert rule, such as "fraud-guard*"')
        .max(80),
    )
    .max(10, 'ten at most; name them alike and write one with *')
    .default([]),
});

/** What keeps quiet while a change runs. */
const changeSilence = z.union([z.literal(false), z.literal(true).transform(() => changeQuiet.parse({})), changeQuiet], {
  error: `write true, false, or { kinds: [latency, availability], except: ["fraud-guard*"] }; the kinds are ${DISTURBED.join(', ')}`,
});
export type ChangeQuiet = z.infer<typeof changeQuiet>;

export const changePolicy = z.strictObject({
  /** Names of approval policies: who votes on a normal and on an emergency change. */
  normal: key.optional(),
  emergency: key.optional(),
  /** Where the change board reads and votes; the fallback channel otherwise. */
  channel: key.optional(),
  standard: z.array(standardChange).default([]),
  /** Changes that waited for a freeze to end start so far apart. */
  spread: minutes.default(10),
  remind: minutes.default(30),
  /** Alerts that a change is expected to cause are held back while it runs. */
  silence: changeSilence.prefault(true),
  /** A change that runs longer than planned: how much longer it may while the calendar lets it, and what is done then. */
  overrun: z
    .strictObject({ extend: minutes.default(30), do: z.enum(['tell', 'hand-over', 'roll-back']).default('tell') })
    .prefault({}),
  /** What is done when a step of the traffic is measured to be worse than what served before, twice. */
  worse: z.enum(['roll-back', 'tell']).default('roll-back'),
  /** Who may break the glass. Nobody when it is empty. */
  breakGlass: z.array(z.enum(ROLES)).default([]),
});

/** Wardroom's own events to a Logic App or a webhook, signed with the key of this name. */
export const automation = z.strictObject({
  id: key,
  url: z.url({ protocol: /^https?$/, error: 'write an address such as https://prod-12.westeurope.logic.azure.com/…' }),
  /** Actions of the record, with globs: windows.*, approvals.approved. */
  events: z.array(z.string().min(1).max(120)).min(1, 'name at least one event, such as windows.*'),
  /** Name of a key in WARDROOM_AUTOMATION_KEYS. */
  key,
});

/** A pipeline that a change may start. */
export const pipeline = z.strictObject({
  id: key,
  host: z.enum(['github', 'azure-devops']),
  /** owner/name; organisation/project for Azure DevOps. */
  repository: z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'write owner/name, or organisation/project'),
  /** A workflow file; the number of a pipeline for Azure DevOps. */
  workflow: z.string().min(1).max(120),
  ref: z.string().min(1).max(200).default('main'),
  endpoints: patterns,
});
