import type { AnyCapability } from '../dialogs/capability.ts';

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

/** A few things to try, for the first greeting; what only looks comes first. Pass what the person may run. */
export function thingsToTry(capabilities: readonly AnyCapability[], most = 3): { say: string; gives: string }[] {
  const reads = capabilities.filter(({ effect }) => effect === 'read');
  const others = capabilities.filter(({ effect }) => effect !== 'read');
  return [...inTurn(reads), ...inTurn(others)]
    .slice(0, most)
    .map(({ examples, summary }) => ({ say: examples[0] ?? '', gives: summary }));
}

/** The first of each domain, then the second of each, so that a short list shows what there is. */
function inTurn(capabilities: readonly AnyCapability[]): AnyCapability[] {
  const domains = Map.groupBy(capabilities, ({ id }) => id.split('.')[0]);
  const longest = Math.max(0, ...[...domains.values()].map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    [...domains.values()].flatMap((domain) => domain[turn] ?? []),
  ).flat();
}
