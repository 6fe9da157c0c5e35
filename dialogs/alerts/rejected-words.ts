/** What the refusals of a webhook are called among people; a code without words here is at least readable. */
const DOORS: Readonly<Record<string, string>> = {
  eventgrid: 'the door of Event Grid',
  'azure-monitor': 'the door of Azure Monitor',
  alertmanager: 'the door of Alertmanager',
  generic: 'the door of your own webhooks',
  heartbeat: 'the door of heartbeats',
};

const REASONS: Readonly<Record<string, string>> = {
  'not-configured': 'no key is set up here: WARDROOM_HOOK_KEYS is missing',
  'no-key': 'they brought no key',
  'wrong-key': 'their key is not one of ours',
  'expired-key': 'their key has run out, or is not good yet',
  'no-signature': 'the signature was missing or torn',
  'bad-timestamp': 'the time of the signature was missing or more than 5 minutes off',
  'wrong-signature': 'the signature fits no key of ours',
  'no-token': 'they brought no token of Entra',
  'bad-claims': 'the token could not be believed',
  'expired-token': 'the token was too old or not good yet',
  'wrong-issuer': 'the token is of another directory',
  'wrong-audience': 'the token is for another application',
  'wrong-app': 'the token is of an application that may not deliver here',
  'no-role': 'the application does not hold the app role',
  'wrong-subscription': 'the event subscription is not one of WARDROOM_HOOK_SUBSCRIPTIONS',
};

const readable = (code: string): string => code.replaceAll('-', ' ');

export const doorWords = (hook: string): string => DOORS[hook] ?? readable(hook);
export const refusalWords = (reason: string): string => REASONS[reason] ?? readable(reason);
