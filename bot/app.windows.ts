import { outbound } from '../services/azure/outbound.ts';
import { type Windows, windows } from '../services/windows/index.ts';
import type { Shared } from './app.services.ts';

/** What of the outside windows may reach. Part of the composition root. */
export interface WindowsOptions {
  /** Addresses of this machine and network: the sandbox's receivers. */
  allowInside: boolean;
  allowedHosts?: readonly string[];
}

/** The calendar, the changes and the gate. Part of the composition root. */
export function windowsServices(shared: Shared, options: WindowsOptions): Windows {
  return windows({ ...shared, onChange: async () => undefined, outside: outbound(options) });
}
