import { alerts } from '../dialogs/alerts/index.ts';
import { approvals } from '../dialogs/approvals/index.ts';
import type { Domain } from '../dialogs/capability.ts';
import { cost } from '../dialogs/cost/index.ts';
import { fleet } from '../dialogs/fleet/index.ts';
import { governance } from '../dialogs/governance/index.ts';
import { intake } from '../dialogs/intake/index.ts';
import { windows } from '../dialogs/windows/index.ts';

/** Every domain of the house; a new one is one line here. Part of the composition root. */
export const DOMAINS: readonly Domain[] = [alerts, approvals, fleet, governance, windows, intake, cost];
