import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startApp } from '../../bot/app.ts';
import { systemClock } from '../../services/core/clock.ts';
import { readConfig } from '../../services/core/config.ts';
import { isRefused, messageOf } from '../../services/core/errors.ts';
import { loadOrganisation } from '../../services/core/organisation.load.ts';
import { conversationsOf, playgroundConfig } from './config.ts';

/**
 * `npm run playground`: the sandbox's Azure and the real bot, seen through Microsoft's Agents Playground instead of the Room.
 * The Playground's licence allows evaluation, so it is no dependency: npx fetches it, from the network, when asked to.
 */
const PLAYGROUND = '@microsoft/m365agentsplayground@0.2.28';
const NORTHWIND = 'infra/sandbox/northwind.yaml';
const READY_SECONDS = 120;

const { values: options } = parseArgs({
  options: {
    as: { type: 'string', default: 'ann' },
    channel: { type: 'string', default: 'fraud-ops' },
    port: { type: 'string', default: '56150' },
  },
});
const onWindows = process.platform === 'win32';
const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const read = readConfig({ ...process.env, WARDROOM_MODE: 'sandbox' });
  // A home of its own: the Playground's conversations would take the place of the Room's.
  const home = join(read.home, 'playground');
  const file = read.organisationFile ?? NORTHWIND;
  const config = playgroundConfig(loadOrganisation(readFileSync(file, 'utf8'), file), options.as, options.channel);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, '.m365agentsplayground.yml'), JSON.stringify(config, undefined, 2));

  const app = await startApp({ ...read, home, log: { level: 'warn' } });
  const playground = `http://127.0.0.1:${options.port}`;
  say(`Wardroom is open in the sandbox: ${app.url}`);
  say(`Fetching and starting ${PLAYGROUND} by npx; without network, and without it in npm's cache, this cannot work.`);
  const endpoint = ['-e', `${app.url}/api/messages`, '-c', 'msteams', '-p', options.port, '--disable-telemetry'];
  // Its folder holds the configuration, which the Playground looks for where it is started.
  const child = spawn('npx', ['--yes', PLAYGROUND, 'start', ...endpoint], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: onWindows,
    // A process group of its own: npx starts the Playground through a shell, and all three have to end.
    detached: !onWindows,
  });
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(messageOf(error)));
    child.on('exit', (code) => resolve(`exit code ${code}`));
  });
  const stop = async (code: number) => {
    if (onWindows || child.pid === undefined) child.kill();
    else if (child.exitCode === null) process.kill(-child.pid);
    await app.stop();
    process.exit(code);
  };
  process.once('SIGINT', () => void stop(0));
  process.once('SIGTERM', () => void stop(0));
  ended.then((how) => {
    say(`The Playground ended (${how}). The Room needs no network: npm start`);
    return stop(1);
  });

  await answering(`${playground}/_debug/ping`);
  for (const conversation of conversationsOf(config)) {
    await fetch(`${playground}/_debug/conversation/${encodeURIComponent(conversation)}/installation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
  }
  say(`
  Open ${playground}: you are ${config.currentUser.name}, and Wardroom was added everywhere.
  Try:   incidents                      in the personal chat
         @Wardroom endpoint ep-fraud    in a channel
  Let something happen in the estate, then watch the channel:
         curl -s -H 'content-type: application/json' ${app.url}/sandbox/event -d '{"name":"drift"}'

  The Playground knows one person who acts, draws no own views and mentions nobody in cards: votes and escalation
  want several people, and those are in the Room (npm start). Ctrl+C ends both.
`);
} catch (error) {
  process.stderr.write(`${isRefused(error) ? error.text : messageOf(error)}\n`);
  process.exit(1);
}

/** Waits until an address answers at all. */
async function answering(url: string): Promise<void> {
  for (let second = 0; second < READY_SECONDS; second++) {
    const ok = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ok) return;
    await systemClock.sleep(1_000);
  }
  throw new Error(`The Playground did not answer at ${url} within ${READY_SECONDS} seconds.`);
}
