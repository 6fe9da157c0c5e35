/** What Teams would post to `/api/messages`: the fields that both bots read. */
const TENANT = '7d0c2b64-5f0e-4c1f-8f57-2a4f6f1ce001';
const BOT = { id: '28:wardroom', name: 'Wardroom' };
const PEOPLE = [
  ['ann', 'Ann Berg'],
  ['ben', 'Ben Okafor'],
  ['cara', 'Cara Lindt'],
  ['dev', 'Dev Patel'],
  ['eva', 'Eva Moreau'],
  ['finn', "Finn O'Hara"],
  ['gita', 'Gita Rao'],
  ['hugo', 'Hugo Weiss'],
] as const;
export const PERSONS = PEOPLE.length;

const entraIdOf = (person: number) => `00000000-0000-4000-8000-${String(person + 1).padStart(12, '0')}`;
const EVERYBODY = 12;

/** A roster with everybody of Northwind in it. */
export const roster = (): string =>
  JSON.stringify({
    members: Array.from({ length: EVERYBODY }, (_, person) => ({
      id: `29:${PEOPLE[person]?.[0] ?? person}`,
      aadObjectId: entraIdOf(person),
    })),
  });

let sent = 0;

function common(serviceUrl: string, person: number) {
  const [id, name] = PEOPLE[person % PERSONS] ?? PEOPLE[0];
  sent += 1;
  return {
    id: `m${process.pid}-${sent}`,
    timestamp: '2026-11-23T14:05:00.000Z',
    channelId: 'msteams',
    serviceUrl,
    locale: 'en-GB',
    from: { id: `29:${id}`, name, aadObjectId: entraIdOf(person % PERSONS) },
    recipient: BOT,
    channelData: { tenant: { id: TENANT } },
  };
}

/**
 * Group chats the questions come from. Teams takes seven messages in two seconds per conversation, and Wardroom keeps to
 * that: with fewer of them the limit would be measured, not the bot.
 */
export const CHATS = 1_000;

/** One of the people asks the bot something in one of the group chats, by mentioning it. */
export function message(serviceUrl: string, index: number, text: string): string {
  const activity = common(serviceUrl, index);
  const id = `19:bench-${index % CHATS}@thread.v2`;
  const conversation = { conversationType: 'groupChat', id, isGroup: true, tenantId: TENANT };
  const mention = { type: 'mention', text: `<at>${BOT.name}</at>`, mentioned: BOT };
  return JSON.stringify({
    ...activity,
    type: 'message',
    textFormat: 'plain',
    conversation,
    text: `<at>${BOT.name}</at> ${text}`,
    entities: [mention],
  });
}

/** The app was installed in a channel: from now on the bot posts there through this service URL. */
export function installed(serviceUrl: string, channel: string): string {
  const activity = common(serviceUrl, 5);
  const channelData = {
    ...activity.channelData,
    channel: { id: channel },
    team: { id: '19:northwind-ml@thread.tacv2' },
  };
  const conversation = { conversationType: 'channel', id: channel, isGroup: true, tenantId: TENANT };
  return JSON.stringify({ ...activity, type: 'installationUpdate', action: 'add', conversation, channelData });
}
