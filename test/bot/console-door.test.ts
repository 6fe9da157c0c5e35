import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleDoor, doorExists } from '../../bot/console-door.ts';
import { readConfig } from '../../services/core/config.ts';
import { type House, openHouse } from '../house.ts';

const TOKEN = 'a-token-that-is-long-enough';

describe('the door of the terminal client', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.stop());

  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${house.url}/console`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('answers on this machine in the sandbox', async () => {
    const answer = await post({ text: 'incidents', as: 'ann' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ kind: 'answer', capability: 'alerts.list', as: 'ann' });
  });

  it('refuses what is no question', async () => {
    for (const body of ['{', '7', '{}', { text: '' }, { text: 'help', extra: 1 }, { text: 'help', key: 'x' }]) {
      const { status } = await post(body);
      expect(status, JSON.stringify(body)).toBe(400);
    }
    expect((await post({ text: 'incidents' }, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await post({ text: 'x'.repeat(3_000_000) })).status).toBe(413);
  });

  it('refuses web pages of other addresses', async () => {
    expect((await post({ text: 'incidents' }, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('says that nobody asks', async () => {
    const answer = await post({ text: 'incidents', as: 'zoe' });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toEqual({ error: '"zoe" is nobody here: give --as a person\'s id.' });
  });

  it('takes the user of the operating system when the organisation knows it', async () => {
    expect(await (await post({ text: 'incidents', user: 'Ben' })).json()).toMatchObject({ as: 'ben' });
    expect(await (await post({ text: 'incidents', user: 'root' })).json()).toMatchObject({ as: 'ann' });
  });

  it('lets nobody in who left', async () => {
    const answer = (await (await post({ text: 'incidents', as: 'max' })).json()) as { kind: string; text: string };
    expect(answer).toMatchObject({ kind: 'refused', text: expect.stringContaining('has ended') });
  });

  it('does a change once, however often the same question is sent', async () => {
    const key = '11111111-1111-4111-8111-111111111111';
    const ask = async () => (await post({ text: 'rollback ep-fraud because v7', as: 'dev', key })).json();
    expect(await ask()).toMatchObject({ kind: 'answer', data: { request: 'REQ-101' } });
    expect(await ask()).toMatchObject({ kind: 'duplicate', data: { request: 'REQ-101' } });
  });

  describe('outside the sandbox', () => {
    const knockOn = (from: Partial<{ address: string; host: string; authorization: string }>) => {
      const { dispatch, registry, rooms } = house.app;
      const door = consoleDoor({
        config: { mode: 'teams', console: { token: TOKEN } },
        dispatch,
        registry,
        people: rooms.people,
        ids: { uuid: () => crypto.randomUUID(), reference: () => '', random: () => 0 },
      });
      const req = {
        socket: { remoteAddress: from.address ?? '127.0.0.1' },
        headers: { host: from.host ?? '127.0.0.1:3978', authorization: from.authorization },
      };
      return door.knock(req as unknown as IncomingMessage, { text: 'incidents', as: 'ann' });
    };

    it('does not exist without a token', () => {
      expect(doorExists({ mode: 'teams', console: { token: undefined } })).toBe(false);
      expect(doorExists({ mode: 'teams', console: { token: TOKEN } })).toBe(true);
    });

    it('takes no token that can be guessed', () => {
      expect(() => readConfig({ WARDROOM_CONSOLE_TOKEN: 'short' })).toThrow(/WARDROOM_CONSOLE_TOKEN needs 20/);
    });

    it('opens to the token on this machine, and to nothing else', async () => {
      expect((await knockOn({ authorization: `Bearer ${TOKEN}` })).status).toBe(200);
      expect((await knockOn({})).status).toBe(401);
      expect((await knockOn({ authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
      expect((await knockOn({ authorization: TOKEN })).status).toBe(401);
      expect((await knockOn({ authorization: `Bearer ${TOKEN}`, address: '10.0.0.7' })).status).toBe(403);
      expect((await knockOn({ authorization: `Bearer ${TOKEN}`, host: 'wardroom.example' })).status).toBe(403);
    });

    it('needs somebody to be named', async () => {
      const { dispatch, registry, rooms } = house.app;
      const door = consoleDoor({
        config: { mode: 'teams', console: { token: TOKEN } },
        dispatch,
        registry,
        people: rooms.people,
        ids: { uuid: () => crypto.randomUUID(), reference: () => '', random: () => 0 },
      });
      expect(await door.ask({ text: 'incidents', user: 'root' })).toMatchObject({ status: 422 });
    });
  });
});
