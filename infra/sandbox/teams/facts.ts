import type { Incoming, Outgoing } from './wire.ts';

/** Everything that ever happened in the sandbox's Teams is one of these facts; state.ts adds them up. */
export type Fact =
  | { kind: 'call'; call: Call; history?: true }
  | { kind: 'message'; message: Message }
  | { kind: 'view'; message: string; person: string; view: View }
  | { kind: 'read'; place: string; person: string; upTo: string }
  | { kind: 'installed'; scope: string; on: boolean }
  | { kind: 'inbound'; activity: Incoming; message?: string }
  | { kind: 'heard'; id: string }
  | { kind: 'failed'; message: string; why: string }
  | { kind: 'reacted'; message: string; person: string; reaction: string; on: boolean }
  | { kind: 'fault'; fault: Fault }
  | { kind: 'fault-used'; id: string }
  | { kind: 'fault-cleared'; id: string };

export interface Message {
  /** Milliseconds since the epoch at creation as digits, made unique: ids grow with time, as in Teams. */
  id: string;
  place: string;
  /** First message of the thread; the message's own id for a first message and everywhere outside channels. */
  root: string;
  /** A person id, or `bot`. */
  author: string;
  at: string;
  editedAt?: string;
  deleted?: true;
  body: Outgoing;
  /** Person ids that were notified when it was created; an edit notifies nobody. */
  mentions: string[];
  /** Only this person sees it. */
  targetedTo?: string;
  reactions?: Record<string, string[]>;
  /** The bot could not be reached with it. */
  failed?: string;
  /** Sequence of the last change. */
  revision: number;
  /** Own views by person; gone after an edit (Universal Action Model: an edit resets the base card). */
  views?: Record<string, View>;
}

export interface View {
  card: unknown;
  /** Milliseconds since the epoch, for "at most once a minute". */
  at: number;
}

/** One thing the bot asked of the Connector: the transcript is the list of these. */
export interface Call {
  /** 1, 2, 3 … */
  number: number;
  at: string;
  operation: 'create' | 'edit' | 'delete' | 'typing';
  place: string;
  root: string;
  message: string;
  /** HTTP status of the answer; 0 when the connection was cut or left hanging. */
  status: number;
  /** Whether it happened, whatever was answered. */
  delivered: boolean;
  fault?: string;
  body: Outgoing;
  mentions: string[];
  targetedTo?: string;
}

export type FaultOperation = 'create' | 'edit' | 'delete' | 'typing' | 'conversation' | 'members' | 'history';

export interface Fault {
  id: string;
  /** HTTP status, `reset` (the socket is cut after the request was read) or `hang` (no answer at all). */
  answer: number | 'reset' | 'hang';
  /** The operation happens although the answer says otherwise. */
  delivered: boolean;
  retryAfterSeconds?: number;
  operations: FaultOperation[];
  /** Conversation id; everywhere when left out. */
  place?: string;
  /** Used up after this many requests. */
  left?: number;
  /** ISO instant on the sandbox's clock. */
  until?: string;
}
