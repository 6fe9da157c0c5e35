import { ok } from 'node:assert/strict';
import type { Cast, Person } from './people.ts';

/** Called when something is to be seen that is worth a picture. */
export type Picture = (name: string, person: Person) => Promise<void>;

export interface Scene {
  name: string;
  play: () => Promise<void>;
}

/**
 * The story of ep-fraud as people see it: each scene acts in the Room by mouse and keyboard alone and waits for what must
 * be on somebody's screen then. Ann and Ben keep their windows; Dev, Eva and Cara come to vote.
 */
export function story({ person }: Cast, picture: Picture = async () => undefined): readonly Scene[] {
  const people = new Map<string, Person>();
  const as = async (id: string, conversation: string): Promise<Person> => {
    const known = people.get(id);
    if (known) return known;
    const fresh = await person(id, conversation);
    people.set(id, fresh);
    return fresh;
  };
  const ann = () => as('ann', 'fraud-ops');
  const ben = () => as('ben', 'personal');
  const incident = (who: Person, ...words: (string | RegExp)[]) => who.sees('INC-101', /SEV 1 · /, ...words);

  return [
    {
      name: '1. drift, latency and errors become one incident in the channel that owns fraud',
      async play() {
        const room = await ann();
        await room.causes('drift');
        await incident(room, 'firing');
        await room.causes('latency');
        await room.waits(7);
        await incident(room, /[3-9] alerts, all firing/);
        equal(await room.card('SEV 1 · firing').count(), 1, 'incident cards in the channel');
      },
    },
    {
      name: '2. the card says what, how bad, which features and what changed, and calls Ann',
      async play() {
        const room = await ann();
        const card = await incident(
          room,
          'PSI of amount',
          /€4,200 an hour is at risk/,
          /green with fraud-detector:7 was deployed by Hugo Weiss/,
          /Next.*Ben Okafor/s,
        );
        await card.locator('[data-chart][data-drawn] svg').waitFor();
        equal(await card.locator('.mention', { hasText: 'Ann Berg' }).count(), 1, 'mentions of Ann');
        ok(await card.evaluate((one) => one.classList.contains('mentions-me')), 'Ann was notified');
        await card.getByRole('button', { name: 'Acknowledge' }).waitFor();
        await card.getByRole('button', { name: 'Roll back to blue' }).waitFor();
        await picture('incident-firing', room);
      },
    },
    {
      name: '3. nobody acts: Ben is paged one to one, the thread says so, and his click ends the calling',
      async play() {
        const [room, pager] = [await ann(), await ben()];
        equal(await pager.card('INC-101').count(), 0, 'pages before it was time');
        await room.waits(10);
        const page = await pager.sees('INC-101', 'SEV 1 · firing', /so you are called/);
        await picture('page', pager);
        await room.sees(/Nobody has acknowledged INC-101: Ben Okafor was paged/);
        await pager.press(page, 'Acknowledge');
        await pager.sees('INC-101', 'SEV 1 · acknowledged');
        await incident(room, 'SEV 1 · acknowledged', /after \d+ min by Ben Okafor/);
        await room.sees(/Ben Okafor acknowledged INC-101 after/);
        equal(await room.page.locator('#chat').getByRole('button', { name: 'Acknowledge' }).count(), 0, 'buttons left');
        await picture('incident-acknowledged', room);
        await picture('page-taken', pager);
      },
    },
    {
      name: '4. a rollback needs two votes, one of them from risk; the requester’s own does not count',
      async play() {
        const room = await ann();
        const dev = await as('dev', 'fraud-ops');
        await dev.press(await incident(dev), 'Roll back to blue');
        const asked = await dev.sees(
          'REQ-101',
          '0 of 2 approvals',
          'You asked for this approval, so you cannot vote on it.',
        );
        equal(
          await asked.getByRole('button', { name: 'Approve', exact: true }).count(),
          0,
          'votes offered to who asked',
        );
        await asked.getByRole('button', { name: 'Withdraw', exact: true }).waitFor();
        await picture('request-asked', dev);
        await incident(room, /Waiting for.*REQ-101/s);
        await picture('incident-waiting', room);

        const eva = await as('eva', 'personal');
        await eva.press(await eva.sees('REQ-101', 'Your vote is still missing.'), 'Approve');
        await eva.sees('REQ-101', '1 of 2 approvals', /You approved at/);
        await picture('request-voted', eva);
        const cara = await as('cara', 'fraud-ops');
        const open = await cara.sees('REQ-101', '1 of 2 approvals', /Eva Moreau approved/, /needs.*risk/i);
        await picture('request-open', cara);
        await cara.press(open, 'Approve');
        await cara.sees('REQ-101', /being carried out/, /Cara Lindt \(risk\) approved/);
        await picture('request-executing', cara);
      },
    },
    {
      name: '5. the traffic moves, the metrics recover, the incident closes and tells its story',
      async play() {
        const [room, cara] = [await ann(), await as('cara', 'fraud-ops')];
        await incident(room, /SEV 1 · rolling back/, /Azure is moving the traffic/);
        await picture('incident-changing', room);
        await room.waits(5);
        await cara.sees('REQ-101', /^.*Done.*$/m, /Cara Lindt/);
        await picture('request-done', cara);
        await room.waits(10);
        await incident(
          room,
          'SEV 1 · resolved',
          /Resolved.*after \d+ min/s,
          /Acknowledged.*after \d+ min by Ben Okafor/s,
        );
        await room.sees(/INC-101 is resolved after/);
        await picture('incident-resolved', room);
        const bars = room.page.locator('[data-endpoint="ep-fraud"]');
        await bars.getByText('blue 100 %').waitFor();
        await bars.getByText('healthy').waitFor();
        await room.go('Wardroom');
        await room.say('incident INC-101 timeline');
        const told = [
          /Opened as SEV 1/,
          /Ben Okafor acknowledged it/,
          /Dev Patel/,
          /Eva Moreau/,
          /Cara Lindt/,
          /The change is done/,
        ];
        await room.sees('What happened', ...told, /To acknowledge/, /To resolve/);
        await picture('timeline', room);
      },
    },
    {
      name: '6. the record of all this is whole',
      async play() {
        const room = await ann();
        await room.say('audit verify');
        await room.sees('The audit log is whole');
        await picture('audit', room);
      },
    },
  ];
}

function equal(found: number, wanted: number, what: string): void {
  ok(found === wanted, `${what}: ${found} instead of ${wanted}`);
}
