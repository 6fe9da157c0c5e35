import type { Domain } from '../capability.ts';
import { acceptSwap } from './accept-swap.ts';
import { acknowledge } from './acknowledge.ts';
import { cover } from './cover.ts';
import { declineSwap } from './decline-swap.ts';
import { drift } from './drift.ts';
import { escalate } from './escalate.ts';
import { events } from './events.ts';
import { explain } from './explain.ts';
import { heartbeats } from './heartbeats.ts';
import { list } from './list.ts';
import { modelCapabilities, modelNotices } from './models-list.ts';
import { myShifts } from './my-shifts.ts';
import { noiseCapabilities } from './noise-capabilities.ts';
import { notices } from './notices.ts';
import { oncall } from './oncall.ts';
import { override } from './override.ts';
import { rejected } from './rejected.ts';
import { removeOverride } from './remove-override.ts';
import { resolve } from './resolve.ts';
import { responseCapabilities } from './response-capabilities.ts';
import { rotationCapabilities } from './rotation-capabilities.ts';
import { schedule } from './schedule.ts';
import { show } from './show.ts';
import { swap } from './swap.ts';
import { timeline } from './timeline.ts';
import { withdrawSwap } from './withdraw-swap.ts';

/** Alerts become incidents; people take care of them. */
export const alerts: Domain = {
  name: 'alerts',
  capabilities: [
    list,
    show,
    acknowledge,
    escalate,
    resolve,
    timeline,
    drift,
    oncall,
    myShifts,
    schedule,
    cover,
    override,
    removeOverride,
    swap,
    acceptSwap,
    declineSwap,
    withdrawSwap,
    heartbeats,
    events,
    explain,
    rejected,
    ...rotationCapabilities,
    ...responseCapabilities,
    ...noiseCapabilities,
    ...modelCapabilities,
  ],
  notices: { ...notices, ...modelNotices },
};
