import type { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { markEnded } from './episodes.rules.ts';
import { plan, started } from './escalation.rules.ts';
import { escalations } from './escalations.ts';
import { hushing } from './hushing.ts';
import { closing, type EndpointChange } from './incidents.rules.ts';
import * as rows from './incidents.store.ts';
import type { Findings } from './investigate.ts';
import { type Notifications, notifications } from './notifications.ts';
import { withPlans } from './oncall-rotations.store.ts';
import { closed } from './open-incident.ts';
import type { Routing } from './routes.rules.ts';
import { severity } from './severity.rules.ts';
import { severityAfter } from './severity-set.rules.ts';
import type { Signal } from './signal.ts';
import type { Book } from './signals.ts';
import { story } from './story.ts';
import { tasks } from './tasks.ts';
import { UNATTENDED } from './unattended.ts';
import { worsening } from './worse.ts';

export const INVESTIGATE = 'alerts-investigate';
/** What a use case calls its own people for: that it works worse, or not at all. */
const DEGRADED: ReadonlySet<Signal['kind']> = new Set([
  'drift',
  'latency',
  'errors',
  'availability',
  'failed-run',
  'health',
  'deployment',
]);
/** How long the first card waits for the numbers that make it useful; a page is never later than this. */
const FIRST_LOOK_MS = 2_000;

export const cardOf = (incident: string): string => `incident:${incident}`;

/** Incidents: what people work on. Signals become one, people acknowledge and resolve it, it ends with its alerts. */
export function incidents(deps: AlertsDeps) {
  const { clock, audit, outbox, jobs, organisation } = deps;
  const pages = escalations(deps);
  const tell = story(deps);

  async function openNew(
    tx: Tx,
    signal: Signal,
    reason: string,
    { routing, group }: { routing: Routing; group: string | undefined },
  ): Promise<string> {
    const now = clock.now();
    const id = await rows.nextIncidentId(tx);
    const endpoint = organisation.endpoints.find(({ id: known }) => known === signal.endpoint?.toLowerCase());
    const team = organisation.teams.find(({ id: known }) => known === (endpoint?.owner ?? signal.team));
    const sev = severity([signal], endpoint?.business);
    // A route that names a policy meant these alerts; otherwise the use case that the endpoint carries says who is called.
    const own =
      endpoint && !routing.escalation && DEGRADED.has(signal.kind) ? await deps.ownPath?.(tx, endpoint.id) : undefined;
    const { escalationPolicies: policies } = await withPlans(tx, organisation);
    const policy =
      own?.path ??
      policies.find(({ id: known }) => known === (routing.escalation ?? endpoint?.escalation ?? signal.escalation));
    const speaks = await speech.firstBeat(tx, routing, group);
    const known = plan(policy, speaks, {
      policy: (name) => policies.find((p) => p.id === name),
    });
    const channels = (routing.channels ?? [team?.channel ?? organisation.fallbackChannel]).map(
      (one) => `channel:${one}`,
    );
    const channel = channels[0] ?? `channel:${organisation.fallbackChannel}`;
    // Without a policy everybody there is has been told, when its card stands in the fallback channel or where its route says.
    const alone = !policy && (routing.channels !== undefined || channel === `channel:${organisation.fallbackChannel}`);
    const planned = alone ? unescalated(routing) : known;
    const owned = endpoint ?? routing.channels ?? (signal.endpoint ? undefined : team);
    const unowned = owned
      ? ''
      : `${signal.endpoint ? `${signal.endpoint} is not in wardroom.yaml` : 'The alert names no endpoint'}, so it goes to the fallback channel. `;
    const called = own ? ` It calls the people whom ${own.useCase} names.` : '';
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
        why: `${unowned}${reason}${called}`,
        opened_at: signal.startedAt.toString(),
        last_signal_at: now.toString(),
        escalation: JSON.stringify({ plan: planned, state: started, generation: 0, told: [] }),
        channel,
        route: routing.route ?? null,
        group_key: group ?? null,
      })
      .execute();
    await rows.addEpisode(tx, id, signal, signal.startedAt);
    await audit.append(tx, {
      actor: 'wardroom',
      action: 'alerts.opened',
      objects: objectsOf(id, signal),
      why: `${unowned}${reason}${called}`,
      detail: { headline: signal.headline, severity: sev.sev, reasons: sev.reasons, plan: planned.reason },
    });
    await jobs.enqueue(tx, INVESTIGATE, { incident: id });
    if (routing.closeAfter)
      await jobs.enqueue(tx, UNATTENDED, {}, { at: signal.startedAt.add({ milliseconds: routing.closeAfter }) });
    if (routing.pace) {
      await speech.begin(tx, id, routing, channels, speaks);
      return id;
    }
    for (const conversation of channels) {
      await outbox.show(tx, {
        card: cardOf(id),
        kind: 'alerts.incident',
        ids: { incident: id },
        conversation,
        priority: sev.sev - 1,
        subject: subjectOf(signal),
        notBefore: now.add({ milliseconds: FIRST_LOOK_MS }),
      });
    }
    await pages.run(tx, id);
    return id;
  }

  async function join(tx: Tx, id: string, signal: Signal, reason: string): Promise<void> {
    const incident = await rows.lockIncident(tx, id);
    if (!incident) return;
    const alike = await rows.alike(tx, id, signal);
    const before = alike ? [] : await rows.telling(tx, id);
    await rows.addEpisode(tx, id, signal, signal.startedAt);
    const endpoint = organisation.endpoints.find(({ id: known }) => known === incident.endpoint);
    const sev = alike
      ? { sev: incident.severity, reasons: ['as bad as others of its kind that it joins'] }
      : severity([...before, signal], endpoint?.business);
    // It can only get worse: an incident that was bad stays as bad as it was at its worst.
    const worse = alike ? incident.severity : severityAfter(incident, sev.sev);
    const why = `“${signal.headline}” joined: ${sev.reasons.join('; ')}`;
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
    await graver(tx, incident, worse, why);
    // A step may have waited for one alert more.
    if (incident.escalation.state.held) await pages.run(tx, id);
    if (incident.silenced_by)
      await hushed.speak(tx, id, `“${signal.headline}” is not covered by ${incident.silenced_by}`);
    if (await speech.touch(tx, id)) return;
    // One more of a kind that is known asks Azure nothing new.
    if (!alike && !before.some(({ kind }) => kind === signal.kind))
      await jobs.enqueue(tx, INVESTIGATE, { incident: id });
    await outbox.refresh(tx, cardOf(id), alike ? 'more' : undefined);
  }

  /** The same alert was heard again: its latest words count, and its earliest beginning. */
  async function renew(tx: Tx, id: string, signal: Signal, startedAt: Temporal.Instant): Promise<void> {
    const incident = await rows.lockIncident(tx, id);
    if (!incident) return;
    const before = await rows.openEpisode(tx, id, signal.dedupKey);
    await rows.updateIncident(tx, id, { last_signal_at: clock.now().toString() });
    if (!before) return;
    const same =
      before.signal.headline === signal.headline &&
      before.signal.severity === signal.severity &&
      before.startedAt.epochMilliseconds === startedAt.epochMilliseconds;
    await rows.renewEpisode(tx, before.id, signal, startedAt);
    if (same) return;
    const endpoint = organisation.endpoints.find(({ id: known }) => known === incident.endpoint);
    const sev = severity(await rows.telling(tx, id), endpoint?.business);
    const worse = severityAfter(incident, sev.sev);
    await rows.updateIncident(tx, id, {
      severity: worse,
      ...(incident.title === before.signal.headline ? { title: signal.headline } : {}),
      ...(startedAt.epochMilliseconds < Date.parse(incident.opened_at) ? { opened_at: startedAt.toString() } : {}),
    });
    await graver(tx, incident, worse, `“${signal.headline}” says so: ${sev.reasons.join('; ')}`);
    if (!(await speech.touch(tx, id))) await outbox.refresh(tx, cardOf(id));
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
    // A group that speaks at a pace closes at its beat, so that its last message tells all that ended by then.
    if (await speech.touch(tx, id)) return;
    await closeIfOver(tx, id);
    await outbox.refresh(tx, cardOf(id));
  }

  /** Closes the incident when everything in it is over (incidents.rules.ts says when); called after each end and change. */
  async function closeIfOver(tx: Tx, id: string): Promise<boolean> {
    const incident = await rows.lockIncident(tx, id);
    if (!incident || incident.state === 'resolved') return false;
    if (await rows.stillFiring(tx, id)) return false;
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
    if (!verdict.close) return false;
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
    return true;
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
      escalation: closed(escalation),
    });
    await pages.withdraw(tx, incident.id);
    if (by === 'wardroom') {
      await audit.append(tx, { actor: by, action: 'alerts.resolved', objects: [incident.id], why });
    }
    await outbox.refresh(tx, cardOf(incident.id));
    // Of a group that speaks at a pace nobody is told the end whose beginning they were not told.
    const { paced, channels } = await speech.places(tx, incident.id);
    for (const conversation of paced ? channels : [incident.channel]) {
      await outbox.say(tx, {
        key: `resolved:${incident.id}:${at.epochMilliseconds}${paced ? `@${conversation}` : ''}`,
        kind: paced ? 'alerts.group' : 'alerts.said',
        ids: { incident: incident.id, what: 'resolved' },
        conversation,
        under: cardOf(incident.id),
      });
    }
    await tasks(deps).left(tx, incident.id);
    await tell(tx, incident, { what: 'resolved', key: `over:${incident.id}:${at.epochMilliseconds}`, by, quiet: true });
  }

  async function needed(tx: Tx, id: string): Promise<rows.IncidentRow> {
    const incident = await rows.lockIncident(tx, id);
    if (!incident)
      throw new Refused(`There is no incident ${id}.`, 'Say “incidents” for the list.', 'unknown-incident');
    return incident;
  }

  /** Ends what still fires in it, at this instant. */
  async function endAll(tx: Tx, id: string, now: Temporal.Instant): Promise<void> {
    for (const episode of await rows.episodesOf(tx, id)) {
      if (episode.endedAt) continue;
      const key = episode.signal.dedupKey;
      await rows.endEpisode(tx, id, key, now);
      await rows.keepMarks(tx, key, markEnded((await rows.marksOf(tx, key)) ?? { fired: [], ended: [] }, now), now);
    }
  }

  const book: Book = { open: openNew, join, renew, end: endOf };
  const speech: Notifications = notifications(deps, { pages, closeIfOver });
  const { graver, judgeByFeatures } = worsening(deps, pages);
  const hushed = hushing(deps, pages);

  return {
    book,
    speech,
    hushed,
    closeIfOver,

    /** Closed by a rule; the reason is kept. */
    async closeByRule(tx: Tx, id: string, why: string): Promise<void> {
      const incident = await rows.lockIncident(tx, id);
      if (!incident || incident.state === 'resolved') return;
      await endAll(tx, id, clock.now());
      await finish(tx, incident, 'wardroom', why, clock.now());
    },

    /** A person says it is over; the reason is kept. */
    async resolve(tx: Tx, id: string, who: { id: string }, reason: string): Promise<void> {
      const incident = await needed(tx, id);
      if (incident.state === 'resolved') throw new Refused(`${id} is resolved already.`, '', 'finished');
      const now = clock.now();
      await endAll(tx, id, now);
      await finish(tx, incident, who.id, reason, now);
    },

    /** What the investigation found; the card shows it. */
    async keepFindings(tx: Tx, id: string, findings: Findings, headline: string | undefined): Promise<void> {
      const incident = await rows.lockIncident(tx, id);
      await rows.updateIncident(tx, id, {
        findings: JSON.stringify(findings),
        ...(headline ? { title: headline } : {}),
      });
      if (incident && incident.state !== 'resolved') await judgeByFeatures(tx, incident, findings);
      await outbox.refresh(tx, cardOf(id));
    },
  };
}

const unescalated = ({ route, channels }: Routing) => ({
  steps: [],
  reason: channels
    ? `The route ${route ?? ''} tells its channels; it names no escalation policy.`
    : 'No escalation policy: the fallback channel is told.',
});

/** What a storm is about, for the order of messages. */
const subjectOf = ({ endpoint, labels, rule }: Signal): string =>
  endpoint ?? labels['service'] ?? labels['job'] ?? labels['hook'] ?? rule;

const objectsOf = (id: string, signal: Signal): string[] => [id, ...(signal.endpoint ? [signal.endpoint] : [])];

export type Incidents = ReturnType<typeof incidents>;
