/**
 * Where time goes: a span around each turn, job, delivery, hook and Azure call. Parts call it without knowing whether
 * anybody listens; bot/traces.ts sends spans out when an OTLP endpoint is configured.
 */
export type Traced = <T>(
  name: string,
  attributes: SpanAttributes,
  work: (span: Span) => Promise<T>,
  /** `own`: not a part of what happens to be going on; the round of jobs may have been woken by any turn. */
  options?: { own: boolean },
) => Promise<T>;

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  /** For a name that is known only later. */
  rename(name: string): void;
  note(attributes: SpanAttributes): void;
  /** It went wrong although nothing was thrown. */
  failed(why: string): void;
}

const unseen: Span = { rename() {}, note() {}, failed() {} };

/** Nobody listens. */
export const untraced: Traced = (_name, _attributes, work) => work(unseen);
