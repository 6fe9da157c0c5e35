import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AnonymousCredential, BlobClient, BlobServiceClient, type StoragePipelineOptions } from '@azure/storage-blob';
import { Refused } from '../core/errors.ts';
import type { BlobPlace } from './ml.data.ts';
import { type Guard, statusOf } from './resilience.ts';
import { createHttpHeaders, createPipelineRequest, type HttpClient, type TokenCredential } from './wire.ts';

export interface BlobInfo {
  name: string;
  bytes: number;
  modifiedAt?: string;
}

export interface Blobs {
  /** Blobs below a place, by name, at most `most`; pages are followed. */
  list(place: BlobPlace, most: number): Promise<readonly BlobInfo[]>;
  /**
   * Streams a blob into a file, appending; never more than `mostBytes` of it (then `Refused`, and the file is whatever
   * came until then). Returns how many bytes were written.
   */
  download(place: BlobPlace, to: string, mostBytes: number): Promise<number>;
  /** A whole text; `undefined` when there is none. `Refused` when it has more than `mostBytes`: then nothing is read. */
  text(place: BlobPlace, mostBytes: number): Promise<string | undefined>;
  /** A whole text by its signed address, as `text`. */
  signedText(signedUrl: string, mostBytes: number): Promise<string | undefined>;
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

  const wholeText = async (key: string, blob: BlobClient, mostBytes: number): Promise<string | undefined> => {
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
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
    return value;
  };

  return {
    async list(place, most) {
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
      );
      return value;
    },
    async download(place, to, mostBytes) {
      return guard.write(async (abortSignal) => {
        const answer = await containerOf(place).getBlobClient(place.path).download(0, undefined, { abortSignal });
        if (!answer.readableStreamBody) throw new Error(`${place.path} came without a body`);
        let written = 0;
        const counted = new Transform({
          transform(chunk: Buffer, _encoding, next) {
            written += chunk.length;
            if (written > mostBytes)
              next(new Refused(`${place.path} is larger than what is read at once.`, 'Choose a shorter window.'));
            else next(null, chunk);
          },
        });
        await pipeline(answer.readableStreamBody, counted, createWriteStream(to, { flags: 'a' }));
        return written;
      });
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
      ),
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
