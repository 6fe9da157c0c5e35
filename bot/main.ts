import { enableCompileCache } from 'node:module';
import { BadConfig, describeConfig, readConfig } from '../services/core/config.ts';
import { messageOf } from '../services/core/errors.ts';
import { BadOrganisation } from '../services/core/organisation.load.ts';
import { HomeTaken } from './running.ts';

/** Read the configuration, build the house, open its doors; stop on a signal. */
try {
  // Compiled code is kept in the temporary folder: the second start takes a third less processor time. A house that cannot
  // write there starts as it is.
  enableCompileCache();
  const config = readConfig(process.env);
  // The first start makes a database and, in the sandbox, three months of an estate: some seconds without a word otherwise.
  process.stderr.write('\n  Wardroom is starting; the first time takes about ten seconds …\n');
  const { startApp } = await import('./app.ts');
  const app = await startApp(config);
  app.log.info(describeConfig(config), 'started');
  for (const warning of config.warnings) app.log.warn({}, warning);
  const inSandbox = config.mode === 'sandbox';
  process.stderr.write(`\n  Wardroom is ${inSandbox ? 'open in the sandbox: ' : 'listening on '}${app.url}\n\n`);
  const stop = (signal: string) => {
    app.log.info({ signal }, 'stopping');
    app.stop().then(
      () => process.exit(0),
      (error) => {
        app.log.error({ error: messageOf(error) }, 'it did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  const known = [BadConfig, BadOrganisation, HomeTaken].some((kind) => error instanceof kind);
  process.stderr.write(`${known ? messageOf(error) : ((error as Error).stack ?? messageOf(error))}\n`);
  process.exit(1);
}
