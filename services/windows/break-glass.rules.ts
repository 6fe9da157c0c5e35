import { Temporal } from 'temporal-polyfill';
import { orList } from '../core/errors.ts';

/** Somebody wants a change to run although the calendar says no. */
export interface BreakGlass {
  actor: { id?: string; kind?: 'person' | 'service-principal'; roles: readonly string[] };
  reason?: string;
  ticket?: string;
  /** Until when this may be used, and whether it was. */
  expires?: Temporal.Instant;
  usedAt?: Temporal.Instant;
  policy: GlassPolicy;
}

export interface GlassPolicy {
  /** Beside those that the closing entries name. */
  roles: readonly string[];
  /** True unless it is said otherwise. */
  reasonRequired?: boolean;
  ticketRequired?: boolean;
}

export interface Glass {
  broken: boolean;
  why: string;
  /** What has to be written down and who has to be told, in the transaction that lets the change start. */
  record?: GlassRecord;
}

export interface GlassRecord {
  event: 'freeze.override';
  actor: string;
  reason: string;
  ticket?: string;
  windows: readonly string[];
  notify: readonly ['freeze owner', 'CAB channel'];
  /** When somebody has to have looked at it: 24 hours later. */
  reviewDue: Temporal.Instant;
}

const REVIEW_WITHIN_HOURS = 24;

/**
 * By a person with the role, with a reason, once and before it expires. A pipeline's own identity never does: otherwise the
 * freeze ends for every pipeline on the day somebody gives its identity the role.
 */
export function breakGlass(
  glass: BreakGlass,
  closed: { now: Temporal.Instant; windows: readonly string[]; roles: readonly string[] },
): Glass {
  const { actor, policy } = glass;
  const no = (why: string): Glass => ({ broken: false, why });
  if ((actor.kind ?? 'person') !== 'person')
    return no('A pipeline or a service principal cannot break the glass; a person can.');
  const roles = [...policy.roles, ...closed.roles];
  if (!actor.roles.some((role) => roles.includes(role)))
    return no(
      roles.length > 0 ? `Breaking the glass takes the role ${orList(roles)}.` : 'Nobody may break this glass.',
    );
  const reason = glass.reason?.trim() ?? '';
  if (policy.reasonRequired !== false && reason === '') return no('Breaking the glass takes a reason.');
  if (policy.ticketRequired && !glass.ticket?.trim()) return no('Breaking the glass takes a ticket.');
  if (glass.usedAt) return no('This was used already; it is for one change.');
  if (glass.expires && Temporal.Instant.compare(closed.now, glass.expires) >= 0) return no('This has expired.');
  return {
    broken: true,
    why: `The glass was broken: ${reason || 'no reason was asked for'}.`,
    record: {
      event: 'freeze.override',
      actor: actor.id ?? 'unknown',
      reason,
      ...(glass.ticket ? { ticket: glass.ticket } : {}),
      windows: closed.windows,
      notify: ['freeze owner', 'CAB channel'],
      reviewDue: closed.now.add({ hours: REVIEW_WITHIN_HOURS }),
    },
  };
}
