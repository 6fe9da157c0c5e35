import { describe, expect, it } from 'vitest';
import type { House } from '../../house.ts';
import { asking } from './asking.ts';

/** UC-101 from its pilot to what happens once it is live: told in the house of the story, where it left off. */
export function livingStory(house: () => House): void {
  const { press, ask, counted } = asking(house);

  describe('a pilot', () => {
    it('is agreed before it is measured, judged with its arithmetic, and decided', async () => {
      const plan = {
        metric: 'recall',
        direction: 'up',
        baseline: '0.6',
        target: '0.75',
        failure: '0.55',
        cases: '500',
        deadline: 'in 10 days',
      };
      expect((await ask('ann', 'plan pilot of UC-101', { ...plan, target: '0.5' })).text).toContain(
        'no better than 0.6 today',
      );
      expect((await ask('ann', 'plan pilot of UC-101', plan)).text).toContain('“recall” is agreed');
      expect((await ask('ann', 'result of UC-101 recall is 0.8 on 100 cases')).text).toContain(
        'at least 500 are needed',
      );
      expect((await ask('ann', 'plan pilot of UC-101', { ...plan, target: '0.7' })).text).toContain('measured already');
      expect(
        (
          await ask('ann', 'result of UC-101', {
            criterion: 'recall',
            value: '0.77',
            cases: '640',
            low: '0.73',
            high: '0.81',
          })
        ).text,
      ).toContain('holds the target 0.75');
    });

    it('is measured in Azure: by the metric of a run, and by what Azure Monitor saw of an endpoint', async () => {
      const plan = { direction: 'up', baseline: '0.5', target: '0.7', cases: '100', deadline: 'in 10 days' };
      await ask('ann', 'plan pilot of UC-101', { ...plan, metric: 'auc' });
      const late = { direction: 'down', baseline: '900', target: '600', cases: '100', deadline: 'in 10 days' };
      await ask('ann', 'plan pilot of UC-101', { ...late, metric: 'latency' });
      expect((await ask('ann', 'measure auc of UC-101 from run no-such-run metric auc')).text).toContain(
        'Azure ML knows no run no-such-run',
      );
      const read = await ask('ann', 'measure auc of UC-101 from experiment train-churn-predictor metric auk');
      expect(read.text).toContain('logged no metric “auk”. Did you mean auc?');
      const run = await ask('ann', 'measure auc of UC-101 from experiment train-churn-predictor metric auc');
      expect(run.text).toMatch(/^auc is 0\.\d+ on \d+ cases \(Azure ML run \S+ of mlw-retail-weu, metric auc\)/);
      await house().advance('PT30M');
      const seen = await ask('ann', 'measure latency of UC-101 from ep-churn metric RequestLatency_P95');
      expect(seen.text).toMatch(/latency is \d+.* on \d+ cases \(Azure Monitor, RequestLatency_P95 of ep-churn/);
      await house().advance('PT30M');
      const again = await ask('ann', 'refresh pilot of UC-101');
      expect(again.text).toMatch(/^auc is 0\.\d+ on \d+ cases\. latency is \d+/);
      const measured = again.data['measured'] as Record<string, { sample: number; source: string; takenAt: string }>;
      expect(measured['latency']?.sample).toBeGreaterThan(
        (seen.data['measured'] as typeof measured)['latency']?.sample ?? 0,
      );
      expect(measured['auc']?.takenAt).toMatch(/^2026-1/);
    });

    it('is decided by vote, with the roles and the quorum of wardroom.yaml', async () => {
      expect((await ask('jon', 'decide pilot of UC-101 go because it is good')).text).toContain(
        'You are not among those who may vote',
      );
      expect((await ask('ann', 'extend pilot of UC-101 until yesterday because labels are late')).kind).not.toBe(
        'answer',
      );
      const first = await ask('ann', 'vote extend on pilot of UC-101 because labels are late');
      expect(first.text).toContain('Say until when it is extended');
      const one = await ask('ann', 'decide pilot of UC-101 go because both targets are met');
      expect(one.text).toContain('Still needed');
      await house().advance('PT5S');
      expect(await counted('eva', /You are asked to vote on what follows from the pilot/)).toBe(1);
      const seen = await press('eva', 'Cast the vote', { choice: 'go', reason: 'good enough' });
      expect(seen).toContain('go live, by vote: 2 to go live');
      expect((await ask('cara', 'decide pilot of UC-101 stop because of doubts')).text).toContain('was decided: go');
      expect((await ask('jon', 'use case UC-101')).data['state']).toBe('live');
    });

    it('is tied to what carries it, and shows its incidents from then on', async () => {
      expect((await ask('ann', 'link UC-101 to endpoint ep-fraud')).text).toContain('tied to ep-fraud');
      expect((await ask('ann', 'link UC-101 to model no-such')).text).toContain(
        'No endpoint serves a model called “no-such”',
      );
      await house().event('drift');
      await house().advance('PT1M');
      expect(JSON.stringify((await ask('jon', 'use case UC-101')).data)).toContain('INC-101');
    });
  });

  describe('what carries it', () => {
    it('tells its cost to those who may see it', async () => {
      // Kim sees every cost, Jon none: he is in no team.
      const seen = (await ask('kim', 'use case UC-101')).data['cost'] as {
        month: object[];
        total: { amount: string }[];
      };
      expect(Number(seen.total[0]?.amount)).toBeGreaterThan(0);
      expect((await ask('jon', 'use case UC-101')).data['cost']).toBeUndefined();
      // A decision about what carries it is part of its life, from the asking to the end.
      await house().app.console.ask({ text: 'rollback ep-fraud because UC-101 drifts', as: 'ann', yes: true });
      const decided = async () => (await ask('jon', 'use case UC-101')).data['decisions'];
      expect(await decided()).toEqual([{ id: 'REQ-101', title: expect.stringContaining('ep-fraud'), state: 'open' }]);
      expect((await ask('jon', 'use case UC-101')).shown).toContain('REQ-101');
      await house().app.console.ask({ text: 'withdraw REQ-101', as: 'ann', yes: true });
      expect(await decided()).toEqual([{ id: 'REQ-101', title: expect.any(String), state: 'withdrawn' }]);
    });

    it("calls its own people when it degrades, from the day it is live, and then the endpoint's", async () => {
      expect((await ask('jon', 'call Hugo when UC-101 degrades')).kind).toBe('refused');
      expect((await ask('ann', 'call Max when UC-101 degrades')).text).toMatch(/Max/);
      expect((await ask('ann', 'call Hugo, then Hugo when UC-101 degrades')).text).toContain(
        'Hugo Weiss is named twice',
      );
      expect((await ask('ann', 'call Hugo, then Gita when UC-101 degrades every 20m')).text).toContain(
        'Hugo Weiss, then Gita Rao are called when UC-101 degrades',
      );
      expect((await ask('jon', 'escalation of UC-101')).data['performance']).toMatchObject({ minutes: 20 });
      await ask('finn', 'resolve INC-101 because a test ends here');
      await house().event('latency', { endpoint: 'ep-fraud' });
      await house().advance('PT8M');
      const { data } = await ask('ann', 'incidents');
      const [incident] = data as unknown as { id: string }[];
      const row = await house().app.rooms.alerts.find(house().app.rooms.db, incident?.id ?? '');
      expect(row?.why).toContain('It calls the people whom UC-101 names');
      expect(await counted('hugo', /ep-fraud/)).toBeGreaterThan(0);
      const before = await counted('gita', /ep-fraud/);
      await house().advance('PT21M');
      expect(await counted('gita', /ep-fraud/)).toBeGreaterThan(before);
    });

    it('its concerns reach its own path, also anonymous ones, and are answered there', async () => {
      await ask('eva', 'call Eva about concerns of UC-101 within 4h');
      const raised = await ask('jon', 'raise concern about ep-fraud: it declines older people more often');
      expect(raised.text).toContain('Eva Moreau will hear it');
      const named = await ask('jon', 'raise anonymous concern about UC-101: nobody explains its refusals');
      expect(named.text).toMatch(/Eva Moreau will hear it/);
      const unknown = await ask('jon', 'raise anonymous concern about UC-011: nobody explains its refusals');
      expect(unknown.text).toContain('There is no use case UC-011. Did you mean UC-101');
      expect((await ask('cara', 'answer concern CON-101 with no')).text).toContain('is not yours to answer');
      expect((await ask('eva', 'answer concern CON-101 with we look at the cut by age')).kind).toBe('answer');
      expect((await ask('jon', 'use case UC-101')).data['concerns']).toEqual([
        { id: 'CON-101', state: 'answered' },
        { id: 'CON-102', state: 'open' },
      ]);
    });
  });
}
