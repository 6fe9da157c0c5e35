import type { Card } from '../cards/card.ts';

/**
 * Dialogs (task modules) know `Action.Submit` only: Teams sends its data back by `task/submit`, the verb among them. A card
 * that was drawn for the chat is rewritten for them.
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots
 */
export const forDialog = (card: Card): Card => rewritten(card) as Card;

function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>);
  const { type, verb, data, fallback: _fallback, ...rest } = value as Record<string, unknown>;
  if (type === 'Action.Execute') return { type: 'Action.Submit', ...rest, data: { ...(data as object), verb } };
  return Object.fromEntries(entries.map(([name, inner]) => [name, rewritten(inner)]));
}

/** Whether there is something to fill in. */
export const hasInputs = (card: Card): boolean => /"type":"Input\.[A-Za-z]+"/.test(JSON.stringify(card));
