import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { messageOf } from '../services/core/errors.ts';
import { type Address, type Outgoing, SendError, type Transport } from './wire.ts';

/** What there is of a botframework ConnectorClient here: its pipeline signs, goes through a proxy, and says who asks. */
export interface Pipelined {
  client: {
    pipeline: { removePolicy(policy: { name: string }): unknown };
    sendRequest(request: ReturnType<typeof createPipelineRequest>): Promise<PipelineResponse>;
  };
}

export const CARD = 'application/vnd.microsoft.card.adaptive';
/** Longer than Teams' own limits; after it a create counts as unknown. */
const SEND_TIMEOUT_MS = 15_000;
const UNAUTHORISED_WAIT_MS = 60_000;
/** The most that Teams gives at once. */
const MEMBERS_PER_PAGE = 500;
const MOST_MEMBER_PAGES = 4;

/**
 * The Bot Connector's REST interface (https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference)
 * through the SDK client's own pipeline. Its generated operations would take every card apart and put it together again
 * by their model of an activity, a tenth of a question's processor time; what is sent here is what was built.
 */
export function connector(clientFor: (serviceUrl: string) => Promise<Pipelined>): Transport {
  async function call(
    method: 'GET' | 'POST' | 'PUT',
    { serviceUrl, conversationId, thread }: Address,
    path: string,
    body?: object,
  ): Promise<unknown> {
    const id = encodeURIComponent(thread ? `${conversationId};messageid=${thread}` : conversationId);
    const url = `${serviceUrl.replace(/\/+$/, '')}/v3/conversations/${id}/${path}`;
    try {
      const { client } = await clientFor(serviceUrl);
      const response = await client.sendRequest(
        createPipelineRequest({
          url,
          method,
          headers: createHttpHeaders({ accept: 'application/json', 'content-type': 'application/json; charset=utf-8' }),
          ...(body ? { body: JSON.stringify(body) } : {}),
          timeout: SEND_TIMEOUT_MS,
          allowInsecureConnection: url.startsWith('http:'),
        }),
      );
      const text = response.bodyAsText ?? '';
      if (response.status >= 200 && response.status < 300) return text ? JSON.parse(text) : undefined;
      throw new Answered(response.status, text, response.headers.get('retry-after'));
    } catch (error) {
      throw failureOf(error);
    }
  }

  return {
    async create(to, out) {
      const sent = (await call('POST', to, 'activities', activityOf(out))) as { id?: string } | undefined;
      if (!sent?.id) throw new SendError('unknown', 'the answer to a create had no id');
      return sent.id;
    },
    async edit(to, activityId, out) {
      const body = { ...activityOf(out), id: activityId };
      await call('PUT', to, `activities/${encodeURIComponent(activityId)}`, body);
    },
    async typing(to) {
      await call('POST', to, 'activities', { type: 'typing' });
    },
    async members({ serviceUrl, conversationId }) {
      const members: { id: string; entraId: string | undefined }[] = [];
      let next: string | undefined;
      for (let page = 0; page < MOST_MEMBER_PAGES; page += 1) {
        const query = `pageSize=${MEMBERS_PER_PAGE}${next ? `&continuationToken=${encodeURIComponent(next)}` : ''}`;
        const found = (await call('GET', { serviceUrl, conversationId }, `pagedmembers?${query}`)) as {
          members?: { id: string; aadObjectId?: string }[];
          continuationToken?: string;
        };
        members.push(...(found.members ?? []).map(({ id, aadObjectId }) => ({ id, entraId: aadObjectId })));
        next = found.continuationToken || undefined;
        if (!next) break;
      }
      return members;
    },
  };
}

/** The Connector answered, and not with success. */
class Answered extends Error {
  readonly statusCode: number;
  readonly retryAfter: string | undefined;
  constructor(status: number, body: string, retryAfter: string | undefined) {
    super(body);
    this.statusCode = status;
    this.retryAfter = retryAfter;
  }
}

function activityOf(out: Outgoing): object {
  const entities = (out.mentions ?? []).map(({ id, name }) => ({
    type: 'mention',
    text: `<at>${name}</at>`,
    mentioned: { id, name },
  }));
  return {
    type: 'message',
    summary: out.summary,
    ...(out.card
      ? { attachments: [{ contentType: CARD, content: out.card }] }
      : { text: out.text ?? out.summary, textFormat: 'plain' }),
    ...(out.card || entities.length === 0 ? {} : { entities }),
  };
}

/** Tells the failures of the Bot Connector apart (platform.md 1.7 and 2.1). */
function failureOf(error: unknown): SendError {
  // The pipeline's own errors carry it, too.
  const { statusCode } = error as { statusCode?: number };
  const text = `${statusCode ?? 'no answer'}: ${messageOf(error).slice(0, 300)}`;
  if (statusCode === 429 || statusCode === 412) {
    const seconds = Number(error instanceof Answered ? error.retryAfter : undefined);
    return new SendError('throttled', text, Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined);
  }
  // Our own credentials were refused (an expired secret): nothing was posted, and it may pass once they are renewed.
  if (statusCode === 401) return new SendError('throttled', text, UNAUTHORISED_WAIT_MS);
  if (statusCode === undefined || statusCode === 408 || statusCode >= 500) return new SendError('unknown', text);
  if (statusCode === 413) return new SendError('too-large', text);
  if (statusCode === 403) return new SendError(/ForbiddenOperation/.test(text) ? 'rejected' : 'blocked', text);
  if (statusCode === 404) return new SendError('gone', text);
  return new SendError('rejected', text);
}
