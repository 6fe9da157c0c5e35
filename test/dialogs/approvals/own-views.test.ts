import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Message, openHouse, textOf } from '../../house.ts';

let house: House;
let card: Message;
beforeAll(async () => {
  house = await openHouse();
  await house.event('drift', { endpoint: 'ep-fraud' });
  await house.advance('PT1M');
  const incident = (await house.messages('dev', 'fraud-ops')).find((message) => /INC-101/.test(textOf(message)));
  await house.click('dev', incident?.id ?? '', 'Roll back to blue');
  card = (await house.messages('jon', 'fraud-ops')).find((message) => /\| REQ-101 \|/.test(textOf(message))) as Message;
});
afterAll(() => house.stop());

const seenBy = async (person: string): Promise<string> => textOf(await house.look(person, card.id));
const verbs = /approvals\.vote/;

describe('the card of a request in a channel', () => {
  it('offers everybody a vote who may vote, and nobody else', async () => {
    expect(textOf(card)).toMatch(verbs);
    expect(await seenBy('cara')).toMatch(verbs);
    const requester = await seenBy('dev');
    expect(requester).toMatch(/You asked for this approval, so you cannot vote on it\./);
    expect(requester).toMatch(/Withdraw/);
    expect(requester).not.toMatch(verbs);
    // Jon has never written to Wardroom: his Teams id comes from the channel's roster.
    const reader = await seenBy('jon');
    expect(reader).toMatch(/You are not among those who may vote on this request\./);
    expect(reader).not.toMatch(verbs);
  });

  it('shows a voter their own vote, to nobody but them, until the card changes', async () => {
    await house.click('cara', card.id, 'Abstain');
    expect(await seenBy('cara')).toMatch(/You abstained/);
    expect(await seenBy('lea')).not.toMatch(/You abstained/);
    expect(await seenBy('dev')).toMatch(/You asked for this approval.*Withdraw/s);
  });

  it('names at most sixty people by their Teams ids, and never a button for another', async () => {
    const base = (await house.transcript()).filter(({ body }) => /REQ-101/.test(JSON.stringify(body)));
    const cards = base.map(({ body }) => JSON.stringify(body)).filter((text) => text.includes('"refresh"'));
    expect(cards.length).toBeGreaterThan(0);
    for (const text of cards) {
      const { userIds } = JSON.parse(text).attachments[0].content.refresh as { userIds: string[] };
      expect(userIds.length).toBeLessThanOrEqual(60);
      expect(userIds).toContain('29:dev');
      expect(userIds).not.toContain('29:eva');
    }
  });

  it('is looked at without a trace: a client asks, not a person', async () => {
    const { db, audit } = house.app.rooms;
    const before = await audit.verify(db);
    await house.advance('PT2M');
    await seenBy('jon');
    await seenBy('dev');
    expect((await audit.verify(db)).rows).toBe(before.rows);
  });

  it('changes nothing by itself: a view that would is refused', async () => {
    const answer = await fetch(`${house.url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'invoke',
        name: 'adaptiveCard/action',
        id: 'automatic-1',
        channelId: 'msteams',
        serviceUrl: house.url,
        from: { id: '29:cara', aadObjectId: '00000000-0000-4000-8000-000000000003' },
        recipient: { id: '28:wardroom' },
        conversation: { id: '19:fraud-ops@thread.tacv2', conversationType: 'channel' },
        replyToId: card.id,
        value: {
          action: { verb: 'approvals.vote', data: { request: 'REQ-101', choice: 'approve' } },
          trigger: 'automatic',
        },
      }),
    });
    expect(await answer.json()).toMatchObject({
      statusCode: 400,
      value: { message: 'A view of a card changes nothing.' },
    });
    const record = await house.app.rooms.audit.about(house.app.rooms.db, 'REQ-101');
    const votes = record.filter(({ actor, action }) => actor === 'cara' && action === 'approvals.vote');
    expect(votes.map(({ detail }) => detail['input'])).toEqual([expect.objectContaining({ choice: 'abstain' })]);
  });
});
