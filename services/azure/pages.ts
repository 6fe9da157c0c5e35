import type { z } from 'zod/v4';
import { read } from './border.ts';
import type { Rest } from './rest.ts';

/** Every page of a list of ARM: `nextLink` carries the query of the first one. An empty answer (204) ends it. */
export async function everyItem<Item>(
  { rest, service }: { rest: Rest; service: string },
  list: {
    path: string;
    query: Readonly<Record<string, string>>;
    schema: z.ZodType<{ value: Item[]; nextLink?: string | null | undefined }>;
  },
  signal: AbortSignal,
): Promise<Item[]> {
  const found: Item[] = [];
  for (let next: string | undefined = list.path, first = true; next !== undefined; first = false) {
    const { body } = await rest({ method: 'GET', path: next, signal, ...(first ? { query: list.query } : {}) });
    if (body === undefined) break;
    const page = read(service, list.schema, body);
    found.push(...page.value);
    next = page.nextLink ?? undefined;
  }
  return found;
}
