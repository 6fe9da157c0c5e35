import { z } from 'zod/v4';
import { key, minutes } from './organisation.shapes.ts';

/** The watch over the pager itself (docs/on-call.md). The address that is called is a secret and stands in the environment. */
export const watchdog = z.strictObject({
  /** How often the address in WARDROOM_HEARTBEAT_URL is called. */
  heartbeat: minutes.default(5),
  /** Pages that prove the way to whoever is on call, in this rhythm. */
  testPages: z
    .array(z.strictObject({ schedule: key, every: minutes }))
    .max(50, 'fifty are enough')
    .default([]),
});
