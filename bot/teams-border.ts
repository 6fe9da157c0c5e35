import { z } from 'zod/v4';

/**
 * Whose tokens are good, for the SDK's configuration. It takes one given value as "everything is given" and leaves the
 * rest empty, so that no token would pass (BotFrameworkAuthenticationFactory.create): another address of the keys comes
 * with all the public cloud's others (AuthenticationConstants of botframework-connector).
 */
export function cloudOf(openIdMetadataUrl: string | undefined): Record<string, string> {
  if (openIdMetadataUrl === undefined) return {};
  // https://learn.microsoft.com/azure/bot-service/how-to-deploy-gov-cloud-high
  const government = new URL(openIdMetadataUrl).hostname.endsWith('.azure.us');
  if (government) return { ChannelService: 'https://botframework.azure.us' };
  return {
    ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
    ToChannelFromBotOAuthScope: 'https://api.botframework.com',
    ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
    OAuthUrl: 'https://api.botframework.com',
    ToBotFromChannelOpenIdMetadataUrl: openIdMetadataUrl,
    // Tokens that claim to come from the emulator are held against the same keys, which never signed one.
    ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadataUrl,
    CallerId: 'urn:botframework:azure',
  };
}

const named = z.looseObject({ id: z.string().min(1) });
const activityShape = z.union([
  // What is answered has to say who, where and to whom; other events are taken as they come.
  z.looseObject({
    type: z.enum(['message', 'invoke']),
    channelId: z.string().min(1),
    from: named,
    recipient: named,
    conversation: named,
  }),
  z.looseObject({ type: z.string().regex(/^(?!(?:message|invoke)$)\w{1,100}$/) }),
]);

/** Whether this can be an activity of Teams at all. */
export const isActivity = (body: unknown): boolean => activityShape.safeParse(body).success;

const DEEPEST = 20;

/** Without what PostgreSQL cannot keep, U+0000 and halves of surrogate pairs, in values and in names. */
export function keepable<T>(value: T, depth?: number): T;
export function keepable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return null;
  if (Array.isArray(value)) return value.map((entry) => keepable(entry, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [keepable(name), keepable(held, depth + 1)]));
}

/** What a message extension was asked, as far as it has the shape that Teams documents. HTML of a message becomes text. */
export function extensionOf(
  name: string | undefined,
  value: Record<string, unknown>,
): { extension?: { command: string; words?: string; message?: { text: string; from?: string } } } {
  if (!name?.startsWith('composeExtension/')) return {};
  const parameters = Array.isArray(value['parameters']) ? (value['parameters'] as { value?: unknown }[]) : [];
  const words = parameters.map((each) => each?.value).find((each) => typeof each === 'string');
  const payload = messagePayload.safeParse(value['messagePayload']).data;
  const text = payload && wordsOf(payload);
  const from = payload?.from?.user?.displayName;
  const command = typeof value['commandId'] === 'string' ? value['commandId'] : '';
  return {
    extension: {
      command,
      ...(typeof words === 'string' ? { words: keepable(words) } : {}),
      ...(text === undefined ? {} : { message: { text: keepable(text), ...(from ? { from: keepable(from) } : {}) } }),
    },
  };
}

/** As much of Graph's chatMessage as is read; what has another shape is as if it was not there. */
const messagePayload = z.looseObject({
  body: z.looseObject({ content: z.string() }),
  summary: z.string().nullish().catch(undefined),
  from: z
    .looseObject({ user: z.looseObject({ displayName: z.string() }).nullish() })
    .nullish()
    .catch(undefined),
  attachments: z
    .array(z.looseObject({ content: z.string().nullish() }))
    .nullish()
    .catch(undefined),
});

/** A card comes as JSON in a string. */
const cardText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: String(error) });
      return z.NEVER;
    }
  })
  .pipe(z.looseObject({ fallbackText: z.string() }));

/** What a message says: its text; of one that is only a card, the line that stands for it in a notification. */
function wordsOf({ body, summary, attachments }: z.output<typeof messagePayload>): string {
  const said = textOfHtml(body.content);
  if (said !== '' || summary) return said || textOfHtml(summary ?? '');
  const lines = (attachments ?? []).flatMap(({ content }) => cardText.safeParse(content).data?.fallbackText ?? []);
  return textOfHtml(lines[0] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };
/** Tags become spaces and the commonest entities their characters; what is left is shown as text, never as HTML. */
const textOfHtml = (html: string): string =>
  html
    .slice(0, 100_000)
    .replace(/<[^>]{0,2000}>/g, ' ')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? ' ')
    .replace(/\s+/g, ' ')
    .trim();
