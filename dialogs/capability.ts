import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import type { Card, Mention } from '../cards/card.ts';
import type { Role } from '../services/core/organisation.ts';
import type { Proof, StepUp } from '../services/core/proof.ts';
import type { Tx } from '../services/store/store.ts';
import type { ReadData } from './form.ts';
import type { Rooms } from './rooms.ts';

/**
 * The language in which every dialog is written (architecture, section 1). One declaration gives the chat command, the
 * card verb, the form, the model's tool, help, permission, confirmation, audit and the terminal client.
 */
export interface Capability<Input extends z.ZodObject = z.ZodObject, Prepared = undefined> {
  /** `domain.verb`; also the file name, the card verb, the audit entry, the metric label. */
  id: `${string}.${string}`;
  summary: string;
  /** Phrases with `{field}` slots; a slot's words are read by the field's argument type (dialogs/arguments.ts). */
  phrases: readonly string[];
  /** Whole sentences a person could type; at least one. Each must parse to this capability (checked at start). */
  examples: readonly string[];
  input: Input;
  /** Some required fields are in no phrase: whoever types one is asked for them by a form. */
  form?: boolean;
  /** Who may run it: any one of these. Everybody known and active is a viewer. */
  roles: readonly Role[];
  /** `read` answers; `write` changes our record; `dangerous` changes something outside and asks first. */
  effect: 'read' | 'write' | 'dangerous';
  /** For `dangerous`: what will happen, in words, from a dry run; shown before the person confirms. */
  preview?: (turn: Turn, input: z.output<Input>) => Promise<string>;
  /**
   * Whoever says it stays unknown: nothing about the person, the place or the words is kept by the machine around it, and
   * `run` gets an actor without identity. Only for `write`.
   */
  anonymous?: boolean;
  /**
   * What the record keeps in place of the input while it must stay unknown (a vote in a secret ballot); undefined when
   * everybody may read it. The reasons given are not kept then either, and nothing is asked back where others read.
   */
  sealed?: (turn: Turn, input: z.output<Input>) => Promise<Record<string, unknown> | undefined>;
  /** `dangerous` and this: somebody else who may run it must confirm. */
  secondPerson?: boolean;
  /** For `dangerous`: why somebody else must confirm it this time, as a sentence; `undefined` when nobody has to. */
  second?: (turn: Turn, input: z.output<Input>) => Promise<string | undefined>;
  /**
   * What the person signs in for once more before it counts (step-up); `undefined` when their word is enough. `run` gets the
   * proof in its turn, and is the one that holds it against what is asked for at that moment.
   */
  signs?: (turn: Turn, input: z.output<Input>) => Promise<Signing | undefined>;
  /** What has to be asked outside (Azure) before a change: runs without a transaction, its result is handed to `run`. */
  prepare?: (turn: Turn, input: z.output<Input>) => Promise<Prepared>;
  run: (turn: Turn, input: z.output<Input>, prepared: Prepared) => Promise<Answer>;
}

/** What is signed, and how fresh and how strong the sign-in must be. */
export interface Signing extends StepUp {
  /** In words, a line each; the first one says it in short. */
  statement: string;
  /** What it is about: what a person says about it later takes the place of what they said before. */
  about: string;
  /** The way back to what was clicked, for whoever changes their mind. */
  back?: { title: string; verb: Capability['id']; ids: Readonly<Record<string, string>> };
}

/** One thing said or clicked by one person, already recognised and authorised. */
export interface Turn {
  /** Unique per inbound activity; the same on redelivery. Use it as the idempotency key of a write. */
  key: string;
  actor: Actor;
  /** For what a second person confirmed: who asked for it. `actor` is then the one who confirmed. */
  askedBy?: Actor;
  place: Place;
  now: Temporal.Instant;
  /** That the actor signed in once more to say this (`signs`). */
  proof?: Proof;
  rooms: Rooms;
  /**
   * `write` and `dangerous` run inside this transaction, which also holds the audit entry and the turn's key: it commits
   * when `run` returns and rolls back when it throws. Nothing may be called outside the database meanwhile.
   * A `read` has none: `tx` throws.
   */
  readonly tx: Tx;
  /** The capabilities this person may run, for help and search. */
  allowed: () => readonly AnyCapability[];
  /** Reads the answers of a form as this person means them: in their zone, by the names they use. */
  read: ReadData;
}

export interface Actor {
  id: string;
  name: string;
  roles: readonly Role[];
  zone: string;
}

export interface Place {
  /** Conversation key: `channel:fraud-ops`, `person:ann`, `chat:…` or `console`. */
  conversation: string;
  kind: 'channel' | 'group' | 'personal' | 'console';
  /** The card message that was clicked, if any. */
  message?: string;
}

/** What a capability says back. `text` alone is fine; `text` is always the summary and what the terminal prints. */
export interface Answer {
  text: string;
  card?: Card;
  /** For `--json` and for a model: the data behind the card. */
  data?: unknown;
  mentions?: readonly Mention[];
  /** Who of those that read the answer's card sees something else on it. */
  own?: OwnViews;
  /**
   * A card that lives (is edited later): the posted message becomes one of its views. The answer of a change is the view
   * that stands in its conversation already; with `as` it is a message of its own, so that who typed it gets an answer.
   */
  live?: { card: string; kind: string; ids: Record<string, string>; as?: string };
  /** Ids that the audit entry is about. */
  objects?: readonly string[];
  /** Why, for the record, when the person gave a reason. */
  why?: string;
  /** More for the record than the input. */
  record?: Readonly<Record<string, unknown>>;
}

export type AnyCapability = Capability<z.ZodObject, unknown>;

/** Declares a capability; the type parameter ties `run` to `input`. */
export const capability = <Input extends z.ZodObject, Prepared = undefined>(
  declaration: Capability<Input, Prepared>,
): AnyCapability => declaration as unknown as AnyCapability;

/** Draws a notice at the moment it is sent; `undefined` when there is nothing left to say. */
export type Draw = (rooms: Rooms, notice: Notice, now: Temporal.Instant) => Promise<Drawn | undefined>;

export interface Drawn {
  card: Card;
  /** One line for the notification. */
  summary: string;
  own?: OwnViews | undefined;
}

/**
 * A card that some people see otherwise than everybody: Teams runs this capability, which only reads, for each of them
 * when the card is on their screen, and shows them its card. Teams knows up to 60; whoever matters most stands first.
 */
export interface OwnViews {
  verb: Capability['id'];
  ids: Readonly<Record<string, string>>;
  people: readonly string[];
}

/** What a service put into the outbox: a kind and ids, never a drawn card. */
export interface Notice {
  kind: string;
  ids: Readonly<Record<string, string>>;
  /** Who reads it: some cards differ for the person they are sent to. */
  audience: string;
}

/** A domain's table of contents. */
export interface Domain {
  name: string;
  capabilities: readonly AnyCapability[];
  notices: Readonly<Record<string, Draw>>;
}

/** An input without fields. */
export const nothing = z.object({});
