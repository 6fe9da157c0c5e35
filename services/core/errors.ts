import type { Tx } from '../store/store.ts';

/**
 * The two kinds of error (architecture, rule 7). A `Refused` is an answer: it is shown to the person word for word and
 * says what to do next. Everything else is a fault: the person gets a short reference, the log gets the story.
 */
export class Refused extends Error {
  readonly code: string;
  /** What the person can do now, in one sentence; empty when there is nothing to do. */
  readonly next: string;
  /** What became clear while it was refused and has to be written down; in a transaction of its own, after the refused one. */
  afterwards?: (tx: Tx) => Promise<void>;
  constructor(why: string, next = '', code = 'refused') {
    super(why);
    this.name = 'Refused';
    this.next = next;
    this.code = code;
  }
  /** The whole answer in one line. */
  get text(): string {
    return this.next ? `${this.message} ${this.next}` : this.message;
  }
}

/** "Ann", "Ann or Ben", "Ann, Ben or Cara": whom to ask, what to name. */
export const orList = (words: readonly string[]): string =>
  [words.slice(0, -1).join(', '), words.at(-1) ?? ''].filter(Boolean).join(' or ');

/** Something Wardroom depends on does not answer; trying later may help. `service` is shown to operators. */
export class Unavailable extends Error {
  readonly service: string;
  readonly retryAfterSeconds: number | undefined;
  constructor(service: string, why: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(`${service}: ${why}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Unavailable';
    this.service = service;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The answer to COMMIT was lost: whether it was done is not known. */
export class Unsure extends Error {}

export const isRefused = (error: unknown): error is Refused => error instanceof Refused;

/** The message of anything that was thrown, for logs and stored reasons. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
