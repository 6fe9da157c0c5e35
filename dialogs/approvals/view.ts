import { Temporal } from 'temporal-polyfill';
import type { Mine, RequestView } from '../../cards/approvals/request.ts';
import type {
  Ballot,
  Decision,
  EmergencyDecision,
  PreapprovedDecision,
  RequestRow,
  RolloutRow,
  Standing,
} from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { ApprovalPolicy } from '../../services/core/organisation.ts';
import type { TrafficPlan } from '../../services/fleet/index.ts';
import type { Rooms } from '../rooms.ts';
import { releaseParts } from './release-view.ts';

export async function neededRequest(rooms: Rooms, id: string): Promise<RequestRow> {
  const row = await rooms.approvals.find(rooms.db, id);
  if (!row) throw new Refused(`There is no request ${id}.`, 'Say “requests” for the list.', 'unknown-request');
  return row;
}

/** Who may vote on it and what the votes amount to; read once for all that is drawn of it. */
export type { Standing };

/** The request as it stands; with `reader`, as that person alone sees it. */
export async function requestView(
  rooms: Rooms,
  row: RequestRow,
  now: Temporal.Instant,
  reader?: string,
  standing: Standing | Promise<Standing> = rooms.approvals.standing(rooms.db, row),
): Promise<RequestView> {
  const { ballot, decision, shown } = await standing;
  const wanted = new Set<string>([...ballot.policy.requiredRoles, ...ballot.policy.vetoRoles]);
  const roles = new Map(
    ballot.members.map(({ person, roles: held }) => [person, held.filter((role) => wanted.has(role))]),
  );
  const rolesOfSeats = ([first = '', ...more]: readonly string[]): readonly string[] =>
    more.length === 0
      ? (roles.get(first) ?? [])
      : [...new Set([first, ...more].flatMap((seat) => roles.get(seat) ?? []))];
  const change = row.change ? await rooms.fleet.find(rooms.db, row.change) : undefined;
  const rollout = row.kind === 'promote' ? await rooms.rollouts.ofRequest(rooms.db, row.id) : undefined;
  const mine = reader && row.state === 'voting' ? mineOf(rooms, row, ballot, decision, reader) : undefined;
  return {
    now,
    id: row.id,
    state: row.state === 'voting' ? 'open' : row.state,
    what: row.title,
    why: row.reason,
    digest: row.digest,
    requester: rooms.people.nameOf(row.requester),
    askedAt: Temporal.Instant.from(row.created_at),
    deadline: Temporal.Instant.from(row.deadline),
    ...(row.incident ? { incident: row.incident } : {}),
    ...(shown.secret ? { secret: { voted: shown.voted } } : {}),
    ...((row.policy as Partial<ApprovalPolicy>).stepUp ? { signed: true } : {}),
    votes: shown.votes.map(({ voter, choice, at, reason }) => ({
      voter: rooms.people.nameOf(voter),
      // In the roles of every seat that the vote fills.
      roles: rolesOfSeats(decision.tally.fills[voter] ?? []),
      choice,
      at,
      ...(reason ? { reason } : {}),
      ...(decision.tally.inPlaceOf[voter]
        ? { inPlaceOf: decision.tally.inPlaceOf[voter].map((seat) => rooms.people.nameOf(seat)) }
        : {}),
    })),
    needed: ballot.policy.minApprovals,
    missing: shown.missing,
    ...(mine ? { mine } : {}),
    ...(row.state === 'voting' ? { standIns: standInsOf(rooms, decision) } : {}),
    ...(change && row.state === 'executing'
      ? { change: { step: change.note ?? 'about to start', ...(change.percent > 0 ? { done: change.percent } : {}) } }
      : {}),
    ...rolloutOf(rollout),
    ...finishedOf(row, change ?? rollout),
    ...emergencyOf(rooms, row),
    ...preapprovedOf(rooms, row),
    ...(await releaseParts(rooms, row)),
    source: 'Wardroom',
  };
}

/** How an approved promotion comes along: what it waits for, or what it does. */
function rolloutOf(found: RolloutRow | undefined): Pick<RequestView, 'rollout' | 'change'> {
  if (!found) return {};
  const waits = ['waiting', 'held'].includes(found.state) ? { waits: found.note } : {};
  const moves = ['deploying', 'moving', 'baking', 'rolling-back'].includes(found.state);
  return {
    rollout: { id: found.id, ...waits },
    ...(moves ? { change: { step: found.note } } : {}),
  };
}

