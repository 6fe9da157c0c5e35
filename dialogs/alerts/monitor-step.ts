import { newMonitorCard } from '../../cards/alerts/monitors.ts';
import { draftId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { type StepInput, step, stepInput } from '../stepped.ts';
import { monitorForm, monitorPlan, specWords, wishOf } from './monitor-plan.ts';

export const monitorStep = capability({
  id: 'alerts.monitor-step',
  summary: 'Go on with the form of a new monitor',
  phrases: ['continue monitor {draft}'],
  examples: ['continue monitor DRF-104'],
  input: stepInput(monitorForm).extend({ draft: draftId }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  run: (turn, input) =>
    step(turn, monitorPlan, input as StepInput, async (_, answers, { id }) => {
      const made = monitorForm.parse(answers);
      const ready = wishOf(turn, made);
      // The order is made from the form when it is confirmed, which may be on another day.
      const values = Object.fromEntries(Object.entries(made).map(([name, value]) => [name, String(value)]));
      await turn.rooms.drafts.keep(turn.tx, id, { at: monitorPlan.steps.length - 1, values });
      return {
        answer: {
          text: `${ready.name} is ready: say “create monitor ${id}”.`,
          card: newMonitorCard({
            now: turn.now,
            draft: id,
            endpoint: made.endpoint,
            name: ready.name,
            words: specWords(ready),
          }),
          data: { draft: id, ...ready },
        },
        result: ready.name,
      };
    }),
});
