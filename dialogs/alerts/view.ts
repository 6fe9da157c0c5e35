import { Temporal } from 'temporal-polyfill';
import type { IncidentView } from '../../cards/alerts/incident.ts';
import { type EpisodeRow, type Findings, type IncidentRow, impact } from '../../services/alerts/index.ts';
import { stateWord } from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { ChangeRow } from '../../services/fleet/index.ts';
import { channelNamed, type Rooms } from '../rooms.ts';
import { taskWords } from './task-words.ts';

const AZURE = 'Azure Monitor and Azure Machine Learning';
/** Of the others the card names the sender; the numbers beside it are Azure's all the same. */
const SENDERS: Readonly<Record<string, string>> = {
  alertmanager: 'Alertmanager',
  generic: 'your own webhooks',
  heartbeat: 'heartbeats',
  wardroom: 'checks of its own',
};
/** Alerts on the card; the rest is counted. */
const MOST_ALERTS = 50;

export async function neededIncident(rooms: Rooms, id: string): Promise<IncidentRow> {
  const row = await rooms.alerts.find(rooms.db, id);
  if (!row) throw new Refused(`There is no incident ${id}.`, 'Say “incidents” for the list.', 'unknown-incident');
  return row;
}

function sourceOf(episodes: readonly EpisodeRow[], findings: Findings | null): string {
  const others = new Set(episodes.flatMap(({ signal }) => SENDERS[signal.source] ?? []));
  const sources = [...others, AZURE].join(', ');
  return findings?.gaps.length ? `${sources}; not known: ${findings.gaps.join(', ')}` : sources;
}

/** The incident as it is now: everything its cards show. */
export async function incidentView(rooms: Rooms, row: IncidentRow, now: Temporal.Instant): Promise<IncidentView> {
  const [everything, speech, silence, request, change, next, todo] = await Promise.all([
    rooms.alerts.episodes(rooms.db, row.id),
    rooms.alerts.speech(rooms.db, row.id),
    row.silenced_by ? rooms.alerts.silences.find(rooms.db, row.silenced_by) : undefined,
    rooms.approvals.ofIncident(rooms.db, row.id),
    rooms.fleet.ofIncident(rooms.db, row.id),
    nextOf(rooms, row),
    rooms.alerts.tasks.open(rooms.db, { incident: row.id }),
  ]);
  const told = speech?.told?.firing;
  // A group that speaks at a pace shows what it has told: what keeps quiet is counted, not listed.
  const episodes = told
    ? everything.filter(({ signal, endedAt }) => endedAt || told.includes(signal.dedupKey))
    : everything;
  const muted = everything.length - episodes.length;
  const failure = await failureOf(rooms, everything);
  const endpoint = rooms.organisation.endpoints.find(({ id }) => id === row.endpoint);
  const team = rooms.organisation.teams.find(({ id }) => id === row.team);
  const since = Temporal.Instant.from(row.opened_at);
  const findings = row.findings as Findings | null;
  const changing = change && change.state !== 'succeeded' && change.state !== 'failed';
  const voting = request?.state === 'voting' ? await rooms.approvals.standing(rooms.db, request) : undefined;
  const until = row.resolved_at ? Temporal.Instant.from(row.resolved_at) : now;
  const loss = endpoint ? impact(since, until, endpoint.business) : undefined;
  return {
    now,
    id: row.id,
    state:
      row.state === 'resolved'
        ? 'resolved'
        : changing
          ? 'changing'
          : row.state === 'acknowledged'
            ? 'acknowledged'
            : 'firing',
    severity: Math.min(4, Math.max(0, row.severity)) as IncidentView['severity'],
    headline: spokenTitle(row, everything, told),
    since,
    ...(row.endpoint ? { endpoint: row.endpoint } : {}),
    owner: team?.name ?? ownerless(rooms, row),
    ...(endpoint && loss
      ? {
          business: {
            purpose: endpoint.business.purpose,
            ...(loss.moneyPerHour ? { moneyPerHour: loss.moneyPerHour } : {}),
            ...(loss.unit ? { unit: loss.unit } : {}),
            ...(loss.unitsTouched ? { unitsSince: loss.unitsTouched } : {}),
          },
        }
      : {}),
    drift: (findings?.drift ?? []).map(({ feature, value, threshold }) => ({ feature, value, limit: threshold })),
    ...(failure ? { failure } : {}),
    changed: (findings?.upstream ?? []).map(({ what, at, reason }) => ({
      what: withNames(rooms, what),
      at: Temporal.Instant.from(at),
      ...lineageIn(reason),
    })),
    alerts: episodes.slice(-MOST_ALERTS).map(alertLine),
    alertsTotal: episodes.length,
    ...(muted > 0 ? { muted } : {}),
    ...(silence ? { silenced: { id: silence.id, until: silence.until, by: rooms.people.nameOf(silence.by) } } : {}),
    onCall: called(rooms, row),
    ...next,
    ...(row.acknowledged_at && row.acknowledged_by
      ? {
          acknowledged: {
            by: rooms.people.nameOf(row.acknowledged_by),
            at: Temporal.Instant.from(row.acknowledged_at),
          },
        }
      : {}),
    ...responders(rooms, row),
    ...(todo.length > 0 ? { tasks: todo.map((task) => ({ number: task.id, words: taskWords(rooms, task) })) } : {}),
    ...(request && voting
      ? {
          request: {
            id: request.id,
            what: request.title,
            missing: `${voting.shown.missing.join('; ') || stateWord(request)}`,
          },
        }
      : {}),
    ...(changing ? { change: progressOf(change) } : {}),
    ...(row.resolved_at
      ? {
          resolved: {
            at: Temporal.Instant.from(row.resolved_at),
            why: row.why,
            ...(row.resolved_by ? { by: rooms.people.nameOf(row.resolved_by) } : {}),
          },
        }
      : {}),
    ...(findings?.rollback && row.endpoint && change?.state !== 'succeeded'
      ? { rollback: { endpoint: row.endpoint, to: findings.rollback.deployment } }
      : {}),
    source: sourceOf(episodes, findings),
  };
}