function preapprovedOf(rooms: Rooms, row: RequestRow): Pick<RequestView, 'preapproved'> {
  if (row.kind !== 'preapproved') return {};
  const { request, reviewDue, review } = row.decision as PreapprovedDecision;
  return {
    preapproved: {
      request,
      reviewDue: Temporal.Instant.from(reviewDue),
      ...(review
        ? { review: { ...review, by: rooms.people.nameOf(review.by), at: Temporal.Instant.from(review.at) } }
        : {}),
    },
  };
}

function emergencyOf(rooms: Rooms, row: RequestRow): Pick<RequestView, 'emergency'> {
  if (row.kind !== 'emergency') return {};
  const { confirmedBy, reviewDue, review } = row.decision as EmergencyDecision;
  return {
    emergency: {
      confirmedBy: rooms.people.nameOf(confirmedBy),
      reviewDue: Temporal.Instant.from(reviewDue),
      ...(review
        ? { review: { ...review, by: rooms.people.nameOf(review.by), at: Temporal.Instant.from(review.at) } }
        : {}),
    },
  };
}

/** Who votes in whose place, of those who are still to be heard. */
const standInsOf = (rooms: Rooms, { tally }: Decision) =>
  Object.entries(tally.standsFor).map(([person, seats]) => ({
    person: rooms.people.nameOf(person),
    inPlaceOf: seats.map(rooms.people.nameOf),
  }));

function mineOf(
  rooms: Rooms,
  row: RequestRow,
  { members, excluded }: Ballot,
  { tally }: Decision,
  reader: string,
): Mine {
  if (reader === row.requester)
    return { kind: 'may-not', why: 'You asked for this approval, so you cannot vote on it.', withdraw: true };
  const barred = excluded.find(({ person }) => person === reader);
  if (barred) return { kind: 'may-not', why: barred.why };
  const nameOf = rooms.people.nameOf;
  const vote = tally.counted.find(({ voter }) => voter === reader);
  const seats = (vote ? tally.inPlaceOf[reader] : tally.standsFor[reader]) ?? [];
  const inPlaceOf = seats.length > 0 ? { inPlaceOf: seats.map(nameOf) } : {};
  if (vote) return { kind: 'voted', choice: vote.choice, at: vote.at, ...inPlaceOf };
  if (tally.eligible.includes(reader)) return { kind: 'may-vote', ...inPlaceOf };
  const [standIn] = [tally.standsFor, tally.inPlaceOf].flatMap((seatsOf) =>
    Object.entries(seatsOf).flatMap(([person, of]) => (of.includes(reader) ? [person] : [])),
  );
  if (standIn !== undefined)
    return { kind: 'may-not', why: `${nameOf(standIn)} votes in your place. “take back my votes” ends that.` };
  if (members.some(({ person }) => person === reader))
    return { kind: 'may-not', why: 'Your vote went to somebody who has voted for you.' };
  return { kind: 'may-not', why: 'You are not among those who may vote on this request.' };
}

function finishedOf(
  row: RequestRow,
  change: { finished_at: string | null; note: string | null } | undefined,
): Pick<RequestView, 'finished'> {
  if (['draft', 'evidence', 'voting', 'executing'].includes(row.state)) return {};
  // What was carried out ended when that did, and as that did: the vote was over before.
  const carriedOut = ['done', 'failed', 'deployed', 'rolled-back'].includes(row.state);
  const at = (carriedOut ? change?.finished_at : row.decided_at) ?? row.decided_at;
  if (!at) return {};
  const decision = row.decision as { reason?: string; note?: string } | null;
  const why = (carriedOut ? change?.note : undefined) ?? decision?.note ?? decision?.reason;
  return { finished: { at: Temporal.Instant.from(at), why: why ?? 'No reason was kept.' } };
}

/** "Roll back ep-fraud: all traffic to blue (fraud-detector:6)" */
export const titleOf = (endpoint: string, deployment: string, model?: string): string =>
  `Roll back ${endpoint}: all traffic to ${deployment}${model ? ` (${model})` : ''}`;

export const planOf = (workspace: string, endpoint: string, to: string, from: TrafficPlan['from']): TrafficPlan => ({
  workspace,
  // Every deployment is named, so that the ones that lose their traffic are part of what is voted on.
  traffic: Object.fromEntries([...Object.keys(from).map((name) => [name, 0]), [to, 100]]) as TrafficPlan['traffic'],
  from,
  what: `${endpoint} traffic to ${to} 100 %`,
});
