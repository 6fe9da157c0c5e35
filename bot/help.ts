import type { AnyCapability } from '../dialogs/capability.ts';
import { inTurn } from '../dialogs/try.ts';

/** What every version of the Teams manifest takes (1.17: ten commands of 32 and 128 characters; later ones take more). */
const COMMAND_TITLE_MAX = 32;
const COMMAND_DESCRIPTION_MAX = 128;
const COMMANDS_MAX = 10;

/** The command menu of the Teams app: the first example of each capability that fits, one per domain in turn. */
export function commandList(
  capabilities: readonly AnyCapability[],
  most = COMMANDS_MAX,
): { title: string; description: string }[] {
  return inTurn(capabilities)
    .flatMap(({ examples, summary }) => {
      const title = examples.find((example) => example.length <= COMMAND_TITLE_MAX);
      return title ? [{ title, description: summary.slice(0, COMMAND_DESCRIPTION_MAX) }] : [];
    })
    .slice(0, most);
}
