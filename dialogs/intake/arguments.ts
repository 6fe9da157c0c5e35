import { z } from 'zod/v4';
import { numbered } from '../arguments.ts';

export const useCaseId = numbered('useCase', 'a use case, such as UC-104');
/** A share typed as percent: 35 is 35 %. */
export const percentage = z.coerce
  .number()
  .min(0)
  .max(100)
  .meta({ argument: 'number', description: 'percent, 0 to 100' });

/** A measured value, in its own unit. */
export const figure = (description: string) =>
  z.coerce.number().min(-1e12).max(1e12).meta({ argument: 'number', description });
