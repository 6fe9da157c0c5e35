import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse, textOf } from '../../house.ts';

/** Failed runs, trying again, and training again by rule; one house. */
let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.stop());

const all = async (who = 'ann') => house.messages(who, 'personal');
async function ask(text: string, who = 'ann'): Promise<string> {
  const before = new Set((await all(who)).map(({ id }) => id));
  await house.say(who, 'personal', text);
  await house.advance('PT1S');
  const fresh = (await all(who)).filter(({ id, from }) => !before.has(id) && from.kind === 'bot');
  return fresh.map(textOf).join('\n');
}
async function confirmed(text: string, who = 'ann'): Promise<string> {
  const question = await ask(text, who);
  const id = /CNF-[0-9A-Z]{4}-[0-9A-Z]{2}/.exec(question)?.[0];
  if (!id) throw new Error(`no question: ${question}`);
  return ask(`confirm ${id}`, who);
}
const card = async (pattern: RegExp, where = 'personal') =>
  textOf((await house.messages('ann', where)).filter((message) => pattern.test(textOf(message))).at(-1));

describe('a failed run', () => {
  it('becomes an alert with its cause, without secrets, and a way to try again', async () => {
    await house.event('failed-run', { reason: 'CredentialExpired' });
    await house.advance('PT5S');
    const incident = await card(/train-fraud-detector.* failed in/, 'fraud-ops').then(
      (found) => found || card(/train-fraud-detector/, 'ml-platform'),
    );
    expect(incident).toContain('It was not let in');
    expect(incident).toContain('AccountKey=(secret)');
    expect(incident).not.toContain('c2VjcmV0LW5vdC1mb3Itcm');
    expect(incident).toContain('Retry');
    const said = await ask('failed runs');
    expect(said).toContain('1 run failed in 7 days, 1 was not tried again');
  });

  it('is shown, tried again, followed, and the end is told', async () => {
    const [row] = await house.app.rooms.db.selectFrom('failed_runs').selectAll().execute();
    const run = row?.run ?? '';
    expect(await ask(`failed run ${run}`)).toContain('mend the cause first');
    expect(await ask('failed run nope')).toContain('I know no failed run nope.');
    expect(await confirmed(`retry run ${run}`)).toContain('TRN-101');
    expect(await ask(`retry run ${run}`)).toContain('is tried again already: TRN-101');
    await house.advance('PT30M');
    // The credential has still expired, so it fails again, and that is said.
    expect(await card(/TRN-101/)).toContain('The job failed');
    expect(await ask('failed runs')).toContain('2 runs failed in 7 days, 1 was not tried again');
  });
});

describe('retraining', () => {
  it('is listed with how each rule stands', async () => {
    const said = await ask('retraining rules');
    expect(said).toContain('2 rules train models again');
    expect(said).toContain('30 days have passed');
  });

  it('is asked for, followed, and its version found', async () => {
    expect(await confirmed('retrain fraud-detector now because of the new merchants')).toContain('TRN-102');
    expect(await ask('retrain fraud-detector now')).toContain('TRN-102 is running already');
    await house.advance('PT30M');
    expect(await card(/TRN-102/)).toContain('fraud-detector:8 is registered');
    expect(await ask('training runs of fraud-drift')).toContain('1 training run of fraud-drift, 0 failed.');
    expect(await ask('training TRN-102')).toContain('38.40');
  });

  it('is paused and resumed', async () => {
    expect(await ask('pause retraining fraud-drift because the labels are wrong')).toContain('fraud-drift is paused');
    expect(await ask('pause retraining fraud-drift')).toContain('is paused already');
    expect(await ask('resume retraining fraud-drift')).toContain('in force again');
    expect(await ask('resume retraining nothing')).toContain('There are fraud-drift, churn-monthly.');
  });

  it('has its next time where it goes by schedule', async () => {
    const before = await house.app.rooms.training.rules.standing(house.app.rooms.db);
    expect(before.find(({ rule }) => rule.id === 'churn-monthly')?.next?.toString()).toBe('2026-12-23T14:05:00Z');
  });
});
