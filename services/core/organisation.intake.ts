import { z } from 'zod/v4';
import { key } from './organisation.shapes.ts';

/** A figure of the strategy that use cases can carry. */
export const kpi = z.strictObject({
  id: key,
  name: z.string().min(1).max(80),
  /** Whose figure it is, in words. */
  department: z.string().min(1).max(80).optional(),
  unit: z.string().min(1).max(40).optional(),
});
