import type { TurnContext } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardOf, FRAUD, headline, type Stage, startStage } from './stage.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';
const answer = (context: TurnContext, body: unknown, status = 200) =>
  context.sendActivity({ type: 'invokeResponse', value: { status, body } });

const refreshFor = (...people: string[]) => ({
  refresh: {
    userIds: people.map((id) => `29:${id}`),
    action: { type: 'Action.Execute', title: 'Refresh', verb: 'vote.show', data: { request: 'REQ-1' } },
  },
});

const ballot = {
  ...refreshFor('ann', 'cara'),
  actions: [
    { type: 'Action.Execute', title: 'Approve', verb: 'vote', data: { request: 'REQ-1', choice: 'approve' } },
    { type: 'Action.Execute', title: 'Fail', verb: 'fail' },
    { type: 'Action.Execute', title: 'Crash', verb: 'crash' },
    { type: 'Action.Execute', title: 'Toast', verb: 'toast' },
    { type: 'Action.Submit', title: 'Log', data: { verb: 'log' } },
    { type: 'Action.Submit', title: 'Details', data: { verb: 'details', msteams: { type: 'task/fetch' } } },
    { type: 'Action.Submit', title: 'Say it', data: { msteams: { type: 'imBack', value: 'status' } } },
    {
      type: 'Action.ShowCard',
      title: 'Reject …',
      card: {
        type: 'AdaptiveCard',
        body: [
          { type: 'Input.Text', id: 'reason', isRequired: true, errorMessage: 'Say why', maxLength: 20 },
          { type: 'Input.Toggle', id: 'notify', value: 'true' },
        ],
        actions: [{ type: 'Action.Execute', title: 'Reject', verb: 'vote', data: { choice: 'reject' } }],
      },
    },
  ],
};

const dialogCard = {
  type: 'AdaptiveCard',
  body: [{ type: 'Input.Number', id: 'share', min: 0, max: 100, value: 10 }],
  actions: [{ type: 'Action.Submit', title: 'Save', data: { verb: 'save' } }],
};

