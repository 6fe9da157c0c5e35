import { Application, type TurnState } from '@microsoft/teams-ai';
import {
  type Activity,
  ActivityTypes,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  type Storage,
  type TurnContext,
} from 'botbuilder';
import {
  AuthenticationConstants,
  AuthenticationError,
  type BotFrameworkAuthentication,
  ClaimsIdentity,
  type ConnectorClient,
  type ConnectorFactory,
  type UserTokenClient,
} from 'botframework-connector';
import type { Config } from '../services/core/config.ts';
import { messageOf } from '../services/core/errors.ts';
import type { Log } from '../services/core/log.ts';
import { cloudOf, extensionOf, keepable } from './teams-border.ts';
import { CARD, connector, type Pipelined } from './teams-send.ts';
import type { ActionReply, Address, Ears, ExtensionReply, Inbound, TaskReply, Transport } from './wire.ts';

/**
 * The only file where botbuilder and teams-ai types live (with bot/planner.ts). CloudAdapter authenticates and decodes,
 * teams-ai's Application routes, and a cached connector client per service URL posts and edits. Card actions and dialogs
 * go through routes of our own: the library's would answer one person's view to everybody (platform.md, section 3).
 */
export interface Teams {
  /** For restify: validates the token and answers. */
  process(req: unknown, res: unknown): Promise<void>;
  transport: Transport;
}

type Auth = Config['bot'];

export function teams(deps: { bot: Auth; log: Log; ears: () => Ears }): Teams {
  const { bot, log, ears } = deps;
  const credentials = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: bot.appId ?? '',
    MicrosoftAppPassword: bot.appPassword ?? '',
    // Without an app id nothing is signed and the type does not matter: only the sandbox gets here (config.ts).
    MicrosoftAppType: bot.appId ? bot.appType : 'MultiTenant',
    MicrosoftAppTenantId: bot.tenantId ?? '',
  });
  const auth = new ConfigurationBotFrameworkAuthentication(cloudOf(bot.openIdMetadataUrl), credentials);
  const clients = connectorClients(auth, bot.appId ?? '');
  const adapter = new CloudAdapter(withoutRepetition(auth, clients));
  adapter.onTurnError = async (_context, error) => {
    log.error({ error: messageOf(error), stack: (error as Error).stack }, 'a turn failed at the edge');
    // Answered 500 it is delivered again; answered 200 it would be silence.
    throw error;
  };
  const app = new Application<TurnState>({
    storage: NO_STORAGE,
    startTypingTimer: false,
    removeRecipientMention: false,
  });
  const transport = connector(async (serviceUrl) => (await clients(serviceUrl)) as unknown as Pipelined);
  route(app, ears, transport, log);
  return {
    transport,
    process: (req, res) =>
      adapter.process(req as never, res as never, async (context) => {
        const { from, recipient } = context.activity;
        // Some events have no sender (meetings): nobody said anything, and the router fails on them.
        if (from?.id && recipient?.id) await app.run(context);
      }),
  };
}

