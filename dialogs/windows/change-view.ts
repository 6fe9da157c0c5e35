import { Temporal } from 'temporal-polyfill';
import { money } from '../../cards/parts/numbers.ts';
import type { ChangeView } from '../../cards/windows/change.ts';
import { Refused } from '../../services/core/errors.ts';
import {
  type ChangeBody,
  type CheckItem,
  type Conflict,
  hushOf,
  moment,
  type Need,
  type PipelineRun,
  type PlannedRow,
  rolloutCost,
  stepsOf,
  stretch,
  trafficWords,
} from '../../services/windows/index.ts';
import type { Rooms } from '../rooms.ts';

export async function neededChange(rooms: Rooms, id: string): Promise<PlannedRow> {
  const row = await rooms.windows.changes.find(rooms.db, id);
  if (!row) throw new Refused(`There is no change ${id}.`, 'Say “changes” for the list.');
  return row;
}

/** What is said when a copy of the card is posted because something happened. */
const ABOUT: Readonly<Record<string, (row: PlannedRow, zone: string) => string>> = {
  soon: (row, zone) => `It is to start on ${moment(Temporal.Instant.from(row.starts_at), zone)}.`,
  due: () => 'Its time has come: it may start now.',
  unpaid: () => 'Its time has come, and nobody has agreed yet that it may break its budget.',
  vote: (row, zone) =>
    `Your vote is missing${row.deadline ? `; it counts until ${moment(Temporal.Instant.from(row.deadline), zone)}` : ''}.`,
  quota: () => 'Azure has too few free cores for it as it stands.',
  'taken-back': (row) => row.note ?? 'It is taken back.',
  'way-back': (row) => row.note ?? 'Nothing had to be taken back.',
  undecided: () => 'It was to start now and is not decided. Vote, or give it another time.',
  started: (row) => (row.own_start ? 'It started by itself: the calendar has opened.' : 'It has started.'),
  worse: (row) => row.note ?? 'A step of the traffic is worse than what served before.',
  late: (row) => row.note ?? 'It runs longer than planned.',
  overrun: (row) => row.note ?? 'It runs outside its window.',
  held: (row) => `It is held: ${row.note ?? ''}`,
  done: (row) => `It is done${row.outcome === 'failed' ? ', and failed' : ''}. ${row.note ?? ''}`.trim(),
  aborted: (row) => `It was aborted: ${row.note ?? ''} Way back: ${(row.body as ChangeBody).wayBack}`,
  'handed-over': () => 'You carry it out from now on.',
  glass: (row) =>
    `It starts although the calendar is closed: the glass was broken. ${(row.glass as { reason?: string } | null)?.reason ?? ''}`,
  'review-due': (row) =>
    `The glass was broken for it yesterday and nobody has reviewed that: say “review ${row.id} because …”.`,
  'pipeline-refused': (row) => row.note ?? 'Its pipeline could not be asked.',
  'pipeline-failed': () => 'Its pipeline failed. Take it back, or finish it by hand.',
};

export async function changeView(
  rooms: Rooms,
  row: PlannedRow,
  now: Temporal.Instant,
  about?: string,
): Promise<ChangeView> {
  const { people, windows } = rooms;
  const changes = windows.changes;
  const body = row.body as ChangeBody;
  const conflicts = row.conflicts as Conflict[];
  const standing = await changes.standing(rooms.db, row);
  const decision =
    row.state === 'approved' || row.state === 'voting'
      ? await changes.verdict(rooms.db, row, later(now, Temporal.Instant.from(row.starts_at)))
      : undefined;
  const blocked = decision && !decision.allowed ? [decision.why] : [];
  // What has begun has no conflicts any more that somebody could still act on.
  const ahead = ['voting', 'approved', 'waiting'].includes(row.state);
  const lines = ahead ? [...blocked, ...conflicts.map((conflict) => conflictWords(rooms, conflict))] : [];
  // Another time does not bring more cores.
  const short = conflicts.some(({ code }) => code === 'insufficient_quota');
  const instead =
    lines.length > 0 && !short
      ? await changes.suggestions(rooms.db, changes.asPlanned(row), { ...row, body }, conflicts)
      : [];
  const assignee = people.byId(row.assignee);
  const glass = row.glass as {
    by: string;
    reason: string;
    ticket?: string;
    usedAt?: string;
    reviewedBy?: string;
  } | null;
  const run = row.run as PipelineRun | null;
  return {
    now,
    id: row.id,
    state: row.state,
    class: row.class,
    title: row.title,
    targets: row.targets,
    requester: people.nameOf(row.requester),
    assignee: { id: assignee?.entraId ?? row.assignee, name: people.nameOf(row.assignee) },
    from: Temporal.Instant.from(row.started_at ?? row.starts_at),
    to: Temporal.Instant.from(row.ends_at),
    zone: rooms.organisation.zone,
    revision: row.revision,
    risk: body.risk,
    plan: body.plan,
    wayBack: body.wayBack,
    ...needOf(row),
    ...quietOf(row),
    ...(await costOf(rooms, row)),
    steps: stepsOf(row).map(({ at, endpoint, traffic, verdict, words }) => ({
      at: Temporal.Instant.from(at),
      where: `${endpoint} ${trafficWords(traffic)}`,
      verdict,
      words: words.join('; '),
    })),
    conflicts: lines,
    instead: instead.map(({ start, end }) => ({ from: instant(start), to: instant(end) })),
    checks: (row.checklist as CheckItem[]).map(({ text, doneBy }) => ({
      text,
      ...(doneBy ? { doneBy: people.nameOf(doneBy) } : {}),
    })),
    votes: (standing?.tally.counted ?? []).map(({ voter, choice, reason }) => ({
      voter: people.nameOf(voter),
      choice,
      ...(reason ? { reason } : {}),
    })),
    missing: standing?.missing ?? [],
    ...(row.deadline ? { deadline: Temporal.Instant.from(row.deadline) } : {}),
    ...(row.note ? { note: row.note } : {}),
    ...(about ? { about: ABOUT[about]?.(row, rooms.organisation.zone) ?? about } : {}),
    ...(run ? { run: { state: run.state, ...(run.url ? { url: run.url } : {}) } } : {}),
    ...(glass
      ? {
          glass: {
            by: people.nameOf(glass.by),
            reason: glass.reason,
            ticket: glass.ticket ?? '',
            used: Boolean(glass.usedAt),
            ...(glass.reviewedBy ? { reviewedBy: people.nameOf(glass.reviewedBy) } : {}),
          },
        }
      : {}),
    mention:
      about !== undefined &&
      [
        'soon',
        'due',
        'overrun',
        'handed-over',
        'pipeline-failed',
        'pipeline-refused',
        'started',
        'quota',
        'unpaid',
        'worse',
        'way-back',
      ].includes(about),
    source: 'the change calendar',
  };
}

