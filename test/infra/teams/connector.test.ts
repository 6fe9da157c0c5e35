import { MessageFactory, TeamsInfo, type TurnContext } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardOf, FRAUD, headline, post, type Stage, startStage, TEAM, TENANT, WAR_ROOM } from './stage.ts';

const echo = async (context: TurnContext) => {
  if (context.activity.type !== 'message') return;
  const said = context.activity.text.replace(/<at>.*?<\/at>/g, '').trim();
  if (said === 'members') {
    const members = await TeamsInfo.getPagedMembers(context, 2);
    await context.sendActivity(members.members.map(({ id, aadObjectId }) => `${id} ${aadObjectId}`).join(', '));
    return;
  }
  const answer = await context.sendActivity(MessageFactory.text(`You said ${said}`));
  if (said === 'edit' && answer) await context.updateActivity({ ...MessageFactory.text('edited'), id: answer.id });
  if (said === 'delete' && answer) await context.deleteActivity(answer.id);
};

/** Nothing here is about a delivery that is repeated, and none is on a machine that is slow. */
const UNHURRIED = { redeliverAfterMs: 60_000 };

describe('the Connector, driven by the real adapter and client', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await startStage(echo, UNHURRIED);
  });
  afterEach(async () => {
    expect(stage.bot.problems).toEqual([]);
    await stage.stop();
  });
  const lastOf = (conversation: string, as?: string) => stage.teams.messages(conversation, as).at(-1);

  it('answers in a one-to-one chat', async () => {
    expect(await stage.teams.say('ann', 'personal', 'hello')).toMatchObject({ heard: true });
    expect(stage.teams.messages('a:ann').map(({ text }) => text)).toEqual(['hello', 'You said hello']);
    expect(stage.teams.messages('a:ben')).toEqual([]);
  });

  it('sends activities that look like those of Teams', async () => {
    const { id } = await stage.teams.say('dev', 'fraud-ops', 'hello @Ann Berg', { mentionBot: true });
    expect(stage.bot.heard).toHaveLength(1);
    expect(stage.bot.heard[0]).toMatchObject({
      type: 'message',
      id,
      timestamp: '2026-11-23T14:00:00Z',
      localTimestamp: '2026-11-23T19:30:00.000+05:30',
      localTimezone: 'Asia/Kolkata',
      channelId: 'msteams',
      serviceUrl: `${stage.base}/connector/`,
      from: { id: '29:dev', name: 'Dev Patel', aadObjectId: '00000000-0000-4000-8000-000000000004' },
      recipient: { id: '28:wardroom', name: 'Wardroom' },
      conversation: { id: `${FRAUD};messageid=${id}`, conversationType: 'channel', isGroup: true, tenantId: TENANT },
      text: '<at>Wardroom</at> hello <at>Ann Berg</at>',
      textFormat: 'plain',
      locale: 'en-US',
      channelData: { tenant: { id: TENANT }, team: { id: TEAM }, channel: { id: FRAUD } },
      entities: [
        { type: 'mention', text: '<at>Wardroom</at>', mentioned: { id: '28:wardroom', name: 'Wardroom' } },
        { type: 'mention', text: '<at>Ann Berg</at>', mentioned: { id: '29:ann', name: 'Ann Berg' } },
        { type: 'clientInfo', locale: 'en-US', platform: 'Web', timezone: 'Asia/Kolkata' },
      ],
    });
  });

  it('lets the bot hear a channel or a group chat only when it is mentioned, also in its own thread', async () => {
    const { id } = await stage.teams.say('ann', 'fraud-ops', 'hello', { mentionBot: true });
    expect(await stage.teams.say('ann', 'fraud-ops', 'thanks', { thread: id })).toMatchObject({ heard: false });
    expect(await stage.teams.say('ben', WAR_ROOM, 'anybody here')).toMatchObject({ heard: false });
    expect(await stage.teams.say('ben', WAR_ROOM, 'well, @wardroom: status')).toMatchObject({ heard: true });
    expect(stage.bot.heard.map(({ text }) => text)).toEqual([
      '<at>Wardroom</at> hello',
      'well, <at>Wardroom</at>: status',
    ]);
    const thread = stage.teams.messages(FRAUD).filter(({ root }) => root === id);
    expect(thread.map(({ text }) => text)).toEqual(['<at>Wardroom</at> hello', 'You said hello', 'thanks']);
  });

  it('edits and deletes', async () => {
    await stage.teams.say('ann', 'personal', 'edit');
    expect(lastOf('a:ann')).toMatchObject({ text: 'edited', editedAt: '2026-11-23T14:00:00Z', deleted: false });
    await stage.teams.say('ann', 'personal', 'delete');
    expect(lastOf('a:ann')).toMatchObject({ text: '', deleted: true });
    expect(stage.teams.transcript().map(({ operation, status }) => `${operation} ${status}`)).toEqual([
      'create 201',
      'edit 200',
      'create 201',
      'delete 200',
    ]);
  });

  it('lists members page by page', async () => {
    await stage.teams.say('ann', WAR_ROOM, 'members', { mentionBot: true });
    expect(lastOf(WAR_ROOM)?.text).toBe(
      '29:ann 00000000-0000-4000-8000-000000000001, 29:ben 00000000-0000-4000-8000-000000000002',
    );
    const all = await stage.client.conversations.getConversationMembers(FRAUD);
    expect(all.map(({ name }) => name)).toEqual(['Ann Berg', 'Ben Okafor', 'Cara Lindt', 'Dev Patel']);
    const one = await stage.client.conversations.getConversationMember(FRAUD, '29:cara');
    expect(one).toMatchObject({ id: '29:cara', name: 'Cara Lindt' });
    await expect(stage.client.conversations.getConversationMember(FRAUD, '29:max')).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it('describes the team', async () => {
    const team = await fetch(`${stage.base}/connector/v3/teams/${encodeURIComponent(TEAM)}`);
    expect(await team.json()).toMatchObject({ id: TEAM, name: 'Northwind ML', channelCount: 2, memberCount: 4 });
    const channels = await fetch(`${stage.base}/connector/v3/teams/${encodeURIComponent(TEAM)}/conversations`);
    expect(await channels.json()).toMatchObject({
      conversations: [{ id: FRAUD }, { id: '19:ml-platform@thread.tacv2', name: 'ML platform' }],
    });
  });

  it('starts a thread in a channel, replies in it and edits the first message', async () => {
    const created = await stage.client.conversations.createConversation({
      isGroup: true,
      bot: { id: '28:wardroom', name: 'Wardroom' },
      channelData: { channel: { id: FRAUD } },
      activity: MessageFactory.attachment(cardOf('ep-fraud drifts')),
    } as never);
    expect(created.id).toBe(`${FRAUD};messageid=${created.activityId}`);
    const reply = await stage.client.conversations.sendToConversation(created.id, {
      type: 'message',
      text: 'paged Ben',
    });
    await stage.client.conversations.updateActivity(FRAUD, created.activityId, {
      type: 'message',
      attachments: [cardOf('ep-fraud recovers')],
    });
    const messages = stage.teams.messages('fraud-ops');
    expect(messages.map(({ root }) => root)).toEqual([created.activityId, created.activityId]);
    expect(messages[1]?.id).toBe(reply.id);
    expect(messages[0] && headline(messages[0])).toBe('ep-fraud recovers');
  });

  it('opens a one-to-one chat by Entra object id, but not with somebody who left', async () => {
    const open = (id: string) =>
      stage.client.conversations.createConversation({ members: [{ id }], tenantId: TENANT, channelData: {} } as never);
    expect(await open('00000000-0000-4000-8000-000000000002')).toMatchObject({ id: 'a:ben' });
    await expect(open('29:max')).rejects.toMatchObject({ statusCode: 403 });
  });

  it('notifies the people who are mentioned in text or card, once and not again by an edit', async () => {
    const { id = '' } = await stage.client.conversations.sendToConversation(FRAUD, {
      type: 'message',
      summary: 'SEV 1: ep-fraud drifts',
      attachments: [
        cardOf('<at>Ann Berg</at> is on call', {
          msteams: {
            entities: [
              {
                type: 'mention',
                text: '<at>Ann Berg</at>',
                mentioned: { id: '00000000-0000-4000-8000-000000000001', name: 'Ann Berg' },
              },
              { type: 'mention', text: '<at>Ben Okafor</at>', mentioned: { id: '29:ben', name: 'Ben Okafor' } },
            ],
          },
        }),
      ],
    });
    const marks = async (as: string) => {
      const state = await (await fetch(`${stage.base}/room/api/state?as=${as}`)).json();
      return (state as { conversations: { id: string; unread: number; mentions: number }[] }).conversations.find(
        (conversation) => conversation.id === FRAUD,
      );
    };
    expect(await marks('ann')).toMatchObject({ unread: 1, mentions: 1, last: { preview: 'SEV 1: ep-fraud drifts' } });
    // Ben's entity has no counterpart in the card's text: Teams mentions nobody.
    expect(await marks('ben')).toMatchObject({ unread: 1, mentions: 0 });
    stage.teams.read('ann', 'fraud-ops');
    await stage.client.conversations.updateActivity(FRAUD, id, { type: 'message', text: 'new' });
    expect(await marks('ann')).toMatchObject({ unread: 0, mentions: 0 });
  });

  it('shows a targeted message to one person for a day', async () => {
    const url = `${stage.base}/connector/v3/conversations/${encodeURIComponent(FRAUD)}/activities?isTargetedActivity=true`;
    expect(await post(url, { type: 'message', text: 'only you', recipient: { id: '29:ann' } })).toMatchObject({
      status: 201,
    });
    expect(stage.teams.messages('fraud-ops', 'ann')).toMatchObject([{ text: 'only you', targeted: true }]);
    expect(stage.teams.messages('fraud-ops', 'ben')).toEqual([]);
    await stage.clock.moveTo(stage.clock.now().add({ hours: 24 }));
    expect(stage.teams.messages('fraud-ops', 'ann')).toEqual([]);
    expect(await post(url, { type: 'message', text: 'whom?' })).toMatchObject({ status: 400 });
  });

  it('carries the AI label and citations of a message', async () => {
    // The SDK's client drops every field of an entity but type, text and mentioned: a label has to be posted past it.
    await post(`${stage.base}/connector/v3/conversations/a%3Aann/activities`, {
      type: 'message',
      text: 'It drifted [1]',
      channelData: { feedbackLoopEnabled: true },
      entities: [
        {
          type: 'https://schema.org/Message',
          '@type': 'Message',
          additionalType: ['AIGeneratedContent'],
          citation: [
            {
              '@type': 'Claim',
              position: 1,
              appearance: { '@type': 'DigitalDocument', name: 'Run 42', abstract: 'a run' },
            },
          ],
        },
      ],
    });
    expect(lastOf('a:ann', 'ann')).toMatchObject({
      ai: true,
      feedback: true,
      citations: [{ position: 1, name: 'Run 42', abstract: 'a run' }],
    });
  });
});

