import { Temporal } from 'temporal-polyfill';
import { approvalFindings, approvalReferences } from './organisation.approvals.rules.ts';
import { costFindings } from './organisation.cost.rules.ts';
import { type Draft, entries, type Finding, LISTS, type ListName, type Path, scheduled } from './organisation.draft.ts';
import { intakeFindings, intakeReferences } from './organisation.intake.rules.ts';
import { modelFindings, modelReferences } from './organisation.models.rules.ts';
import { peopleFindings } from './organisation.people.rules.ts';
import type { Organisation } from './organisation.ts';
import { windowFindings, windowReferences } from './organisation.windows.rules.ts';
import { nearest } from './similar.ts';

const ONE_OF: Record<ListName, string> = {
  people: 'person',
  channels: 'channel',
  teams: 'team',
  workspaces: 'workspace',
  endpoints: 'endpoint',
  schedules: 'schedule',
  escalationPolicies: 'escalation policy',
  approvalPolicies: 'approval policy',
  businessHours: 'business hours',
  boards: 'board',
  promotions: 'promotion',
  repositories: 'repository',
  hooks: 'hook',
  heartbeats: 'heartbeat',
  departments: 'department',
  budgets: 'budget',
  routes: 'route',
  inhibitions: 'inhibition',
  driftContexts: 'drift context',
  labels: 'label source',
  retraining: 'retraining rule',
  concernPaths: 'concern path',
  windows: 'window',
  errorBudgets: 'error budget',
  automations: 'automation',
  pipelines: 'pipeline',
  kpis: 'KPI',
};

/**
 * Checks of an organisation that need more than one entry. Pure: a draft in, everything that is wrong out, each with the
 * path of the value to blame, so that the reader of the file can name its line.
 */
export function findings(draft: Draft): Finding[] {
  return [
    ...duplicates(draft),
    ...references(draft),
    ...zones(draft),
    ...peopleFindings(draft),
    ...approvalFindings(draft),
    ...currencies(draft),
    ...costFindings(draft),
    ...modelFindings(draft),
    ...windowFindings(draft),
    ...intakeFindings(draft),
  ];
}

function* duplicates(draft: Draft): Generator<Finding> {
  for (const list of LISTS) {
    // Azure compares names without their case, so "EP-Fraud" and "ep-fraud" are one endpoint.
    const ids = draft.names[list].map((id, index) => ({ value: id, path: [list, index, 'id'] }));
    yield* repeated(ids, (value) => `two entries of ${list} have the id "${value}"`, 'give each its own id');
  }
  const each = <K extends ListName>(list: K, field: keyof Organisation[K][number] & string) =>
    [...entries(draft, list)].map(([entry, path]) => ({
      value: entry[field] as string | undefined,
      path: [...path, field],
    }));
  const own = 'each person has their own';
  yield* repeated(each('people', 'entraId'), (value) => `two people have the entraId ${value}`, own);
  yield* repeated(each('people', 'email'), (value) => `two people have the email ${value}`, own);
  yield* repeated(
    each('channels', 'conversation'),
    (value) => `two channels have the conversation ${value}`,
    'each channel has its own; leave it out to have it learnt on installation',
  );
}

function* repeated(
  values: readonly { value: string | undefined; path: Path }[],
  wrong: (value: string) => string,
  right: string,
): Generator<Finding> {
  const seen = new Set<string>();
  for (const { value, path } of values) {
    if (value === undefined) continue;
    if (seen.has(value.toLowerCase())) yield { path, wrong: wrong(value), right };
    seen.add(value.toLowerCase());
  }
}

const MOST_SUGGESTIONS = 100;
const isText = (value: string | undefined): value is string => value !== undefined;

