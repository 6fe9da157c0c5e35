import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HttpError } from './http.ts';

const ROOM = fileURLToPath(new URL('./room/', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

const PAGES: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/index.html': 'index.html',
  '/gallery': 'gallery.html',
};
const VENDOR: Readonly<Record<string, string>> = {
  '/vendor/adaptivecards.js': 'adaptivecards/dist/adaptivecards.min.js',
  '/vendor/echarts.js': 'echarts/dist/echarts.min.js',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Cards and charts set styles from script; nothing else may run or load that is not ours. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Served {
  stamp: string;
  bytes: Buffer;
  tag: string;
}

/** The Room's files and its two libraries. `path` is the decoded path of the address. */
export function createStaticFiles(room: string = ROOM) {
  const kept = new Map<string, Served>();

  const load = async (file: string): Promise<Served> => {
    // Whatever the reason is: it cannot be served, and the answer below says so.
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) throw new HttpError(404, 'NotFound', 'there is no such file');
    const stamp = `${found.mtimeMs} ${found.size}`;
    const known = kept.get(file);
    if (known?.stamp === stamp) return known;
    const bytes = await readFile(file);
    const served = { stamp, bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 24)}"` };
    kept.set(file, served);
    return served;
  };

  /** `undefined` when the path is not one of ours. */
  const fileOf = (path: string): string | undefined => {
    const page = PAGES[path];
    if (page) return join(room, page);
    const vendor = VENDOR[path];
    if (vendor) return join(MODULES, vendor);
    if (path === '/favicon.ico') return join(room, 'favicon.ico');
    if (!path.startsWith('/room/')) return undefined;
    const file = normalize(join(room, path.slice('/room/'.length)));
    const inside = file.startsWith(room.endsWith(sep) ? room : room + sep);
    const hidden = file
      .slice(room.length)
      .split(sep)
      .some((part) => part.startsWith('.'));
    if (!inside || hidden || path.includes('\0') || TYPES[extname(file)] === undefined)
      throw new HttpError(404, 'NotFound', 'there is no such file');
    return file;
  };

  return {
    serves: (path: string) =>
      path in PAGES || path.startsWith('/vendor/') || path.startsWith('/room/') || path === '/favicon.ico',

    async handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
      if (req.method !== 'GET' && req.method !== 'HEAD')
        throw new HttpError(405, 'MethodNotAllowed', 'files can only be read');
      const file = fileOf(path);
      if (!file) throw new HttpError(404, 'NotFound', 'there is no such file');
      const { bytes, tag } = await load(file);
      const headers = {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
        etag: tag,
      };
      const same = (req.headers['if-none-match'] ?? '').split(',').some((given) => given.trim() === tag);
      res.writeHead(same ? 304 : 200, same ? headers : { ...headers, 'content-length': bytes.length });
      res.end(same || req.method === 'HEAD' ? undefined : bytes);
    },
  };
}
