import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { episodesOf as episodesIn, markEnded } from './episodes.rules.ts';
import { plan, started } from './escalation.rules.ts';
import { escalations } from './escalations.ts';
import { settle, takeNew } from './hooks.store.ts';
import { PROCESS } from './hooks.ts';
import { closing, correlate, type EndpointChange } from './incidents.rules.ts';
import * as rows from './incidents.store.ts';
import { severity } from './severity.rules.ts';
import type { Signal, UpstreamFact } from './signal.ts';
import { onEstate } from './signal-place.ts';

export const INVESTIGATE = 'alerts-investigate';
/** Few enough that a delivery that waits for the only connection of PGlite is committed within a second or two. */
const MOST_AT_ONCE = 40;
/** How long the first card waits for the numbers that make it useful; a page is never later than this. */
const FIRST_LOOK_MS = 2_000;

export const cardOf = (incident: string): string => `incident:${incident}`;

/** Incidents: what people work on. Signals become one, people acknowledge and resolve it, it ends with its alerts. */
export function incidents(deps: AlertsDeps) {
  const { clock, audit, outbox, jobs, organisation } = deps;
  const pages = escalations(deps);

  /** Looks at every new event, oldest first; one transaction for the whole batch. */
  async function processNew(tx: Tx): Promise<void> {
    await rows.lockAlerts(tx);
    const events = await takeNew(tx, MOST_AT_ONCE);
    const results = new Map<string, object>();
    for (const event of events) {
      results.set(event.id, event.type === 'fact' ? await keepFact(tx, event.fact) : await apply(tx, event.signal));
    }
    await settle(tx, results);
    if (events.length === MOST_AT_ONCE) await jobs.enqueue(tx, PROCESS, {});
  }

  async function keepFact(tx: Tx, fact: UpstreamFact): Promise<object> {
    await tx
      .insertInto('upstream_facts')
      .values({
        key: fact.eventKey,
        workspace: fact.workspace ?? null,
        endpoint: fact.endpoint ?? null,
        at: fact.at.toString(),
        fact: JSON.stringify(fact),
      })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .execute();
    return { action: 'kept', reason: 'It says what changed; it alerts nobody.' };
  }

  async function apply(tx: Tx, received: Signal): Promise<object> {
    const now = clock.now();
    const signal = onEstate(received, organisation.endpoints);
    const open = await rows.candidates(tx, signal);
    const marks = await rows.marksOf(tx, signal.dedupKey);
    const decision = correlate(now, signal, open, marks ? { marks } : {});
    await rows.keepMarks(tx, signal.dedupKey, decision.marks, now);
    const { action, incident, reason } = decision;
    if (action === 'open') return { action, incident: await openNew(tx, signal, reason), reason };
    if (!incident || action === 'record') return { action, reason };
    if (action === 'join') await join(tx, incident, signal, reason);
    else if (decision.changed && signal.condition === 'resolved') {
      const end = episodesIn(decision.marks).at(-1)?.endedAt;
      if (end !== undefined) await endOf(tx, incident, signal, Temporal.Instant.fromEpochMilliseconds(end), reason);
    } else if (decision.changed) await rows.updateIncident(tx, incident, { last_signal_at: now.toString() });
    return { action, incident, reason };
  }

  async function openNew(tx: Tx, signal: Signal, reason: string): Promise<string> {
    const now = clock.now();
    const id = await rows.nextIncidentId(tx);
    const endpoint = organisation.endpoints.find(({ id: known }) => known === signal.endpoint?.toLowerCase());
    const team = organisation.teams.find(({ id: known }) => known === (endpoint?.owner ?? signal.team));
    const sev = severity([signal], endpoint?.business);
    const policy = organisation.escalationPolicies.find(
      ({ id: known }) => known === (endpoint?.escalation ?? signal.escalation),
    );
    const planned = plan(policy, now, { policy: (name) => organisation.escalationPolicies.find((p) => p.id === name) });
    const channel = `channel:${team?.channel ?? organisation.fallbackChannel}`;
    const owned = endpoint ?? (signal.endpoint ? undefined : team);
    const unowned = owned
      ? ''
      : `${signal.endpoint ? `${signal.endpoint} is not in wardroom.yaml` : 'The alert names no endpoint'}, so it goes to the fallback channel. `;
    await tx
      .insertInto('incidents')
      .values({
        id,
        endpoint: signal.endpoint ?? null,
        workspace: signal.workspace ?? endpoint?.workspace ?? null,
        team: team?.id ?? null,
        state: 'open',
        severity: sev.sev,
        title: signal.headline,
        why: `${unowned}${reason}`,
        opened_at: signal.startedAt.toString(),
        last_signal_at: now.toString(),
        escalation: JSON.stringify({ plan: planned, state: started, generation: 0, told: [] }),
        channel,
      })
      .execute();
    await rows.addEpisode(tx, id, signal, signal.startedAt);
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'alerts.opened',
      objects: objectsOf(id, signal),
      why: `${unowned}${reason}`,
      detail: { headline: signal.headline, severity: sev.sev, reasons: sev.reasons, plan: planned.reason },
    });
    await outbox.show(tx, {
      card: cardOf(id),
      kind: 'alerts.incident',
      ids: { incident: id },
      conversation: channel,
      priority: sev.sev - 1,
      notBefore: now.add({ milliseconds: FIRST_LOOK_MS }),
    });
    await jobs.enqueue(tx, INVESTIGATE, { incident: id });
    await pages.run(tx, id);
    return id;
  }

  async function join(tx: Tx, id: string, signal: Signal, reason: string): Promise<void> {
    const incident = await rows.lockIncident(tx, id);
    if (!incident) return;
    await rows.addEpisode(tx, id, signal, signal.startedAt);
    const all = await rows.episodesOf(tx, id);
    const endpoint = organisation.endpoints.find(({ id: known }) => known === incident.endpoint);
    const sev = severity(
      all.map((episode) => episode.signal),
      endpoint?.business,
    );
    // It can only get worse: an incident that was bad stays as bad as it was at its worst.
    const worse = Math.min(sev.sev, incident.severity);
    const opened = signal.startedAt.epochMilliseconds < Date.parse(incident.opened_at) ? signal.startedAt : undefined;
    await rows.updateIncident(tx, id, { severity: worse, last_signal_at: clock.now().toString() });
    if (opened) await tx.updateTable('incidents').set({ opened_at: opened.toString() }).where('id', '=', id).execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'alerts.joined',
      objects: objectsOf(id, signal),
      why: reason,
      detail: { headline: signal.headline, severity: worse, reasons: sev.reasons },
    });
    await jobs.enqueue(tx, INVESTIGATE, { incident: id });
    await outbox.refresh(tx, cardOf(id));
  }

  async function endOf(tx: Tx, id: string, signal: Signal, at: Temporal.Instant, reason: string): Promise<void> {
    const ended = await rows.endEpisode(tx, id, signal.dedupKey, at);
    await rows.updateIncident(tx, id, { last_signal_at: clock.now().toString() });
    if (ended > 0) {
      await audit.append(tx, {
        actor: 'wardroom',
        action: 'alerts.ended',
        objects: objectsOf(id, signal),
        why: reason,
        detail: { headline: signal.headline },
      });
    }
    await closeIfOver(tx, id);
    await outbox.refresh(tx, cardOf(id));
  }

  /** Closes the incident when everything in it is over (incidents.rules.ts says when); called after each end and change. */
  async function closeIfOver(tx: Tx, id: string): Promise<void> {
    const incident = await rows.lockIncident(tx, id);
    if (!incident || incident.state === 'resolved') return;
    const episodes = await rows.episodesOf(tx, id);
    const changes: EndpointChange[] = incident.endpoint
      ? await deps.changesOf(tx, incident.endpoint, incident.opened_at)
      : [];
    const verdict = closing(
      episodes.map(({ signal, startedAt, endedAt }) => ({
        dedupKey: signal.dedupKey,
        kind: signal.kind,
        stateless: signal.stateless,
        rule: signal.rule,
        startedAt,
        endedAt,
      })),
      changes,
    );
    if (!verdict.close) return;
    const at = verdict.endedAt ?? clock.now();
    for (const key of verdict.recovered) {
      await rows.endEpisode(tx, id, key, at);
      await rows.keepMarks(
        tx,
        key,
        markEnded((await rows.marksOf(tx, key)) ?? { fired: [], ended: [] }, at),
        clock.now(),
      );
    }
    await finish(tx, incident, 'wardroom', verdict.reason, clock.now());
  }

  async function finish(
    tx: Tx,
    incident: rows.IncidentRow,
    by: string,
    why: string,
    at: Temporal.Instant,
  ): Promise<void> {
    const { escalation } = incident;
    await rows.updateIncident(tx, incident.id, {
      state: 'resolved',
      resolved_at: at.toString(),
      resolved_by: by === 'wardroom' ? null : by,
      why,
      escalation: {
        ...escalation,
        state: { ...escalation.state, closed: true },
        generation: escalation.generation + 1,
      },
    });
    await pages.withdraw(tx, incident.id);
    if (by === 'wardroom') {
      await audit.append(tx, { actor: by, action: 'alerts.resolved', objects: [incident.id], why });
    }
    await outbox.refresh(tx, cardOf(incident.id));
    await outbox.say(tx, {
      key: `resolved:${incident.id}:${at.epochMilliseconds}`,
      kind: 'alerts.said',
      ids: { incident: incident.id, what: 'resolved' },
      conversation: incident.channel,
      under: cardOf(incident.id),
    });
  }

  async function needed(tx: Tx, id: string): Promise<rows.IncidentRow> {
    const incident = await rows.lockIncident(tx, id);
    if (!incident)
      throw new Refused(`There is no incident ${id}.`, 'Say “incidents” for the list.', 'unknown-incident');
    return incident;
  }

  return {
    processNew,
    closeIfOver,

    /** Stops the escalation. A second person is noted and told who was first. */
    async acknowledge(
      tx: Tx,
      id: string,
      who: { id: string; name: string },
    ): Promise<{ first: boolean; by: string; at: string }> {
      const incident = await needed(tx, id);
      if (incident.state === 'resolved') throw new Refused(`${id} is resolved already.`, '', 'finished');
      if (incident.state === 'acknowledged' && incident.acknowledged_by && incident.acknowledged_at) {
        return { first: false, by: incident.acknowledged_by, at: incident.acknowledged_at };
      }
      const at = clock.now().toString();
      const { escalation } = incident;
      await rows.updateIncident(tx, id, {
        state: 'acknowledged',
        acknowledged_at: at,
        acknowledged_by: who.id,
        escalation: {
          ...escalation,
          state: { ...escalation.state, acknowledged: true },
          generation: escalation.generation + 1,
        },
      });
      await pages.withdraw(tx, id);
      await outbox.refresh(tx, cardOf(id));
      await outbox.say(tx, {
        key: `acknowledged:${id}:${at}`,
        kind: 'alerts.said',
        ids: { incident: id, what: 'acknowledged' },
        conversation: incident.channel,
        under: cardOf(id),
      });
      return { first: true, by: who.id, at };
    },

    /** A person says it is over; the reason is kept. */
    async resolve(tx: Tx, id: string, who: { id: string }, reason: string): Promise<void> {
      const incident = await needed(tx, id);
      if (incident.state === 'resolved') throw new Refused(`${id} is resolved already.`, '', 'finished');
      const now = clock.now();
      for (const episode of await rows.episodesOf(tx, id)) {
        if (episode.endedAt) continue;
        const key = episode.signal.dedupKey;
        await rows.endEpisode(tx, id, key, now);
        await rows.keepMarks(tx, key, markEnded((await rows.marksOf(tx, key)) ?? { fired: [], ended: [] }, now), now);
      }
      await finish(tx, incident, who.id, reason, now);
    },

    escalateByHand: pages.byHand,
    runEscalation: pages.run,

    /** What the investigation found; the card shows it. */
    async keepFindings(tx: Tx, id: string, findings: object, headline: string | undefined): Promise<void> {
      await rows.updateIncident(tx, id, {
        findings: JSON.stringify(findings),
        ...(headline ? { title: headline } : {}),
      });
      await outbox.refresh(tx, cardOf(id));
    },
  };
}

const objectsOf = (id: string, signal: Signal): string[] => [id, ...(signal.endpoint ? [signal.endpoint] : [])];

export type Incidents = ReturnType<typeof incidents>;
