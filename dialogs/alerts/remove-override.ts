import { z } from 'zod/v4';
import { wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import { overrideAnswer } from './override-view.ts';

/** PostgreSQL would refuse a larger id; nobody types one. */
const LARGEST = 999_999_999;

export const removeOverride = capability({
  id: 'alerts.remove-override',
  summary: 'Take back a change of who is on call; one that runs ends now',
  phrases: ['remove override {override}', 'end override {override}', 'delete override {override}'],
  examples: ['remove override 4'],
  input: z.object({ override: wholeNumber(1, LARGEST) }),
  roles: ['responder', 'admin'],
  effect: 'write',
  run: async (turn, { override }) =>
    overrideAnswer(turn, await turn.rooms.alerts.overrides.remove(turn.tx, override, turn.actor.id)),
});
