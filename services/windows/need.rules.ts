import { Decimal } from 'decimal.js';
import type { Conflict } from './conflicts.rules.ts';

/** A managed deployment as it is now. */
export interface Running {
  name: string;
  machine?: string | undefined;
  instances?: number | undefined;
  /** Percent of the live traffic. */
  traffic: number;
}

/** What one target of a change takes while it is carried out, beyond what runs already. */
export interface NeedPart {
  target: string;
  region: string;
  machine: string;
  /** "standardDSv2Family". */
  family: string;
  /** Instances that run during the change and did not before. */
  extra: number;
  /** Cores that Azure must have free for them, with its reserve. */
  cores: number;
  /** Free and allowed cores of the family, or of the region when less is left of that; undefined without a limit. */
  free?: number;
  limit?: number;
  /** An hour of one instance, exact, as a string; undefined when the price list does not name it. */
  hourPrice?: string;
}

/** What a change needs of Azure, as it was when it was looked at. */
export interface Need {
  /** ISO 8601. */
  at: string;
  currency: string;
  hours: number;
  parts: readonly NeedPart[];
  /** What could not be found out, in words. */
  unknown: readonly string[];
  /** The budget that it would break. */
  budget?: BrokenBudget;
  /** Who agreed to that, and when (ISO 8601). */
  agreed?: { by: string; at: string };
}

export interface BrokenBudget {
  /** With the arithmetic. */
  words: string;
  /** Somebody else has to agree before it starts; otherwise it is told. */
  enforce: boolean;
  /** Who may agree: whoever carries the budget, and who sees all costs. */
  agree: readonly string[];
}

/**
 * Azure ML keeps a fifth more instances than it runs, for upgrades of the nodes, rounded up
 * (learn.microsoft.com, how-to-manage-quotas, "managed online endpoints").
 */
export const reserved = (instances: number): number => Math.ceil((instances * 12) / 10);

/**
 * The machines that a change of this target runs beside those that run now. A change of an endpoint puts a deployment as
 * large as the one that serves most beside it; one of a named deployment changes that one in place, and takes more only
 * when it grows. `instances`: as many as whoever asks has said. Undefined when nothing runs there that could be copied.
 */
export function surgeOf(
  target: string,
  running: readonly Running[],
  instances: number | undefined,
): { machine: string; extra: number; reservedExtra: number } | undefined {
  const name = target.split('/')[1];
  const own = running.find((each) => each.name === name);
  const [serving] = [...running].sort((a, b) => b.traffic - a.traffic || a.name.localeCompare(b.name));
  const like = own ?? serving;
  if (!like?.machine) return undefined;
  const wanted = instances ?? like.instances ?? 1;
  const before = own ? (own.instances ?? 0) : 0;
  return {
    machine: like.machine,
    extra: Math.max(0, wanted - before),
    reservedExtra: Math.max(0, reserved(wanted) - reserved(before)),
  };
}

/** What is left of a family: its own quota, and not more than the region has. Undefined without any limit. */
export function coresLeft(
  family: string,
  usages: readonly { name: string; used: number; limit: number | undefined }[],
): { free: number; limit: number } | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const dedicated = usages.filter(({ name, limit }) => limit !== undefined && /dedicated/i.test(name));
  const about = dedicated.filter(
    ({ name }) => plain(name).startsWith(plain(family)) || /^total .*regional/i.test(name),
  );
  const left = about.map(({ used, limit = 0 }) => ({ free: Math.max(0, limit - used), limit }));
  return left.sort((a, b) => a.free - b.free)[0];
}

/**
 * Too few free cores, one row for each family and region, with the changes that run beside it counted: together they
 * cannot have what each alone could.
 */
export function quotaConflicts(need: Need | undefined, others: readonly Need[]): Conflict[] {
  const place = ({ family, region }: NeedPart) => `${family}/${region}`;
  const taken = new Map<string, number>();
  for (const part of others.flatMap(({ parts }) => parts))
    taken.set(place(part), (taken.get(place(part)) ?? 0) + part.cores);
  const groups = new Map<string, NeedPart[]>();
  for (const part of need?.parts ?? []) groups.set(place(part), [...(groups.get(place(part)) ?? []), part]);
  return [...groups].flatMap(([key, parts]): Conflict[] => {
    const [first] = parts;
    const wanted = parts.reduce((sum, { cores }) => sum + cores, 0);
    if (!first || first.free === undefined || wanted === 0) return [];
    const missing = wanted - Math.max(0, first.free - (taken.get(key) ?? 0));
    return missing > 0
      ? [{ code: 'insufficient_quota', target: first.target, with: first.family, missingCores: missing }]
      : [];
  });
}

/** What the extra machines cost while the change lasts; undefined when a price is missing. */
export function rolloutCost({ parts, hours }: Pick<Need, 'parts' | 'hours'>): Decimal | undefined {
  let sum = new Decimal(0);
  for (const { extra, hourPrice } of parts) {
    if (extra === 0) continue;
    if (hourPrice === undefined) return undefined;
    sum = sum.plus(new Decimal(hourPrice).times(extra).times(hours));
  }
  return sum;
}

/**
 * What the extra machines of one endpoint add to its budget: those beside a running deployment for as long as the change
 * lasts, those of a deployment that grows for every month from then on. Undefined when nothing is added or no price is known.
 */
export function addedCost(parts: readonly NeedPart[], hours: number): { once: string; monthly: string } | undefined {
  let [once, monthly] = [new Decimal(0), new Decimal(0)];
  for (const { target, extra, hourPrice } of parts) {
    if (extra === 0 || hourPrice === undefined) continue;
    const hour = new Decimal(hourPrice).times(extra);
    if (target.includes('/')) monthly = monthly.plus(hour.times(HOURS_A_MONTH));
    else once = once.plus(hour.times(hours));
  }
  return once.isZero() && monthly.isZero() ? undefined : { once: once.toFixed(4), monthly: monthly.toFixed(4) };
}
/** As Azure reckons a month. */
const HOURS_A_MONTH = 730;

/** Why a change may not start yet because of money; an emergency is not held up by it. */
export function owed(
  change: { class: string; need: Need | null },
  approvers: readonly string[],
): BrokenBudget | undefined {
  const { budget, agreed } = change.need ?? {};
  if (!budget?.enforce || agreed || change.class === 'emergency') return undefined;
  return approvers.some((person) => budget.agree.includes(person)) ? undefined : budget;
}
