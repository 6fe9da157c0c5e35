import type { AlertsTables } from './tables/alerts.ts';
import type { ApprovalsTables } from './tables/approvals.ts';
import type { CoreTables } from './tables/core.ts';
import type { CostTables } from './tables/costs.ts';
import type { IntakeTables } from './tables/intake.ts';
import type { ModelsTables } from './tables/models.ts';
import type { NoiseTables } from './tables/noise.ts';
import type { OncallTables } from './tables/oncall.ts';
import type { RespondersTables } from './tables/responders.ts';
import type { RolloutTables } from './tables/rollouts.ts';
import type { WindowsTables } from './tables/windows.ts';

export type { Escalation } from './tables/alerts.ts';
export type { InstantColumn, NullableInstant } from './tables/columns.ts';
export type { Recent } from './tables/core.ts';

/** Every table, as Kysely sees it. Instants are `timestamptz`, read and written as ISO 8601 strings in UTC. */
export interface Tables
  extends CoreTables,
    AlertsTables,
    OncallTables,
    RespondersTables,
    ApprovalsTables,
    CostTables,
    IntakeTables,
    ModelsTables,
    NoiseTables,
    RolloutTables,
    WindowsTables {}
