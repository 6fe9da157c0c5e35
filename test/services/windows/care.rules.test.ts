import { describe, expect, it } from 'vitest';
import { fits } from '../../../services/core/matchers.rules.ts';
import { changePolicy } from '../../../services/core/organisation.windows.ts';
import { disturbedBy } from '../../../services/windows/care.rules.ts';
import { looked, stepNow } from '../../../services/windows/steps.rules.ts';

const quietOf = (silence: unknown) => {
  const read = changePolicy.parse(silence === undefined ? {} : { silence }).silence;
  if (!read) throw new Error('it is off');
  return read;
};

describe('what keeps quiet while a change runs', () => {
  const alert = { endpoint: 'ep-fraud', kind: 'latency', sev: '2', rule: 'fraud-latency' };
  it.each([
    ['latency of what it is about', {}, true],
    ['availability too', { kind: 'availability' }, true],
    ['of the part that is changed', { deployment: 'green' }, true],
    ['the error rate guards a change', { kind: 'errors' }, false],
    ['drift is no doing of a rollout', { kind: 'drift' }, false],
    ['a failed run neither', { kind: 'failed-run' }, false],
    ['severity 0 whatever it is', { sev: '0' }, false],
    ['a deployment that is not changed', { deployment: 'blue' }, false],
    ['one whose name begins alike', { deployment: 'green2' }, false],
    ['another endpoint', { endpoint: 'ep-aml' }, false],
    ['a rule that is left out by name', { rule: 'fraud-guard-p99' }, false],
    ['a rule named with what a pattern would take for another', { rule: 'a-b' }, true],
  ])('%s', (_, more, held) => {
    const rule = quietOf({ except: ['fraud-guard*', 'a.b'] });
    expect(fits(disturbedBy('ep-fraud/green', true, rule), { ...alert, ...more })).toBe(held);
  });

  it('is said in wardroom.yaml: off, by kind, without guards', () => {
    expect(quietOf(undefined)).toEqual({ kinds: ['latency', 'availability'], except: [] });
    expect(changePolicy.parse({ silence: false }).silence).toBe(false);
    expect(
      fits(disturbedBy('mlw-payments', false, quietOf({ kinds: ['errors'] })), {
        workspace: 'mlw-payments',
        kind: 'errors',
        sev: '1',
      }),
    ).toBe(true);
    expect(() => changePolicy.parse({ silence: { kinds: ['drift'] } })).toThrow(/the kinds are latency, availability/);
  });
});

describe('a step of the traffic', () => {
  const stood = { blue: 100 };
  const at = '2026-11-24T09:10:00Z';
  const first = stepNow('ep', stood, [], { blue: 90, green: 10 }, at);
  it('is seen when Azure shows other shares than before, and names what is compared', () => {
    expect(stepNow('ep', stood, [], { blue: 100, green: 0 }, at)).toBeUndefined();
    expect(first).toMatchObject({
      candidate: 'green',
      current: 'blue',
      verdict: 'inconclusive',
      words: ['not measured yet'],
    });
    if (!first) throw new Error('no step');
    expect(stepNow('ep', stood, [first], { green: 10, blue: 90 }, at)).toBeUndefined();
    // Nothing else serves at 100 %: it is compared with what served before.
    expect(stepNow('ep', { blue: 60, red: 40 }, [first], { green: 100 }, at)).toMatchObject({
      candidate: 'green',
      current: 'blue',
      verdict: 'inconclusive',
      words: ['not measured yet'],
    });
    expect(stepNow('ep', {}, [], { green: 100 }, at)).toMatchObject({
      verdict: 'inconclusive',
      words: ['nothing served before that it could be compared with'],
    });
    expect(stepNow('ep', stood, [first], { blue: 100 }, at)?.candidate).toBeUndefined();
    // Another endpoint's steps are its own.
    expect(stepNow('other', stood, [first], { blue: 100 }, at)).toBeUndefined();
  });
  const reading = (guard: 'errors' | 'latency' | 'drift', verdict: 'ok' | 'bad' | 'unclear' | 'unknown') => ({
    guard,
    verdict,
    words: guard,
  });
  it.each([
    [[reading('errors', 'ok'), reading('latency', 'ok'), reading('drift', 'unknown')], 'good', 0],
    [[reading('errors', 'ok'), reading('latency', 'unclear')], 'inconclusive', 0],
    [[reading('errors', 'ok')], 'inconclusive', 0],
    [[], 'inconclusive', 0],
    [[reading('errors', 'ok'), reading('latency', 'ok'), reading('drift', 'bad')], 'worse', 1],
  ] as const)('without measurements it is inconclusive, never good (%#)', (readings, verdict, bad) => {
    if (!first) throw new Error('no step');
    expect(looked(first, readings, ['drift (away)'])).toMatchObject({ verdict, bad });
    expect(looked(first, readings, ['drift (away)']).words.at(-1)).toBe('not known: drift (away)');
  });
});
