import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type App, startApp } from '../bot/app.ts';
import { readConfig } from '../services/core/config.ts';
import { silentLog } from '../services/core/log.ts';
import { type Driven, driver, START } from './driver.ts';
import { testDatabase } from './support.ts';
import { copyTemplate } from './template.ts';

export type { Call, Driven, Message, Outcome } from './driver.ts';
export { HOOK_KEY, START, textOf } from './driver.ts';

/**
 * The whole house on a port of its own, driven like an outsider would. The clock stands still unless it is told to advance.
 */
export interface House extends Driven {
  app: App;
  home: string;
  stop(): Promise<void>;
}

export async function openHouse(
  options: { home?: string; env?: Record<string, string>; log?: boolean } = {},
): Promise<House> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'wardroom-'));
  const database = await testDatabase(basename(home));
  if (!database && !options.env?.['DATABASE_URL']) await copyTemplate(home);
  const config = readConfig({
    PORT: '0',
    WARDROOM_HOME: home,
    WARDROOM_SANDBOX_CLOCK: 'frozen',
    WARDROOM_SANDBOX_START: START,
    LOG_LEVEL: 'warn',
    ...(database ? { DATABASE_URL: database } : {}),
    ...options.env,
  });
  const app = await startApp(config, options.log ? {} : { log: silentLog });
  return {
    app,
    home,
    ...driver(app.url),
    async stop() {
      await app.stop();
      if (!options.home) rmSync(home, { recursive: true, force: true });
    },
  };
}
