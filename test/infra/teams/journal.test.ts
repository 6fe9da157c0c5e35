import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TurnContext } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardOf, FRAUD, post, type Stage, startBot, startStage } from './stage.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';
const bot = async (context: TurnContext) => {
  if (context.activity.type === 'message') await context.sendActivity(`echo ${context.activity.text}`);
  if (context.activity.type === 'invoke')
    await context.sendActivity({
      type: 'invokeResponse',
      value: { status: 200, body: { statusCode: 200, type: CARD, value: cardOf('mine').content } },
    });
};

describe('the journal', () => {
  let folder: string;
  let journal: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'teams-'));
    journal = join(folder, 'deep', 'teams.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const everything = (stage: Stage) => ({
    fraud: stage.teams.messages(FRAUD, 'ann').map(({ revision: _, ...message }) => message),
    ann: stage.teams.messages('a:ann', 'ann').map(({ revision: _, ...message }) => message),
    calls: stage.teams.transcript(),
  });

  const play = async (stage: Stage) => {
    await stage.teams.say('ann', 'personal', 'hello');
    const { id = '' } = await stage.client.conversations.sendToConversation(FRAUD, {
      type: 'message',
      attachments: [cardOf('for all', { actions: [{ type: 'Action.Execute', title: 'Mine', verb: 'mine' }] })],
    });
    await stage.teams.click('ann', id, 'Mine');
    await stage.teams.react('ann', id, 'heart');
    const second = await stage.client.conversations.sendToConversation(`${FRAUD};messageid=${id}`, {
      type: 'message',
      text: 'soon gone',
    });
    await stage.client.conversations.deleteActivity(FRAUD, second.id ?? '');
    stage.teams.read('ann', 'fraud-ops');
    stage.teams.fault({ answer: 500, on: 'edit', count: 3 });
    return id;
  };

  it('brings everything back after a kill, and nothing is announced again', async () => {
    const first = await startStage(bot, { journal });
    const card = await play(first);
    const before = everything(first);
    await first.kill();
    const second = await startStage(bot, { journal });
    expect(everything(second)).toEqual(before);
    expect(before.fraud[0]).toMatchObject({
      view: 'own',
      unread: false,
      reactions: [{ reaction: 'heart', people: ['ann'] }],
    });
    expect(second.bot.heard).toEqual([]);
    const edit = second.client.conversations.updateActivity(FRAUD, card, { type: 'message', text: 'x' });
    await expect(edit).rejects.toMatchObject({ statusCode: 500 });
    const next = await second.teams.say('ann', 'personal', 'again');
    expect(before.fraud.some(({ id }) => id === next.id)).toBe(false);
    await second.stop();
  });

  it('cuts off a last line that was being written when the process died', async () => {
    const first = await startStage(bot, { journal });
    await play(first);
    const before = everything(first);
    await first.kill();
    const whole = readFileSync(journal, 'utf8');
    appendFileSync(journal, '{"facts":[{"kind":"message","mess');
    const second = await startStage(bot, { journal });
    expect(everything(second)).toEqual(before);
    expect(readFileSync(journal, 'utf8')).toBe(whole);
    await second.teams.say('ann', 'personal', 'still writable');
    await second.kill();
    const third = await startStage(bot, { journal });
    expect(third.teams.messages('a:ann').map(({ text }) => text)).toContain('still writable');
    await third.stop();
  });

  it('refuses to start on a journal that is damaged in the middle', async () => {
    const first = await startStage(bot, { journal });
    await play(first);
    await first.kill();
    const lines = readFileSync(journal, 'utf8').split('\n');
    lines[2] = lines[2]?.slice(0, 20) ?? '';
    writeFileSync(journal, lines.join('\n'));
    await expect(startStage(bot, { journal })).rejects.toThrow('is damaged at byte');
  });

  it('delivers after the restart what the bot had not taken before the kill', async () => {
    const first = await startStage(bot, { journal, redeliverAfterMs: 60_000 });
    first.bot.refusals.push(500);
    void first.teams.say('ann', 'personal', 'are you there');
    await expect.poll(() => first.bot.heard.length).toBe(1);
    const { id } = first.bot.heard[0] ?? {};
    await first.kill();
    const second = await startStage(bot, { journal });
    expect(second.teams.messages('a:ann').map(({ text }) => text)).toEqual(['are you there', 'echo are you there']);
    expect(second.teams.messages('a:ann')[0]?.id).toBe(id);
    await second.stop();
    await first.teams.close();
  });

  it('has every message that was acknowledged before kill -9', async () => {
    const listener = await startBot(async () => undefined);
    const victim = spawn(process.execPath, [join(import.meta.dirname, 'victim.ts'), journal, listener.endpoint]);
    const [port] = (await once(victim.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${String(port).trim()}/connector/v3/conversations/a:ann/activities`;
    const acknowledged: string[] = [];
    const writers = [0, 1, 2, 3].map(async () => {
      for (;;) {
        const answer = await post(url, { type: 'message', text: 'x'.repeat(500) }).catch(() => undefined);
        if (!answer) return;
        acknowledged.push((answer.body as unknown as { id: string }).id);
      }
    });
    await expect.poll(() => acknowledged.length).toBeGreaterThan(100);
    victim.kill('SIGKILL');
    await Promise.all(writers);
    await listener.close();
    const second = await startStage(bot, { journal, redeliverAfterMs: 50 });
    const kept = new Set(second.teams.messages('a:ann').map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    await second.stop();
  });

  it('is rewritten as a summary when it has grown, and means the same afterwards', async () => {
    const first = await startStage(bot, { journal, compactAboveBytes: 20_000, keep: { messages: 20, calls: 20 } });
    const card = await play(first);
    for (let i = 0; i < 60; i += 1)
      await first.client.conversations
        .updateActivity('a:ann', first.teams.messages('a:ann')[1]?.id ?? '', {
          type: 'message',
          text: `${i} ${'x'.repeat(200)}`,
        })
        .catch(() => undefined);
    expect(statSync(journal).size).toBeLessThan(60_000);
    const before = everything(first);
    await first.kill();
    const second = await startStage(bot, { journal, keep: { messages: 20, calls: 20 } });
    expect(everything(second)).toEqual(before);
    expect(before.fraud[0]?.id).toBe(card);
    await second.stop();
  });

  it('forgets the oldest messages with their threads instead of growing for ever', async () => {
    const stage = await startStage(bot, { keep: { messages: 10, calls: 10 } });
    for (let i = 0; i < 50; i += 1)
      await stage.client.conversations.sendToConversation(FRAUD, { type: 'message', text: `${i}` });
    const texts = stage.teams.messages(FRAUD).map(({ text }) => text);
    expect(texts.length).toBeLessThanOrEqual(11);
    expect(texts.at(-1)).toBe('49');
    expect(stage.teams.transcript().length).toBeLessThanOrEqual(11);
    expect(stage.teams.transcript().at(-1)?.number).toBe(50);
    await stage.stop();
  });
});
