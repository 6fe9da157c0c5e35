import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { freeText, misuseId, oneOf } from '../arguments.ts';
import { capability } from '../capability.ts';
import { misuseAnswer, misuseView, neededCase } from './misuse-view.ts';

const MEANS = {
  restore: 'serves again, with the traffic it had before',
  'keep-stopped': 'stays stopped',
  retire: 'is retired: it stays stopped for good, and its deployments can be deleted',
} as const;

export const decideMisuse = capability({
  id: 'alerts.decide-misuse',
  summary:
    'Decide what becomes of an endpoint that was stopped: restore, keep stopped or retire; a second person confirms',
  phrases: ['decide {misuse} {decision} [because {reason}]'],
  examples: ['decide MIS-101 restore because access is limited to payments now', 'decide MIS-101 keep stopped'],
  input: z.object({
    misuse: misuseId,
    decision: oneOf(['restore', 'keep-stopped', 'retire']),
    reason: freeText().optional(),
  }),
  // The review board: those who answer for risk, the business and the technology.
  roles: ['risk', 'domain', 'engineering', 'admin'],
  effect: 'dangerous',
  secondPerson: true,
  preview: async ({ rooms, now }, { misuse, decision, reason }) => {
    const row = await neededCase(rooms, misuse);
    if (row.state !== 'board')
      throw new Refused(
        row.decision ? `${misuse} is decided already.` : `${misuse} is not assessed yet.`,
        `Say “misuse ${misuse}” to see what is missing.`,
        'too-early',
      );
    const { before } = misuseView(rooms, row, now);
    return `${row.endpoint} ${MEANS[decision]}${decision === 'restore' ? ` (${before})` : ''}.${reason ? ` Reason: ${reason}.` : ''}`;
  },
  run: async (turn, { misuse, decision, reason }) => {
    const { rooms, tx, actor, askedBy } = turn;
    await rooms.concerns.misuse.decide(tx, misuse, decision, (askedBy ?? actor).id, actor.id);
    return misuseAnswer(turn, misuse, reason ?? `decided: ${decision}`);
  },
});
