import { z } from 'zod/v4';
import { postMortemCard } from '../../cards/alerts/post-mortem.ts';
import { incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { report } from './report.ts';
import { neededIncident } from './view.ts';

export const postMortem = capability({
  id: 'alerts.post-mortem',
  summary: 'Draft what is written after an incident: what happened, impact, who, actions; as a card and as Markdown',
  phrases: ['post-mortem {incident}', 'postmortem {incident}', 'post-mortem of {incident}'],
  examples: ['post-mortem INC-142'],
  input: z.object({ incident: incidentId }),
  roles: ['viewer'],
  // The address under which the draft can be fetched is ours to keep.
  effect: 'write',
  run: async (turn, { incident }) => {
    const rooms = { ...turn.rooms, db: turn.tx };
    const row = await neededIncident(rooms, incident);
    const { markdown, ...drawn } = await report(rooms, row, turn.now);
    const { url } = await rooms.alerts.feeds.ofReport(turn.tx, turn.actor.id, incident);
    return {
      text: markdown,
      card: postMortemCard({ now: turn.now, id: incident, resolved: row.state === 'resolved', url, ...drawn }),
      data: { ...drawn, markdown, url },
      objects: [incident],
    };
  },
});
