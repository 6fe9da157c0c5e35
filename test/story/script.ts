import { expect } from 'vitest';
import { type House, type Message, textOf } from '../house.ts';

/**
 * The story of ep-fraud in its numbered steps. Each step drives the house from outside and says what must be seen then;
 * a step knows nothing that a person in the chat would not know, so it works on a house that was restarted in between.
 */
type Driven = Omit<House, 'app' | 'home' | 'stop'>;

export interface Step {
  name: string;
  play(house: Driven): Promise<void>;
}

const cards = async (house: Driven, as: string, conversation: string, words: RegExp): Promise<Message[]> =>
  (await house.messages(as, conversation)).filter(
    (message) => words.test(textOf(message)) && message.from.kind === 'bot',
  );

/** The one message that says this; a second one would be something said twice. */
export async function only(house: Driven, as: string, conversation: string, words: RegExp): Promise<Message> {
  const found = await cards(house, as, conversation, words);
  expect(found.map(textOf), `one message in ${conversation} with ${words}`).toHaveLength(1);
  return found[0] as Message;
}

export const incidentCard = (house: Driven) => only(house, 'ann', 'fraud-ops', /SEV \d · [a-z ]+ \|.*\| INC-101 \|/s);
const note = (house: Driven, words: RegExp) => only(house, 'ann', 'fraud-ops', words);

export const STORY: readonly Step[] = [
  {
    name: '1. drift, latency and errors become one incident',
    async play(house) {
      await house.event('drift', { endpoint: 'ep-fraud' });
      await house.event('latency', { endpoint: 'ep-fraud' });
      // Azure Monitor evaluates its rules over some minutes before it fires.
      await house.advance('PT7M');
      expect(await cards(house, 'ann', 'fraud-ops', /\| INC-10\d \|/)).toHaveLength(1);
      expect(textOf(await incidentCard(house))).toMatch(/[3-9] alerts/);
    },
  },
  {
    name: '2. the card says what, how bad, which features, what changed, and calls Ann',
    async play(house) {
      const card = await incidentCard(house);
      const text = textOf(card);
      expect(text).toMatch(/firing/);
      expect(text).toMatch(/amount/);
      expect(text).toMatch(/Chart\.HorizontalBar/);
      expect(text).toMatch(/0\.2/);
      expect(text).toMatch(/an hour is at risk/);
      expect(text).toMatch(/fraud-detector:7|green/);
      expect(text).toMatch(/<at>Ann Berg<\/at>/);
      expect(text).toMatch(/Roll back to blue/);
      expect(card.mentionsMe).toBe(true);
      expect(text).toMatch(/alerts/);
    },
  },
  {
    name: '3. nobody acts: Ben is paged one to one and the thread says so; his click ends the calling',
    async play(house) {
      expect(await cards(house, 'ben', 'personal', /INC-101/)).toHaveLength(0);
      await house.advance('PT4M');
      const page = await only(house, 'ben', 'personal', /INC-101/);
      await note(house, /Nobody has acknowledged INC-101: Ben Okafor was paged/);
      await house.click('ben', page.id, 'Acknowledge');
      expect(textOf(await only(house, 'ben', 'personal', /INC-101/))).toMatch(/acknowledged/);
      expect(textOf(await incidentCard(house))).toMatch(/acknowledged.*Ben Okafor/s);
      await house.advance('PT20M');
      expect(await cards(house, 'finn', 'personal', /INC-101/)).toHaveLength(0);
    },
  },
  {
    name: '4. a rollback is asked for; the requester does not count, two votes with one from risk do',
    async play(house) {
      const card = await incidentCard(house);
      await house.click('dev', card.id, 'Roll back to blue');
      const request = await only(house, 'cara', 'fraud-ops', /\| REQ-101 \|/);
      // Dev's client shows no such button; whoever sends it all the same is refused.
      const forged = {
        type: 'Action.Execute',
        verb: 'approvals.vote',
        data: { request: 'REQ-101', choice: 'approve' },
      };
      const refused = () => house.click('dev', request.id, forged);
      const first = await refused();
      // Whoever gets no answer, because the house died of it, clicks again.
      const own = String(first.outcome.kind) === 'lost' ? await refused() : first;
      expect(own.outcome).toMatchObject({ kind: 'toast' });
      expect(own.outcome.text).toMatch(/You asked for this approval/);
      await house.click('eva', (await only(house, 'eva', 'personal', /REQ-101/)).id, 'Approve');
      const waiting = await only(house, 'cara', 'fraud-ops', /\| REQ-101 \|/);
      expect(textOf(waiting)).toMatch(/risk/);
      await house.click('cara', waiting.id, 'Approve');
      expect(textOf(await only(house, 'cara', 'fraud-ops', /\| REQ-101 \|/))).toMatch(/being carried out/);
    },
  },
  {
    name: '5. the traffic moves, the metrics recover, the incident closes and tells its story',
    async play(house) {
      await house.advance('PT30S');
      expect(textOf(await incidentCard(house))).toMatch(
        /change under way.*(Azure is moving the traffic|The endpoint is being updated)/s,
      );
      await house.advance('PT5M');
      expect(textOf(await only(house, 'cara', 'fraud-ops', /\| REQ-101 \|/))).toMatch(/done/);
      await house.advance('PT25M');
      const text = textOf(await incidentCard(house));
      expect(text).toMatch(/SEV \d · resolved/);
      await note(house, /INC-101 is resolved after/);
      await house.say('ann', 'personal', 'incident INC-101 timeline');
      const story = textOf(await only(house, 'ann', 'personal', /What happened/));
      for (const words of [
        /opened as SEV/i,
        /Ben Okafor/,
        /acknowledged it/,
        /Dev Patel/,
        /Cara Lindt/,
        /approved/,
        /the change is done/i,
        /resolved by itself/i,
      ]) {
        expect(story).toMatch(words);
      }
      expect(story).toMatch(/To acknowledge/);
      expect(story).toMatch(/To resolve/);
    },
  },
  {
    name: '6. the log of all this is whole',
    async play(house) {
      await house.say('ann', 'personal', 'audit verify');
      await only(house, 'ann', 'personal', /The audit log is whole/);
    },
  },
];
