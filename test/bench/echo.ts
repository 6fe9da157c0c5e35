import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
} from 'botbuilder';
import restify, { type Request, type Response } from 'restify';

/** The peer: the least bot that botbuilder and restify allow, one reply per message. Runs in a process of its own. */
const adapter = new CloudAdapter(
  new ConfigurationBotFrameworkAuthentication(
    {},
    new ConfigurationServiceClientCredentialFactory({ MicrosoftAppType: 'MultiTenant' }),
  ),
);
const server = restify.createServer();
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (req: Request, res: Response) =>
  adapter.process(req, res, async (context) => {
    if (context.activity.type === 'message') await context.sendActivity(`You said: ${context.activity.text}`);
  }),
);
server.listen(0, '127.0.0.1', () => process.stderr.write(`listening on http://127.0.0.1:${server.address().port}\n`));
process.once('SIGTERM', () => process.exit(0));
