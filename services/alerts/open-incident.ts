import { Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { Escalation } from '../store/tables/alerts.ts';
import { type IncidentRow, lockIncident } from './incidents.store.ts';

/** An incident that is not resolved yet; locked. Throws Refused when there is none, or when it is over. */
export async function neededOpen(tx: Tx, id: string): Promise<IncidentRow> {
  const incident = await lockIncident(tx, id);
  if (!incident) throw new Refused(`There is no incident ${id}.`, 'Say “incidents” for the list.', 'unknown-incident');
  if (incident.state === 'resolved') throw new Refused(`${id} is resolved already.`, '', 'finished');
  return incident;
}

/** The escalation of an incident that is over: nobody is called any more, and timers that are set find nothing. */
export const closed = (escalation: Escalation): Escalation => ({
  ...escalation,
  state: { ...escalation.state, closed: true },
  generation: escalation.generation + 1,
});
