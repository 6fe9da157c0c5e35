import { Temporal } from 'temporal-polyfill';
import { counted } from '../../cards/parts/text.ts';
import { changeCard, changeSummary } from '../../cards/windows/change.ts';
import { Refused } from '../../services/core/errors.ts';
import { plannedCardOf } from '../../services/windows/index.ts';
import { type Answer, capability, type Turn } from '../capability.ts';
import { type StepInput, step, stepInput } from '../stepped.ts';
import { changeView, neededChange } from './change-view.ts';
import { minutesOf } from './minutes.ts';
import { bodyOf, type ChangeInput, changeInput, checksOf, requestPlan, targetsOf } from './request-form.ts';

export const requestStep = capability({
  id: 'windows.request-step',
  summary: 'Go on with the form of a change',
  phrases: ['change form {draft}', 'go on with change {draft}'],
  examples: ['change form DRF-104'],
  input: stepInput(changeInput),
  roles: ['requester', 'responder', 'engineering'],
  effect: 'write',
  run: (turn, input) =>
    step(turn, requestPlan, input as unknown as StepInput, async (inside, raw, draft) => {
      const whole = raw as ChangeInput;
      const id = draft.subject === undefined ? await asked(inside, whole) : await edited(inside, whole, draft.subject);
      return { answer: await answerOf(inside, id), result: id };
    }),
});

async function asked({ rooms, tx, actor }: Turn, input: ChangeInput): Promise<string> {
  known(rooms, input);
  return rooms.windows.changes.request(tx, {
    class: input.class,
    title: input.title,
    targets: targetsOf(input.targets),
    body: bodyOf(input),
    checks: checksOf(input.checks),
    requester: actor.id,
    assignee: actor.id,
    start: Temporal.Instant.from(input.start),
    minutes: minutesOf(input.takes),
  });
}

/** `subject` is the change and the revision that was looked at: "RFC-104@3". */
async function edited({ rooms, tx, actor }: Turn, input: ChangeInput, subject: string): Promise<string> {
  known(rooms, input);
  const [id = '', revision = ''] = subject.split('@');
  await rooms.windows.changes.edit(tx, id, Number(revision), actor.id, {
    class: input.class,
    title: input.title,
    targets: targetsOf(input.targets),
    body: bodyOf(input),
    checks: checksOf(input.checks),
    start: Temporal.Instant.from(input.start),
    minutes: minutesOf(input.takes),
  });
  return id;
}

function known(rooms: Turn['rooms'], { pipeline }: ChangeInput): void {
  if (pipeline === undefined || rooms.organisation.pipelines.some(({ id }) => id === pipeline)) return;
  const names = rooms.organisation.pipelines.map(({ id }) => id).join(', ') || 'none';
  throw new Refused(`There is no pipeline ${pipeline}.`, `wardroom.yaml knows: ${names}.`);
}

async function answerOf({ rooms, tx, now }: Turn, id: string): Promise<Answer> {
  const inside = { ...rooms, db: tx };
  const view = await changeView(inside, await neededChange(inside, id), now);
  return {
    text: `${changeSummary(view)}. ${counted(view.conflicts.length, 'conflict')}.`,
    card: changeCard(view),
    data: {
      id,
      conflicts: view.conflicts,
      instead: view.instead.map(({ from }) => from.toString()),
      state: view.state,
      revision: view.revision,
    },
    live: { card: plannedCardOf(id), kind: 'windows.change', ids: { change: id } },
    objects: [id, ...view.targets],
  };
}
