import { parseArgs } from 'node:util';

export const USAGE = `Wardroom in the terminal

  npm run -s console --                      ask and answer, with a history
  npm run -s console -- WORDS                one question
  npm run -s console -- check-config FILE    is this wardroom.yaml good?
  npm run -s console -- copy-store URL       this home's store into an empty PostgreSQL
  npm run -s console -- audit verify FILE    does this exported decision hold? (asks nobody)
  npm run -s console -- drift --baseline FILE --current FILE [--profile NAME] [--json]
                                             compare two files column by column
  npm run -s console -- --capabilities       JSON Schema of everything that can be asked

  --set NAME=VALUE  fills a field of a form; as often as there are fields
  --as PERSON   who asks (an id of wardroom.yaml); else the operating system's user, in the sandbox ann
  --json        the answer as JSON: {kind, text, data, capability}
  --yes         do a dangerous thing without being asked again (a second person is asked all the same)
  --url URL     of a running Wardroom; else the one that has this home open, else http://127.0.0.1:PORT,
                else the store itself is opened. Where a token is needed: WARDROOM_CONSOLE_TOKEN
  --help

Ends with 0 after an answer, 1 when it was refused, failed or is not done yet, 2 when it was asked wrongly.
`;

export interface Arguments {
  words: string[];
  as: string | undefined;
  url: string | undefined;
  json: boolean;
  yes: boolean;
  /** Fields of a form, by name. */
  set: Record<string, string>;
  capabilities: boolean;
  help: boolean;
}

/** The command line, or what is wrong with it. */
export function readArguments(argv: readonly string[]): Arguments | { wrong: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        as: { type: 'string' },
        url: { type: 'string' },
        json: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        set: { type: 'string', multiple: true, default: [] },
        capabilities: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { as, url, json, yes, capabilities, help } = values;
    const wrong = values.set.find((each) => !/^[A-Za-z][\w-]*=/.test(each));
    if (wrong !== undefined) return { wrong: `--set wants NAME=VALUE, not "${wrong}"` };
    const set = Object.fromEntries(
      values.set.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
    );
    if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      return { wrong: `--url must be an address such as http://127.0.0.1:3978, not "${url}"` };
    return { words: positionals, as, url, json, yes, set, capabilities, help };
  } catch (error) {
    if (error instanceof TypeError) return { wrong: error.message };
    throw error;
  }
}
