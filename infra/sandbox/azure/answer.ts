/** One request as the estate's handlers see it, and what they say. */
export interface Asked {
  method: string;
  url: URL;
  /** Lower-case path without a doubled slash (the metrics client sends one). */
  path: string;
  body: unknown;
  header(name: string): string | undefined;
}

export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** ARM's error envelope. */
export const armError = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } },
});

export const notFound = (what: string): Answer =>
  armError(404, 'ResourceNotFound', `The Resource '${what}' was not found.`);

/** A page of five with ARM's nextLink, so that the clients' paging is really walked. */
export function paged(asked: Asked, items: readonly unknown[]): Answer {
  const size = 5;
  const from = Number(asked.url.searchParams.get('$skip') ?? 0);
  const next = new URL(asked.url);
  next.searchParams.set('$skip', String(from + size));
  return ok({
    value: items.slice(from, from + size),
    ...(from + size < items.length ? { nextLink: next.href } : {}),
  });
}
