import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type ExplainView, explainCard } from '../../cards/alerts/explain.ts';
import type { Explained } from '../../services/alerts/index.ts';
import type { AuditRow } from '../../services/core/audit.ts';
import { Refused } from '../../services/core/errors.ts';
import { eventId } from '../arguments.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { said } from '../times.ts';
import { saidBy } from './events.ts';

const MOST_ENTRIES = 300;
const ACTIONS: Readonly<Record<string, string>> = { open: 'opened', join: 'joined', update: 'was already part of' };

export const explain = capability({
  id: 'alerts.explain',
  summary: 'Tell what each rule did with a message that came by webhook',
  phrases: ['explain {event}', 'explain event {event}', 'alerts explain {event}'],
  examples: ['explain EVT-1204'],
  input: z.object({ event: eventId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { event }) => {
    const found = await rooms.alerts.explain(rooms.db, event);
    if (!found) throw new Refused(`There is no event ${event}.`, 'Say “events” for the latest.', 'unknown-event');
    const incident = found.decision?.incident;
    const entries = incident ? await rooms.audit.about(rooms.db, incident, MOST_ENTRIES) : [];
    const steps = stepsOf(found, entries, rooms, actor.zone);
    const headline = saidBy(found);
    const lines = steps.map(({ rule, what, why }) => `${rule}: ${what}${why ? ` (${why})` : ''}`);
    const view: ExplainView = {
      now,
      id: found.id,
      state: found.state,
      headline,
      ...(incident ? { incident } : {}),
      facts: factsOf(found),
      steps,
    };
    return {
      text: [`${found.id}: ${headline}`, ...lines].join('\n'),
      card: explainCard(view),
      data: { id: found.id, hook: found.hook, receivedAt: found.receivedAt, state: found.state, incident, steps },
    };
  },
});

function factsOf({ hook, signal, type }: Explained): ExplainView['facts'] {
  if (!signal) return [['Hook', hook], ...(type === 'malformed' ? [] : [['Type', type] as const])];
  return [
    ['Hook', hook],
    ['Rule', signal.rule],
    ['Says', `${signal.condition}, Sev${signal.severity}, ${signal.kind}`],
    ['Key', signal.dedupKey],
  ];
}

/** Each rule in the order in which it looked. */
function stepsOf(found: Explained, entries: readonly AuditRow[], rooms: Rooms, zone: string): ExplainView['steps'] {
  const received = `kept on ${said(Temporal.Instant.from(found.receivedAt), zone)} (${zone})`;
  const steps: ExplainView['steps'][number][] = [
    { rule: 'Received', what: received, why: `by the hook ${found.hook}; a repeat of the same message is not kept` },
  ];
  const { signal, fact, decision } = found;
  if (found.state === 'malformed') return [...steps, { rule: 'Read', what: 'it does not fit', why: found.why ?? '' }];
  if (found.state === 'unknown') {
    return [...steps, { rule: 'Read', what: 'kept and counted, nothing else', why: `nobody knows “${found.type}”` }];
  }
  const read = signal ? `an alert that ${signal.condition === 'fired' ? 'fires' : 'is over'}` : 'a fact, no alert';
  steps.push({ rule: 'Read', what: fact ? `${read}: ${fact.kind}` : read, why: `as ${signal?.rawType ?? found.type}` });
  if (signal) steps.push(placeOf(found, rooms));
  if (!decision) return [...steps, { rule: 'Incident', what: 'not decided yet', why: 'it waits to be looked at' }];
  const { action, incident, reason } = decision;
  // What each stage of the noise rules did, with names for the people in its reasons.
  steps.push(...(decision.steps ?? []).map((step) => ({ ...step, why: named(step.why, rooms) })));
  const did = ACTIONS[action];
  steps.push({
    rule: 'Incident',
    what: incident && did ? `${did} ${incident}` : action === 'held' ? 'made none: it is held back' : 'made none',
    why: reason,
  });
  if (action === 'open' || action === 'join') steps.push(...severityOf(signal?.headline, entries));
  if (incident) steps.push(...toldOf(entries, rooms));
  return steps;
}

/** "ann: the vendor is updating" → "Ann Berg: …" */
const named = (why: string, rooms: Rooms): string =>
  why.replace(/^([a-z0-9-]+): /, (whole, id: string) =>
    rooms.people.byId(id) ? `${rooms.people.nameOf(id)}: ` : whole,
  );

function placeOf({ endpoint, signal }: Explained, rooms: Rooms): ExplainView['steps'][number] {
  const known = rooms.organisation.endpoints.find(({ id }) => id === endpoint);
  const owner = known?.owner ?? signal?.team;
  const team = rooms.organisation.teams.find(({ id }) => id === owner)?.name;
  if (known) {
    const named = signal?.endpoint?.toLowerCase() === known.id.toLowerCase();
    const why = named ? 'the message names it' : 'its name is in the rule or the labels, and no other is';
    return { rule: 'Place', what: `${known.id}${team ? `, owned by ${team}` : ''}`, why };
  }
  if (team) return { rule: 'Place', what: `the team ${team}`, why: 'it is about no endpoint' };
  const why = signal?.endpoint ? `wardroom.yaml has no endpoint ${signal.endpoint}` : 'it names none of our endpoints';
  return { rule: 'Place', what: 'nobody’s: the fallback channel', why };
}

/** The reasons were written down when the severity was decided, with the words of the alert that decided it. */
function severityOf(headline: string | undefined, entries: readonly AuditRow[]): ExplainView['steps'] {
  const entry = entries.find(
    ({ action, detail }) =>
      (action === 'alerts.opened' || action === 'alerts.joined') && detail['headline'] === headline,
  );
  if (!entry) return [];
  const reasons = Array.isArray(entry.detail['reasons']) ? entry.detail['reasons'].map(String).join('; ') : '';
  const why = reasons || 'the highest severity that any of its alerts has had';
  return [{ rule: 'Severity', what: `SEV ${String(entry.detail['severity'])}`, why }];
}

const toldOf = (entries: readonly AuditRow[], rooms: Rooms): ExplainView['steps'] =>
  entries
    .filter(({ action }) => action === 'alerts.told')
    .map(({ detail, why }) => {
      const names = (key: string, name: (id: string) => string): string[] =>
        Array.isArray(detail[key]) ? detail[key].map((id) => name(String(id))) : [];
      const told = [
        ...names('people', (id) => rooms.people.nameOf(id)),
        ...names('channels', (id) => `channel ${id}`),
      ].join(', ');
      return { rule: 'Told', what: `step ${String(detail['step'] ?? '')}: ${told || 'nobody'}`, why: why ?? '' };
    });