/** Answers every kind of invoke in the way its verb asks for. */
const polls = async (context: TurnContext) => {
  const { activity } = context;
  if (activity.type !== 'invoke') return;
  const value = activity.value as { action?: { verb: string }; data?: { verb: string; share?: string } };
  if (activity.name === 'task/fetch')
    await answer(context, { task: { type: 'continue', value: { title: 'Details', card: { content: dialogCard } } } });
  else if (activity.name === 'task/submit')
    await answer(context, value.data?.share === '50' ? { task: { type: 'message', value: 'Saved' } } : undefined);
  else if (activity.name === 'message/submitAction') await answer(context, {});
  else if (value.action?.verb === 'fail')
    await answer(context, {
      statusCode: 400,
      type: 'application/vnd.microsoft.error',
      value: { code: 'Bad', message: 'No.' },
    });
  else if (value.action?.verb === 'toast')
    await answer(context, { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Counted' });
  else if (value.action?.verb === 'crash') throw new Error('crashed on purpose');
  else {
    const seen = `${activity.from.name}: ${value.action?.verb}`;
    if (value.action?.verb === 'vote.silent') return void (await answer(context, { statusCode: 200 }));
    await answer(context, { statusCode: 200, type: CARD, value: cardOf(seen, ballot).content });
  }
};

describe('cards in the sandbox', () => {
  let stage: Stage;
  let card: string;
  beforeEach(async () => {
    stage = await startStage(polls);
    const sent = await stage.client.conversations.sendToConversation(FRAUD, {
      type: 'message',
      attachments: [cardOf('REQ-1: for everybody', ballot)],
    });
    card = sent.id ?? '';
  });
  afterEach(() => stage.stop());
  const seenBy = (as: string) => {
    const message = stage.teams.messages('fraud-ops', as).find(({ id }) => id === card);
    return message ? headline(message) : undefined;
  };

  it('a click on Action.Execute replaces the card for that person only', async () => {
    const outcome = await stage.teams.click('cara', card, 'Approve');
    expect(outcome).toMatchObject({ kind: 'card', message: { id: card, view: 'own' } });
    expect([seenBy('cara'), seenBy('ann'), seenBy('ben')]).toEqual([
      'Cara Lindt: vote',
      'REQ-1: for everybody',
      'REQ-1: for everybody',
    ]);
    // Her own view was asked for first: she had the card on screen.
    expect(stage.bot.heard).toMatchObject([{ value: { trigger: 'automatic' } }, { value: { trigger: 'manual' } }]);
    expect(stage.bot.heard.at(-1)).toMatchObject({
      type: 'invoke',
      name: 'adaptiveCard/action',
      replyToId: card,
      conversation: { id: `${FRAUD};messageid=${card}` },
      from: { id: '29:cara', aadObjectId: '00000000-0000-4000-8000-000000000003' },
      value: {
        trigger: 'manual',
        action: {
          type: 'Action.Execute',
          title: 'Approve',
          verb: 'vote',
          data: { request: 'REQ-1', choice: 'approve' },
        },
      },
    });
  });

  it('an edit resets the card for everybody', async () => {
    await stage.teams.click('cara', card, 'Approve');
    await stage.client.conversations.updateActivity(FRAUD, card, {
      type: 'message',
      attachments: [cardOf('REQ-1: decided')],
    });
    expect([seenBy('cara'), seenBy('ben')]).toEqual(['REQ-1: decided', 'REQ-1: decided']);
  });

  it('refreshes only for the people named in userIds, at most once a minute, and again after an edit', async () => {
    const wanted = (as: string) => stage.teams.messages('fraud-ops', as).at(-1)?.refresh;
    expect([wanted('ann'), wanted('cara'), wanted('ben')]).toEqual([true, true, false]);
    expect(headline(await stage.teams.refresh('ann', card))).toBe('Ann Berg: vote.show');
    expect(stage.bot.heard.at(-1)).toMatchObject({
      value: { trigger: 'automatic', action: { data: { request: 'REQ-1' } } },
    });
    expect([wanted('ann'), wanted('cara'), wanted('ben')]).toEqual([false, true, false]);
    const asked = stage.bot.heard.length;
    await stage.teams.refresh('ann', card);
    await stage.teams.refresh('ben', card);
    expect(stage.bot.heard).toHaveLength(asked);
    await stage.clock.moveTo(stage.clock.now().add({ seconds: 60 }));
    expect(wanted('ann')).toBe(true);
    await stage.teams.refresh('ann', card);
    await stage.client.conversations.updateActivity(FRAUD, card, {
      type: 'message',
      attachments: [cardOf('new', ballot)],
    });
    expect([wanted('ann'), wanted('cara'), seenBy('ann')]).toEqual([true, true, 'new']);
  });

  it('a refresh that brings no card is not asked for again at once', async () => {
    const silent = { refresh: { ...ballot.refresh, action: { ...ballot.refresh.action, verb: 'vote.silent' } } };
    await stage.client.conversations.updateActivity(FRAUD, card, {
      type: 'message',
      attachments: [cardOf('quiet', silent)],
    });
    await stage.teams.refresh('ann', card);
    await stage.teams.refresh('ann', card);
    expect(stage.bot.heard).toHaveLength(1);
    expect(stage.teams.messages('fraud-ops', 'ann').at(-1)).toMatchObject({ refresh: false, view: 'everybody' });
  });

  it('an error, a toast and a crash of the bot are told apart', async () => {
    expect(await stage.teams.click('ann', card, 'Fail')).toEqual({ kind: 'error', code: 'Bad', text: 'No.' });
    expect(await stage.teams.click('ann', card, 'Toast')).toEqual({ kind: 'toast', text: 'Counted' });
    expect(await stage.teams.click('ann', card, 'Crash')).toMatchObject({ kind: 'error', code: 'Status501' });
    expect(seenBy('ann')).toBe('Ann Berg: vote.show');
  });

  it('inputs of a ShowCard are sent as strings with their defaults, and checked as the client does', async () => {
    await expect(stage.teams.click('ann', card, 'Reject')).rejects.toThrow('reason: Say why');
    await expect(stage.teams.click('ann', card, 'Reject', { reason: 'x'.repeat(21) })).rejects.toThrow('Say why');
    await expect(stage.teams.click('ann', card, 'Reject', { because: 'x' })).rejects.toThrow(
      'its inputs are: reason, notify',
    );
    await stage.teams.click('ann', card, 'Reject', { reason: 'biased' });
    expect(stage.bot.heard.at(-1)).toMatchObject({
      value: { action: { data: { choice: 'reject', reason: 'biased', notify: 'true' } } },
    });
  });

  it('an action that is not there is refused with those that are', async () => {
    await expect(stage.teams.click('ann', card, 'Explode')).rejects.toThrow('it has "Approve", "Fail"');
    await expect(stage.teams.click('ann', card, 'vote')).rejects.toThrow('"vote" may be "Approve", "Reject"');
  });

  it('an action object is sent as it is, so that a forged one can be tried', async () => {
    await stage.teams.click('ann', card, { type: 'Action.Execute', verb: 'vote', data: { request: 'REQ-999' } });
    expect(stage.bot.heard.at(-1)).toMatchObject({ value: { action: { verb: 'vote', data: { request: 'REQ-999' } } } });
  });

  it('Action.Submit is a message with a value about the card', async () => {
    expect(await stage.teams.click('ben', card, 'Log')).toEqual({ kind: 'sent' });
    expect(stage.bot.heard.at(-1)).toMatchObject({
      type: 'message',
      replyToId: card,
      value: { verb: 'log' },
      from: { id: '29:ben' },
    });
    expect(stage.bot.heard.at(-1)).not.toHaveProperty('text');
  });

  it('a dialog opens, refuses what its inputs do not allow, says something and closes', async () => {
    const opened = await stage.teams.click('ann', card, 'Details');
    if (opened.kind !== 'dialog') throw new Error(`expected a dialog, got ${opened.kind}`);
    expect(opened.dialog).toMatchObject({ title: 'Details', width: 'medium', card: dialogCard });
    expect(stage.bot.heard.at(-1)).toMatchObject({ name: 'task/fetch', value: { data: { verb: 'details' } } });
    expect(() => stage.teams.submit('ann', card, opened.dialog, 'Save', { share: 101 })).toThrow('at most 100');
    expect(await stage.teams.submit('ann', card, opened.dialog, 'Save', { share: 50 })).toEqual({
      kind: 'toast',
      text: 'Saved',
    });
    expect(await stage.teams.submit('ann', card, opened.dialog, 'Save')).toEqual({ kind: 'closed' });
    expect(stage.bot.heard.at(-1)).toMatchObject({
      name: 'task/submit',
      value: { data: { verb: 'save', share: '10' } },
    });
  });

  it('imBack speaks for the person in the thread of the card', async () => {
    await stage.teams.click('ben', card, 'Say it');
    expect(stage.teams.messages('fraud-ops').at(-1)).toMatchObject({
      text: '<at>Wardroom</at> status',
      root: card,
      from: { id: 'ben' },
    });
  });

  it('a deleted card cannot be pressed', async () => {
    await stage.client.conversations.deleteActivity(FRAUD, card);
    await expect(stage.teams.click('ann', card, 'Approve')).rejects.toThrow('was deleted');
  });

  it('reactions and feedback reach the bot', async () => {
    expect(await stage.teams.react('ann', card, 'like')).toBe(true);
    expect(stage.bot.heard.at(-1)).toMatchObject({
      type: 'messageReaction',
      replyToId: card,
      reactionsAdded: [{ type: 'like' }],
    });
    await stage.teams.react('ann', card, 'like');
    expect(stage.bot.heard.at(-1)).toMatchObject({ reactionsRemoved: [{ type: 'like' }] });
    await stage.teams.feedback('ann', card, 'dislike', 'wrong');
    expect(stage.bot.heard.at(-1)).toMatchObject({
      name: 'message/submitAction',
      value: { actionName: 'feedback', actionValue: { reaction: 'dislike', feedback: '{"feedbackText":"wrong"}' } },
    });
  });
});
