/** A severity that a person set, and what was computed when they did. */
export interface SeveritySet {
  to: number;
  computed: number;
}

/**
 * The severity after a new look. It can only get worse by itself: an incident that was bad stays as bad as it was at its
 * worst. A person's word holds until the computed severity is worse than it was when they gave it.
 */
export function severityAfter(incident: { severity: number; severity_set: object | null }, computed: number): number {
  const set = incident.severity_set as SeveritySet | null;
  if (set && computed >= set.computed) return incident.severity;
  return Math.min(computed, incident.severity);
}
