import { judgeDrift } from '../models/index.ts';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { started } from './escalation.rules.ts';
import type { escalations } from './escalations.ts';
import * as rows from './incidents.store.ts';
import { cardOf } from './incidents.ts';
import type { Findings } from './investigate.ts';
import { severityAfter } from './severity-set.rules.ts';
import { story } from './story.ts';

/**
 * An incident that gets worse than it ever was is news, also to whoever acknowledged it when it was harmless: it is open
 * again, its escalation begins anew, and the thread says so, for an edit of a card notifies nobody.
 */
export function worsening(deps: AlertsDeps, pages: ReturnType<typeof escalations>) {
  const { clock, audit, outbox, organisation } = deps;
  const tell = story(deps);
  async function worsened(tx: Tx, id: string, from: number, to: number, why: string): Promise<void> {
    const incident = await rows.lockIncident(tx, id);
    if (!incident || incident.state === 'resolved') return;
    const reopened = incident.state === 'acknowledged';
    const plan = rows.planOf(incident);
    const now = clock.ms();
    const begin = plan.steps[0];
    const steps = plan.steps.map((step) => ({ ...step, due: now + step.due - (begin?.due ?? now) }));
    const generation = incident.escalation.generation + 1;
    const { hold: _over, acks: _gone, ...rest } = incident.escalation;
    await rows.updateIncident(tx, id, {
      severity: to,
      ...(reopened ? { state: 'open', acknowledged_at: null, acknowledged_by: null, snoozed_until: null } : {}),
      escalation: {
        ...rest,
        plan: { ...plan, steps },
        state: { ...started, next: begin?.index ?? 0 },
        generation,
        // Everybody told before is told anew; who was told stays on record.
        since: clock.now().toString(),
      },
    });
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'alerts.worsened',
      objects: [id],
      why,
      detail: { from, to, reopened, acknowledgedBy: incident.acknowledged_by },
    });
    await pages.run(tx, id, clock.now(), true);
    await outbox.refresh(tx, cardOf(id));
    const ids = { from: String(from), to: String(to), by: incident.acknowledged_by ?? '' };
    await tell(tx, incident, { what: 'worse', key: `worse:${id}:${generation}`, ids, priority: to - 1 });
  }

  /** Worse than it ever was, and nobody is being called any more: people are called anew. */
  async function graver(tx: Tx, before: rows.IncidentRow, to: number, why: string): Promise<void> {
    const { state, next } = { ...before.escalation.state, state: before.state };
    const silent =
      state === 'acknowledged' ||
      (rows.planOf(before).steps.every(({ index }) => index < next) && !before.escalation.state.closed);
    if (to < before.severity && silent) await worsened(tx, before.id, before.severity, to, why);
  }

  /**
   * The alert of a monitor does not say which features drift: that is known once its run was read. What they touch
   * (`driftContexts`) may be worse than what the endpoint carries.
   */
  async function judgeByFeatures(tx: Tx, incident: rows.IncidentRow, { drift }: Findings): Promise<void> {
    const endpoint = organisation.endpoints.find(({ id }) => id === incident.endpoint);
    const over = drift.filter(({ value, threshold }) => value > threshold);
    if (!endpoint || over.length === 0) return;
    const limited = over.map(({ feature, value, threshold }) => ({ feature, value, limit: threshold }));
    const judged = judgeDrift(organisation, endpoint.id, limited);
    const worse = severityAfter(incident, judged.severity + 1);
    if (worse === incident.severity) return;
    await rows.updateIncident(tx, incident.id, { severity: worse });
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'alerts.judged',
      objects: [incident.id, endpoint.id],
      why: judged.because,
      detail: { from: incident.severity, severity: worse },
    });
    await graver(tx, incident, worse, `the features that drift are known: ${judged.because}`);
  }

  return { graver, judgeByFeatures };
}
