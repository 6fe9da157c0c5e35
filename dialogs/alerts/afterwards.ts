import { incidentCard } from '../../cards/alerts/incident.ts';
import { pageCard } from '../../cards/alerts/page.ts';
import type { Answer, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { pageView } from './page-view.ts';
import { incidentView, neededIncident } from './view.ts';

/** The answer to a click or a command that changed an incident: the card as it is after the change, not yet committed. */
export async function afterwards(turn: Turn, incident: string, text: string, why?: string): Promise<Answer> {
  const rooms: Rooms = { ...turn.rooms, db: turn.tx };
  const row = await neededIncident(rooms, incident);
  const view = await incidentView(rooms, row, turn.now);
  // Whoever clicked the page that woke them keeps the page, the channel keeps the incident.
  const personal = turn.place.kind === 'personal' && turn.place.message !== undefined;
  const card = personal ? pageCard(pageView(rooms, view, row, turn.actor.id)) : incidentCard(view);
  return { text, card, data: { incident, state: view.state }, objects: [incident], ...(why ? { why } : {}) };
}
