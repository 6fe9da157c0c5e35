import { z } from 'zod/v4';
import { Refused } from '../../services/core/errors.ts';
import type { KnownMonitor } from '../../services/models/index.ts';
import { freeText } from '../arguments.ts';
import type { Answer, Turn } from '../capability.ts';
import { conversationOf, orderAnswer } from './order-view.ts';

export const monitorName = z.object({ name: freeText(120) });
export const MAY_CHANGE = ['responder', 'requester', 'engineering'] as const;

type Body = Parameters<Turn['rooms']['models']['orders']['place']>[1]['body'];

/** Orders a change of one monitor. */
export async function orderFor(
  turn: Turn,
  monitor: KnownMonitor,
  body: Body,
  what: string,
  why?: string,
): Promise<Answer> {
  const id = await turn.rooms.models.orders.place(turn.tx, {
    body,
    what,
    workspace: monitor.workspace,
    endpoint: monitor.endpoint,
    by: turn.actor.id,
    why,
    conversation: conversationOf(turn),
  });
  return orderAnswer(turn, id);
}

/** Pausing a paused one would be nothing to confirm. */
export function mustBe({ name, enabled }: KnownMonitor, wanted: boolean): void {
  if (enabled === wanted) return;
  throw new Refused(`${name} is ${enabled ? 'running' : 'paused'} already.`, `Say “monitor ${name}” to see it.`);
}
