import type { Card } from '../cards/card.ts';
import type { Actor, Answer, AnyCapability, Turn } from '../dialogs/capability.ts';
import { Refused, Unavailable, Unsure } from '../services/core/errors.ts';
import type { Message } from '../services/core/outbox.ts';
import type { Tx } from '../services/store/store.ts';
import type { authorize } from './authorize.ts';
import type { Said } from './said.ts';

/** What comes back from dispatch, whoever asked. */
export interface Result {
  kind: 'answer' | 'confirm' | 'refused' | 'failed' | 'unknown' | 'form' | 'duplicate';
  text: string;
  card?: Card;
  data?: unknown;
  live?: Answer['live'];
  own?: Answer['own'];
  mentions?: Answer['mentions'];
  capability?: string;
  /** Why it was refused, for whoever can do something about it (the sign-in page). */
  code?: string;
  /** Of somebody who stays unknown: said once, directly, and kept nowhere. */
  hidden?: boolean;
  /** It was written down with the change, and is in the outbox where it was asked for in a chat. */
  kept?: boolean;
}

/** A turn that has no transaction: what only reads cannot write by mistake. */
export const readOnly = (turn: Omit<Turn, 'tx'>, capability: AnyCapability): Turn => ({
  ...turn,
  get tx(): Tx {
    throw new Error(`${capability.id} has no transaction here`);
  },
});

export const resultOf = (capability: AnyCapability, answer: Answer): Result => ({
  kind: 'answer',
  text: answer.text,
  capability: capability.id,
  ...(answer.card ? { card: answer.card } : {}),
  ...(answer.data === undefined ? {} : { data: answer.data }),
  ...(answer.live ? { live: answer.live } : {}),
  ...(answer.own ? { own: answer.own } : {}),
  ...(answer.mentions ? { mentions: answer.mentions } : {}),
});

export const refused = (error: Refused): Result => ({ kind: 'refused', text: error.text, code: error.code });

export const refusal = (permission: ReturnType<typeof authorize>): Result => ({
  kind: 'refused',
  text: permission.ok ? 'That is not allowed.' : permission.refused.text,
});

export const invalid = (
  capability: AnyCapability,
  issues: readonly { path: PropertyKey[]; message: string }[],
): Result => {
  const what = issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
  return refused(new Refused(`I cannot read that (${what}).`, `For example: ${capability.examples[0]}`));
};

export function actorOf(
  id: string | undefined,
  members: readonly (Actor & { active: boolean })[] | undefined,
): Actor | undefined {
  const member = members?.find((person) => person.id === id);
  return member && { id: member.id, name: member.name, roles: member.roles, zone: member.zone };
}

/**
 * What was answered the first time; it is in the outbox already where it was asked for in a chat. Without an answer it was
 * refused then, and why is in the record only.
 */
export const again = (answer: unknown, capability: string): Result =>
  answer
    ? { ...(answer as Result), kind: 'duplicate', kept: true, capability }
    : {
        kind: 'duplicate',
        text: 'I was interrupted while I answered this. Ask again if you saw no answer.',
        capability,
      };

/** Ids such as INC-142 and endpoint names in an input: what the entry is about. */
export const idsIn = (input: Record<string, unknown>): string[] =>
  Object.entries(input)
    .filter(([field, value]) => typeof value === 'string' && (/^[A-Z]{2,4}-\d+$/.test(value) || field === 'endpoint'))
    .map(([, value]) => value as string);

/** The key of a turn's answer in the outbox and on the card that carries it. */
export const answerKey = (turn: string): string => `answer:${turn}`;

/** A turn's stored answer as a message of the outbox: where it was asked for, unless `more` says otherwise. */
export const answerMessage = (said: Said, more: Partial<Message> = {}): Message => ({
  key: answerKey(said.key),
  kind: 'wardroom.answer',
  ids: { turn: said.key },
  conversation: said.place.conversation,
  ...(said.reply?.to ? { replyTo: said.reply.to } : {}),
  priority: 1,
  ...more,
});

/** Why a turn failed, as far as a person can do something about it. */
export function whyFailed(error: unknown): string {
  if (error instanceof Unavailable) return `${error.service} does not answer at the moment. Try again in a minute.`;
  return error instanceof Unsure
    ? 'The database went away while I wrote this down, so I do not know whether it was done. Look before you say it again.'
    : 'Something went wrong on my side; nothing was changed.';
}

/** What would happen, and whether somebody else has to say yes to it. */
export async function previewOf(
  capability: AnyCapability,
  turn: Turn,
  input: Record<string, unknown>,
): Promise<{ text: string; secondPerson: boolean }> {
  const text = (await capability.preview?.(turn, input)) ?? `${capability.summary}.`;
  const why = await capability.second?.(turn, input);
  return {
    text: why === undefined ? text : `${text} ${why}`,
    secondPerson: capability.secondPerson === true || why !== undefined,
  };
}
