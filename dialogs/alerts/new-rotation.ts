import { z } from 'zod/v4';
import { noted } from '../../cards/parts/card.ts';
import { Refused } from '../../services/core/errors.ts';
import { draftId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { begin } from '../stepped.ts';
import { scheduleRef } from './oncall-words.ts';
import { MAY_ROTATE, rotationPlan } from './rotation-plan.ts';

const KEPT = 'Your answers are kept after each step; nothing changes before you have seen the two weeks ahead.';

export const newRotation = capability({
  id: 'alerts.new-rotation',
  summary: 'Plan a rotation of a schedule, step by step; a name that is new makes a new schedule',
  phrases: ['new rotation [for {schedule}]', 'add rotation to {schedule}', 'plan rotation like {draft}'],
  examples: ['new rotation for platform-primary'],
  input: z.object({ schedule: scheduleRef.optional(), draft: draftId.optional() }),
  roles: MAY_ROTATE,
  effect: 'write',
  run: async (turn, { schedule, draft }) => {
    const before = draft === undefined ? undefined : await turn.rooms.drafts.find(turn.tx, draft);
    if (draft !== undefined && (before?.form !== rotationPlan.verb || before.owner !== turn.actor.id))
      throw new Refused(`You have no form ${draft} of a rotation.`, 'Say “new rotation”.');
    const known = before?.values ?? { every: '1', unit: 'weeks', time: '09:00', from: 'Monday' };
    const begun = await begin(turn, rotationPlan, {
      values: { ...known, ...(schedule ? { schedule: schedule.toLowerCase() } : {}) },
      ...(schedule ? { subject: schedule } : {}),
    });
    return { ...begun, ...(begun.card ? { card: noted(begun.card, KEPT) } : {}) };
  },
});