/**
 * What a group that speaks at a pace is called: by an alert that may speak. What keeps quiet (silenced, inhibited) is
 * counted, and names nothing.
 */
export function spokenTitle(
  row: IncidentRow,
  episodes: readonly EpisodeRow[],
  told: readonly string[] | undefined,
): string {
  if (!told) return row.title;
  const speaks = episodes.filter(({ signal, endedAt }) => !endedAt && told.includes(signal.dedupKey));
  if (speaks.some(({ signal }) => signal.headline === row.title)) return row.title;
  return speaks[0]?.signal.headline ?? row.title;
}

/** Why nobody owns it, in words; the reason of the incident itself is about something else. */
function ownerless({ organisation }: Rooms, { endpoint, channel }: IncidentRow): string {
  const why = endpoint ? `${endpoint} is not in wardroom.yaml` : 'its alerts name no endpoint';
  const fallback = channel === `channel:${organisation.fallbackChannel}`;
  return `nobody: ${why}${fallback ? ', so it goes to the fallback channel' : ''}`;
}

/** The latest failed run among the alerts, once its log was looked into. */
async function failureOf(rooms: Rooms, episodes: readonly EpisodeRow[]): Promise<IncidentView['failure']> {
  const run = episodes.findLast(({ signal }) => signal.kind === 'failed-run' && signal.runId !== undefined)?.signal
    .runId;
  const found = run === undefined ? undefined : await rooms.training.failed.find(rooms.db, run);
  if (!found) return undefined;
  const { said, excerpt, retried_as } = found;
  return { run: found.run, said, excerpt, ...(retried_as ? { retriedAs: retried_as } : {}) };
}

/** Why it is suspected, at the end of the stored reason: "… (the same endpoint)". */
function lineageIn(reason: string): { why?: string } {
  const why = /\(([^()]+)\)$/.exec(reason)?.[1];
  return why === undefined ? {} : { why };
}

/** Azure names people by their e-mail address; those we know are called by their name. */
const withNames = ({ organisation }: Rooms, text: string): string =>
  organisation.people.reduce((words, { email, name }) => (email ? words.replaceAll(email, name) : words), text);

/** Who has it beside whoever acknowledged first, who was asked by name, and until when it rests. */
function responders(rooms: Rooms, row: IncidentRow): Pick<IncidentView, 'others' | 'assigned' | 'snoozedUntil'> {
  const acks = row.escalation.acks ?? [];
  const others = acks.map(({ person }) => person).filter((person) => person !== row.acknowledged_by);
  const waits = row.assignee !== null && row.state === 'open';
  return {
    ...(others.length > 0 && row.state === 'acknowledged'
      ? { others: others.map((id) => rooms.people.nameOf(id)) }
      : {}),
    ...(waits && row.assignee ? { assigned: rooms.people.nameOf(row.assignee) } : {}),
    ...(row.snoozed_until && row.state === 'acknowledged'
      ? { snoozedUntil: Temporal.Instant.from(row.snoozed_until) }
      : {}),
  };
}

export const alertLine = ({ signal, startedAt, endedAt }: EpisodeRow) => ({
  headline: signal.headline,
  since: startedAt,
  ...(endedAt ? { until: endedAt } : {}),
});

/** The people of the latest step that was told; they have to act. */
export function called(rooms: Rooms, row: IncidentRow) {
  const { told } = row.escalation;
  const latest = told.at(-1)?.at;
  return told
    .filter(({ at }) => at === latest)
    .flatMap(({ person }) => {
      const found = rooms.people.byId(person);
      return found ? [{ id: found.entraId, name: found.name }] : [];
    });
}

/** Who is called next, by name where the schedule or role tells it now. */
async function nextOf(rooms: Rooms, row: IncidentRow): Promise<Pick<IncidentView, 'next'>> {
  const next = await rooms.alerts.next(rooms.db, row);
  if (!next) return {};
  const who =
    next.people.length > 0
      ? next.people.map((id) => rooms.people.nameOf(id))
      : next.channels.map((id) => `the channel ${channelName(rooms, id)}`);
  const shown = who.length > 3 ? [...who.slice(0, 2), `${who.length - 2} others`] : who;
  return { next: { who: shown, at: next.at, ...(next.provided ? { provided: next.provided } : {}) } };
}

export const channelName = (rooms: Rooms, id: string): string => channelNamed(rooms, id) ?? id.replace(/^channel:/, '');

const progressOf = (change: ChangeRow) => ({
  word: 'rolling back',
  step: `${(change.plan as { what: string }).what} · ${change.note ?? 'about to start'}`,
  ...(change.percent > 0 ? { done: change.percent } : {}),
  ...(change.request ? { request: change.request } : {}),
});
