import { z } from 'zod/v4';

/**
 * The activities of the Bot Framework protocol, as much of them as Teams uses. What the bot sends is checked loosely:
 * the real service also ignores fields it does not know, and what it stores is handed back unchanged.
 * Source: "API reference for the Bot Framework Connector service", Microsoft Learn.
 */

const account = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  aadObjectId: z.string().optional(),
});

export const attachment = z.looseObject({
  contentType: z.string(),
  content: z.unknown().optional(),
  contentUrl: z.string().optional(),
  name: z.string().optional(),
});

export const entity = z.looseObject({ type: z.string() });

export const outgoing = z.looseObject({
  type: z.string().default('message'),
  text: z.string().nullish(),
  textFormat: z.string().nullish(),
  summary: z.string().nullish(),
  replyToId: z.string().nullish(),
  recipient: account.nullish(),
  attachments: z.array(attachment).nullish(),
  attachmentLayout: z.string().nullish(),
  entities: z.array(entity).nullish(),
  suggestedActions: z.looseObject({ actions: z.array(z.looseObject({ type: z.string() })).optional() }).nullish(),
  channelData: z.looseObject({}).nullish(),
});
/** What the bot posts. */
export type Outgoing = z.infer<typeof outgoing>;
export type Attachment = z.infer<typeof attachment>;
export type Entity = z.infer<typeof entity>;

export const conversationParameters = z.looseObject({
  isGroup: z.boolean().nullish(),
  members: z.array(account).nullish(),
  activity: outgoing.nullish(),
  tenantId: z.string().nullish(),
  channelData: z
    .looseObject({
      channel: z.looseObject({ id: z.string() }).nullish(),
      tenant: z.looseObject({ id: z.string() }).nullish(),
    })
    .nullish(),
});

/** What the bot is sent; built by activities.ts. */
export interface Incoming {
  type: string;
  id: string;
  timestamp: string;
  serviceUrl: string;
  channelId: 'msteams';
  from: { id: string; name?: string; aadObjectId?: string };
  recipient: { id: string; name: string };
  conversation: { id: string; conversationType: string; tenantId: string; isGroup?: boolean; name?: string };
  name?: string;
  text?: string;
  value?: unknown;
  replyToId?: string;
  [field: string]: unknown;
}

/** The answer to an invoke as Teams' client reads it (Universal Action Model). */
export const invokeAnswer = z.looseObject({
  statusCode: z.number().optional(),
  type: z.string().optional(),
  value: z.unknown().optional(),
});

const taskCard = z.looseObject({ contentType: z.string().optional(), content: z.unknown() });
const size = z.union([z.number(), z.enum(['small', 'medium', 'large'])]);
export const taskAnswer = z.looseObject({
  task: z
    .union([
      z.looseObject({ type: z.literal('message'), value: z.string().nullish() }),
      z.looseObject({
        type: z.literal('continue'),
        value: z.looseObject({
          title: z.string().nullish(),
          width: size.nullish(),
          height: size.nullish(),
          card: taskCard.nullish(),
          url: z.string().nullish(),
        }),
      }),
    ])
    .nullish(),
});

const preview = z.looseObject({
  content: z.looseObject({ title: z.string().nullish(), text: z.string().nullish() }).nullish(),
});
export const extensionAnswer = z.looseObject({
  composeExtension: z.looseObject({
    type: z.string(),
    text: z.string().nullish(),
    attachments: z.array(z.looseObject({ content: z.unknown(), preview: preview.nullish() })).nullish(),
  }),
});

export const CARD = 'application/vnd.microsoft.card.adaptive';

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
