import { z } from 'zod/v4';
import { Refused } from '../core/errors.ts';
import { statusOf } from './resilience.ts';

const arm = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/**
 * ARM's 4xx are answers to the person, not faults: said in ARM's own words. Throttling and timeouts stay faults.
 * `what` names the thing in the sentence ("the monitor ep-fraud-monitor").
 */
export const refusing =
  (what: string, role = 'AzureML Data Scientist') =>
  (error: unknown): never => {
    const status = statusOf(error);
    if (status === undefined || status < 400 || status > 499 || status === 408 || status === 429) throw error;
    const said = arm.safeParse(parsed((error as { response?: { bodyAsText?: string | null } }).response?.bodyAsText));
    const why = said.success ? said.data.error.message : `Azure answered ${status}.`;
    if (status === 401 || status === 403)
      throw new Refused(
        `Azure does not let Wardroom do this to ${what}: ${why}`,
        `Ask an administrator to grant the bot the role "${role}" on the workspace.`,
        'azure-forbidden',
      );
    if (status === 404) throw new Refused(`${what} does not exist in Azure.`, 'Check the name.', 'azure-missing');
    if (status === 409 || status === 412)
      throw new Refused(`${what} is being changed by somebody else: ${why}`, 'Try again in a minute.', 'azure-busy');
    throw new Refused(`Azure refused the change to ${what}: ${why}`, '', 'azure-refused');
  };

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    // Not ARM's envelope: the status alone is said.
    return undefined;
  }
}
