import type { TeamsManifestV1D30 } from '@microsoft/app-manifest';
import { EXTENSION_COMMANDS } from './extension.ts';
import { BRAND_COLOUR } from './icons.ts';

/** What differs from one installation to the next. */
export interface AppDetails {
  /** Id of the Teams app; the bot's app id may serve for both. */
  appId: string;
  /** `MicrosoftAppId` of the bot: the app registration, or the client id of the managed identity. */
  botId: string;
  /** Host name under which Wardroom is reached from the internet, without a scheme. */
  domain: string;
  /** Three numbers; Teams offers an update only when it has grown. */
  version: string;
  /** Shown as the maker: your organisation, and its pages about the app. */
  developer: { name: string; website: string; privacy: string; terms: string };
  commands: readonly { title: string; description: string }[];
}

const SCHEMA = 'https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json';

/**
 * Permissions of the team or chat that Wardroom is added to; its owner consents by adding the app, no administrator of
 * the tenant is needed. Both let Wardroom read back what it posted: when Teams answers a new message with a time-out or
 * 502, only reading the conversation tells whether it stands there. Without them Wardroom posts again and says on
 * the card that it may be a repeat. They also make Teams hand every message of the place to the bot; Wardroom drops what
 * does not mention it, unread and unrecorded (bot/hear.ts).
 * https://learn.microsoft.com/microsoftteams/platform/graph-api/rsc/resource-specific-consent
 */
const READ_BACK = ['ChannelMessage.Read.Group', 'ChatMessage.Read.Chat'] as const;

/** The Teams manifest, version 1.30. Commands come from the capabilities, so that the menu cannot promise what is not there. */
export function teamsManifest(details: AppDetails): TeamsManifestV1D30.TeamsManifestV1D30 {
  const { appId, botId, domain, version, developer } = details;
  const commands = details.commands.map(({ title, description }) => ({ title, description }));
  return {
    $schema: SCHEMA,
    manifestVersion: '1.30',
    version,
    id: appId,
    developer: {
      name: developer.name,
      websiteUrl: developer.website,
      privacyUrl: developer.privacy,
      termsOfUseUrl: developer.terms,
    },
    name: { short: 'Wardroom', full: 'Wardroom: operations room for machine learning on Azure' },
    description: {
      short: 'Incidents, approvals and changes of machine learning on Azure, decided in Teams',
      full: [
        'Wardroom watches the online endpoints of Azure Machine Learning.',
        'Drift, latency and errors of one endpoint become one incident, shown to the people who own it and escalated until somebody takes care.',
        'A roll-back is asked for on the card, voted on by those whose vote counts, carried out in Azure, and followed until the numbers are good again.',
        'In channels and chats Wardroom acts only on messages that mention it; it reads others for one purpose: to find its own cards again when Teams did not say whether they were posted.',
        'Who decided what, when and why is kept in a log that shows when it was altered.',
      ].join('\n\n'),
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: BRAND_COLOUR,
    bots: [
      {
        botId,
        scopes: ['team', 'personal', 'groupChat'],
        supportsFiles: false,
        isNotificationOnly: false,
        commandLists: [{ scopes: ['team', 'personal', 'groupChat'], commands }],
      },
    ],
    composeExtensions: [
      {
        botId,
        commands: EXTENSION_COMMANDS,
      },
    ],
    defaultInstallScope: 'team',
    defaultGroupCapability: { team: 'bot', groupchat: 'bot' },
    validDomains: [domain],
    // RSC needs the Entra app by name; `resource` is required beside it and is not used.
    webApplicationInfo: { id: botId, resource: `api://${domain}/${botId}` },
    authorization: { permissions: { resourceSpecific: READ_BACK.map((name) => ({ name, type: 'Application' })) } },
  };
}
