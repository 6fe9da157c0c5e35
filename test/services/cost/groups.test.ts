import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { loadOrganisation } from '../../../services/core/organisation.load.ts';
import {
  autoscaleLimits,
  facetsOf,
  groupOf,
  idleComputes,
  rightsize,
  scaledByHour,
} from '../../../services/cost/index.ts';

describe('groups of resources', () => {
  const organisation = loadOrganisation(
    readFileSync(new URL('../../../infra/sandbox/northwind.yaml', import.meta.url), 'utf8'),
  );
  const ml =
    '/subscriptions/s/resourcegroups/rg/providers/microsoft.machinelearningservices/workspaces/mlw-payments-weu';
  const resource = fc.constantFrom(
    '',
    ml,
    `${ml}/onlineendpoints/ep-fraud`,
    `${ml}/onlineendpoints/ep-unknown`,
    `${ml}/computes/gpu-a100`,
    '/subscriptions/s/resourcegroups/rg/providers/microsoft.compute/virtualmachines/vm1',
    '/subscriptions/s/resourcegroups/rg/providers/microsoft.storage/storageaccounts/st1',
  );
  const tags = fc.dictionary(
    fc.constantFrom('department', 'Department', 'project', 'purpose', 'Purpose', 'model', 'env'),
    fc.constantFrom('', ' Payments ', 'retail', 'platform', 'Serving', 'training', 'churn', 'nobody  knows'),
  );
  it('say the same as each of their resources, whatever the meter and the charge', () => {
    fc.assert(
      fc.property(
        resource,
        tags,
        fc.constantFrom('Virtual Machines', 'Storage', 'Bandwidth', 'Key Vault', ''),
        fc.constantFrom('Usage', 'Purchase', 'Refund', 'Tax'),
        (id, told, meter, charge) => {
          const own = facetsOf({ resource: id, tags: told, meter, charge }, organisation);
          const group = facetsOf(
            { ...groupOf({ resource: id, tags: told }, organisation), meter, charge },
            organisation,
          );
          expect({ ...group, resource: '' }).toEqual({ ...own, resource: '' });
        },
      ),
    );
  });
});

describe('computes that stand idle', () => {
  const now = Temporal.Instant.from('2026-11-23T14:00:00Z');
  const machine = {
    name: 'ci',
    kind: 'instance' as const,
    size: 'Standard_D8s_v5',
    spot: false,
    nodes: 1,
    idleNodes: 0,
    leastNodes: 0,
    mostNodes: 1,
    stopsWhenIdle: false,
    since: '2026-11-23T02:00:00Z',
  };
  const cluster = {
    ...machine,
    name: 'gpu',
    kind: 'cluster' as const,
    nodes: 3,
    idleNodes: 2,
    leastNodes: 1,
    mostNodes: 4,
    stopsWhenIdle: true,
  };
  it.each([
    [
      'a machine after exactly twelve hours',
      machine,
      'has run for 12 hours, and Azure does not stop it when it is idle',
    ],
    ['a machine a minute before', { ...machine, since: '2026-11-23T02:01:00Z' }, undefined],
    ['one that Azure stops itself', { ...machine, stopsWhenIdle: true }, undefined],
    ['one that is stopped', { ...machine, nodes: 0 }, undefined],
    ['a cluster that keeps a node', cluster, 'keeps 1 node although nothing runs'],
    ['a cluster whose kept nodes all work', { ...cluster, idleNodes: 0 }, undefined],
    ['a cluster that only has not shrunk yet', { ...cluster, leastNodes: 0 }, undefined],
  ])('%s', (_, each, because) => {
    expect(idleComputes([each], now)[0]?.because).toBe(because);
  });
  it('needs as many instances as exact arithmetic says', () => {
    expect(rightsize({ replicas: 7, peakUtilisation: 0.3, monthPerReplica: 10 }).replicas).toBe(3);
  });
  it('scales as the setting does: out above 70 %, in only when the rest stays below that', () => {
    const limits = autoscaleLimits(2, 4);
    expect(limits).toEqual({ least: 2, most: 4, outAbovePercent: 70, inBelowPercent: 41 });
    expect(autoscaleLimits(1, 3).inBelowPercent).toBe(30);
    // 40 % of four is 53 % of three; 30 % is 40 % of three and 60 % of two, where it stays until 35 % overload two.
    expect(scaledByHour([100, 40, 30, 35, 35.1, 10], 4, limits)).toEqual([4, 3, 2, 2, 3, 2]);
  });
});
