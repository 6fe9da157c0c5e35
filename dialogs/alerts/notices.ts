import { incidentCard, incidentSummary } from '../../cards/alerts/incident.ts';
import { pageCard } from '../../cards/alerts/page.ts';
import { saidCard } from '../../cards/alerts/said.ts';
import { summaryOf } from '../../cards/parts/card.ts';
import { lasting } from '../../cards/parts/time.ts';
import type { IncidentRow } from '../../services/alerts/index.ts';
import type { Draw } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { groupNotice } from './group-view.ts';
import { gapNotice, handoffNotice } from './handoff-view.ts';
import { overrideNotice } from './override-view.ts';
import { pageView } from './page-view.ts';
import { pagerAlarmNotice, testPageNotice } from './pager-view.ts';
import { escalatedSentence, mentionNotice, reminderNotice, responseSentence } from './response-notices.ts';
import { rotationNotice } from './rotation-view.ts';
import { silenceEnding, silenceNotice } from './silence-view.ts';
import { swapNotice } from './swap-view.ts';
import { taskNotice } from './tasks-view.ts';
import { called, incidentView, neededIncident } from './view.ts';

/** Replies that people are woken by. */
const CALLS = new Set(['worse', 'unhushed']);

const incident: Draw = async (rooms, { ids }, now) => {
  const view = await incidentView(rooms, await neededIncident(rooms, ids['incident'] ?? ''), now);
  return { card: incidentCard(view), summary: incidentSummary(view) };
};

const page: Draw = async (rooms, { ids }, now) => {
  const row = await neededIncident(rooms, ids['incident'] ?? '');
  const card = pageCard(pageView(rooms, await incidentView(rooms, row, now), row, ids['person']));
  return { card, summary: summaryOf(card) };
};

/** Replies in the incident's thread: few, because each one notifies. */
const said: Draw = async (rooms, { ids }) => {
  const row = await neededIncident(rooms, ids['incident'] ?? '');
  const text = sentence(rooms, row, ids);
  if (!text) return undefined;
  // Mentioned only where somebody has to act, and not in the chat of one who only follows it.
  const wakes = CALLS.has(ids['what'] ?? '') && row.state === 'open' && !ids['follower'];
  const calling = wakes ? called(rooms, row) : [];
  return { card: saidCard({ text, calling }), summary: text };
};

function sentence(rooms: Rooms, row: IncidentRow, ids: Readonly<Record<string, string>>): string | undefined {
  const since = (at: string | null) =>
    at ? lasting(Math.max(0, Date.parse(at) - Date.parse(row.opened_at))) : 'some time';
  switch (ids['what']) {
    case 'acknowledged':
      return row.acknowledged_by
        ? `${rooms.people.nameOf(row.acknowledged_by)} acknowledged ${row.id} after ${since(row.acknowledged_at)}.`
        : undefined;
    case 'resolved':
      return `${row.id} is resolved after ${since(row.resolved_at)}. ${row.why}`;
    case 'escalated':
      return escalatedSentence(rooms, row, ids);
    case 'worse': {
      const by = ids['by'] ? `; ${rooms.people.nameOf(ids['by'])} had acknowledged it, it is open again` : '';
      return `${row.id} got worse: SEV ${ids['from']} is SEV ${ids['to']} now${by}. ${row.title}`;
    }
    case 'unhushed':
      return `${ids['by']} is over and ${row.id} still fires: ${row.title}`;
    default:
      return responseSentence(rooms, row, ids);
  }
}

export const notices = {
  'alerts.incident': incident,
  'alerts.page': page,
  'alerts.said': said,
  'alerts.group': groupNotice,
  'alerts.mention': mentionNotice,
  'alerts.reminder': reminderNotice,
  'alerts.silence': silenceNotice,
  'alerts.silence-ending': silenceEnding,
  'alerts.task': taskNotice,
  'alerts.test-page': testPageNotice,
  'alerts.pager-alarm': pagerAlarmNotice,
  'alerts.override': overrideNotice,
  'alerts.rotation': rotationNotice,
  'alerts.swap': swapNotice,
  'alerts.handoff': handoffNotice,
  'alerts.gap': gapNotice,
};
