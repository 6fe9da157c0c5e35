/**
 * What the Room API (`/room/api/*`) sends and takes; the page in `room/` is written against these shapes. They are plain
 * JSON: instants are ISO 8601 in UTC, people are their short ids ("ann"), conversations their Teams ids.
 */

export interface RoomPerson {
  id: string;
  name: string;
  /** `29:<id>`, the id a card's `refresh.userIds` and mentions use. */
  mri: string;
  entraId: string;
  zone: string;
  /** Somebody who left: shown in old messages, cannot be chosen as "me". */
  active: boolean;
  /** What the organisation lets them do beside looking. */
  roles: readonly string[];
}

export interface RoomConversation {
  id: string;
  kind: 'channel' | 'group' | 'personal';
  name: string;
  /** People in it, without the bot. */
  members: string[];
  /** Unread messages for the person who asked; 100 means "100 or more". */
  unread: number;
  /** Of those, how many mention that person. */
  mentions: number;
  installed: boolean;
  last?: { id: string; at: string; from: string; preview: string };
}

export interface RoomState {
  me: RoomPerson;
  bot: { id: string; name: string };
  team: { id: string; name: string };
  people: RoomPerson[];
  conversations: RoomConversation[];
  clock: RoomClock;
  /** What this person may ask the bot, to suggest while they type. */
  commands: RoomCommand[];
  /** The commands of the app's message extension, as its manifest lists them. */
  extension: readonly RoomExtension[];
  /** Subscribe to events with `after=` this number: nothing is missed between the two calls. */
  sequence: number;
}

export interface RoomCommand {
  /** A whole sentence that works. */
  text: string;
  summary: string;
}

export interface RoomExtension {
  id: string;
  /** `query` is asked with `words`; `action` opens a dialog. */
  type: 'query' | 'action';
  title: string;
  description: string;
  /** Where Teams offers it: on a message, beside the message box, in the search box on top. */
  context: readonly ('message' | 'compose' | 'commandBox')[];
}

export interface RoomClock {
  now: string;
  /** A frozen clock only moves by `POST /sandbox/advance`. */
  frozen: boolean;
}

export interface RoomMention {
  /** As it stands in the text or card: `<at>Ann Berg</at>`. */
  text: string;
  name: string;
  /** Person id, `bot`, or empty when nobody by that id is known. */
  id: string;
}

export interface RoomAttachment {
  contentType: string;
  /** An Adaptive Card for `application/vnd.microsoft.card.adaptive`; already this person's own view if there is one. */
  content?: unknown;
  contentUrl?: string;
  name?: string;
}

export interface RoomMessage {
  id: string;
  conversation: string;
  /** The first message of its thread (its own id for a first message). Only channels have threads. */
  root: string;
  from: { kind: 'person' | 'bot'; id: string; name: string };
  at: string;
  editedAt?: string;
  /** A deleted message keeps its place and loses its content. */
  deleted: boolean;
  text: string;
  textFormat: 'plain' | 'markdown' | 'xml';
  /** The notification's line. */
  summary?: string;
  attachments: RoomAttachment[];
  attachmentLayout?: 'list' | 'carousel';
  suggestedActions: { type: string; title: string; value: unknown }[];
  mentions: RoomMention[];
  /** Notified the person who asked. An edit never notifies. */
  mentionsMe: boolean;
  unread: boolean;
  /** `own`: the attachments are the view only this person sees. */
  view: 'everybody' | 'own';
  /** The card wants a fresh view for this person: call `POST /room/api/refresh` when the message is on screen. */
  refresh: boolean;
  /** "AI generated" label. */
  ai: boolean;
  citations: { position: number; name: string; abstract?: string; url?: string }[];
  /** Show thumbs up and down (`POST /room/api/feedback`). */
  feedback: boolean;
  /** Only this person sees it, and for 24 hours. */
  targeted: boolean;
  reactions: { reaction: string; people: string[] }[];
  /** The bot could not be reached with this message; why, in words. */
  failed?: string;
  /** Grows with every change of this message; draw only what is newer. */
  revision: number;
}

export interface RoomMessages {
  conversation: RoomConversation;
  /** Oldest first. In a channel a page is whole threads: first messages with all their replies. */
  messages: RoomMessage[];
  /** Older ones exist: ask again with `before=` the id of the oldest first message. */
  more: boolean;
}

/** The answer to a click, a submitted card or a dialog. */
export type RoomOutcome =
  | { kind: 'card'; message: RoomMessage }
  | { kind: 'toast'; text: string }
  | { kind: 'error'; code: string; text: string }
  | { kind: 'dialog'; dialog: RoomDialog }
  | { kind: 'closed' }
  | { kind: 'sent' }
  /** What a search of the message extension found; say `card` to drop one into a chat. */
  | { kind: 'results'; results: RoomResult[] };

export interface RoomResult {
  title: string;
  text: string;
  card: unknown;
}

export interface RoomDialog {
  title: string;
  /** Pixels or Teams' words. */
  width: number | 'small' | 'medium' | 'large';
  height: number | 'small' | 'medium' | 'large';
  card?: unknown;
  url?: string;
}

/**
 * What `GET /room/api/events` sends: `event:` is `kind`, `data:` the JSON of the whole object. Durable events carry an
 * `id:`; typing, clock and reset do not, so Last-Event-ID always names something that can be resumed.
 */
export type RoomEvent =
  | { kind: 'message'; message: RoomMessage; conversation: RoomConversation }
  | { kind: 'conversation'; conversation: RoomConversation }
  | { kind: 'typing'; conversation: string; thread?: string; from: string; text?: string }
  | { kind: 'clock'; clock: RoomClock }
  /** The gap is too large or the sandbox was reset: load state and messages again. */
  | { kind: 'reset'; sequence: number };
