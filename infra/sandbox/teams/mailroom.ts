import type { Clock } from '../../../services/core/clock.ts';
import type { Call } from './facts.ts';
import { HttpError } from './http.ts';
import { mentionsIn } from './mentions.ts';
import type { Store } from './store.ts';
import { isRecord, type Outgoing } from './wire.ts';
import type { Place, World } from './world.ts';

/** A checked wish of the bot: what it would do to which message. */
export interface Asked {
  operation: Call['operation'];
  place: Place;
  /** Of the message that is changed; empty for a new one. */
  message: string;
  /** Of the thread; empty for a new thread. */
  root: string;
  body: Outgoing;
  targetedTo?: string;
}

export interface Mailroom {
  posting(
    place: Place,
    root: string | undefined,
    replyTo: string | undefined,
    body: Outgoing,
    targeted: boolean,
  ): Asked;
  changing(operation: 'edit' | 'delete', place: Place, message: string, body: Outgoing): Asked;
  /** Throws when the message may not be written: not installed, too big, not there, not ours. */
  admit(asked: Asked): void;
  installed(place: Place): void;
  /** Writes what was asked and how it ended; returns the message's id. */
  record(asked: Asked, outcome: { status: number; delivered: boolean; fault?: string }): string;
}

/** 100 KB of UTF-16, Base64 images not counted (Microsoft Learn, "Format your bot messages"). */
const MAX_MESSAGE_BYTES = 102_400;

/** Decides what a call of the bot means and writes it down. */
export function createMailroom({ store, world, clock }: { store: Store; world: World; clock: Clock }): Mailroom {
  const { state } = store;
  const threadOf = (place: Place, root: string | undefined, replyTo: string | undefined): string => {
    if (place.kind !== 'channel') return '';
    if (root === undefined) return (replyTo && state.places.get(place.id)?.get(replyTo)?.root) || '';
    const first = state.places.get(place.id)?.get(root);
    if (!first) throw new HttpError(404, 'ConversationNotFound', `There is no message ${root} in this channel`);
    return first.root;
  };

  return {
    posting(place, root, replyTo, body, targeted) {
      const person = targeted ? world.personBy(body.recipient?.id ?? '') : undefined;
      if (targeted && !(person && place.members.includes(person.id)))
        throw new HttpError(400, 'BadArgument', 'A targeted message needs a recipient who is in the conversation');
      return {
        operation: operationOf(body),
        place,
        message: '',
        root: threadOf(place, root, replyTo),
        body: contentOf(body),
        ...(person ? { targetedTo: person.id } : {}),
      };
    },

    changing(operation, place, message, body) {
      const root = state.places.get(place.id)?.get(message)?.root ?? '';
      return { operation, place, message, root, body: contentOf(body) };
    },

    installed(place) {
      if (state.installed.get(place.scope) === true) return;
      throw new HttpError(403, 'MessageWritesBlocked', 'The bot is not installed in this conversation or was blocked');
    },

    admit(asked) {
      this.installed(asked.place);
      const bytes = sizeOf(asked.body);
      if (bytes > MAX_MESSAGE_BYTES)
        throw new HttpError(
          413,
          'MessageSizeTooBig',
          `The message has ${bytes} bytes; ${MAX_MESSAGE_BYTES} are allowed`,
        );
      if (asked.operation !== 'edit' && asked.operation !== 'delete') return;
      const message = state.places.get(asked.place.id)?.get(asked.message);
      if (!message || message.deleted)
        throw new HttpError(404, 'ActivityNotFoundInConversation', `There is no message ${asked.message} (any more)`);
      if (message.author !== 'bot')
        throw new HttpError(403, 'ForbiddenOperationException', 'A bot can only change its own messages');
    },

    record(asked, { status, delivered, fault }) {
      const id = asked.message || (delivered ? store.nextMessageId() : '');
      const people = mentionsIn(asked.body, world).flatMap(({ id }) => (id && id !== 'bot' ? [id] : []));
      const call: Call = {
        number: state.callCount + 1,
        at: clock.now().toString(),
        operation: asked.operation,
        place: asked.place.id,
        root: asked.root || id,
        message: id,
        status,
        delivered,
        body: asked.body,
        mentions: asked.operation === 'create' ? [...new Set(people)] : [],
        ...(fault ? { fault } : {}),
        ...(asked.targetedTo ? { targetedTo: asked.targetedTo } : {}),
      };
      store.write({ kind: 'call', call });
      return id;
    },
  };
}

/** Streamed answers arrive as typing until the final message (Microsoft Learn, "Stream bot messages"). */
function operationOf(body: Outgoing): 'create' | 'typing' {
  if (body.type === 'typing') return 'typing';
  if (body.type === 'message') return 'create';
  throw new HttpError(400, 'BadArgument', `Unknown activity type: ${body.type}`);
}

const CONTENT = [
  'type',
  'text',
  'textFormat',
  'summary',
  'attachments',
  'attachmentLayout',
  'entities',
  'suggestedActions',
  'channelData',
  'importance',
] as const;

/** The message without its envelope (from, recipient, conversation, …), which the sandbox knows better. */
function contentOf(body: Outgoing): Outgoing {
  const kept: Outgoing = { type: body.type };
  for (const field of CONTENT) {
    const value = body[field];
    const empty = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
    if (!empty) Object.assign(kept, { [field]: value });
  }
  return kept;
}

function sizeOf(body: Outgoing): number {
  const text = JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'string' && /^data:image\/[\w.+-]+;base64,/.test(value) ? '' : value,
  );
  return text.length * 2;
}

/** What the bot says it is doing while it types or streams. */
export const progressText = (body: Outgoing): string | undefined => {
  const streaming = (body.entities ?? []).some((entity) => isRecord(entity) && entity.type === 'streaminfo');
  return streaming && body.text ? body.text : undefined;
};
