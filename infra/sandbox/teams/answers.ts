import type { InvokeReply } from './bot-line.ts';
import type { RoomDialog, RoomOutcome } from './room-types.ts';
import { CARD, extensionAnswer, invokeAnswer, isRecord, taskAnswer, textOf } from './wire.ts';

/** A card answer is not yet a view; everything else is already what the person sees. */
export type Answer = Exclude<RoomOutcome, { kind: 'card' }> | { kind: 'card'; card: unknown };

/** What Teams shows when a bot does not keep to the protocol. */
const broken = (reply: InvokeReply): Answer & { kind: 'error' } => ({
  kind: 'error',
  code: reply.status === 0 ? 'NoAnswer' : `Status${reply.status}`,
  text: reply.status === 0 ? 'Unable to reach app. Please try again.' : 'Something went wrong. Please try again.',
});

/** Reads the answer to `adaptiveCard/action` (Universal Action Model, "Response format"; HTTP is 200 always). */
export function answerToAction(reply: InvokeReply): Answer {
  const parsed = invokeAnswer.safeParse(reply.body ?? {});
  if (reply.status !== 200 || !parsed.success) return broken(reply);
  const { statusCode = 200, type, value } = parsed.data;
  switch (type) {
    case CARD:
      return isRecord(value) ? { kind: 'card', card: value } : broken(reply);
    case 'application/vnd.microsoft.activity.message':
      return { kind: 'toast', text: textOf(value) };
    case undefined:
      return statusCode < 300 ? { kind: 'sent' } : broken(reply);
    case 'application/vnd.microsoft.activity.loginRequest':
      return { kind: 'error', code: 'LoginRequest', text: 'The app asks to sign in, which the sandbox cannot do.' };
    default:
      return isRecord(value)
        ? { kind: 'error', code: textOf(value.code) || String(statusCode), text: textOf(value.message) }
        : broken(reply);
  }
}

/** Reads the answer to `task/fetch` and `task/submit`; an empty one closes the dialog. */
export function answerToTask(reply: InvokeReply): Exclude<RoomOutcome, { kind: 'card' }> {
  if (reply.status !== 200) return broken(reply);
  const problem = answerToError(reply);
  if (problem) return problem;
  const parsed = taskAnswer.safeParse(reply.body ?? {});
  if (!parsed.success) return broken(reply);
  const { task } = parsed.data;
  if (!task) return { kind: 'closed' };
  if (task.type === 'message') return { kind: 'toast', text: task.value ?? '' };
  const { title, width, height, card, url } = task.value;
  const dialog: RoomDialog = {
    title: title ?? '',
    width: width ?? 'medium',
    height: height ?? 'medium',
    ...(card ? { card: card.content } : {}),
    ...(url ? { url } : {}),
  };
  return { kind: 'dialog', dialog };
}

/** Reads the answer to a message extension: what a search found, a line, or a dialog. */
export function answerToExtension(reply: InvokeReply): Exclude<RoomOutcome, { kind: 'card' }> {
  const found = extensionAnswer.safeParse(reply.body ?? {}).data?.composeExtension;
  if (reply.status !== 200 || !found) return answerToTask(reply);
  if (found.type === 'message') return { kind: 'toast', text: found.text ?? '' };
  const results = (found.attachments ?? []).map(({ content, preview }) => ({
    title: preview?.content?.title ?? '',
    text: preview?.content?.text ?? '',
    card: content,
  }));
  return { kind: 'results', results };
}

function answerToError(reply: InvokeReply): (Answer & { kind: 'error' }) | undefined {
  if (!isRecord(reply.body) || reply.body.type !== 'application/vnd.microsoft.error') return undefined;
  const answer = answerToAction(reply);
  return answer.kind === 'error' ? answer : undefined;
}
