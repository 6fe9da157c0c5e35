import type { Card, Mention } from '../cards/card.ts';

/** What the Teams edge (bot/teams.ts) and the rest of the bot say to each other: no SDK types beyond this line. */

/** Something arrived from Teams. `key` is the same when Teams delivers it again. */
export interface Inbound {
  key: string;
  /** Teams' id of the activity, to reply to. */
  activityId: string;
  from: { entraId: string | undefined; id: string; name: string };
  conversation: ConversationReference;
  /** The message a click happened on. */
  replyToId: string | undefined;
  text: string;
  /** As they stand in the text: `<at>Ann Berg</at>`. */
  mentions: readonly { text: string; id: string; name: string }[];
  /** Action.Execute verb or Submit data. */
  verb: string | undefined;
  data: Record<string, unknown>;
  /** What a message extension was asked: the words of a search, or the message that something is made of. */
  extension?: { command: string; words?: string; message?: { text: string; from?: string } };
  /** A refresh that the client asked for by itself, not a person's click. */
  automatic: boolean;
}

export interface ConversationReference {
  /** Without `;messageid=`. */
  id: string;
  kind: 'channel' | 'group' | 'personal';
  /** Root message of the thread it was said in. */
  thread: string | undefined;
  serviceUrl: string;
  tenantId: string | undefined;
  teamId: string | undefined;
  name: string | undefined;
}

/** What goes out: a card or a line, with a line for the notification. */
export interface Outgoing {
  text?: string;
  card?: Card;
  summary: string;
  mentions?: readonly Mention[];
}

/** The answer to a card action: the person's new card, a short message, or an error. */
export type ActionReply =
  | { kind: 'card'; card: Card }
  | { kind: 'message'; text: string }
  | { kind: 'error'; status: 400 | 500; code: string; text: string };

/** The answer to a dialog (task module): a card in it, a line, or nothing more. */
export type TaskReply =
  | { kind: 'card'; title: string; card: Card }
  | { kind: 'message'; text: string }
  | { kind: 'close' };

/** What a search in a message extension finds: cards that can be dropped into the chat, or a line. */
export type ExtensionReply =
  | { kind: 'results'; results: readonly { title: string; text: string; card: Card }[] }
  | { kind: 'message'; text: string };

export interface Ears {
  message(inbound: Inbound, say: (out: Outgoing) => Promise<string>): Promise<void>;
  action(inbound: Inbound): Promise<ActionReply>;
  taskFetch(inbound: Inbound): Promise<TaskReply>;
  taskSubmit(inbound: Inbound): Promise<TaskReply>;
  query(inbound: Inbound): Promise<ExtensionReply>;
  fetchTask(inbound: Inbound): Promise<TaskReply>;
  submitAction(inbound: Inbound): Promise<TaskReply>;
  installed(inbound: Inbound, what: 'added' | 'removed' | 'renamed', name: string | undefined): Promise<void>;
}

/** Where to post: a conversation, or a thread in it. */
export interface Address {
  serviceUrl: string;
  conversationId: string;
  /** Root activity of the thread to reply in. */
  thread?: string;
}

/** Posting and editing, with what can go wrong told apart. Never retries: a create that fails may have happened. */
export interface Transport {
  create(to: Address, out: Outgoing): Promise<string>;
  edit(to: Address, activityId: string, out: Outgoing): Promise<void>;
  typing(to: Address): Promise<void>;
  /** Who is in the conversation; of a very large one, the first. */
  members(to: Address): Promise<{ id: string; entraId: string | undefined }[]>;
}

/**
 * `throttled` try after; `unknown` it may or may not have happened (time-out, 5xx, reset); `blocked` the bot was removed
 * or blocked there; `gone` the message is not there any more; `too-large`; `rejected` anything else, will not pass.
 */
export type SendFailure = 'throttled' | 'unknown' | 'blocked' | 'gone' | 'too-large' | 'rejected';

export class SendError extends Error {
  readonly kind: SendFailure;
  readonly retryAfterMs: number | undefined;
  constructor(kind: SendFailure, message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'SendError';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}