describe('installation', () => {
  it('is announced once, for every channel, chat and person', async () => {
    const stage = await startStage(async () => undefined, UNHURRIED);
    await stage.teams.reset();
    const announced = stage.bot.heard.map(({ type, conversation }) => `${type} ${(conversation as { id: string }).id}`);
    const places = [FRAUD, '19:ml-platform@thread.tacv2', WAR_ROOM, 'a:ann', 'a:ben', 'a:cara', 'a:dev'];
    expect(announced).toEqual(places.flatMap((id) => [`installationUpdate ${id}`, `conversationUpdate ${id}`]));
    expect(stage.bot.heard[0]).toMatchObject({
      action: 'add',
      conversation: { conversationType: 'channel', isGroup: true },
      channelData: {
        team: { id: TEAM, name: 'Northwind ML', aadGroupId: '11111111-0000-4000-8000-000000000001' },
        settings: { selectedChannel: { id: FRAUD } },
      },
    });
    expect(stage.bot.heard[1]).toMatchObject({ membersAdded: [{ id: '28:wardroom' }] });
    await stage.teams.start();
    expect(stage.bot.heard).toHaveLength(places.length * 2);
    await stage.stop();
  });

  it('that was taken back blocks writing with 403 until it returns', async () => {
    const stage = await startStage(echo, UNHURRIED);
    await stage.teams.install('a:ann', 'remove');
    expect(stage.bot.heard.at(-1)).toMatchObject({ type: 'installationUpdate', action: 'remove' });
    const write = () => stage.client.conversations.sendToConversation('a:ann', { type: 'message', text: 'hello?' });
    await expect(write()).rejects.toMatchObject({ statusCode: 403, code: 'MessageWritesBlocked' });
    expect(stage.teams.transcript()).toMatchObject([{ status: 403, delivered: false }]);
    expect(await stage.teams.say('ann', 'personal', 'hello?')).toMatchObject({ heard: false });
    await stage.teams.install('a:ann');
    await write();
    await stage.stop();
  });
});
