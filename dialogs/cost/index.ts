import type { Domain } from '../capability.ts';
import { acknowledge } from './acknowledge.ts';
import { anomalies } from './anomalies.ts';
import { anomaly } from './anomaly.ts';
import { autoscale } from './autoscale.ts';
import { breakdown } from './breakdown.ts';
import { budget } from './budget.ts';
import { budgets } from './budgets.ts';
import { changes } from './changes.ts';
import { data } from './data.ts';
import { digest } from './digest.ts';
import { efficiency } from './efficiency.ts';
import { forecast } from './forecast.ts';
import { idle } from './idle.ts';
import { incident } from './incident.ts';
import { ingestion } from './ingestion.ts';
import { mute } from './mute.ts';
import { notices } from './notices.ts';
import { raise } from './raise.ts';
import { reservations } from './reservations.ts';
import { retrain } from './retrain.ts';
import { save } from './save.ts';
import { savings } from './savings.ts';
import { showback } from './showback.ts';
import { statement } from './statement.ts';
import { stop } from './stop.ts';
import { subscribe } from './subscribe.ts';
import { tags } from './tags.ts';
import { tco } from './tco.ts';
import { top } from './top.ts';
import { unmute } from './unmute.ts';
import { unscale } from './unscale.ts';
import { unsubscribe } from './unsubscribe.ts';
import { whatIf } from './what-if.ts';

/** Money: what was spent and why, what will be, who carries it, and what could be had for less. */
export const cost: Domain = {
  name: 'cost',
  capabilities: [
    breakdown,
    top,
    changes,
    forecast,
    whatIf,
    budgets,
    budget,
    raise,
    anomalies,
    anomaly,
    acknowledge,
    mute,
    unmute,
    incident,
    showback,
    statement,
    tags,
    tco,
    ingestion,
    savings,
    idle,
    save,
    autoscale,
    unscale,
    stop,
    reservations,
    retrain,
    efficiency,
    digest,
    unsubscribe,
    subscribe,
    data,
  ],
  notices,
};
