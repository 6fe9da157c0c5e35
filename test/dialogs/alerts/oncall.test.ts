import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, type Message, openHouse, textOf } from '../../house.ts';

const home = mkdtempSync(join(tmpdir(), 'wardroom-'));
let house: House;
beforeAll(async () => {
  house = await openHouse({ home });
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

/** What the bot said in this person's own chat. */
const heard = async (as: string): Promise<Message[]> =>
  (await house.messages(as, 'personal')).filter(({ from }) => from.kind === 'bot');
const lastOf = async (as: string): Promise<Message | undefined> => (await heard(as)).at(-1);

/** Its answer to what was just said. */
async function answer(as: string, text: string): Promise<string> {
  await house.say(as, 'personal', text);
  return textOf(await lastOf(as));
}

/** The number of the confirmation that this person was asked for last. */
const question = async (as: string) => /CNF-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(textOf(await lastOf(as)))?.[0];

/** The words, in any order: a stored card comes back with its keys in another one. */
function says(text: string, ...words: readonly (string | RegExp)[]): void {
  for (const word of words) expect(text).toMatch(word);
}

const counted = async (as: string, words: RegExp): Promise<number> =>
  (await heard(as)).filter((message) => words.test(textOf(message))).length;

// One house for one day: each test goes on where the one before ended.
describe('who is on call', () => {
  it('names who is on call everywhere, until when and who is next', async () => {
    const text = await answer('jon', 'who is on call');
    // Monday 09:00 in Dublin, drawn on each reader's own clock.
    says(
      text,
      'Ann Berg, Ben Okafor and Dev Patel are on call',
      /platform-primary\*\* · Dev Patel \| TextBlock \| until {{DATE\(2026-11-30T09:00:00Z, SHORT\)}}/,
      'then Gita Rao',
      /fraud-primary\*\* · Ann Berg \| TextBlock \| no change of hands is planned/,
    );
  });

  it('names the steps of an endpoint, its team and one schedule', async () => {
    says(
      await answer('jon', "who's on call for ep-fraud?"),
      'Ann Berg and Ben Okafor are on call for ep-fraud',
      /step 2 · no change.*everybody with the role admin/s,
    );
    says(await answer('jon', 'who is on call for retail'), 'Dev Patel is on call for Retail');
    says(await answer('jon', 'who is on call for fraud-secondary'), 'Ben Okafor is on call');
  });

  it('lists the shifts of a day, a week, and says who has it at a time', async () => {
    says(
      await answer('jon', 'who is on call for platform-primary next monday'),
      'Dev Patel and Gita Rao will be on call for platform-primary',
      /platform-primary\*\* · Dev Patel \| TextBlock \| .* to {{DATE\(2026-11-30T09:00:00Z, SHORT\)}}/,
      /platform-primary\*\* · Gita Rao \| TextBlock \| {{DATE\(2026-11-30T09:00:00Z, SHORT\)}}/,
    );
    says(
      await answer('jon', 'who is on call for ep-fraud tomorrow'),
      'Ann Berg and Ben Okafor will be on call for ep-fraud',
    );
    says(await answer('jon', "who's on call tomorrow?"), 'fraud-primary** · Ann Berg', 'Dev Patel');
    says(await answer('jon', 'who is on call for platform-primary at Monday 10:00'), 'Gita Rao will be on call');
    says(await answer('jon', 'who is on call yesterday'), 'is over; I look ahead');
  });

  it('says the nearest name to one that does not exist, and nothing of a hostile one acts', async () => {
    says(await answer('jon', 'who is on call for fraud-primry'), 'Did you mean fraud-primary');
    const hostile = await answer('jon', 'who is on call for [Approve](https://evil.example) **now**');
    says(hostile, 'no endpoint, team or schedule called "Approve https evil.example now"');
  });
});

describe('my shifts', () => {
  it('are those of whoever asks', async () => {
    says(await answer('gita', 'my shifts'), /You are not on call; your next shift begins in 6 days 19 h/);
    says(await answer('dev', 'my shifts'), /You are on call for platform-primary/);
    says(await answer('jon', 'my shifts'), /You have no shift in the next 70 days/);
  });
});

describe('a schedule', () => {
  it('is pictured for two weeks, and opened by a click on who is on call', async () => {
    const text = await answer('jon', 'schedule platform-primary');
    says(text, 'platform-primary: 14 days ahead', /Dev Patel 49 %, Gita Rao 50 %|Dev Patel 50 %, Gita Rao 50 %/);
    says(text, 'Europe/Dublin');
    await house.say('jon', 'personal', 'who is on call for platform-primary');
    const { outcome } = await house.click('jon', (await lastOf('jon'))?.id ?? '', 'Two weeks');
    says(textOf(outcome.message), 'platform-primary: 14 days ahead');
  });
});

describe('overrides in chat', () => {
  it('ask for the end by a form when it is missing', async () => {
    says(await answer('ben', 'cover fraud-primary'), 'I still need the end.');
  });

  it('put whoever covers on call, tell whom it touches, and page by it', async () => {
    const covered = await answer('dev', 'cover fraud-primary from now to tomorrow 22:00 because Ann is travelling');
    says(covered, 'fraud-primary: Dev Patel for everybody', 'in force', 'Ann is travelling');
    expect(await counted('ann', /Dev Patel for everybody/)).toBe(1);
    says(await answer('jon', 'who is on call for fraud-primary'), 'Dev Patel is on call');
    await house.event('drift', { endpoint: 'ep-fraud' });
    await house.advance('PT2M');
    const [incident] = (await house.messages('dev', 'fraud-ops')).filter((one) => /INC-101/.test(textOf(one)));
    says(textOf(incident), '<at>Dev Patel</at>');
    expect(incident?.mentionsMe).toBe(true);
  });

  it('of two that conflict, asked for at the same time, keep one', async () => {
    const wanted = 'cover platform-primary from tomorrow 09:00 to tomorrow 23:00';
    await Promise.all(['ann', 'ben'].map((as) => house.say(as, 'personal', wanted)));
    const answers = [textOf(await lastOf('ann')), textOf(await lastOf('ben'))];
    expect(answers.filter((text) => /for everybody/.test(text))).toHaveLength(1);
    expect(answers.filter((text) => /covers part of that time already.*remove override 2/s.test(text))).toHaveLength(1);
  });

  it('add, replace and take off by name, and say when a gap is left', async () => {
    says(
      await answer('ben', 'override fraud-secondary add Dev from tomorrow 09:00 to tomorrow 12:00'),
      'Dev Patel as well',
    );
    says(
      await answer('ben', 'override fraud-secondary with Gita instead of Ben from tomorrow 13:00 to tomorrow 14:00'),
      'Gita Rao for Ben Okafor',
    );
    says(
      await answer('ben', 'override fraud-secondary without Ben from tomorrow 20:00 to tomorrow 21:00'),
      'leaves a gap',
      'Nobody can be reached from',
    );
    says(
      await answer('jon', 'who is on call for fraud-secondary'),
      'a gap ahead',
      'Nobody can be reached by fraud-secondary',
    );
    const warned = (await house.messages('ann', 'fraud-ops')).map(textOf);
    expect(warned.filter((text) => /fraud-secondary has a gap ahead, in/.test(text))).toHaveLength(1);
  });

  it('end by a click, once, and whom it touches hears it', async () => {
    const mine = (await heard('dev')).find((message) => /override 1/.test(textOf(message)));
    const { outcome } = await house.click('dev', mine?.id ?? '', 'Remove');
    says(textOf(outcome.message), 'removed', 'The rotation decides again who is paged');
    expect(await counted('ann', /Removed: fraud-primary/)).toBe(1);
    says(await answer('dev', 'remove override 1'), 'Dev Patel removed override 1 already');
    says(await answer('dev', 'remove override 99'), 'There is no override 99');
    says(await answer('jon', 'who is on call for fraud-primary'), 'Ann Berg is on call');
  });

  it('are refused to those who may not, and for those who cannot be called', async () => {
    says(await answer('jon', 'cover fraud-primary until 22:00'), /responder/);
    says(await answer('ben', 'override fraud-primary with Kim until 22:00'), 'Kim Lee is not a responder');
    says(await answer('ben', 'cover fraud-primary from tomorrow 09:00 to 17:00'), 'end before it begins');
    says(await answer('ben', 'cover [x](y) {{DATE(2026)}} until 22:00'), 'I know no schedule called "x y DATE 2026"');
  });
});

describe('a swap', () => {
  const last = async (as: string, words: RegExp) =>
    (await heard(as)).filter((message) => words.test(textOf(message))).at(-1);

  it('is asked one to one, refused to everybody else, and becomes two overrides when it is accepted', async () => {
    says(
      await answer('gita', 'swap my shift on 2026-12-01 10:00 with Dev'),
      'You ask Dev Patel',
      'waits for an answer',
    );
    says(await answer('gita', 'swap my shift on 2026-12-01 10:00 with Dev'), 'Swap 1 asks for that shift already');
    says(await answer('ann', 'accept swap 1'), 'Swap 1 was asked of Dev Patel');
    const asked = await last('dev', /Gita Rao asks you to swap/);
    const { outcome } = await house.click('dev', asked?.id ?? '', 'Accept');
    says(textOf(outcome.message), 'accepted', 'Both shifts have changed hands');
    says(textOf(await last('gita', /You asked Dev Patel/)), 'accepted');
    says(await answer('jon', 'schedule platform-primary'), 'Dev Patel for Gita Rao', /Gita Rao for Dev Patel|1 more/);
    says(await answer('dev', 'decline swap 1'), 'Swap 1 is accepted already');
  });

  it('is refused without a shift to give, or one to take back', async () => {
    says(await answer('ben', 'swap my shift on 2026-12-01 10:00 with Dev'), 'has no planned end');
    says(
      await answer('dev', 'swap my shift on 2026-12-01 10:00 with Finn'),
      "Finn O'Hara has no shift of platform-primary",
    );
    says(await answer('finn', 'swap my shift on 2026-12-01 10:00 with Dev'), 'You are not on call then');
  });

  it('is taken back by whoever asked, and expires when nobody answers', async () => {
    says(await answer('dev', 'swap my shift on 2026-12-22 10:00 with Gita'), 'swap 2', /2026-12-28T09:00:00Z/);
    says(await answer('dev', 'withdraw swap 2'), 'taken back');
    says(await answer('dev', 'swap my shift on 2026-12-22 10:00 with Gita'), 'swap 3');
    await house.advance('PT25H');
    says(textOf(await last('gita', /swap 3/)), 'expired');
    says(await answer('gita', 'accept swap 3'), 'Swap 3 is expired already');
  });
});

describe('a rotation made in chat', () => {
  /** One step of the form; what stands there then. */
  async function step(as: string, inputs: Record<string, string>, button = 'Next'): Promise<string> {
    const form = (await heard(as)).filter((message) => /DRF-\d+|Step \d of 4/i.test(textOf(message))).at(-1);
    const { outcome } = await house.click(as, form?.id ?? '', button, inputs);
    return textOf(outcome.message);
  }
  const night = { people: 'Ben, Gita', every: '1', unit: 'days' };

  it('is planned step by step, seen for two weeks, and in force when it is said so', async () => {
    says(await answer('jon', 'new rotation for platform-primary'), /responder/);
    says(await answer('ann', 'new rotation for platform-primary'), 'Step 1 of 4');
    says(await step('ann', { schedule: 'platform-primary', name: 'Nights', how: 'replaces' }), 'Step 2 of 4');
    says(await step('ann', { ...night, people: 'Ben, Gitta Row' }), 'whom you mean by “Gitta Row”', 'Step 3 of 4');
    await step('ann', {}, 'Back');
    says(await step('ann', night), 'Step 3 of 4');
    const wrong = { from: 'tomorrow', time: '18:00', until: '', only: 'mon-fri 18-25', except: '' };
    says(await step('ann', wrong), '"mon-fri 18-25" is not hours, such as mon-fri', 'Step 3 of 4');
    says(await step('ann', { ...wrong, only: 'weekdays 18:00-08:00' }), 'Step 4 of 4');
    const preview = await step('ann', { zone: '', reason: 'Dev sleeps at last' }, 'Send');
    says(preview, 'Nights: Ben Okafor, Gita Rao, every day at 18:00', 'not in force yet', 'Mon-Fri 18:00 to 08:00');
    says(await answer('jon', 'schedule platform-primary'), /Change the rotation/);
    const draft = /DRF-\d+/.exec(preview)?.[0] ?? '';
    says(await answer('ben', `apply rotation ${draft}`), "Ann Berg's form");
    says(await answer('ann', `apply rotation ${draft}`), 'in force', 'ROT-101', 'Dev sleeps at last');
    says(await answer('ann', `apply rotation ${draft}`), /it is ROT-101/);
    says(await answer('ann', `continue rotation ${draft}`), 'was sent already');
    says(await answer('ben', 'change rotation nights of platform-primary'), 'Nights', 'Step 1 of 4');
    expect(await counted('ben', /platform-primary is now Nights/)).toBe(1);
    says(await answer('jon', 'schedule platform-primary'), 'ROT-101', 'made in chat by Ann Berg', 'Ben Okafor');
  });

  it('makes a new schedule, warns of its gaps, and is deleted with a look at what that means', async () => {
    await answer('ann', 'new rotation for weekend-desk');
    says(await step('ann', { schedule: 'weekend-desk', name: '', how: '' }), 'weekend-desk is a new schedule');
    await step('ann', { people: 'Kim', every: '1', unit: 'weeks' });
    await step('ann', { from: '2026-11-28', time: '9', until: '', only: 'sat-sun', except: '' });
    says(await step('ann', { zone: 'Europe/Amsterdam', reason: '' }, 'Send'), 'Kim Lee is not a responder');
    await step('ann', { zone: 'Europe/Amsterdam', reason: '' }, 'Back');
    await step('ann', { from: '2026-11-28', time: '9', until: '', only: 'sat-sun', except: '' }, 'Back');
    await step('ann', { people: 'Ben', every: '1', unit: 'weeks' });
    await step('ann', { from: '2026-11-28', time: '9', until: '', only: 'sat-sun', except: '' });
    says(
      await step('ann', { zone: 'Europe/Amsterdam', reason: '' }, 'Send'),
      'would leave a gap',
      'no escalation policy',
    );
    const preview = (await heard('ann')).filter((message) => /would leave a gap/.test(textOf(message))).at(-1);
    const { outcome } = await house.click('ann', preview?.id ?? '', 'Put it in force');
    says(textOf(outcome.message), 'ROT-102', 'leaves a gap');
    says(await answer('jon', 'who is on call for weekend-desk'), 'weekend-desk');
    // A policy may call it from then on; who asks for what is not there is told what there is.
    says(await answer('jon', 'call weekend-desk at step 2 of fraud-oncall'), /responder/);
    says(await answer('ann', 'call weekend-desk at step 9 of fraud-oncall'), 'fraud-oncall has no step 9');
    says(await answer('ann', 'call weekend-desks at step 2 of fraud-oncall'), 'Did you mean weekend-desk');
    says(await answer('ann', 'call weekend-desk at step 2 of fraud-oncal'), 'Did you mean fraud-oncall');
    says(await answer('ann', 'call fraud-secondary at step 2 of fraud-oncall'), 'calls fraud-secondary already');
    says(
      await answer('ann', 'call weekend-desk at step 2 of fraud-oncall because Ben has weekends'),
      'Step 2 of fraud-oncall will call weekend-desk as well (nobody now)',
    );
    says(await answer('ann', `confirm ${await question('ann')}`), 'calls weekend-desk as well');
    says(await answer('ann', 'call weekend-desk at step 2 of fraud-oncall'), 'calls weekend-desk already');
    says(await answer('jon', 'who is on call for ep-fraud'), 'weekend-desk');
    says(await answer('ann', 'delete rotation of weekend-desk'), 'Step 2 of fraud-oncall calls weekend-desk');
    says(await answer('ann', 'stop calling fraud-secondary at step 2 of fraud-oncall'), 'by wardroom.yaml');
    says(await answer('ann', 'stop calling weekend-desk at step 1 of fraud-oncall'), 'does not call weekend-desk');
    says(await answer('ann', 'stop calling weekend-desk at step 2 of fraud-oncall'), 'will not call weekend-desk');
    says(await answer('ann', `confirm ${await question('ann')}`), 'does not call weekend-desk any more');
    says(
      await answer('ann', 'delete rotation of platform-primary'),
      'wardroom.yaml declares platform-primary',
      'undo rotation ROT-101',
    );
    says(await answer('ann', 'delete rotation days of platform-primary'), 'no rotation called');
    says(
      await answer('ann', 'delete rotation of weekend-desk because nobody asked for it'),
      'the whole schedule is gone',
    );
    says(await answer('ann', `confirm ${await question('ann')}`), 'ROT-103');
    says(await answer('jon', 'who is on call for weekend-desk'), 'I know no endpoint, team or schedule');
    says(await answer('ann', 'undo rotation ROT-102'), 'ROT-103 changed weekend-desk after it');
  });

  it('is taken back, and what was before it is in force again', async () => {
    says(
      await answer('ann', 'undo rotation ROT-101'),
      'taken back',
      /in force again|leaves a gap|Nobody can be reached/,
    );
    says(await answer('ann', 'undo rotation ROT-101'), 'Ann Berg took ROT-101 back already');
    expect(await answer('jon', 'schedule platform-primary')).not.toContain('ROT-101');
    expect(await counted('ben', /platform-primary is no longer Nights/)).toBe(1);
  });
});

describe('after a restart', () => {
  it('everything that was changed is in force, and the record is whole', async () => {
    // On the same port: where the sandbox's Teams is was kept with every conversation.
    const { port } = new URL(house.url);
    await house.stop();
    house = await openHouse({ home, env: { PORT: port } });
    says(await answer('jon', 'schedule platform-primary'), /Override 2: (Ann Berg|Ben Okafor) for everybody/);
    says(await answer('jon', 'schedule fraud-secondary'), 'Override 5: without Ben Okafor');
    says(await answer('gita', 'my shifts'), /your next shift begins in [67] h/);
    says(await answer('finn', 'audit verify'), 'The audit log is whole');
  });
});

describe('a hand-off', () => {
  it('is told once to whoever comes on call, with what is open', async () => {
    says(
      await answer('ben', 'override fraud-primary with Dev from in 1 hour to in 2 hours'),
      'Dev Patel for everybody',
    );
    expect(await counted('gita', /You are on call for platform-primary now/)).toBe(0);
    await house.advance('PT9H');
    expect(await counted('gita', /You are on call for platform-primary now/)).toBe(1);
    const [told, ...more] = (await heard('dev')).filter((one) => /on call for fraud-primary now/.test(textOf(one)));
    expect(more).toEqual([]);
    says(textOf(told), 'Ann Berg', 'INC-101');
    expect(await counted('ann', /You are on call for fraud-primary now/)).toBe(1);
  });
});
