import type { Domain } from '../capability.ts';
import { acknowledge } from './acknowledge.ts';
import { cover } from './cover.ts';
import { drift } from './drift.ts';
import { escalate } from './escalate.ts';
import { heartbeats } from './heartbeats.ts';
import { list } from './list.ts';
import { myShifts } from './my-shifts.ts';
import { notices } from './notices.ts';
import { oncall } from './oncall.ts';
import { override } from './override.ts';
import { removeOverride } from './remove-override.ts';
import { resolve } from './resolve.ts';
import { schedule } from './schedule.ts';
import { show } from './show.ts';
import { timeline } from './timeline.ts';

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
    heartbeats,
  ],
  notices,
};
