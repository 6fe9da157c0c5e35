import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadOrganisation } from '../../services/core/organisation.load.ts';
import { type House, openHouse, textOf } from '../house.ts';

const HOOK = '/hooks/generic/data-quality';
const home = mkdtempSync(join(tmpdir(), 'wardroom-generic-'));
let house: House;
beforeAll(async () => {
  house = await openHouse({ home });
});
afterAll(async () => {
  await house.stop();
  rmSync(home, { recursive: true, force: true });
});

const event = (over: object = {}) => ({
  source: 'great-expectations',
  summary: 'Column amount has 12 % nulls, 1 % are allowed',
  level: 'urgent',
  suite: 'payments.daily',
  state: 'failed',
  run: { at: '2026-11-23T14:04:00Z' },
  ...over,
});
const open = () => house.app.rooms.alerts.list(house.app.rooms.db, { open: true, most: 9 });

it('any JSON becomes an incident by the rules in wardroom.yaml, and its end closes it after a restart', async () => {
  const answer = await house.hook(HOOK, [event(), event(), event({ source: 'somebody else' })]);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ accepted: 1, malformed: [{ index: 2 }] });
  await house.advance('PT10S');
  expect(await open()).toMatchObject([{ endpoint: 'ep-fraud', team: 'fraud' }]);
  const shown = (await house.messages('ann', '19:fraud-ops@thread.tacv2')).map(textOf).join();
  expect(shown).toContain('Column amount has 12 % nulls');
  expect(shown).toContain('your own webhooks');

  await house.stop();
  house = await openHouse({ home });
  expect((await house.hook(HOOK, event({ state: 'passed' }))).status).toBe(200);
  await house.advance('PT10S');
  expect(await open()).toEqual([]);
});

it('what does not fit at all is kept with its reason and answered 400', async () => {
  const answer = await house.hook(HOOK, { hello: 'world\0' });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ malformed: [{ why: expect.stringContaining('match: /source') }] });
  const kept = house.app.rooms.db.selectFrom('hook_events').select(['source', 'body']).where('state', '=', 'malformed');
  expect(await kept.execute()).toContainEqual({
    source: 'generic/data-quality',
    body: expect.objectContaining({ body: { hello: 'world\uFFFD' } }),
  });
});

it('a hook that is not in wardroom.yaml is 404, and who has no key is not told that', async () => {
  for (const name of ['nothing', '__proto__', '..%2Feventgrid', 'data-quality%00']) {
    expect((await house.hook(`/hooks/generic/${name}`, event())).status, name).toBe(404);
    expect((await house.hook(`/hooks/generic/${name}`, event(), { 'x-wardroom-key': 'wrong' })).status).toBe(401);
  }
});

it('a mistake in the rules is named with its line', () => {
  const text = readFileSync(new URL('../../infra/sandbox/northwind.yaml', import.meta.url), 'utf8');
  const problems = (from: string, to: string) => {
    expect(text).toContain(from);
    try {
      loadOrganisation(text.replace(from, to));
    } catch (error) {
      return (error as Error).message;
    }
    return 'none';
  };
  const line = text.slice(0, text.indexOf('headline: /summary')).split('\n').length;
  const said = (wrong: string) => new RegExp(`^wardroom\\.yaml:\\d+:\\d+: hooks\\[data-quality\\]${wrong}`);
  expect(problems('headline: /summary', 'headline: summary')).toMatch(said('.fields.headline: .*JSON Pointer'));
  expect(problems('headline: /summary', 'headline: summary')).toContain(`:${line}:`);
  expect(problems('headline: /summary', 'heading: /summary')).toMatch(/"heading" is not a setting here/);
  expect(problems('key: /suite', 'key: /su~ite')).toMatch(/JSON Pointer/);
  expect(problems('endpoint: ep-fraud #', 'endpoint: ep-fruad #')).toMatch(/no endpoint "ep-fruad"\. Did you mean/);
  expect(problems('urgent: 1', 'urgent: 7')).toMatch(said('.severities.urgent'));
  expect(problems('resolvedWhen: [passed]', 'resolvedWhen: []')).toMatch(/this list is empty/);
});
