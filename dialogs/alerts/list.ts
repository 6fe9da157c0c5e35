import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { incidentListCard } from '../../cards/alerts/list.ts';
import type { Search } from '../../services/alerts/index.ts';
import { Refused } from '../../services/core/errors.ts';
import { freeText, oneOf, period, since, wholeNumber } from '../arguments.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { said } from '../times.ts';

const MOST = 50;

const input = z.object({
  /** Open ones when nothing is said; all of them when somebody looks for something. */
  which: oneOf(['open', 'all', 'resolved', 'mine']).optional(),
  words: freeText(120).optional(),
  /** An endpoint or a team. */
  of: freeText(63).optional(),
  severity: wholeNumber(0, 4).optional(),
  since: since.optional(),
  period: period.optional(),
});

export const list = capability({
  id: 'alerts.list',
  summary: 'List incidents: open, all, yours, of an endpoint or team, by severity, by words, since a time',
  phrases: [
    'incidents',
    'all incidents',
    'open incidents',
    'resolved incidents',
    'list incidents',
    'list {which} incidents',
    'my incidents {which=mine}',
    'incidents {period}',
    'incidents since {since}',
    'incidents about {words} [since {since}]',
    'incidents of {of} [since {since}]',
    'incidents with severity {severity} [since {since}]',
  ],
  examples: [
    'incidents',
    'all incidents',
    'my incidents',
    'incidents about latency since Monday',
    'incidents last week',
  ],
  input,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, asked) => {
    const { which, about, search } = searchOf(rooms, asked, actor);
    const { rows, total } = await rooms.alerts.search(rooms.db, search);
    const incidents = rows.map((row) => ({
      id: row.id,
      state: row.state === 'open' ? ('firing' as const) : row.state,
      severity: row.severity as 1,
      headline: row.title,
      since: Temporal.Instant.from(row.opened_at),
      ...(row.resolved_at ? { until: Temporal.Instant.from(row.resolved_at) } : {}),
      ...(row.team ? { owner: rooms.organisation.teams.find(({ id }) => id === row.team)?.name ?? row.team } : {}),
      ...(row.acknowledged_by ? { acknowledgedBy: rooms.people.nameOf(row.acknowledged_by) } : {}),
    }));
    const lines = incidents.map((entry) => `${entry.id}  SEV ${entry.severity}  ${entry.state}  ${entry.headline}`);
    const none =
      which === 'open' && about === ''
        ? 'No incident is open.'
        : `There is no ${which === 'all' || which === 'mine' ? '' : `${which} `}incident${which === 'mine' ? ' of yours' : ''}${about}.`;
    return {
      text:
        lines.length > 0
          ? [...lines, ...(total > rows.length ? [`and ${total - rows.length} more`] : [])].join('\n')
          : none,
      card: incidentListCard({
        now,
        source: 'Wardroom',
        incidents,
        total,
        ...(which === 'all' ? {} : { scope: which === 'mine' ? 'own' : which }),
        ...(about ? { about } : {}),
      }),
      data: rows.map(({ id, state, severity, title, endpoint, opened_at }) => ({
        id,
        state,
        severity,
        title,
        endpoint,
        since: opened_at,
      })),
    };
  },
});

function searchOf(rooms: Rooms, asked: z.output<typeof input>, actor: { id: string; zone: string }) {
  const { words, of, severity } = asked;
  const [begin, end] = asked.period?.split('/') ?? [];
  const from = asked.since ?? begin;
  const looks = words !== undefined || of !== undefined || severity !== undefined || from !== undefined;
  const which = asked.which ?? (looks ? 'all' : 'open');
  const place = of === undefined ? {} : placeOf(rooms, of);
  const search: Search = {
    state: which === 'mine' ? 'open' : which,
    most: MOST,
    ...(words === undefined ? {} : { words }),
    ...(severity === undefined ? {} : { severity }),
    ...(from ? { since: Temporal.Instant.from(from) } : {}),
    ...(end ? { until: Temporal.Instant.from(end) } : {}),
    ...(which === 'mine' ? { person: actor.id } : {}),
    ...place,
  };
  const about = [
    words === undefined ? '' : ` about “${words}”`,
    of === undefined ? '' : ` of ${of}`,
    severity === undefined ? '' : ` of SEV ${severity} or worse`,
    from ? ` ${end ? 'from' : 'since'} ${said(Temporal.Instant.from(from), actor.zone)}` : '',
    end ? ` to ${said(Temporal.Instant.from(end), actor.zone)}` : '',
  ].join('');
  return { which, about, search };
}

/** An endpoint (also without its "ep-") or a team, by id or name. */
function placeOf({ organisation }: Rooms, of: string): { endpoint: string } | { team: string } {
  const wanted = of.toLowerCase();
  const endpoint = organisation.endpoints.find(({ id }) =>
    [id.toLowerCase(), id.toLowerCase().replace(/^[a-z]+-/, '')].includes(wanted),
  );
  const team = organisation.teams.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
  const exact = organisation.endpoints.find(({ id }) => id.toLowerCase() === wanted);
  if (exact) return { endpoint: exact.id };
  if (team) return { team: team.id };
  if (endpoint) return { endpoint: endpoint.id };
  const names = [...organisation.endpoints, ...organisation.teams].map(({ id }) => id).slice(0, 8);
  throw new Refused('I know no endpoint or team of that name.', `There are ${names.join(', ')}.`);
}
