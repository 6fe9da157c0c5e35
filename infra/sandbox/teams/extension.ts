import type { Activities } from './activities.ts';
import { answerToExtension } from './answers.ts';
import type { BotLine } from './bot-line.ts';
import { chatMessage } from './graph.ts';
import type { Hands } from './hands.ts';
import { HttpError } from './http.ts';
import type { RoomExtension, RoomOutcome } from './room-types.ts';
import type { World } from './world.ts';

/** One use of a command: about a message, or in a conversation. */
export interface ExtensionUse {
  command: string;
  message?: string | undefined;
  conversation?: string | undefined;
  /** What a search is asked. */
  words?: string | undefined;
  /** What was filled into the dialog that the action opened; without it the dialog is opened. */
  data?: unknown;
}

/**
 * The message extension as a Teams client uses it, also where the app is not installed. Shapes: "Respond to search
 * command", "Create and send dialog", "Respond to dialog submit action" (Microsoft Learn, message extensions).
 */
export function createExtension(deps: {
  world: World;
  hands: Hands;
  activities: Activities;
  line: BotLine;
  commands: readonly RoomExtension[];
}) {
  const { world, hands, activities, line, commands } = deps;

  return async (who: string, use: ExtensionUse): Promise<RoomOutcome> => {
    const person = hands.personOf(who);
    const command = commands.find(({ id }) => id === use.command);
    if (!command) {
      const ids = commands.map(({ id }) => id).join(', ') || 'none';
      throw new HttpError(400, 'NoSuchCommand', `there is no command "${use.command}"; there are: ${ids}`);
    }
    const message = use.message === undefined ? undefined : hands.messageOf(use.message, who);
    if (message?.deleted) throw new HttpError(409, 'MessageDeleted', `message ${message.id} was deleted`);
    const place = hands.placeOf(message?.place ?? use.conversation ?? 'personal', who);
    const where = message ? 'message' : 'compose';
    if (!command.context.includes(where)) {
      const better = message ? 'leave "message" out' : 'give the "message" it is about';
      throw new HttpError(400, 'BadArgument', `"${command.id}" is not offered here: ${better}`);
    }
    const ask = async (name: string, value: object) =>
      answerToExtension(
        await line.invoke(
          activities.extension(person, place, message, name, {
            commandId: command.id,
            commandContext: where,
            context: { theme: 'default' },
            ...value,
          }),
        ),
      );
    if (command.type === 'query')
      return ask('query', {
        parameters: [{ name: 'words', value: use.words ?? '' }],
        queryOptions: { skip: 0, count: 25 },
      });
    const messagePayload = message ? { messagePayload: chatMessage(message, place, world) } : {};
    return use.data === undefined
      ? ask('fetchTask', messagePayload)
      : ask('submitAction', { data: use.data, ...messagePayload });
  };
}

export type Extension = ReturnType<typeof createExtension>;
