import { join } from 'node:path';
import { openDuck } from '../../services/store/duck.ts';

/** Writes a FOCUS export of so many rows into five parts: `cost-parts.ts FOLDER ROWS`. */
const [, , folder = '.', count = '0'] = process.argv;
const rows = Number(count);
const duck = await openDuck({ memoryMb: 512 });
for (let part = 0; part < 5; part += 1) {
  await duck.run(`copy (select strftime(date '2026-10-01' + (i % 31)::int, '%Y-%m-%dT00:00:00Z') as ChargePeriodStart,
    '/subscriptions/s/resourcegroups/rg-' || (i % 40) || '/providers/microsoft.compute/virtualmachines/vm' || (i % 2000) as ResourceId,
    case i % 3 when 0 then 'Virtual Machines' when 1 then 'Storage' else 'Bandwidth' end as x_SkuMeterCategory,
    'Usage' as ChargeCategory, 'EUR' as BillingCurrency,
    round((i % 997) / 331.0, 10) as BilledCost, round((i % 997) / 331.0, 10) as EffectiveCost,
    '{"department":"d' || (i % 9) || '","env":"prod"}' as Tags, 'West Europe' as RegionName, uuid() as x_Row
    from range(${(part * rows) / 5}, ${((part + 1) * rows) / 5}) t(i)) to '${join(folder, `part_${part}.csv`)}' (header, delimiter ',')`);
}
await duck.close();
