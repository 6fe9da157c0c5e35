import type { TeamsManifestV1D30 } from '@microsoft/app-manifest';

/**
 * The commands of the message extension, for the Teams manifest and for the Room, which offers them as Teams does: a
 * search from any chat, and actions on a message. `bot/extension.ts` answers them by their ids.
 * https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/what-are-messaging-extensions
 */
export const EXTENSION_COMMANDS = [
  {
    id: 'search',
    type: 'query',
    title: 'Search Wardroom',
    description: 'Incidents, requests, use cases, endpoints and models',
    context: ['compose', 'commandBox'],
    initialRun: false,
    parameters: [
      {
        name: 'words',
        title: 'Words or number',
        description: 'A name, or a number such as INC-101',
        inputType: 'text',
      },
    ],
  },
  {
    id: 'use-case',
    type: 'action',
    title: 'Make a use case of it',
    description: 'Begins a use case with the words of this message',
    context: ['message', 'compose'],
    fetchTask: true,
  },
  {
    id: 'task',
    type: 'action',
    title: 'Make a task of it',
    description: 'Writes down what is to be done, by whom and until when',
    context: ['message', 'compose'],
    fetchTask: true,
  },
] satisfies TeamsManifestV1D30.ComposeExtensionCommand[];
