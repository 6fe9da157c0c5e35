import { fits } from '../core/matchers.rules.ts';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { shifted } from './escalation.rules.ts';
import type { escalations } from './escalations.ts';
import * as rows from './incidents.store.ts';
import { cardOf } from './incidents.ts';
import type { Quiet } from './muting.rules.ts';
import { subjectOf } from './routes.rules.ts';
import { openIncidents } from './silences.store.ts';

/**
 * Incidents that were told before a silence came. When it covers everything in one that still fires, nobody more is
 * called; when it ends, or something comes that it does not cover, the escalation goes on where it stood.
 */
export function hushing({ clock, audit, outbox }: AlertsDeps, pages: ReturnType<typeof escalations>) {
  /** Quiets what this silence covers; the incidents it covers now. */
  async function hush(tx: Tx, silence: Quiet): Promise<string[]> {
    const found: string[] = [];
    for (const { id, silenced_by } of await openIncidents(tx)) {
      if (silenced_by !== null) continue;
      const firing = (await rows.episodesOf(tx, id)).filter(({ endedAt }) => !endedAt);
      if (firing.length === 0 || !firing.every(({ signal }) => fits(silence.matchers, subjectOf(signal)))) continue;
      const incident = await rows.lockIncident(tx, id);
      if (!incident) continue;
      const { escalation } = incident;
      await rows.updateIncident(tx, id, {
        silenced_by: silence.id,
        escalation: { ...escalation, generation: escalation.generation + 1 },
      });
      await pages.withdraw(tx, id);
      await audit.append(tx, {
        actor: silence.by,
        action: 'alerts.hushed',
        objects: [id, silence.id],
        why: silence.reason,
      });
      await outbox.refresh(tx, cardOf(id));
      found.push(id);
    }
    return found;
  }

  /** It may speak again: the step that is next is told now, those after it follow with their usual gaps. */
  async function speak(tx: Tx, id: string, why: string): Promise<void> {
    const incident = await rows.lockIncident(tx, id);
    if (!incident?.silenced_by) return;
    const { escalation, silenced_by } = incident;
    const plan = rows.planOf(incident);
    const next = plan.steps.find(({ index }) => index >= escalation.state.next);
    const late = next !== undefined && next.due <= clock.ms();
    await rows.updateIncident(tx, id, {
      silenced_by: null,
      escalation: {
        ...escalation,
        plan: late ? shifted(plan, next.index, clock.ms()) : plan,
        generation: escalation.generation + 1,
      },
    });
    await audit.append(tx, { actor: 'wardroom', action: 'alerts.unhushed', objects: [id, silenced_by], why });
    if (incident.state === 'open') {
      await pages.run(tx, id);
      await outbox.say(tx, {
        key: `unhushed:${id}:${escalation.generation + 1}`,
        kind: 'alerts.said',
        ids: { incident: id, what: 'unhushed', by: silenced_by },
        conversation: incident.channel,
        under: cardOf(id),
        priority: incident.severity - 1,
      });
    }
    await outbox.refresh(tx, cardOf(id));
  }

  return { hush, speak };
}

export type Hushing = ReturnType<typeof hushing>;