function route(app: Application<TurnState>, ears: () => Ears, transport: Transport, log: Log): void {
  const invoke = (name: string) => async (context: TurnContext) =>
    context.activity.type === ActivityTypes.Invoke && context.activity.name === name;
  // An invoke that throws answers 501 without a body, so nothing may throw past here.
  const answered = async (context: TurnContext, work: () => Promise<object>, failed: object) => {
    let body = failed;
    try {
      body = await work();
    } catch (error) {
      log.error({ error: messageOf(error), stack: (error as Error).stack }, 'an invoke failed');
    }
    await context.sendActivity({ type: 'invokeResponse', value: { status: 200, body } } as Partial<Activity>);
  };
  app.addRoute(
    invoke('adaptiveCard/action'),
    (context) =>
      answered(context, async () => actionBody(await ears().action(inboundOf(context.activity))), actionBody(FAULT)),
    true,
  );
  app.addRoute(
    invoke('task/fetch'),
    (context) =>
      answered(context, async () => taskBody(await ears().taskFetch(inboundOf(context.activity))), taskBody(SORRY)),
    true,
  );
  app.addRoute(
    invoke('task/submit'),
    (context) =>
      answered(context, async () => taskBody(await ears().taskSubmit(inboundOf(context.activity))), taskBody(SORRY)),
    true,
  );
  for (const [name, ear] of EXTENSION) {
    app.addRoute(
      invoke(name),
      (context) => answered(context, () => ear(ears(), inboundOf(context.activity)), taskBody(SORRY)),
      true,
    );
  }
  app.activity(ActivityTypes.Message, async (context) => {
    const { text, value, attachments } = context.activity;
    // A card that somebody shares, found by the message extension, asks nothing.
    if (!text?.trim() && !value && attachments?.some(({ contentType }) => contentType === CARD)) return;
    const inbound = inboundOf(context.activity);
    const { serviceUrl, id, thread } = inbound.conversation;
    const to: Address = { serviceUrl, conversationId: id, ...(thread ? { thread } : {}) };
    await ears().message(inbound, (out) => transport.create(to, out));
  });
  app.activity(ActivityTypes.InstallationUpdate, async (context) => {
    const what = context.activity.action?.startsWith('remove') ? 'removed' : 'added';
    await ears().installed(inboundOf(context.activity), what, undefined);
  });
  app.activity(ActivityTypes.ConversationUpdate, async (context) => {
    const { activity } = context;
    const inbound = inboundOf(activity);
    const channel = activity.channelData as { eventType?: string; channel?: { name?: string } } | undefined;
    if (activity.membersAdded?.some((member) => member.id === activity.recipient?.id)) {
      await ears().installed(inbound, 'added', channel?.channel?.name);
    } else if (activity.membersRemoved?.some((member) => member.id === activity.recipient?.id)) {
      await ears().installed(inbound, 'removed', undefined);
    } else if (channel?.eventType === 'channelRenamed') {
      await ears().installed(inbound, 'renamed', channel.channel?.name);
    } else if (channel?.eventType === 'channelDeleted') {
      await ears().installed(inbound, 'removed', undefined);
    }
  });
}

/** The invokes of the message extension, each with what answers it. */
const EXTENSION: readonly (readonly [string, (ears: Ears, inbound: Inbound) => Promise<object>])[] = [
  ['composeExtension/query', async (ears, inbound) => extensionBody(await ears.query(inbound))],
  ['composeExtension/fetchTask', async (ears, inbound) => taskBody(await ears.fetchTask(inbound))],
  ['composeExtension/submitAction', async (ears, inbound) => taskBody(await ears.submitAction(inbound))],
];

const FAULT: ActionReply = { kind: 'error', status: 500, code: 'fault', text: 'Something went wrong. Try again.' };
const SORRY: TaskReply = { kind: 'message', text: 'Something went wrong. Try again.' };

function inboundOf(activity: Activity): Inbound {
  const channelData = (activity.channelData ?? {}) as {
    tenant?: { id?: string };
    team?: { id?: string };
    channel?: { id?: string; name?: string };
  };
  const [id = '', thread] = activity.conversation.id.split(';messageid=');
  const kind = ({ channel: 'channel', groupChat: 'group' } as const)[
    activity.conversation.conversationType as 'channel' | 'groupChat'
  ];
  const value = (activity.value ?? {}) as Record<string, unknown>;
  const action = value['action'] as { verb?: string; data?: Record<string, unknown> } | undefined;
  const data =
    action?.data ??
    (/^(task|composeExtension)\//.test(activity.name ?? '') ? (value['data'] as Record<string, unknown>) : value);
  const verb = action?.verb ?? (typeof data?.['verb'] === 'string' ? data['verb'] : undefined);
  return {
    key: `${activity.conversation.id}|${activity.type}|${activity.id ?? ''}`,
    activityId: activity.id ?? '',
    from: { entraId: activity.from?.aadObjectId, id: activity.from?.id ?? '', name: activity.from?.name ?? '' },
    conversation: {
      // Installing into a team names the selected channel; its id is the conversation we may post to.
      id: channelData.channel?.id && kind === 'channel' ? channelData.channel.id : id,
      kind: kind ?? 'personal',
      thread,
      serviceUrl: activity.serviceUrl,
      tenantId: channelData.tenant?.id ?? activity.conversation.tenantId,
      teamId: channelData.team?.id,
      name: channelData.channel?.name ?? activity.conversation.name,
    },
    replyToId: activity.replyToId,
    text: keepable(activity.text ?? ''),
    mentions: (activity.entities ?? [])
      .filter((entity) => entity.type === 'mention')
      .map((entity) => {
        const mentioned = entity['mentioned'] as { id?: string; name?: string } | undefined;
        return { text: String(entity['text'] ?? ''), id: mentioned?.id ?? '', name: mentioned?.name ?? '' };
      }),
    verb,
    data: data && typeof data === 'object' && !Array.isArray(data) ? keepable(data) : {},
    ...extensionOf(activity.name, value),
    automatic: value['trigger'] === 'automatic',
  };
}

/** https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model : always HTTP 200, status inside. */
function actionBody(reply: ActionReply): object {
  if (reply.kind === 'card') return { statusCode: 200, type: CARD, value: reply.card };
  if (reply.kind === 'message')
    return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: reply.text };
  return {
    statusCode: reply.status,
    type: 'application/vnd.microsoft.error',
    value: { code: reply.code, message: reply.text },
  };
}

