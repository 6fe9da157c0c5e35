import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { endpointOf } from '../../services/models/index.ts';
import { endpointRef, freeText } from '../arguments.ts';
import { capability, type Turn } from '../capability.ts';
import { concernId } from './concern.ts';
import { misuseAnswer } from './misuse-view.ts';

/** What serves now; `Refused` when nothing does. Asks Azure. */
async function serving({ rooms }: Turn, endpoint: string) {
  const { workspace, business } = endpointOf(rooms.organisation, endpoint);
  const look = await rooms.fleet.look(workspace, endpoint);
  if (!look) throw new Refused(`${endpoint} is not in ${workspace}.`, 'Check the name.');
  const live = Object.entries(look.traffic).filter(([, share]) => share > 0);
  if (live.length === 0)
    throw new Refused(`${endpoint} serves nothing already.`, `Say “endpoint ${endpoint}” to see it.`, 'stopped');
  return { before: look.traffic, live, requestsPerMinute: look.requestsPerMinute, purpose: business.purpose };
}

export const contain = capability({
  id: 'alerts.contain',
  summary: 'Stop an endpoint because of misuse or harm: all its traffic to zero; a second person confirms',
  phrases: ['contain {endpoint} because {reason}', 'stop {endpoint} because of misuse {reason}'],
  examples: ['contain ep-fraud because it is used to screen applicants'],
  input: z.object({ endpoint: endpointRef, reason: freeText(), concern: concernId.optional() }),
  roles: ['responder', 'risk', 'engineering', 'admin'],
  effect: 'dangerous',
  secondPerson: true,
  preview: async (turn, { endpoint, reason }) => {
    const { live, purpose } = await serving(turn, endpoint);
    const shares = live.map(([name, share]) => `${name} ${share} %`).join(', ');
    return `${endpoint} stops answering: its traffic (${shares}) goes to zero, and every caller gets an error until it is restored. ${purpose}. Reason: ${reason}.`;
  },
  prepare: (turn, { endpoint }) => serving(turn, endpoint),
  run: async (turn, { endpoint, reason, concern }, { before }) => {
    const { rooms, tx, actor, askedBy } = turn;
    const [incident] = await rooms.alerts.openOn(tx, endpoint);
    const id = await rooms.concerns.misuse.contain(tx, {
      endpoint,
      before,
      why: reason,
      by: (askedBy ?? actor).id,
      confirmedBy: actor.id,
      concern,
      incident: incident?.id,
    });
    return misuseAnswer(turn, id, reason);
  },
});
