import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import { draftId } from '../arguments.ts';
import { capability, type Turn } from '../capability.ts';
import { monitorForm, monitorPlan, specOf, specWords } from './monitor-plan.ts';
import { conversationOf, orderAnswer } from './order-view.ts';

/** The answers of a form that was sent, or is complete. */
async function answersOf({ rooms, actor }: Turn, draft: string) {
  const row = await rooms.drafts.find(rooms.db, draft);
  if (!row || row.form !== monitorPlan.verb)
    throw new Refused(`There is no form ${draft} of a monitor.`, 'Say “my drafts”.');
  if (row.owner !== actor.id)
    throw new Refused(`${draft} is ${rooms.people.nameOf(row.owner)}'s form.`, 'Begin one of your own: new monitor.');
  const answers = monitorForm.safeParse(row.values);
  if (!answers.success) throw new Refused(`${draft} is not complete.`, `Say “continue monitor ${draft}”.`);
  return answers.data;
}

export const createMonitor = capability({
  id: 'alerts.create-monitor',
  summary: 'Create the model monitor of a form in Azure Machine Learning',
  phrases: ['create monitor {draft}'],
  examples: ['create monitor DRF-104'],
  input: z.object({ draft: draftId }),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'dangerous',
  preview: async (turn, { draft }) => {
    const ready = await specOf(turn, await answersOf(turn, draft));
    const known = await turn.rooms.models.monitors.all();
    if (known.monitors.some(({ name }) => name === ready.name))
      throw new Refused(
        `There is a monitor ${ready.name} already.`,
        `Say “monitor ${ready.name}” to see and change it.`,
      );
    const words = specWords(ready).map(([what, how]) => `${what.toLowerCase()}: ${how}`);
    return `The monitor ${ready.name} is created in ${ready.workspace} (${words.join('; ')}).`;
  },
  prepare: async (turn, { draft }) => specOf(turn, await answersOf(turn, draft)),
  run: async (turn, _, { name, workspace, spec }) =>
    orderAnswer(
      turn,
      await turn.rooms.models.orders.place(turn.tx, {
        body: { kind: 'monitor-create', name, spec },
        what: `create the monitor ${name}`,
        workspace,
        endpoint: spec.endpoint,
        by: turn.actor.id,
        conversation: conversationOf(turn),
      }),
    ),
});
