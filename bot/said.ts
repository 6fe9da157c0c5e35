import type { Place } from '../dialogs/capability.ts';
import type { Proof } from '../services/core/proof.ts';
import type { Tx } from '../services/store/store.ts';
import type { Result } from './results.ts';
import type { HeardMention } from './understand.ts';

/** Something a person said, clicked or asked for in the terminal. */
export interface Said {
  /** The same on redelivery. */
  key: string;
  /** The person, recognised by the Entra id of the validated activity; undefined when nobody is known by it. */
  person: string | undefined;
  place: Place;
  text?: string;
  mentions?: readonly HeardMention[];
  verb?: string;
  data?: Record<string, unknown>;
  /** Typed in a chat: a kept answer is posted there by the outbox, in the transaction of the change. */
  reply?: { to?: string };
  /** Asked by the person's client for the view of a card on their screen, not by the person: nothing is written down. */
  automatic?: boolean;
  /** The terminal's `--yes`: the caller does not want to be asked. A second person is asked all the same. */
  confirmed?: boolean;
  /** What was asked for before and has been signed since (bot/sign-in.ts). */
  signed?: Signed;
}

export interface Signed {
  capability: string;
  input: Record<string, unknown>;
  proof: Proof;
  /** In the transaction of what it was signed for. */
  settle: (tx: Tx) => Promise<void>;
}

export type Dispatch = (said: Said) => Promise<Result>;