/** The budget that it would break, and whether somebody still has to agree to that. */
async function costOf({ windows, people, db }: Rooms, row: PlannedRow): Promise<Pick<ChangeView, 'budget'>> {
  const { budget, agreed } = (row.need as Need | null) ?? {};
  if (!budget || row.finished_at) return {};
  const open = row.started_at ? undefined : await windows.changes.owes(db, row);
  const names = budget.agree.filter((id) => id !== row.requester && id !== row.assignee).map(people.nameOf);
  return {
    budget: {
      words: budget.words,
      standing: agreed
        ? `${people.nameOf(agreed.by)} agreed`
        : open
          ? `starts when ${names.join(' or ') || 'an owner of the budget'} agrees`
          : budget.enforce
            ? 'agreed to by a vote'
            : 'told, and holds nothing up',
      open: open !== undefined,
    },
  };
}

const KINDS: Readonly<Record<string, string>> = {
  health: 'resource health',
  deployment: 'failed deployments',
  errors: 'error rate',
};

/** What keeps quiet while it runs, and what does not. */
function quietOf(row: PlannedRow): Pick<ChangeView, 'quiet'> {
  const hush = hushOf(row);
  if (!hush || hush.ids.length === 0) return {};
  const { ids, kinds, except = [] } = hush;
  // One that began before what it may disturb was narrowed.
  if (!kinds) return { quiet: { ids, what: 'alerts of what it changes', calls: 'none of them' } };
  const named = kinds.map((kind) => KINDS[kind] ?? kind);
  const parts = row.targets.some((target) => target.includes('/'));
  const calls = [
    'severity 0',
    ...(kinds.includes('errors') ? [] : ['error rate']),
    'drift and every other kind',
    ...(parts ? ['other deployments'] : []),
    ...(except.length > 0 ? [`the rules ${except.join(', ')}`] : []),
  ];
  return { quiet: { ids, what: `${named.join(' and ')} of ${row.targets.join(', ')}`, calls: calls.join(', ') } };
}

/** Machines, cores and money beyond what runs already; what Azure did not say is said to be unknown. */
function needOf({ need: stored, finished_at }: PlannedRow): { needs?: string } {
  const need = stored as Need | null;
  if (!need) return {};
  const more = need.parts.filter(({ extra }) => extra > 0);
  const cost = rolloutCost(need);
  const words = [
    ...more.map(
      ({ extra, machine, cores, free, limit }) =>
        `${extra} more ${machine}, ${cores} cores with Azure’s reserve of a fifth${free === undefined || finished_at ? '' : ` (${free} of ${limit} are free)`}`,
    ),
    ...(more.length > 0
      ? [cost ? `about ${money({ amount: cost.toFixed(2), currency: need.currency })}` : 'its price is unknown']
      : []),
    ...need.unknown.map((each) => `unknown for ${each}`),
  ];
  if (words.length > 0) return { needs: words.join('; ') };
  return need.parts.length > 0 ? { needs: 'no more machines than run now' } : {};
}

const later = (one: Temporal.Instant, other: Temporal.Instant) =>
  Temporal.Instant.compare(one, other) > 0 ? one : other;

const WORDS: Readonly<Record<Exclude<Conflict['code'], 'assignee_already_scheduled'>, string>> = {
  target_already_scheduled: 'is changed by',
  parent_already_scheduled: 'is part of what is changed by',
  child_already_scheduled: 'has a part that is changed by',
  shared_dependency_scheduled: 'shares a pool with what is changed by',
  in_blackout: 'is frozen',
  parent_in_blackout: 'is part of what is frozen:',
  child_in_blackout: 'has a part that is frozen:',
  not_in_maintenance_window: 'is outside its maintenance windows',
  parent_not_in_maintenance_window: 'is outside the maintenance windows of',
  child_not_in_maintenance_window: 'is outside the maintenance windows of',
  insufficient_quota: 'needs more cores than are free of',
};

function conflictWords(rooms: Rooms, { code, target, with: other, missingCores, span }: Conflict): string {
  const time =
    span && Number.isFinite(span.end)
      ? `, ${stretch(instant(span.start), instant(span.end), rooms.organisation.zone)}`
      : '';
  if (code === 'assignee_already_scheduled')
    return `Whoever carries it out is busy then with ${other ?? 'another change'}${time}`;
  return `${target} ${WORDS[code]}${other ? ` ${other}` : ''}${missingCores ? `: ${missingCores} are missing, with Azure’s reserve of a fifth for upgrades` : ''}${time}`;
}

const instant = (ms: number): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(ms);
