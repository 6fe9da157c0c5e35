import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A browser without a screen: follows redirects by itself and keeps cookies per path, as a browser would. */
export interface Page {
  url: string;
  status: number;
  html: string;
  /** What a person reads: without style and tags. */
  text: string;
}
export interface Visitor {
  go(url: string, form?: Record<string, string>): Promise<Page>;
  /** Every address that was asked for, in order. */
  readonly been: string[];
}

export function visitor(): Visitor {
  const jar = new Map<string, { value: string; path: string }>();
  const been: string[] = [];
  let silent = false;
  async function go(url: string, form?: Record<string, string>): Promise<Page> {
    been.push(url);
    const { pathname } = new URL(url);
    const cookies = [...jar]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`);
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: {
        ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
        // A page with no-referrer does not say where its form comes from.
        ...(form ? { origin: silent ? 'null' : new URL(url).origin, 'sec-fetch-site': 'same-origin' } : {}),
      },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, { value, path: /path=([^;]+)/i.exec(cookie)?.[1] ?? '/' });
    }
    const to = answer.headers.get('location');
    if (to) return go(new URL(to, url).href);
    silent = answer.headers.get('referrer-policy') === 'no-referrer';
    const html = await answer.text();
    const text = html.replace(/<style>.*?<\/style>|<[^>]+>/gs, ' ').replace(/\s+/g, ' ');
    return { url, status: answer.status, html, text };
  }
  return { go, been };
}

/** Path of Northwind's file with signed votes on roll-backs, within half an hour. */
export function signedNorthwind(stepUp = '{ maxAge: 5m }'): string {
  const text = readFileSync(new URL('../infra/sandbox/northwind.yaml', import.meta.url), 'utf8')
    .replace('emergency: production-change', 'emergency: change-board')
    .replace('  - id: production-change\n', `  - id: production-change\n    stepUp: ${stepUp}\n`)
    .replace('close: when-met\n    deadline: 4h', 'close: when-met\n    deadline: 30m');
  const file = join(mkdtempSync(join(tmpdir(), 'wardroom-')), 'wardroom.yaml');
  writeFileSync(file, text);
  return file;
}
