import { z } from 'zod/v4';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';

export const note = capability({
  id: 'approvals.note',
  summary: "Write something into the minutes of a board's meeting",
  phrases: ['note for {board} that {text}'],
  examples: ['note for model-risk-board that REQ-107 needs a look at false alarms of small merchants'],
  input: z.object({ board: freeText(120), text: freeText() }),
  roles: ['approver', 'risk', 'engineering', 'domain', 'privacy'],
  effect: 'write',
  run: async ({ rooms, tx, actor }, { board: words, text }) => {
    const board = rooms.approvals.boardOf(words);
    const meeting = await rooms.approvals.takeNote(tx, board, actor.id, text);
    return { text: `Noted in ${meeting.id}.`, data: { meeting: meeting.id }, objects: [meeting.id] };
  },
});
