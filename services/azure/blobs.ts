import { open, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { AnonymousCredential, BlobClient, BlobServiceClient, type StoragePipelineOptions } from '@azure/storage-blob';
import { Refused } from '../core/errors.ts';
import type { BlobPlace } from './ml.data.ts';
import { type Guard, type ReadOptions, statusOf } from './resilience.ts';
import { createHttpHeaders, createPipelineRequest, type HttpClient, type TokenCredential } from './wire.ts';

export interface BlobInfo {
  name: string;
  bytes: number;
  modifiedAt?: string;
}

export interface Blobs {
  /** Blobs below a place, by name, at most `most`; pages are followed. `fresh`: never those of an earlier answer. */
  list(place: BlobPlace, most: number, options?: ReadOptions): Promise<readonly BlobInfo[]>;
  /**
   * Appends a blob to a file, block by block; `Refused` when it has more than `mostBytes`, or is written anew meanwhile (the
   * file is then whatever came until then). Returns how many bytes were written.
   */
  download(place: BlobPlace, to: string, mostBytes: number): Promise<number>;
  /** A whole text; `undefined` when there is none. `Refused` when it has more than `mostBytes`: then nothing is read. */
  text(place: BlobPlace, mostBytes: number): Promise<string | undefined>;
  /** A whole text by its signed address, as `text`. */
  signedText(signedUrl: string, mostBytes: number): Promise<string | undefined>;
  /** The beginning of a text, at most `bytes`. */
  beginning(place: BlobPlace, bytes: number): Promise<string>;
  /** The last bytes of a blob, at most `bytes`. */
  ending(place: BlobPlace, bytes: number): Promise<Buffer>;
  /** The end of a text by its signed address, at most `bytes`. */
  tail(signedUrl: string, bytes: number): Promise<string>;
}

export interface BlobDeps {
  credential: TokenCredential;
  httpClient?: HttpClient | undefined;
  guard: Guard;
}

/** Azure Blob storage, where deployments collect what they were asked and what they answered. */
export function blobs({ credential, httpClient, guard }: BlobDeps): Blobs {
  // Retries are the guard's; the client's own would multiply them.
  const options: StoragePipelineOptions = {
    retryOptions: { maxTries: 1 },
    ...(httpClient ? { httpClient: compatible(httpClient) } : {}),
  };
  const services = new Map<string, BlobServiceClient>();
  const serviceAt = (account: string): BlobServiceClient => {
    const known = services.get(account) ?? new BlobServiceClient(account, credential, options);
    services.set(account, known);
    return known;
  };
  const containerOf = (place: BlobPlace) => serviceAt(place.account).getContainerClient(place.container);

  const wholeText = async (
    key: string,
    blob: BlobClient,
    mostBytes: number,
    signed = false,
  ): Promise<string | undefined> => {
    const { value } = await guard.read(key, async (abortSignal) => {
      try {
        const { contentLength = 0 } = await blob.getProperties({ abortSignal });
        if (contentLength > mostBytes) {
          const size = `${(contentLength / 1024 / 1024).toFixed(1)} MB`;
          const why = `${blob.name} has ${size}; I read up to ${mostBytes / 1024 / 1024} MB.`;
          throw new Refused(why, 'Write a summary: counts by group, a few thousand rows.', 'too-large');
        }
        if (contentLength === 0) return '';
        return (await blob.downloadToBuffer(0, contentLength, { abortSignal })).toString('utf8');
      } catch (error) {
        const status = statusOf(error);
        if (status === 404) return undefined;
        if (status === 401 || status === 403 || status === 409)
          throw new Refused(
            `Azure Storage does not give ${blob.name} to Wardroom (${status}).`,
            signed
              ? 'Sign the address anew, for reading, with some hours left.'
              : 'Grant it the role “Storage Blob Data Reader” there.',
            'blob-forbidden',
          );
        throw error;
      }
    });
    return value;
  };

  return {
    async list(place, most, options) {
      const { value } = await guard.read(
        `blobs:${place.account}/${place.container}/${place.path}:${most}`,
        async (abortSignal) => {
          const found: BlobInfo[] = [];
          for await (const blob of containerOf(place).listBlobsFlat({ prefix: place.path, abortSignal })) {
            const { contentLength, lastModified } = blob.properties;
            found.push({
              name: blob.name,
              bytes: contentLength ?? 0,
              ...(lastModified ? { modifiedAt: lastModified.toISOString() } : {}),
            });
            if (found.length >= most) break;
          }
          return found;
        },
        options,
      );
      return value;
    },
    async download(place, to, mostBytes) {
      const blob = containerOf(place).getBlobClient(place.path);
      // A part of an export has gigabytes: it comes in blocks, each with a deadline and retries of its own.
      await writeFile(to, '', { flag: 'a' });
      const file = await open(to, 'r+');
      try {
        const { size: base } = await file.stat();
        let [written, total] = [0, 1];
        let etag: string | undefined;
        while (written < total) {
          const { value } = await guard.read(
            `download:${blob.url}`,
            async (abortSignal) => {
              const found = await block(blob, written, etag, abortSignal);
              if (found.total > mostBytes)
                throw new Refused(`${place.path} is larger than what is read at once.`, 'Choose a shorter window.');
              // At its own place in the file, so that a block that is asked for again is not there twice.
              await file.write(found.bytes, 0, found.bytes.length, base + written);
              return { length: found.bytes.length, total: found.total, etag: found.etag };
            },
            { fresh: true },
          );
          if (value.length === 0 && written < value.total) throw new Error(`${place.path} ended early`);
          written += value.length;
          ({ total, etag } = value);
        }
        return written;
      } finally {
        await file.close();
      }
    },
    text: (place, mostBytes) =>
      wholeText(
        `text:${place.account}/${place.container}/${place.path}`,
        containerOf(place).getBlobClient(place.path),
        mostBytes,
      ),
    signedText: (signedUrl, mostBytes) =>
      wholeText(
        `text:${signedUrl.split('?')[0]}`,
        new BlobClient(signedUrl, new AnonymousCredential(), options),
        mostBytes,
        true,
      ),
    async beginning(place, bytes) {
      const blob = containerOf(place).getBlobClient(place.path);
      const { value } = await guard.read(`beginning:${blob.url}:${bytes}`, async (abortSignal) => {
        const { contentLength = 0 } = await blob.getProperties({ abortSignal });
        if (contentLength === 0) return '';
        return (await blob.downloadToBuffer(0, Math.min(bytes, contentLength), { abortSignal })).toString('utf8');
      });
      return value;
    },
    async ending(place, bytes) {
      const blob = containerOf(place).getBlobClient(place.path);
      const { value } = await guard.read(`ending:${blob.url}:${bytes}`, async (abortSignal) => {
        const { contentLength = 0 } = await blob.getProperties({ abortSignal });
        const from = Math.max(0, contentLength - bytes);
        if (contentLength === 0) return Buffer.alloc(0);
        return blob.downloadToBuffer(from, contentLength - from, { abortSignal });
      });
      return value;
    },
    async tail(signedUrl, bytes) {
      const { value } = await guard.read(`tail:${signedUrl.split('?')[0]}`, async (abortSignal) => {
        const blob = new BlobClient(signedUrl, new AnonymousCredential(), options);
        const { contentLength = 0 } = await blob.getProperties({ abortSignal });
        const from = Math.max(0, contentLength - bytes);
        const whole = await blob.downloadToBuffer(from, contentLength - from, { abortSignal });
        return whole.toString('utf8');
      });
      return value;
    },
  };
}

const BLOCK_BYTES = 8 * 1024 ** 2;

/** One block of a blob; `etag` says which state of the blob the blocks before it were of. */
async function block(blob: BlobClient, from: number, etag: string | undefined, abortSignal: AbortSignal) {
  try {
    const conditions = etag ? { conditions: { ifMatch: etag } } : {};
    const answer = await blob.download(from, BLOCK_BYTES, { abortSignal, ...conditions });
    if (!answer.readableStreamBody) throw new Error(`${blob.name} came without a body`);
    const bytes = await buffer(answer.readableStreamBody);
    const total = Number(/\/(\d+)$/.exec(answer.contentRange ?? '')?.[1] ?? bytes.length);
    return { bytes, total, etag: answer.etag };
  } catch (error) {
    // There is no first byte of nothing.
    if (statusOf(error) === 416 && from === 0) return { bytes: Buffer.alloc(0), total: 0, etag };
    if (statusOf(error) === 412)
      throw new Refused(`${blob.name} was written anew while it was read.`, 'It is read again.', 'blob-changed');
    throw error;
  }
}

type Compatible = NonNullable<StoragePipelineOptions['httpClient']>;

/**
 * Storage clients take a transport of the older shape (`@azure/core-http-compat`) and translate it back at once; this is
 * the way through for a transport of today's.
 */
function compatible(inner: HttpClient): Compatible {
  const transport = {
    async sendRequest(asked: Parameters<Compatible['sendRequest']>[0]) {
      const { url, method, body, abortSignal, streamResponseStatusCodes } = asked;
      const request = createPipelineRequest({
        url,
        method,
        headers: createHttpHeaders(asked.headers.toJson({ preserveCase: true })),
        ...(typeof body === 'string' ? { body } : {}),
        ...(abortSignal ? { abortSignal } : {}),
        ...(streamResponseStatusCodes ? { streamResponseStatusCodes } : {}),
      });
      const { status, headers, bodyAsText, readableStreamBody } = await inner.sendRequest(request);
      // Of the older headers only this is asked for on the way back.
      return { request: asked, status, bodyAsText, readableStreamBody, headers: { toJson: () => headers.toJSON() } };
    },
  };
  return transport as unknown as Compatible;
}
