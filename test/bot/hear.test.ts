import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from '../house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  // The greetings of the first run are said.
  await house.advance('PT5M');
});
afterAll(() => house.stop());

const CHANNEL = '19:fraud-ops@thread.tacv2';
let posted = 0;

/** What Teams posts to the bot for a message of Ann's in a channel; ids of their own, as for different messages. */
async function deliver(text: string, entities: object[]): Promise<void> {
  posted += 1;
  const answer = await fetch(`${house.url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'message',
      id: `${1_795_442_400_000 + posted}`,
      channelId: 'msteams',
      serviceUrl: `${house.url}/connector/`,
      from: { id: '29:ann', name: 'Ann Berg', aadObjectId: '00000000-0000-4000-8000-000000000001' },
      recipient: { id: '28:wardroom', name: 'Wardroom' },
      conversation: { id: CHANNEL, conversationType: 'channel', isGroup: true },
      channelData: { channel: { id: CHANNEL }, team: { id: '19:northwind-ml@thread.tacv2' } },
      text,
      entities,
    }),
  });
  expect(answer.status).toBe(200);
}

const mention = (id: string, name: string) => ({ type: 'mention', text: `<at>${name}</at>`, mentioned: { id, name } });

test('what people say to each other in a channel is neither answered nor kept', async () => {
  const before = await house.transcript();
  await deliver('incidents', []);
  await deliver('<at>Ben Okafor</at> incidents', [mention('29:ben', 'Ben Okafor')]);
  expect(await house.transcript()).toEqual(before);
  const turns = await house.app.rooms.db.selectFrom('turns').selectAll().execute();
  expect(turns).toEqual([]);

  await deliver('<at>Wardroom</at> incidents', [mention('28:wardroom', 'Wardroom')]);
  const after = await house.transcript();
  expect(after.length).toBe(before.length + 1);
});

test('the Room suggests to each person only what that person may ask', async () => {
  const commandsOf = async (who: string) => {
    const answer = await fetch(`${house.url}/room/api/state?as=${who}`);
    return ((await answer.json()) as { commands: { text: string; summary: string }[] }).commands;
  };
  const [ann, jon] = [await commandsOf('ann'), await commandsOf('jon')];
  expect(ann).toContainEqual({
    text: 'incidents',
    summary: 'List incidents: open, all, yours, of an endpoint or team, by severity, by words, since a time',
  });
  expect(ann.map(({ text }) => text)).toContain('ack INC-142');
  expect(jon.map(({ text }) => text)).not.toContain('ack INC-142');
  expect(jon.map(({ text }) => text)).toContain('incidents');
});
