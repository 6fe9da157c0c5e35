import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { BadConfig, type Config, readConfig } from '../services/core/config.ts';
import { messageOf } from '../services/core/errors.ts';
import { randomIds } from '../services/core/ids.ts';
import { BadOrganisation } from '../services/core/organisation.load.ts';
import { type Arguments, readArguments, USAGE } from './console-args.ts';
import type { ConsoleAnswer, Question } from './console-door.ts';
import { type Line, NobodyThere, openLine } from './console-line.ts';
import { HomeTaken } from './running.ts';

/**
 * The terminal client (bot/console-args.ts has the usage). Most commands only ask a Wardroom that runs: the house itself is
 * loaded by those that need it.
 */
const out = (text: string) => void process.stdout.write(`${text}\n`);
const err = (text: string) => void process.stderr.write(`${text}\n`);
const CODES: Partial<Record<ConsoleAnswer['kind'], number>> = { answer: 0, duplicate: 0 };

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'drift' && argv.some((word) => /^--(baseline|current)\b/.test(word))) {
    // The column engine is loaded only for this.
    const { runDrift } = await import('./console-drift.ts');
    const { code, lines } = await runDrift(argv.slice(1));
    for (const line of lines) (code === 2 ? err : out)(line);
    return code;
  }
  const given = readArguments(argv);
  if ('wrong' in given) {
    err(`${given.wrong}\n\n${USAGE}`);
    return 2;
  }
  if (given.help) {
    out(USAGE);
    return 0;
  }
  if (given.capabilities) {
    const [{ DOMAINS }, { buildRegistry }, { toolsOf }] = await Promise.all([
      import('./app.domains.ts'),
      import('./registry.ts'),
      import('./schema.ts'),
    ]);
    out(JSON.stringify(toolsOf(buildRegistry(DOMAINS).capabilities), null, 2));
    return 0;
  }
  if (given.words[0] === 'audit' && given.words[1] === 'verify' && given.words.length === 3) {
    const { verifyFile } = await import('./console-verify.ts');
    const { code, lines } = await verifyFile(given.words[2] ?? '');
    for (const line of lines) (code === 2 ? err : out)(line);
    return code;
  }
  const [first, file, ...others] = given.words;
  if (first === 'check-config') {
    if (!file || others.length > 0) {
      err(`check-config takes one file.\n\n${USAGE}`);
      return 2;
    }
    const { checkConfig } = await import('./check-config.ts');
    const { code, lines } = await checkConfig(file);
    for (const line of lines) (code === 0 ? out : err)(line);
    return code;
  }
  const config = readConfig(process.env);
  if (first === 'copy-store') {
    if (!file || others.length > 0) {
      err(`copy-store takes one address.\n\n${USAGE}`);
      return 2;
    }
    const { copyHome } = await import('./console-copy.ts');
    const { code, lines } = await copyHome(config.home, file);
    for (const line of lines) (code === 0 ? out : err)(line);
    return code;
  }
  const line = await openLine(config, { url: given.url, homeGiven: Boolean(process.env['WARDROOM_HOME']) });
  try {
    return await (given.words.length > 0
      ? once(line, given, !given.json && process.stdin.isTTY)
      : prompt(line, given, config));
  } finally {
    await line.close();
  }
}

const questionOf = ({ as, yes, set }: Pick<Arguments, 'as' | 'yes' | 'set'>, text: string): Question => ({
  text,
  ...(Object.keys(set).length > 0 ? { set } : {}),
  user: userInfo().username,
  yes,
  key: randomIds.uuid(),
  ...(as === undefined ? {} : { as }),
});

async function once(line: Line, given: Arguments, askBack: boolean): Promise<number> {
  const answer = await line.ask(questionOf(given, given.words.join(' ')));
  if (answer.status !== 200) {
    err(answer.body.error);
    return answer.status === 422 || answer.status === 400 ? 2 : 1;
  }
  const { kind, text, data, capability } = answer.body;
  if (given.json) out(JSON.stringify({ kind, text, data, capability }, null, 2));
  else say(answer.body);
  const open = kind === 'confirm' && askBack ? mayConfirm(answer.body) : undefined;
  if (open && (await yesOrNo())) return once(line, { ...given, words: ['confirm', open] }, false);
  return CODES[kind] ?? 1;
}

/** Answers and questions are the output; everything else is a complaint. */
function say({ kind, text, shown }: ConsoleAnswer): void {
  if (kind === 'answer' || kind === 'confirm' || kind === 'duplicate') out(shown || text);
  else err(text);
}

/** The question to answer here and now; where a second person is needed, it is theirs. */
function mayConfirm({ data }: ConsoleAnswer): string | undefined {
  const { confirmation, secondPerson } = (data ?? {}) as { confirmation?: string; secondPerson?: boolean };
  return secondPerson ? undefined : confirmation;
}

async function yesOrNo(): Promise<boolean> {
  const screen = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await screen.question('Do it? [y/N] ')).trim());
  } finally {
    screen.close();
  }
}

const HISTORY = 500;

/** Ask and answer until `exit`. `as ben` goes on as somebody else. */
async function prompt(line: Line, given: Arguments, config: Config): Promise<number> {
  const file = join(config.home, 'console-history');
  const history = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const terminal = process.stdin.isTTY === true;
  const screen = createInterface({
    input: process.stdin,
    ...(terminal ? { output: process.stderr, history, historySize: HISTORY, terminal } : {}),
  });
  if (terminal) err(`Wardroom at ${line.where}. Say “help”; “as ben” to go on as Ben; “exit” to leave.`);
  let { as } = given;
  screen.on('history', (lines: string[]) => {
    mkdirSync(config.home, { recursive: true });
    writeFileSync(file, lines.join('\n'), { mode: 0o600 });
  });
  const ask = () => {
    screen.setPrompt(`${as ?? 'wardroom'}> `);
    if (terminal) screen.prompt();
  };
  let code = 0;
  ask();
  for await (const typed of screen) {
    const text = typed.trim();
    if (/^(exit|quit)$/i.test(text)) break;
    const [, other] = /^as\s+(\S+)$/i.exec(text) ?? [];
    if (other) as = other;
    else if (text) code = await once(line, { ...given, as, words: [text] }, false);
    ask();
  }
  screen.close();
  return terminal ? 0 : code;
}

enableCompileCache();
process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  const known = [BadConfig, BadOrganisation, NobodyThere, HomeTaken].some((kind) => error instanceof kind);
  err(known ? messageOf(error) : ((error as Error).stack ?? messageOf(error)));
  return error instanceof BadConfig || error instanceof BadOrganisation ? 2 : 1;
});
