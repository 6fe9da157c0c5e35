import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { atTheEnd, toTakeBack } from '../../../services/windows/care.rules.ts';
import {
  coresLeft,
  type Need,
  type NeedPart,
  quotaConflicts,
  rolloutCost,
  surgeOf,
} from '../../../services/windows/need.rules.ts';

describe('what a change needs of Azure', () => {
  const blue = { name: 'blue', machine: 'Standard_DS3_v2', instances: 4, traffic: 90 };
  const green = { name: 'green', machine: 'Standard_F8s_v2', instances: 2, traffic: 10 };

  it.each([
    ['ep', undefined, { machine: 'Standard_DS3_v2', extra: 4, reservedExtra: 5 }],
    ['ep', 10, { machine: 'Standard_DS3_v2', extra: 10, reservedExtra: 12 }],
    ['ep/green', undefined, { machine: 'Standard_F8s_v2', extra: 0, reservedExtra: 0 }],
    ['ep/green', 5, { machine: 'Standard_F8s_v2', extra: 3, reservedExtra: 3 }],
    ['ep/green', 1, { machine: 'Standard_F8s_v2', extra: 0, reservedExtra: 0 }],
    ['ep/teal', undefined, { machine: 'Standard_DS3_v2', extra: 4, reservedExtra: 5 }],
  ])('%s with %s instances', (target, instances, surge) =>
    expect(surgeOf(target, [green, blue], instances)).toEqual(surge),
  );
  it('is unknown where nothing runs', () => expect(surgeOf('ep', [], undefined)).toBeUndefined());

  const usages = [
    { name: 'Standard DSv2 Family Cluster Dedicated vCPUs', used: 20, limit: 24 },
    { name: 'Standard DSv2 Family Cluster LowPriority vCPUs', used: 0, limit: 0 },
    { name: 'Standard DSv5 Family Cluster Dedicated vCPUs', used: 0, limit: 100 },
    { name: 'Standard FSv2 Family Cluster Dedicated vCPUs', used: 30, limit: undefined },
    { name: 'Total Cluster Dedicated Regional vCPUs', used: 90, limit: 100 },
  ];
  it('has what is left of the family, and not more than the region has', () => {
    expect(coresLeft('standardDSv2Family', usages)).toEqual({ free: 4, limit: 24 });
    expect(coresLeft('StandardDSv5Family', usages)).toEqual({ free: 10, limit: 100 });
    expect(coresLeft('standardFSv2Family', usages)).toEqual({ free: 10, limit: 100 });
    expect(coresLeft('standardFSv2Family', usages.slice(0, 4))).toBeUndefined();
  });

  const part: NeedPart = {
    target: 'ep',
    region: 'westeurope',
    machine: 'Standard_DS3_v2',
    family: 'standardDSv2Family',
    extra: 4,
    cores: 20,
    free: 24,
    limit: 100,
    hourPrice: '0.275',
  };
  const need = (parts: NeedPart[], hours = 1.5): Need => ({ at: '', currency: 'EUR', hours, parts, unknown: [] });

  it('conflicts when its own targets, or what runs beside it, leave too few cores', () => {
    expect(quotaConflicts(need([part]), [])).toEqual([]);
    const both = need([part, { ...part, target: 'ep-2', cores: 8 }]);
    expect(quotaConflicts(both, [])).toMatchObject([{ code: 'insufficient_quota', target: 'ep', missingCores: 4 }]);
    expect(quotaConflicts(need([part]), [need([{ ...part, cores: 10 }])])).toMatchObject([{ missingCores: 6 }]);
    expect(quotaConflicts(need([part]), [need([{ ...part, region: 'northeurope' }])])).toEqual([]);
    expect(quotaConflicts(undefined, [need([part])])).toEqual([]);
  });

  it('costs the extra machines for as long as it lasts, exactly, and nothing is guessed', () => {
    expect(rolloutCost(need([part]))?.toString()).toBe('1.65');
    const { hourPrice: _, ...unpriced } = part;
    expect(rolloutCost(need([part, unpriced]))).toBeUndefined();
    expect(rolloutCost(need([{ ...unpriced, extra: 0 }]))?.toString()).toBe('0');
  });
});

describe('a change that runs longer than it said', () => {
  const now = Temporal.Instant.from('2026-11-23T15:00:00Z');
  const rule = { extend: 30, do: 'roll-back' as const };
  it.each([
    ['goes on once', { extended: false, allowed: true, why: '' }, 'go-on'],
    ['is taken back the second time', { extended: true, allowed: true, why: '' }, 'roll-back'],
    ['is taken back at once in a freeze', { extended: false, allowed: false, why: 'Frozen.' }, 'roll-back'],
  ])('%s', (_name, state, does) => expect(atTheEnd(now, rule, state).do).toBe(does));
  it('goes on no longer than the file says', () => {
    expect(atTheEnd(now, rule, { extended: false, allowed: true, why: '' })).toMatchObject({
      until: now.add({ minutes: 30 }),
    });
    expect(atTheEnd(now, { ...rule, extend: 0, do: 'tell' }, { extended: false, allowed: true, why: '' }).do).toBe(
      'tell',
    );
  });

  it('goes back to how its endpoints stood, and only where they do not', () => {
    const before = { a: { blue: 90, green: 10 }, b: { blue: 100 }, c: { blue: 100 }, d: { blue: 0 } };
    const stands = { a: { blue: 50, green: 50 }, b: { blue: 100, green: 0 }, c: undefined, d: { blue: 100 } };
    expect(toTakeBack(before, stands)).toEqual([
      { endpoint: 'a', from: { blue: 50, green: 50 }, to: { blue: 90, green: 10 } },
    ]);
  });
});
