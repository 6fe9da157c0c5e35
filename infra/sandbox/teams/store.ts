import type { Clock } from '../../../services/core/clock.ts';
import type { Fact, Message } from './facts.ts';
import { type Journal, openJournal } from './journal.ts';
import { apply, emptyState, type Keep, type State, summary } from './state.ts';

/** One line of the journal. A summary ends with the sequence it stands for, so that event ids go on as they were. */
interface Line {
  facts: Fact[];
  sequence?: number;
}

export interface Change {
  fact: Fact;
  sequence: number;
  message?: Message | undefined;
}

/** The state and its journal: a fact is on disk before anybody can see its effect. */
export interface Store {
  readonly state: State;
  /** Writes the facts as one line: all of them or none survive a kill. */
  write(...facts: Fact[]): void;
  onChange(listener: (change: Change) => void): () => void;
  /** An id for a new message: the clock's milliseconds, made unique and growing. */
  nextMessageId(): string;
  /** Forgets everything; the sequence goes on, so that listeners notice. */
  reset(): void;
  close(): void;
}

export interface StoreOptions {
  clock: Clock;
  journal?: string | undefined;
  keep: Keep;
  /** Rewrite the journal as a summary when it is larger than this and three times its last summary. */
  compactAboveBytes: number;
}

export function openStore({ clock, journal: path, keep, compactAboveBytes }: StoreOptions): Store {
  const listeners = new Set<(change: Change) => void>();
  const state = emptyState();
  let journal: Journal<Line> | undefined;
  let handedOut = 0;
  const replay = (line: Line) => {
    for (const fact of line.facts) apply(state, fact, keep);
    // A summary can have more facts than had happened: its own number is right, not the count of its lines.
    if (line.sequence !== undefined) state.sequence = line.sequence;
  };
  if (path) journal = openJournal<Line>(path, replay);
  let compactAt = Math.max(compactAboveBytes, (journal?.size() ?? 0) * 3);

  const lines = function* (): Generator<Line> {
    for (const fact of summary(state)) yield { facts: [fact] };
    yield { facts: [], sequence: state.sequence };
  };
  const compact = () => {
    if (!journal || journal.size() < compactAt) return;
    journal.rewrite(lines());
    compactAt = Math.max(compactAboveBytes, journal.size() * 3);
  };

  return {
    state,
    write(...facts) {
      if (facts.length === 0) return;
      journal?.append({ facts });
      for (const fact of facts) {
        const message = apply(state, fact, keep);
        for (const listener of listeners) listener({ fact, sequence: state.sequence, message });
      }
      compact();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    nextMessageId() {
      handedOut = Math.max(clock.ms(), state.lastMessageId + 1, handedOut + 1);
      return String(handedOut);
    },
    reset() {
      const sequence = state.sequence + 1;
      Object.assign(state, emptyState(), { sequence });
      journal?.rewrite(lines());
      compactAt = compactAboveBytes;
    },
    close: () => journal?.close(),
  };
}
