import { Temporal } from 'temporal-polyfill';
import { mentionCard } from '../../cards/alerts/mention.ts';
import { type ReminderView, reminderCard } from '../../cards/alerts/reminder.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { joined, sentence } from '../../cards/parts/text.ts';
import type { IncidentRow } from '../../services/alerts/index.ts';
import type { Draw } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { said as clockOf } from '../times.ts';
import { channelName, neededIncident } from './view.ts';

type Ids = Readonly<Record<string, string>>;
const severityOf = ({ severity }: IncidentRow) => Math.min(4, Math.max(0, severity)) as ReminderView['severity'];

/** A mention in the thread, for who chose that; nothing when they have it by the time it is sent. */
export const mentionNotice: Draw = async (rooms, { ids }) => {
  const row = await neededIncident(rooms, ids['incident'] ?? '');
  const person = rooms.people.byId(ids['person'] ?? '');
  const has = (row.escalation.acks ?? []).some((ack) => ack.person === person?.id);
  if (!person || row.state === 'resolved' || has) return undefined;
  const who = { id: person.entraId, name: person.name };
  const card = mentionCard({ person: who, incident: row.id, severity: severityOf(row), headline: row.title });
  return { card, summary: summaryOf(card) };
};

/** “Are you still at it”: edited when it is answered, and when it was not. */
export const reminderNotice: Draw = async (rooms, { ids }, now) => {
  const row = await neededIncident(rooms, ids['incident'] ?? '');
  const { hold } = row.escalation;
  const since = ids['at'] ?? row.opened_at;
  const theirs =
    row.state === 'acknowledged' &&
    row.acknowledged_by === ids['person'] &&
    instantOf(row.acknowledged_at) === instantOf(since);
  const current = theirs && hold?.asked === Number(ids['asked']);
  const lapsed = row.state === 'open' && !current;
  const state = current && hold?.confirmBy ? 'asked' : theirs ? 'confirmed' : lapsed ? 'lapsed' : 'over';
  const card = reminderCard({
    now,
    id: row.id,
    severity: severityOf(row),
    headline: row.title,
    since: Temporal.Instant.from(since),
    state,
    ...(state === 'asked' && hold?.confirmBy ? { until: Temporal.Instant.from(hold.confirmBy) } : {}),
  });
  return { card, summary: summaryOf(card) };
};

const instantOf = (text: string | null): number => Date.parse(text ?? '');

/** How the thread and followers hear of a step; what brought it about comes first. */
export function escalatedSentence(rooms: Rooms, { id }: IncidentRow, ids: Ids): string {
  const names = (ids['people'] ?? '')
    .split(',')
    .filter(Boolean)
    .map((person) => rooms.people.nameOf(person));
  const channels = (ids['channels'] ?? '').split(',').filter(Boolean);
  const told = channels.map((channel) => channelName(rooms, channel));
  const were = (list: readonly string[]) => (list.length > 1 ? 'were' : 'was');
  const paged = ids['first'] ? 'called on the card' : 'paged one to one';
  const parts = [
    names.length > 0 && `${joined(names)} ${were(names)} ${paged}`,
    told.length > 0 && `the ${told.length > 1 ? 'channels' : 'channel'} ${joined(told)} ${were(told)} told`,
  ].filter(Boolean);
  const who = parts.join(', and ') || 'nobody could be paged';
  const problems = ids['problems'] ? ` ${sentence(ids['problems'])}.` : '';
  const step = `(step ${ids['step']})`;
  const name = rooms.people.nameOf(ids['who'] ?? '');
  switch (ids['because']) {
    case 'hand':
      return `${id} was escalated by hand: ${who} ${step}.${problems}`;
    case 'policy':
      return `${id} follows the policy ${ids['who']} now: ${who} ${step}.${problems}`;
    case 'schedule':
      return `${id} was escalated to the schedule ${ids['who']}: ${who}.${problems}`;
    case 'lapsed':
      return `${name} did not say whether they are still at ${id}, so it is open again: ${who} ${step}.${problems}`;
    default:
      return `${ids['first'] ? `${id} has begun` : `Nobody has acknowledged ${id}`}: ${who} ${step}.${problems}`;
  }
}

/** How the thread and followers hear of what people do with an incident. */
export function responseSentence(rooms: Rooms, row: IncidentRow, ids: Ids): string | undefined {
  const { id } = row;
  const name = rooms.people.nameOf(ids['who'] ?? '');
  switch (ids['what']) {
    case 'snoozed': {
      const until = Temporal.Instant.from(ids['until'] ?? row.opened_at);
      return `${name} lets ${id} rest until ${clockOf(until, rooms.organisation.zone)} (${rooms.organisation.zone}).`;
    }
    case 'woken':
      return `The rest of ${id} is over and it is not resolved: ${name} is told again.`;
    case 'assigned':
      return ids['who'] === ids['asker']
        ? `${name} takes care of ${id}.`
        : `${rooms.people.nameOf(ids['asker'] ?? '')} asked ${name} to take care of ${id}.`;
    case 'severity':
      return `${name} says that ${id} is SEV ${ids['severity']}; it was SEV ${ids['from']}.`;
    case 'merged':
      return `${id} is merged into ${ids['into']}: it is the same trouble.`;
    case 'graver':
      return `${id} is SEV ${ids['severity']} now and open again: ${name} had it when it was milder.`;
    default:
      return undefined;
  }
}