/** https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/search-commands/respond-to-search */
function extensionBody(reply: ExtensionReply): object {
  if (reply.kind === 'message') return { composeExtension: { type: 'message', text: reply.text } };
  const attachments = reply.results.map(({ title, text, card }) => ({
    contentType: CARD,
    content: card,
    preview: { contentType: 'application/vnd.microsoft.card.thumbnail', content: { title, text } },
  }));
  return { composeExtension: { type: 'result', attachmentLayout: 'list', attachments } };
}

function taskBody(reply: TaskReply): object {
  if (reply.kind === 'close') return {};
  if (reply.kind === 'message') return { task: { type: 'message', value: reply.text } };
  const value = {
    title: reply.title,
    height: 'medium',
    width: 'medium',
    card: { contentType: CARD, content: reply.card },
  };
  return { task: { type: 'continue', value } };
}

/**
 * teams-ai loads and saves the state of conversation and user around every turn. Wardroom keeps its state in its database
 * and none there; the library's own memory storage would grow with every conversation and never shrink.
 */
const NO_STORAGE: Storage = { read: async () => ({}), write: async () => undefined, delete: async () => undefined };

/** The SDK answers 500 to a token with a wrong signature, and tells the sender why: every refusal is a plain 401. */
function unauthorized(error: unknown): never {
  throw new AuthenticationError(error instanceof AuthenticationError ? error.message : 'Unauthorized', 401);
}

type ClientFor = (serviceUrl: string) => Promise<ConnectorClient>;

/**
 * CloudAdapter makes a connector client and a token client for each turn (4 % of a question's processor time, measured).
 * They depend on the service URL and on the app alone, so a turn gets those that are there; its token is still validated.
 */
function withoutRepetition(auth: BotFrameworkAuthentication, clientFor: ClientFor): BotFrameworkAuthentication {
  const lean = Object.create(auth) as BotFrameworkAuthentication;
  const connectorFactory = { create: clientFor } as unknown as ConnectorFactory;
  let tokens: Promise<UserTokenClient> | undefined;
  lean.authenticateRequest = async (activity, header) => {
    const result = await auth.authenticateRequest(activity, header).catch(unauthorized);
    return { ...result, connectorFactory };
  };
  lean.createUserTokenClient = (identity) => {
    tokens ??= auth.createUserTokenClient(identity);
    // Whoever waits for it gets the fault; the next one tries anew.
    tokens.catch(() => {
      tokens = undefined;
    });
    return tokens;
  };
  return lean;
}

function connectorClients(auth: BotFrameworkAuthentication, appId: string): ClientFor {
  const clients = new Map<string, Promise<ConnectorClient>>();
  const identity = new ClaimsIdentity([
    { type: AuthenticationConstants.AudienceClaim, value: appId },
    { type: AuthenticationConstants.AppIdClaim, value: appId },
  ]);
  const open = async (serviceUrl: string): Promise<ConnectorClient> => {
    const factory = auth.createConnectorFactory(identity);
    const client = (await factory.create(
      serviceUrl,
      AuthenticationConstants.ToChannelFromBotOAuthScope,
    )) as ConnectorClient;
    // The SDK would post a create again, up to three times, on 408, 5xx and a reset (platform.md 11.4).
    (client as unknown as Pipelined).client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
    return client;
  };
  return (serviceUrl) => {
    let client = clients.get(serviceUrl);
    if (!client) {
      client = open(serviceUrl);
      // Whoever waits for it gets the fault; the next one tries anew.
      client.catch(() => clients.delete(serviceUrl));
      clients.set(serviceUrl, client);
    }
    return client;
  };
}
