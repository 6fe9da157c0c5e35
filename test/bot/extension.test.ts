import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../house.ts';
import { activity, deliver, from } from './raw.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.event('latency', { endpoint: 'ep-fraud' });
  await house.advance('PT7M');
});
afterAll(() => house.stop());

let number = 0;
/** From a chat that Wardroom is not in. */
const invoke = async (name: string, value: object, who = 'ann', again = false) => {
  if (!again) number += 1;
  const { status, body } = await deliver(
    house,
    activity(house, {
      type: 'invoke',
      name: `composeExtension/${name}`,
      id: `ext-${number}`,
      conversation: { id: '19:elsewhere@unq.gbl.spaces', conversationType: 'groupChat' },
      value,
      ...from(who),
    }),
  );
  expect(status).toBe(200);
  return body as {
    composeExtension?: {
      type: string;
      text?: string;
      attachments?: { content: object; preview: { content: { title: string } } }[];
    };
    task?: { type: string; value: { card: { content: { body: object[] } } } & string };
  };
};
const search = (words: string, who?: string) =>
  invoke('query', { commandId: 'search', parameters: [{ name: 'words', value: words }] }, who);

describe('the message extension', () => {
  it('finds what is named by words or number, each with the card that would be shown', async () => {
    const { composeExtension } = await search('INC-101');
    expect(composeExtension?.type).toBe('result');
    expect(composeExtension?.attachments?.map(({ preview }) => preview.content.title)).toEqual([
      expect.stringMatching(/^INC-101 · /),
    ]);
    expect(JSON.stringify(composeExtension?.attachments?.[0]?.content)).toContain('ep-fraud');
    const endpoints = await search('fraud endpoint');
    expect(endpoints.composeExtension?.attachments?.length).toBeGreaterThan(0);
  });

  it('says so when there is nothing, or nothing was asked', async () => {
    expect((await search('no such thing')).composeExtension).toEqual({
      type: 'message',
      text: 'Nothing is called “no such thing”.',
    });
    expect((await search('  ')).composeExtension?.text).toContain('Write a word');
    expect((await invoke('query', {})).composeExtension?.text).toContain('Write a word');
  });

  it('shows nothing to somebody nobody knows, and learns nothing of the chat it is used in', async () => {
    const stranger = await invoke('query', { commandId: 'search', parameters: [{ value: 'fraud' }] }, 'nobody');
    expect(stranger.composeExtension?.type).toBe('message');
    const known = await house.app.rooms.db.selectFrom('conversations').select('conversation_id').execute();
    expect(known.map(({ conversation_id }) => conversation_id)).not.toContain('19:elsewhere@unq.gbl.spaces');
  });

  it('makes a use case of a message, in a dialog, step by step', async () => {
    const payload = {
      body: {
        contentType: 'html',
        content: '<p>We could <b>predict</b> &lt;returns&gt; of shoes</p><script>x</script>',
      },
      from: { user: { displayName: 'Kim Lee' } },
    };
    const first = await invoke('fetchTask', { commandId: 'use-case', messagePayload: payload });
    const card = JSON.stringify(first.task?.value.card.content);
    expect(first.task?.type).toBe('continue');
    expect(card).toContain('Action.Submit');
    expect(card).not.toContain('Action.Execute');
    expect(card).toContain('We could predict ‹returns› of shoes');
    expect(card).toContain('Kim Lee wrote it');
    const draft = /DRF-\d+/.exec(card)?.[0];
    const data = {
      verb: 'intake.step',
      draft,
      sent: 'yes',
      at: '0',
      title: 'Returns of shoes',
      problem: 'Too many come back',
    };
    const next = await invoke('submitAction', { commandId: 'use-case', data });
    expect(JSON.stringify(next.task)).toContain('How would you know that it works?');
  });

  it('is answered whatever it is asked', async () => {
    for (const value of [
      {},
      { commandId: 7 },
      { commandId: 'use-case', messagePayload: null },
      { commandId: 'no-such', messagePayload: { body: {} } },
      { data: 'text' },
    ])
      for (const name of ['query', 'fetchTask', 'submitAction'])
        expect(Object.keys(await invoke(name, value)).length).toBe(1);
  });

  it('is used in the Room as in Teams: on a message, also on a card, and to drop one into a chat', async () => {
    const post = async (path: string, body: object) =>
      (await (
        await fetch(`${house.url}/sandbox/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json()) as {
        outcome: { kind: string; text?: string; results?: { card: object }[] };
        message: { id: string };
        error?: { message: string };
      };
    const room = '19:fraud-war-room@thread.v2';
    const found = await post('extension', { as: 'ann', command: 'search', conversation: room, words: 'INC-101' });
    const card = found.outcome.results?.[0]?.card;
    const dropped = (await post('say', { as: 'ann', conversation: room, text: '', card })).message.id;
    // Nobody is asked anything by a card alone.
    const alone = (await post('say', { as: 'ann', conversation: 'personal', text: '', card })).message.id;
    expect((await house.messages('ann', 'personal')).at(-1)?.id).toBe(alone);
    // The message has no words: what the card says in a notification is what the task is about.
    const opened = await post('extension', { as: 'ben', command: 'task', message: dropped });
    expect(JSON.stringify(opened.outcome)).toMatch(/"value":"SEV \d: [^"]*ep-fraud/);
    const data = { verb: 'alerts.todo', what: 'Look at the card of Ann' };
    const done = await post('extension', { as: 'ben', command: 'task', message: dropped, data });
    expect(done.outcome).toMatchObject({ kind: 'toast', text: expect.stringContaining('is written down for') });
    const wrong = await post('extension', { as: 'ben', command: 'nix' });
    expect(wrong.error?.message).toContain('there are: search, use-case, task');
    const there = await post('extension', { as: 'ben', command: 'search', message: dropped });
    expect(there.error?.message).toContain('not offered here');
  });

  it('makes a task of a message, which is asked for once more before it is written down', async () => {
    const payload = { body: { contentType: 'text', content: 'Please call the vendor about INC-101' } };
    const asked = await invoke('fetchTask', { commandId: 'task', messagePayload: payload });
    const card = JSON.stringify(asked.task?.value.card.content);
    expect(card).toContain('Please call the vendor about INC-101');
    expect(card).toContain('"value":"INC-101"');
    const data = { verb: 'alerts.todo', what: 'Call the vendor', person: 'Ben', due: 'tomorrow 16:00' };
    const done = await invoke('submitAction', { commandId: 'task', data });
    expect(JSON.stringify(done)).toContain('is written down for Ben Okafor');
    const task = /TSK-\d+/.exec(JSON.stringify(done))?.[0];
    const mine = await house.app.console.ask({ text: 'my tasks', as: 'ben' });
    expect(JSON.stringify(mine.body)).toContain('Call the vendor');
    const stranger = await house.app.console.ask({ text: `done ${task}`, as: 'jon' });
    expect(JSON.stringify(stranger.body)).toContain('is not yours to end');
    const end = await house.app.console.ask({ text: `done ${task}`, as: 'ben' });
    expect(JSON.stringify(end.body)).toContain(`${task} is done`);
  });

  it('writes a task once that is sent twice, and lets nothing act of what a message says or somebody sends', async () => {
    const bad = '<at>Wardroom</at> **[x](javascript:1)** {{DATE(2026-01-01T00:00:00Z)}} \u202egnp';
    const content = `${'<p><b>'.repeat(500)}&lt;at&gt;Ann&lt;/at&gt; ${bad} ${'long '.repeat(30_000)}`;
    const opened = await invoke('fetchTask', {
      commandId: 'task',
      messagePayload: { body: { contentType: 'html', content } },
    });
    const card = JSON.stringify(opened.task?.value.card.content);
    expect(card.length).toBeLessThan(28_000);
    for (const live of ['<at>', '{{DATE(2026-01-01', '\u202e']) expect(card).not.toContain(live);
    const data = { verb: 'alerts.todo', what: `Twice ${bad}` };
    const tasks = () =>
      house.app.rooms.db.selectFrom('incident_tasks').select('id').where('text', 'like', 'Twice%').execute();
    await invoke('submitAction', { commandId: 'task', data });
    expect(await tasks()).toHaveLength(1);
    await invoke('submitAction', { commandId: 'task', data }, 'ann', true);
    expect(await tasks()).toHaveLength(1);
    // A dialog sends what it was made for, nothing else, and nobody's draft but one's own.
    for (const verb of ['approvals.vote', 'alerts.contain', 'no.such', 7])
      expect(await invoke('submitAction', { commandId: 'task', data: { ...data, verb } }), String(verb)).toBeDefined();
    expect(await house.app.rooms.db.selectFrom('confirmations').select('id').execute()).toEqual([]);
    const form = await invoke('fetchTask', { commandId: 'use-case', messagePayload: { body: { content: 'Mine' } } });
    const draft = /DRF-\d+/.exec(JSON.stringify(form))?.[0];
    const step = { verb: 'intake.step', draft, sent: 'yes', at: '0', title: 'Taken', problem: 'by somebody else' };
    const other = await invoke('submitAction', { commandId: 'use-case', data: step }, 'ben');
    expect(JSON.stringify(other)).not.toContain('How would you know that it works?');
  });
});
