import type { Call, Fact, Fault, Message } from './facts.ts';
import type { Incoming } from './wire.ts';

export interface Keep {
  /** Messages of one conversation. */
  messages: number;
  /** Calls in the transcript. */
  calls: number;
}

/** The sum of all facts. Read freely; change only through `apply`. */
export interface State {
  sequence: number;
  lastMessageId: number;
  calls: Call[];
  callCount: number;
  messages: Map<string, Message>;
  /** By conversation id, oldest first. */
  places: Map<string, Map<string, Message>>;
  /** By `person conversation`: the newest message id that was read. */
  read: Map<string, string>;
  installed: Map<string, boolean>;
  /** Sent to the bot and not yet answered with 2xx; posted again after a restart. */
  pending: Map<string, { activity: Incoming; message?: string }>;
  faults: Map<string, Fault>;
}

export const emptyState = (): State => ({
  sequence: 0,
  lastMessageId: 0,
  calls: [],
  callCount: 0,
  messages: new Map(),
  places: new Map(),
  read: new Map(),
  installed: new Map(),
  pending: new Map(),
  faults: new Map(),
});

export const readKey = (person: string, place: string) => `${person} ${place}`;

/** Adds one fact. Returns the message that changed, if any. */
export function apply(state: State, fact: Fact, keep: Keep): Message | undefined {
  state.sequence += 1;
  switch (fact.kind) {
    case 'call':
      return called(state, fact.call, fact.history === true, keep);
    case 'message':
      return put(state, { ...fact.message, revision: fact.message.revision || state.sequence }, keep);
    case 'view':
      return change(state, fact.message, (message) => {
        message.views = { ...message.views, [fact.person]: fact.view };
      });
    case 'failed':
      return change(state, fact.message, (message) => {
        message.failed = fact.why;
      });
    case 'reacted':
      return change(state, fact.message, (message) => {
        const others = (message.reactions?.[fact.reaction] ?? []).filter((person) => person !== fact.person);
        const people = fact.on ? [...others, fact.person] : others;
        message.reactions = { ...message.reactions, [fact.reaction]: people };
      });
    case 'read':
      state.read.set(readKey(fact.person, fact.place), fact.upTo);
      return undefined;
    case 'installed':
      state.installed.set(fact.scope, fact.on);
      return undefined;
    case 'inbound':
      state.pending.set(fact.activity.id, {
        activity: fact.activity,
        ...(fact.message ? { message: fact.message } : {}),
      });
      return undefined;
    case 'heard':
      state.pending.delete(fact.id);
      return undefined;
    case 'fault':
      state.faults.set(fact.fault.id, { ...fact.fault });
      return undefined;
    case 'fault-used':
      useFault(state, fact.id);
      return undefined;
    case 'fault-cleared':
      state.faults.delete(fact.id);
      return undefined;
  }
}

/** The same state in as few facts as possible: what the journal is rewritten to when it has grown large. */
export function* summary(state: State): Generator<Fact> {
  for (const [scope, on] of state.installed) yield { kind: 'installed', scope, on };
  for (const message of state.messages.values()) yield { kind: 'message', message };
  for (const call of state.calls) yield { kind: 'call', call, history: true };
  for (const [key, upTo] of state.read) {
    const [person = '', place = ''] = key.split(' ', 2);
    yield { kind: 'read', person, place, upTo };
  }
  for (const { activity, message } of state.pending.values())
    yield { kind: 'inbound', activity, ...(message ? { message } : {}) };
  for (const fault of state.faults.values()) yield { kind: 'fault', fault };
}

function called(state: State, call: Call, history: boolean, keep: Keep): Message | undefined {
  state.callCount = Math.max(state.callCount, call.number);
  state.calls.push(call);
  // Cut a tenth at a time: shifting one by one would make every call cost the whole list.
  if (state.calls.length > keep.calls * 1.1) state.calls.splice(0, state.calls.length - keep.calls);
  if (history || !call.delivered) return undefined;
  if (call.operation === 'create') return put(state, createdBy(call, state.sequence), keep);
  if (call.operation === 'typing') return undefined;
  return change(state, call.message, (message) => {
    delete message.views;
    if (call.operation === 'delete') {
      message.deleted = true;
      message.body = { type: 'message' };
    } else {
      message.editedAt = call.at;
      message.body = call.body;
    }
  });
}

const createdBy = (call: Call, revision: number): Message => ({
  id: call.message,
  place: call.place,
  root: call.root,
  author: 'bot',
  at: call.at,
  body: call.body,
  mentions: call.mentions,
  ...(call.targetedTo ? { targetedTo: call.targetedTo } : {}),
  revision,
});

function put(state: State, message: Message, keep: Keep): Message {
  state.lastMessageId = Math.max(state.lastMessageId, Number(message.id));
  state.messages.set(message.id, message);
  const place = state.places.get(message.place) ?? new Map<string, Message>();
  state.places.set(message.place, place);
  place.set(message.id, message);
  if (place.size > keep.messages * 1.1) forget(state, place, place.size - keep.messages);
  return message;
}

/** Drops the oldest messages; a reply goes with its thread's first message. */
function forget(state: State, place: Map<string, Message>, count: number): void {
  const roots = new Set([...place.keys()].slice(0, count));
  for (const message of place.values()) {
    if (!roots.has(message.id) && !roots.has(message.root)) continue;
    place.delete(message.id);
    state.messages.delete(message.id);
  }
}

function change(state: State, id: string, alter: (message: Message) => void): Message | undefined {
  const message = state.messages.get(id);
  if (!message) return undefined;
  alter(message);
  message.revision = state.sequence;
  return message;
}

function useFault(state: State, id: string): void {
  const fault = state.faults.get(id);
  if (fault?.left === undefined) return;
  fault.left -= 1;
  if (fault.left <= 0) state.faults.delete(id);
}
