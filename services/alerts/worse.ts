import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { started } from './escalation.rules.ts';
import type { escalations } from './escalations.ts';
import * as rows from './incidents.store.ts';
import { cardOf } from './incidents.ts';
import { story } from './story.ts';

/**
 * An incident that gets worse than it ever was is news, also to whoever acknowledged it when it was harmless: it is open
 * again, its escalation begins anew, and the thread says so, for an edit of a card notifies nobody.
 */
export function worsening(deps: AlertsDeps, pages: ReturnType<typeof escalations>) {
  const { clock, audit, outbox } = deps;
  const tell = story(deps);
  return async (tx: Tx, id: string, from: number, to: number, why: string): Promise<void> => {
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
  };
}
