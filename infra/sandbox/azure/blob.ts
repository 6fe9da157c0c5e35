import type { Asked } from './answer.ts';
import { collectedFiles } from './collected.ts';
import { EXPORT_ACCOUNT, EXPORT_CONTAINER, exportedFiles } from './cost-export.ts';
import type { Estate } from './estate.ts';
import { evidenceFiles } from './evidence.ts';
import { logOf } from './failures.ts';
import { WORKSPACES } from './northwind.ts';
import { runsOf } from './runs.ts';

/** Azure Blob storage at the wire: List Blobs, Get Blob Properties and Get Blob with ranges (x-ms-version 2021 on). */

export interface BlobAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

export const storageAccount = (workspace: string): string => `${workspace.replaceAll('-', '')}st`;
export const CONTAINER = 'azureml-blobstore';
/** Where run history keeps logs. */
export const LOG_CONTAINER = 'azureml';

/** Blobs that a test put there, by `container/name`; without a time they were written just now. */
export type ExtraBlobs = ReadonlyMap<string, Uint8Array | { bytes: Uint8Array; modifiedAt: number }>;

interface Found {
  name: string;
  modifiedAt: number;
  bytes: () => Uint8Array;
}

const PAGE = 500;
const encoder = new TextEncoder();

export function blobStore(estate: Estate, asked: Asked, extra: ExtraBlobs = new Map()): BlobAnswer {
  const account = asked.url.hostname.split('.')[0] ?? '';
  const exported = account === EXPORT_ACCOUNT ? EXPORT_ACCOUNT : undefined;
  const workspace = exported ?? WORKSPACES.find((each) => storageAccount(each.name) === account)?.name;
  if (workspace === undefined) return problem(404, 'AccountNotFound', 'There is no such storage account.');
  const [, container = '', ...rest] = decodeURIComponent(asked.url.pathname).split('/');
  const name = rest.join('/');
  const query = asked.url.searchParams;
  if (asked.method === 'GET' && query.get('comp') === 'list') return listed(estate, workspace, container, query, extra);
  const blob = filesOf(estate, workspace, container, name, extra).find((each) => each.name === name);
  if (!blob) return problem(404, 'BlobNotFound', 'The specified blob does not exist.');
  const whole = blob.bytes();
  const headers = {
    'content-type': 'application/octet-stream',
    'x-ms-blob-type': 'BlockBlob',
    'last-modified': new Date(blob.modifiedAt).toUTCString(),
    etag: `"0x${blob.modifiedAt.toString(16)}"`,
    'accept-ranges': 'bytes',
  };
  const wanted = asked.header('if-match');
  if (wanted && wanted !== headers.etag)
    return problem(412, 'ConditionNotMet', 'The condition specified using HTTP conditional header(s) is not met.');
  if (asked.method === 'HEAD')
    return { status: 200, headers: { ...headers, 'content-length': String(whole.length) }, body: new Uint8Array() };
  if (asked.method !== 'GET') return problem(405, 'UnsupportedHttpVerb', 'The estate only reads blobs.');
  const [, from = '0', to] =
    /^bytes=(\d+)-(\d*)$/.exec(asked.header('x-ms-range') ?? asked.header('range') ?? '') ?? [];
  if (Number(from) > 0 && Number(from) >= whole.length)
    return problem(416, 'InvalidRange', 'The range specified is invalid for the current size of the resource.');
  const end = to ? Math.min(Number(to) + 1, whole.length) : whole.length;
  const part = whole.subarray(Number(from), end);
  const ranged = asked.header('x-ms-range') ?? asked.header('range');
  return {
    status: ranged ? 206 : 200,
    headers: {
      ...headers,
      'content-length': String(part.length),
      ...(ranged ? { 'content-range': `bytes ${from}-${end - 1}/${whole.length}` } : {}),
    },
    body: part,
  };
}

function filesOf(estate: Estate, workspace: string, container: string, prefix: string, extra: ExtraBlobs): Found[] {
  const put = [...extra].flatMap(([place, blob]) => {
    if (!place.startsWith(`${container}/${prefix}`)) return [];
    const { bytes, modifiedAt } = blob instanceof Uint8Array ? { bytes: blob, modifiedAt: estate.now() } : blob;
    return [{ name: place.slice(container.length + 1), modifiedAt, bytes: () => bytes }];
  });
  if (workspace === EXPORT_ACCOUNT)
    return container === EXPORT_CONTAINER ? [...exportedFiles(estate, prefix), ...put] : put;
  if (container === LOG_CONTAINER) {
    const written = evidenceFiles(estate.state(), workspace, prefix, estate.now());
    const files = written.map(({ text, ...file }) => ({ ...file, bytes: () => encoder.encode(text()) }));
    return [...put, ...logs(estate, workspace, prefix), ...files];
  }
  if (container !== CONTAINER) return put;
  const made = collectedFiles(estate.state(), workspace, prefix, estate.now());
  return [...made, ...put].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const logPath = (runId: string): string => `ExperimentRun/dcid.${runId}/user_logs/std_log.txt`;

function logs(estate: Estate, workspace: string, prefix: string): Found[] {
  return runsOf(estate.state(), workspace, estate.now())
    .filter((run) => run.status === 'FAILED' && logPath(run.id).startsWith(prefix))
    .map((run) => ({
      name: logPath(run.id),
      modifiedAt: run.endedAt ?? run.startedAt,
      bytes: () => encoder.encode(logOf(run.tags['azureml.errorCode'] ?? 'DataMissing', run.startedAt)),
    }));
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function listed(
  estate: Estate,
  workspace: string,
  container: string,
  query: URLSearchParams,
  extra: ExtraBlobs,
): BlobAnswer {
  const all = filesOf(estate, workspace, container, query.get('prefix') ?? '', extra);
  const from = Number(query.get('marker') || 0);
  const most = Math.min(PAGE, Number(query.get('maxresults') || PAGE));
  const items = all
    .slice(from, from + most)
    .map(
      ({ name, modifiedAt, bytes }) =>
        `<Blob><Name>${xml(name)}</Name><Properties><Last-Modified>${new Date(modifiedAt).toUTCString()}</Last-Modified>` +
        `<Etag>0x${modifiedAt.toString(16)}</Etag><Content-Length>${bytes().length}</Content-Length>` +
        `<BlobType>BlockBlob</BlobType></Properties></Blob>`,
    );
  const next = from + most < all.length ? String(from + most) : '';
  const body = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="${container}"><Blobs>${items.join('')}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: encoder.encode(body) };
}

const problem = (status: number, code: string, message: string): BlobAnswer => ({
  status,
  headers: { 'content-type': 'application/xml', 'x-ms-error-code': code },
  body: encoder.encode(
    `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  ),
});
