import { z } from 'zod/v4';
import { freeText, incidentId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { afterwards } from './afterwards.ts';

export const usePolicy = capability({
  id: 'alerts.use-policy',
  summary: 'Give an incident another escalation policy from now on; the one it opened with was kept as it was',
  phrases: ['use policy {policy} for {incident}'],
  examples: ['use policy default-oncall for INC-142'],
  input: z.object({ incident: incidentId, policy: freeText(63) }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { incident, policy }) => {
    const { id } = await turn.rooms.alerts.swapPolicy(turn.tx, incident, policy);
    return afterwards(turn, incident, `${incident} follows ${id} from its first step now.`);
  },
});
