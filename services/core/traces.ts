/**
 * Where time goes: a span around each turn, job, delivery, hook and Azure call. Parts call it without knowing whether
 * anybody listens; bot/traces.ts sends spans out when an OTLP endpoint is configured.
 */
export type Traced = <T>(name: string, attributes: SpanAttributes, work: (span: Span) => Promise<T>) => Promise<T>;

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  /** For a name that is known only later. */
  rename(name: string): void;
  note(attributes: SpanAttributes): void;
}

const unseen: Span = { rename() {}, note() {} };

/** Nobody listens. */
export const untraced: Traced = (_name, _attributes, work) => work(unseen);