function* references(draft: Draft): Generator<Finding> {
  const known = Object.fromEntries(LISTS.map((list) => [list, new Set(draft.names[list])]));
  let found = 0;
  const check = function* (list: ListName, id: string | undefined, path: Path): Generator<Finding> {
    if (id === undefined || known[list]?.has(id)) return;
    const add = `add it under ${list}`;
    found += 1;
    // Comparing thousands of unknown names with thousands of known ones takes many seconds and helps nobody.
    const right = found > MOST_SUGGESTIONS ? add : suggest(id, [...(known[list] ?? [])].filter(isText), add);
    yield { path, wrong: `there is no ${ONE_OF[list]} "${id}"`, right };
  };
  yield* check('channels', draft.fallbackChannel, ['fallbackChannel']);
  for (const [team, path] of entries(draft, 'teams')) {
    for (const [index, id] of team.members.entries()) yield* check('people', id, [...path, 'members', index]);
    yield* check('channels', team.channel, [...path, 'channel']);
  }
  for (const [endpoint, path] of entries(draft, 'endpoints')) {
    yield* check('workspaces', endpoint.workspace, [...path, 'workspace']);
    yield* check('teams', endpoint.owner, [...path, 'owner']);
    yield* check('escalationPolicies', endpoint.escalation, [...path, 'escalation']);
    yield* check('approvalPolicies', endpoint.approval, [...path, 'approval']);
  }
  for (const [hook, path] of entries(draft, 'hooks')) {
    yield* check('endpoints', hook.endpoint, [...path, 'endpoint']);
  }
  for (const [heartbeat, path] of entries(draft, 'heartbeats')) {
    yield* check('endpoints', heartbeat.endpoint, [...path, 'endpoint']);
    yield* check('teams', heartbeat.team, [...path, 'team']);
    yield* check('escalationPolicies', heartbeat.escalation, [...path, 'escalation']);
  }
  for (const [department, path] of entries(draft, 'departments')) {
    yield* check('people', department.owner, [...path, 'owner']);
    for (const [index, id] of department.teams.entries()) yield* check('teams', id, [...path, 'teams', index]);
  }
  for (const [budget, path] of entries(draft, 'budgets')) {
    yield* check('teams', budget.team, [...path, 'team']);
    yield* check('departments', budget.department, [...path, 'department']);
  }
  yield* check('approvalPolicies', draft.cost?.approval, ['cost', 'approval']);
  for (const [route, path] of entries(draft, 'routes')) {
    for (const [index, id] of (route.channels ?? []).entries())
      yield* check('channels', id, [...path, 'channels', index]);
    yield* check('escalationPolicies', route.escalation, [...path, 'escalation']);
  }
  yield* modelReferences(draft, check);
  for (const [index, { schedule }] of (draft.watchdog?.testPages ?? []).entries())
    yield* check('schedules', schedule, ['watchdog', 'testPages', index, 'schedule']);
  for (const [schedule, path] of entries(draft, 'schedules')) {
    for (const [id, at] of scheduled(schedule)) yield* check('people', id, [...path, ...at]);
  }
  for (const [policy, path] of entries(draft, 'escalationPolicies')) {
    for (const [step, { notify }] of policy.steps.entries()) {
      for (const [index, target] of notify.entries()) {
        const at = [...path, 'steps', step, 'notify', index];
        if ('person' in target) yield* check('people', target.person, [...at, 'person']);
        if ('schedule' in target) yield* check('schedules', target.schedule, [...at, 'schedule']);
        if ('channel' in target) yield* check('channels', target.channel, [...at, 'channel']);
      }
    }
    yield* check('escalationPolicies', policy.handTo, [...path, 'handTo']);
  }
  for (const { list, id, path } of [
    ...approvalReferences(draft),
    ...windowReferences(draft),
    ...intakeReferences(draft),
  ])
    yield* check(list, id, path);
}

function suggest(word: string, known: readonly string[], otherwise: string): string {
  const near = nearest(word, known);
  if (near !== undefined) return `did you mean "${near}"? Otherwise ${otherwise}`;
  if (known.length === 0) return otherwise;
  const some = known.slice(0, 8).join(', ');
  return `write one of ${some}${known.length > 8 ? ` (${known.length - 8} more)` : ''}, or ${otherwise}`;
}

function* zones(draft: Draft): Generator<Finding> {
  const check = function* (zone: string | undefined, path: Path): Generator<Finding> {
    if (zone === undefined || isZone(zone)) return;
    const near = nearest(zone, Intl.supportedValuesOf('timeZone'));
    const right = near ? `did you mean ${near}?` : 'write an IANA name such as Europe/Amsterdam, or UTC';
    yield { path, wrong: `"${zone}" is not a time zone`, right };
  };
  yield* check(draft.zone, ['zone']);
  for (const [person, path] of entries(draft, 'people')) yield* check(person.zone, [...path, 'zone']);
  for (const [schedule, path] of entries(draft, 'schedules')) yield* check(schedule.zone, [...path, 'zone']);
  for (const [window, path] of entries(draft, 'windows'))
    if (!isWindowsName(window.zone)) yield* check(window.zone, [...path, 'zone']);
  for (const [hours, path] of entries(draft, 'businessHours')) yield* check(hours.zone, [...path, 'zone']);
  for (const [board, path] of entries(draft, 'boards')) yield* check(board.meets?.zone, [...path, 'meets', 'zone']);
}

/** As Windows calls its zones; services/windows translates them, and closes what an unknown one is about. */
const isWindowsName = (zone: string): boolean => /\b(standard|daylight) time$/i.test(zone);

/** An IANA name. A bare offset ("+01:00") is refused: it would be wrong for half of the year. */
export function isZone(zone: string): boolean {
  if (/^[+-]/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

function* currencies(draft: Draft): Generator<Finding> {
  const known = Intl.supportedValuesOf('currency');
  for (const [endpoint, path] of entries(draft, 'endpoints')) {
    const currency = endpoint.business.moneyPerHour?.currency;
    if (currency === undefined || known.includes(currency)) continue;
    const right = suggest(currency, [], 'write the three letters of ISO 4217, such as EUR or USD');
    yield { path: [...path, 'business', 'moneyPerHour', 'currency'], wrong: `"${currency}" is no currency`, right };
  }
}
