import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse, textOf } from '../../house.ts';

interface Said {
  text: string;
  shown: string;
  data: Record<string, never> & {
    id: string;
    state: string;
    revision: number;
    conflicts: string[];
    instead: string[];
    draft: string;
    note: string;
    run: { state: string };
  };
}

/** It is Monday 23 November 2026, 15:05 in Amsterdam; payments are open until 20:00 and retail freezes on Thursday. */
describe('a requested change', () => {
  let house: House;
  let clicks = 0;
  const type = async (as: string, text: string): Promise<Said> => {
    const answer = await house.app.console.ask({ as, text, yes: true });
    if (answer.status !== 200) throw new Error(answer.body.error);
    if (answer.body.kind !== 'answer') throw new Error(answer.body.text);
    return answer.body as unknown as Said;
  };
  /** Through the form, as somebody fills it in. */
  async function request(as: string, what: Record<string, string>): Promise<Said> {
    const begun = await type(as, 'request change');
    const defaults = {
      class: 'normal',
      plan: 'all traffic to green',
      wayBack: 'all traffic to blue',
      checks: 'smoke test; dashboard',
      risk: 'low',
      security: 'no',
      takes: '60m',
    };
    const values: Record<string, string> = { ...defaults, ...what };
    const steps = [
      ['title', 'targets', 'class', 'standard'],
      ['plan', 'wayBack', 'checks', 'risk', 'security'],
      ['start', 'takes', 'pool', 'instances', 'cores', 'pipeline'],
    ];
    let said = begun;
    for (const [at, fields] of steps.entries()) {
      const data = Object.fromEntries(fields.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
      said = await submit(as, { draft: begun.data.draft, sent: 'yes', at: String(at), ...data });
    }
    return said;
  }
  async function submit(as: string, data: Record<string, string>): Promise<Said> {
    clicks += 1;
    const result = await house.app.dispatch({
      key: `click-${clicks}`,
      person: as,
      place: { conversation: `person:${as}`, kind: 'personal' },
      verb: 'windows.request-step',
      data,
    });
    if (result.kind !== 'answer') throw new Error(result.text);
    return result as unknown as Said;
  }

  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(async () => house.stop());

  it('is asked for in a form, voted on by the board, started, ticked and closed', async () => {
    const asked = await request('ann', {
      title: 'Deploy fraud-detector:8',
      targets: 'ep-fraud',
      start: 'tomorrow 10:00',
    });
    expect(asked.data).toMatchObject({ id: 'RFC-101', state: 'voting', conflicts: [] });
    await expect(type('ann', 'approve RFC-101')).rejects.toThrow(/Whoever asks|You asked|your own/);
    await type('dev', 'approve RFC-101');
    await type('eva', 'approve RFC-101');
    await type('cara', 'board approve RFC-101 because the way back is good');
    expect((await type('jon', 'change RFC-101')).data).toMatchObject({ state: 'approved' });
    expect((await type('jon', 'change minutes')).text).toContain('RFC-101  approved');
    await house.advance('PT18H55M');
    const told = (await house.messages('ann', 'personal')).map(textOf).join();
    expect(told).toContain('It is to start on Tue 24 Nov 2026 10:00 Europe/Amsterdam (09:00 UTC)');
    expect(told).toMatch(/may start now/);
    expect((await type('ann', 'start RFC-101')).text).toContain('it has started');
    await expect(type('ann', 'start RFC-101')).rejects.toThrow('RFC-101 is running.');
    await type('ann', 'tick 1 of RFC-101');
    await expect(type('ann', 'done RFC-101')).rejects.toThrow('1 check is not ticked: dashboard.');
    await type('ann', 'hold RFC-101 because errors rise');
    await type('ann', 'start RFC-101');
    await type('ann', 'tick 2 of RFC-101');
    expect((await type('ann', 'done RFC-101')).data).toMatchObject({ state: 'done' });
    const actions = (await house.app.rooms.audit.about(house.app.rooms.db, 'RFC-101')).map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining([
        'windows.change.requested',
        'windows.change.approved',
        'windows.change.started',
        'windows.change.held',
        'windows.change.done',
      ]),
    );
  });

  it('finds what is in its way at once and at every edit, proposes other times, and takes an approval back', async () => {
    const first = await request('ann', {
      title: 'Scale out',
      targets: 'ep-fraud',
      class: 'standard',
      standard: 'scale-replicas',
      start: 'tomorrow 10:00',
    });
    expect(first.data).toMatchObject({ state: 'approved', conflicts: [] });
    const { id } = first.data;
    await expect(request('ann', { title: 'x', targets: 'ep-nothing', start: 'tomorrow 10:00' })).resolves.toMatchObject(
      { text: expect.stringContaining('I do not know ep-nothing') },
    );
    const second = await request('ben', { title: 'Deploy', targets: 'ep-fraud/green', start: 'tomorrow 09:30' });
    expect(second.data.conflicts.join()).toContain(`is part of what is changed by ${id}`);
    expect(second.data.instead.length).toBeGreaterThan(0);
    const other = second.data.id;
    const moved = await type('ben', `move ${other} to tomorrow 13:00`);
    expect(moved.data).toMatchObject({ revision: 2, conflicts: [] });
    await expect(type('jon', `move ${other} to tomorrow 14:00`)).rejects.toThrow();
    const voters = ['dev', 'eva', 'cara'];
    for (const voter of voters) await type(voter, `approve ${other}`);
    expect((await type('jon', `change ${other}`)).data).toMatchObject({ state: 'approved' });
    await type('ann', `move ${id} to tomorrow 13:30`);
    const withdrawn = await type('jon', `change ${other}`);
    expect(withdrawn.data).toMatchObject({ state: 'voting', revision: 3 });
    await expect(type('ben', `move ${other} to 2 hours ago`)).rejects.toThrow('That is in the past.');
    // Two people edit at once: the second one is told.
    const mine = await type('ben', `edit ${other}`);
    await type('ann', `move ${other} to tomorrow 15:00`);
    const late = { draft: mine.data.draft, sent: 'yes' };
    await submit('ben', { ...late, at: '0', title: 'Deploy 2', targets: 'ep-fraud/green', class: 'normal' });
    await submit('ben', { ...late, at: '1', plan: 'x', wayBack: 'y', risk: 'low', security: 'no' });
    const lost = await submit('ben', { ...late, at: '2', start: 'tomorrow 16:00', takes: '30m' });
    expect(lost.text).toContain(`${other} was changed meanwhile`);
    await type('ann', `withdraw ${id}`);
    await type('ben', `withdraw ${other}`);
  });

  it('waits while it is frozen and starts by itself, in order and spread out, when the freeze ends', async () => {
    const ids: string[] = [];
    for (const title of ['first', 'second']) {
      const { data } = await request('ann', {
        title,
        targets: title === 'first' ? 'ep-fraud' : 'ep-aml',
        class: 'standard',
        standard: 'rotate-keys',
        start: 'in 1 hour',
        pipeline: title === 'first' ? 'fraud-deploy' : '',
      });
      ids.push(data.id);
    }
    const [one = '', two = ''] = ids;
    const frozen = await type('dev', 'freeze payments until in 3 hours because of an audit');
    expect(frozen.shown).toContain(`${one} first`);
    await house.advance('PT1H1M');
    expect((await type('jon', `change ${one}`)).data).toMatchObject({ state: 'waiting' });
    await expect(type('ann', `break glass for ${one} ticket INC-1 because hurry`)).rejects.toThrow(
      'Breaking the glass takes the role admin or risk.',
    );
    await type('dev', `end freeze ${(frozen.data as unknown as { id: string }).id}`);
    await house.advance('PT1S');
    expect((await type('jon', `change ${one}`)).data).toMatchObject({ state: 'running' });
    expect((await type('jon', `change ${two}`)).data).toMatchObject({ state: 'waiting' });
    await house.advance('PT10M');
    expect((await type('jon', `change ${two}`)).data).toMatchObject({ state: 'running' });
    // The pipeline of the first one was started and followed to its end.
    expect((await type('jon', `change ${one}`)).data).toMatchObject({
      state: 'done',
      run: { state: 'succeeded' },
      note: 'Its pipeline succeeded.',
    });
    await type('ann', `hand over ${two} to Ben Okafor`);
    await type('ben', `abort ${two} because the keys were wrong`);
    expect((await type('jon', 'changes')).text).toContain('none is planned');
  });

  it('holds back only what it is expected to disturb, measures each step of the traffic, and goes back from a worse one', async () => {
    const { data } = await request('ann', {
      title: 'to green',
      targets: 'ep-fraud/green',
      class: 'standard',
      standard: 'scale-replicas',
      start: 'in 1 minute',
      takes: '3h',
    });
    await type('ann', `start ${data.id}`);
    // How the traffic stands is noted with the start: whoever moves it at once moves it after that.
    const [begun] = await house.app.rooms.windows.changes.open(house.app.rooms.db);
    expect(begun).toMatchObject({
      id: data.id,
      before: { late: false, stood: { 'ep-fraud': { blue: 90, green: 10 } } },
    });
    const alert = (alertname: string, more: Record<string, string>) => ({
      status: 'firing',
      labels: { alertname, endpoint: 'ep-fraud', severity: 'warning', ...more },
      annotations: { summary: `${alertname} fires` },
      startsAt: '2026-11-23T16:00:00Z',
    });
    const alerts = [
      alert('latency of green', { kind: 'latency', deployment: 'green' }),
      alert('latency of blue', { kind: 'latency', deployment: 'blue' }),
      alert('5xx of green', { kind: 'errors', deployment: 'green' }),
    ];
    expect((await house.hook('/hooks/alertmanager', { version: '4', status: 'firing', alerts })).status).toBe(200);
    await house.event('traffic-changed', { endpoint: 'ep-fraud', deployment: 'green', percent: 40 });
    await house.advance('PT1M');
    const told = (await house.messages('ann', 'fraud-ops')).map(textOf).join();
    expect(told).toContain('latency of blue fires');
    expect(told).toContain('5xx of green fires');
    expect(told).not.toContain('latency of green fires');
    const running = await type('jon', `change ${data.id}`);
    expect(running.shown).toMatch(/Held back until it ends \(MNT-\d+\): latency and availability of ep-fraud\/green/);
    expect(running.shown).toContain(
      'These call all the same: severity 0, error rate, drift and every other kind, other',
    );
    // Measured against what serves now, once the routers have followed.
    await house.advance('PT24M');
    const measured = await type('jon', `change ${data.id}`);
    expect(measured.shown).toMatch(/ep-fraud blue 60 %, green 40 %: (good|inconclusive)/);
    expect(measured.shown).toMatch(/errors \d+\.\d+ % against/);
    // At 100 % nothing else serves: it is compared with what served before the change, and never good by itself.
    await house.event('traffic-changed', { endpoint: 'ep-fraud', deployment: 'green', percent: 100 });
    await house.advance('PT28M');
    const all = await type('jon', `change ${data.id}`);
    expect(all.shown).toMatch(/ep-fraud green 100 %: good/);
    expect(all.shown).toMatch(/errors \d+\.\d+ % against \d+\.\d+ % before it began/);
    await house.event('regression', { endpoint: 'ep-fraud', deployment: 'green', errorPoints: 12, latencyFactor: 2 });
    await house.advance('PT25M');
    const back = await type('jon', `change ${data.id}`);
    expect(back.data).toMatchObject({ state: 'aborted' });
    expect(back.shown).toMatch(/green 100 %: worse/);
    expect(back.data.note).toMatch(
      /ep-fraud is worse at green 100 %: .* Way back: ep-fraud back to blue 90 %, green 10 %/s,
    );
    // What was held back and still fires is told when it is over.
    expect((await house.messages('ann', 'fraud-ops')).map(textOf).join()).toContain('latency of green fires');
  });

  it('breaks the glass by role, with a ticket, once; and asks for a review the day after', async () => {
    const { data } = await request('ann', {
      title: 'urgent',
      targets: 'ep-fraud',
      class: 'standard',
      standard: 'rotate-keys',
      start: 'in 10 minutes',
    });
    await type('dev', 'freeze everything until in 30 hours because of an audit');
    await type('finn', `break glass for ${data.id} ticket INC-4711 because payments fail`);
    expect((await type('ann', `start ${data.id}`)).text).toContain('it has started');
    const record = await house.app.rooms.audit.about(house.app.rooms.db, data.id);
    expect(record.find(({ action }) => action === 'freeze.override')).toMatchObject({
      actor: 'finn',
      why: 'payments fail',
    });
    await type('ann', `done ${data.id} because the checks do not matter here`);
    await house.advance('PT25H');
    const told = (await house.messages('finn', 'change-board')).map(textOf).join();
    expect(told).toContain('nobody has reviewed that');
    await expect(type('finn', `review ${data.id} because fine`)).rejects.toThrow(
      'Whoever broke the glass does not review it.',
    );
    await type('cara', `review ${data.id} because it was right`);
    expect((await type('jon', 'change agenda')).text).toContain('nothing waits for the board');
  });

  it('needs a second person who answers for the money when it would break the budget', async () => {
    const { data } = await request('ann', {
      title: 'many more machines',
      targets: 'ep-fraud/green',
      class: 'standard',
      standard: 'scale-replicas',
      start: 'in 1 minute',
      instances: '40',
    });
    await house.advance('PT5S');
    const shown = (await type('jon', `change ${data.id}`)).shown;
    expect(shown).toMatch(/Over budget: Fraud, monthly: .* of 2400(\.00)? EUR, over the budget\. Starts when /);
    await expect(type('ann', `start ${data.id}`)).rejects.toThrow(`${data.id} would break a budget.`);
    await expect(type('ann', `agree to ${data.id}`)).rejects.toThrow('This needs a second person.');
    await expect(type('jon', `agree to ${data.id}`)).rejects.toThrow('You do not answer for this budget.');
    await type('kim', `agree to ${data.id} because the sale pays for it`);
    expect((await type('jon', `change ${data.id}`)).shown).toContain('Kim Lee agreed');
    // An edit is another change: what was agreed to was the old one.
    await type('ann', `move ${data.id} to in 2 minutes`);
    await house.advance('PT5S');
    await expect(type('ann', `start ${data.id}`)).rejects.toThrow('would break a budget');
    await type('ann', `withdraw ${data.id}`);
  });

  it('is voted on within working hours, by a stand-in too, and who has not voted is reminded', async () => {
    const board = house.app.rooms.organisation.approvalPolicies.find(({ id }) => id === 'change-board');
    const hours = house.app.rooms.organisation.businessHours[0];
    if (!board || !hours) throw new Error('northwind has no change board, or no hours');
    const before = { ...board };
    Object.assign(board, { deadline: 10 * 60, hours: hours.id, reminders: { at: [50], before: 60 } });
    await type('dev', 'delegate my votes to Hugo until in 10 days');
    const { data } = await request('ann', { title: 'by the clock', targets: 'ep-aml', start: 'in 4 days' });
    Object.assign(board, before);
    const row = await house.app.rooms.windows.changes.find(house.app.rooms.db, data.id);
    const opened = Date.parse(row?.voting_at ?? '');
    const deadline = Date.parse(row?.deadline ?? '');
    // Ten hours of work are more than ten by the clock: the night between is nobody's time.
    expect((deadline - opened) / 3_600_000).toBeGreaterThan(20);
    const zoned = new Date(deadline).toLocaleTimeString('en-GB', {
      timeZone: hours.zone,
      hour: '2-digit',
      hour12: false,
    });
    expect(Number(zoned.slice(0, 2))).toBeGreaterThanOrEqual(9);
    await house.advance('PT1S');
    const reminded = async (who: string) =>
      (await house.messages(who, 'personal'))
        .map(textOf)
        .filter((text) => text.includes(`${data.id}: Your vote is missing`)).length;
    expect(await reminded('eva')).toBe(0);
    // The stand-in votes; whose votes were lent may not, and neither does anybody remind them.
    await type('hugo', `approve ${data.id}`);
    expect((await type('jon', `change ${data.id}`)).shown).toMatch(
      /Hugo Weiss( for Dev Patel)? approved|Dev Patel approved/,
    );
    await house.advance(`PT${Math.ceil((deadline - opened) / 60_000) - 30}M`);
    expect(await reminded('eva')).toBeGreaterThan(0);
    expect(await reminded('ann')).toBe(0);
    await house.advance('PT31M');
    expect((await type('jon', `change ${data.id}`)).data).toMatchObject({ state: 'expired' });
    await type('dev', 'take back my votes');
  });

  it('looks back: who changes how much, and which freeze cost most waiting', async () => {
    const found = await type('jon', 'change flow by freezes of 30 days');
    const { teams, freezes } = found.data as unknown as {
      teams: { team: string; changes: number; failureRate: number; leadMinutes: number }[];
      freezes: { entry: string; minutes: number; changes: number }[];
    };
    // Five of team fraud ended; the two that were aborted failed.
    expect(teams.find(({ team }) => team === 'fraud')).toMatchObject({ changes: 5, failureRate: 0.4 });
    // Due at 60 minutes; the freeze was ended at 61, and the second started ten minutes after the first.
    const [dearest] = freezes;
    expect(dearest).toMatchObject({ entry: 'an audit', changes: 2 });
    expect(Math.round(dearest?.minutes ?? 0)).toBe(12);
    expect(found.text).toBe('5 changes ended in 30 days.');
  });
});
