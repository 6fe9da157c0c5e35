import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { timelineCard } from '../../cards/alerts/timeline.ts';
import type { AuditRow } from '../../services/core/audit.ts';
import { incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { said } from '../times.ts';
import { responseWords } from './timeline-words.ts';
import { incidentView, neededIncident } from './view.ts';

const MOST = 300;

export const timeline = capability({
  id: 'alerts.timeline',
  summary: 'Tell the story of an incident: what happened, who did what, and why',
  phrases: ['incident {incident} timeline', 'timeline of {incident}', 'timeline {incident}'],
  examples: ['incident INC-142 timeline'],
  input: z.object({ incident: incidentId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { incident }) => {
    const row = await neededIncident(rooms, incident);
    const view = await incidentView(rooms, row, now);
    const { entries, moments } = await momentsOf(rooms, incident);
    const lines = moments.map(
      ({ at, what, who, why }) => `${said(at, actor.zone)}  ${who ? `${who} ` : ''}${what}${why ? ` (${why})` : ''}`,
    );
    return {
      text: [`${incident}: ${row.title}`, ...lines].join('\n'),
      card: timelineCard({ ...view, moments }),
      data: entries.map(({ seq, at, actor, action, outcome, why, detail }) => ({
        seq,
        at,
        actor,
        action,
        outcome,
        why,
        detail,
      })),
    };
  },
});

/** What happened, in order and in words; the entries it is told from beside it. */
export async function momentsOf(rooms: Rooms, incident: string) {
  const entries = causesFirst((await rooms.audit.about(rooms.db, incident, MOST)).filter(tells));
  const joined = alsoTook(entries);
  const moments = entries.map((entry) => ({
    at: Temporal.Instant.from(entry.at),
    what: `${whatOf(entry, rooms)}${joined.has(entry) ? ' too' : ''}`,
    ...(entry.actor === 'wardroom' ? {} : { who: rooms.people.nameOf(entry.actor) }),
    ...(entry.why && !SAID_BY_ITSELF.has(entry.action) ? { why: entry.why } : {}),
  }));
  return { entries, moments };
}

/** After these nobody has it any more. */
const REOPENS = new Set(['alerts.lapsed', 'alerts.reopened', 'alerts.escalate', 'alerts.worsened', 'alerts.assign']);

/** Acknowledgements beside an earlier one that still holds: several people may have it. */
function alsoTook(entries: readonly AuditRow[]): ReadonlySet<AuditRow> {
  const found = new Set<AuditRow>();
  let holder: string | undefined;
  for (const entry of entries.filter(({ outcome }) => outcome === 'ok')) {
    if (REOPENS.has(entry.action)) holder = undefined;
    if (entry.action !== 'alerts.acknowledge') continue;
    if (holder !== undefined && holder !== entry.actor) found.add(entry);
    holder ??= entry.actor;
  }
  return found;
}

/** Questions are in the log, too, but they are not part of the story. */
const READS = new Set([
  'alerts.related',
  // The silence that did it stands beside it.
  'alerts.hushed',
  'alerts.tasks',
  'alerts.post-mortem',
  'alerts.events',
  'alerts.merge',
  'alerts.show',
  'alerts.timeline',
  'alerts.list',
  'approvals.show',
  'fleet.endpoint',
]);
/** A press of “Roll back” that was taken is told by the request it opened. */
const tells = ({ action, outcome }: AuditRow): boolean =>
  !READS.has(action) && !(action === 'approvals.rollback' && outcome === 'ok');

/** Their reason repeats what stands beside it: that an alert ended, and when. */
const SAID_BY_ITSELF = new Set(['alerts.ended']);

const DECISIONS = new Set(['approvals.approved', 'approvals.rejected']);

/** In one transaction the log has what a vote brought about before the vote; a story tells it the other way round. */
function causesFirst(entries: readonly AuditRow[]): AuditRow[] {
  const told = [...entries];
  for (let index = 1; index < told.length; index += 1) {
    const [before, entry] = [told[index - 1], told[index]];
    if (before && entry?.action === 'approvals.vote' && DECISIONS.has(before.action)) {
      told[index - 1] = { ...entry, at: before.at };
      told[index] = before;
    }
  }
  return told;
}

const VOTED: Readonly<Record<string, string>> = { approve: 'approved', reject: 'rejected', abstain: 'abstained on' };

function whatOf({ action, detail, outcome }: AuditRow, rooms: Rooms): string {
  const text = (key: string): string => (typeof detail[key] === 'string' ? detail[key] : '');
  const list = (key: string): string =>
    Array.isArray(detail[key]) ? detail[key].map((id) => rooms.people.nameOf(String(id))).join(', ') : '';
  // What has no words of its own here is at least no id of ours.
  const named = (action.split('.').at(-1) ?? action).replaceAll('-', ' ');
  const input = (detail['input'] ?? {}) as Record<string, unknown>;
  switch (action) {
    case 'alerts.opened':
      return `opened as SEV ${detail['severity']}: ${text('headline')}`;
    case 'alerts.joined':
      return `joined by another alert: ${text('headline')}`;
    case 'alerts.ended':
      return `an alert ended: ${text('headline')}`;
    case 'alerts.told':
      return `step ${detail['step']} called ${list('people') || list('channels') || 'nobody'}`;
    case 'alerts.resolved':
      return 'resolved by itself';
    case 'alerts.acknowledge':
      return 'acknowledged it';
    case 'alerts.escalate':
      return 'escalated it by hand';
    case 'alerts.resolve':
      return 'resolved it';
    case 'approvals.opened':
      return detail['kind'] === 'emergency'
        ? `asked for an emergency without votes: ${text('title')}`
        : `asked for approval: ${text('title')}`;
    case 'approvals.rollback':
      return 'pressed “Roll back”';
    case 'approvals.emergency':
      return 'confirmed the emergency rollback';
    case 'approvals.review-due':
      return 'the review of the emergency is due';
    case 'approvals.vote':
      return `${VOTED[String(input['choice'])] ?? 'voted on'} ${String(input['request'])}`;
    case 'approvals.approved':
      return 'the votes decided';
    case 'approvals.rejected':
      return 'the votes decided';
    case 'approvals.vote-opened':
      return 'the vote was opened';
    case 'approvals.votes-void':
      return 'the votes so far are void';
    case 'approvals.voter-left':
      return 'somebody who could vote left';
    case 'approvals.ballot-read':
      return 'the secret ballot was read out';
    case 'approvals.superseded':
      return 'the request was superseded';
    case 'approvals.expired':
      return 'the request expired';
    case 'fleet.change.started':
      return `started: ${String((detail['plan'] as { what?: string } | undefined)?.what ?? 'the change')}`;
    case 'fleet.change.succeeded':
      return 'the change is done';
    case 'fleet.change.failed':
      return 'the change failed';
    default:
      return responseWords(rooms, action, detail) ?? (outcome === 'ok' ? named : `${named} (${outcome})`);
  }
}
