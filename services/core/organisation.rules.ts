import { Temporal } from 'temporal-polyfill';
import type { Organisation, Person, Role, Schedule } from './organisation.ts';
import { nearest } from './similar.ts';

/**
 * Checks of an organisation that need more than one entry. Pure: a draft in, everything that is wrong out, each with the
 * path of the value to blame, so that the reader of the file can name its line.
 *
 * A draft holds the entries that have the right shape, at their places, and `undefined` where one has not; `names` knows
 * the ids of both, so that one mistyped person does not make every mention of that person "unknown" as well.
 */
export type ListName = Exclude<keyof Organisation, 'name' | 'zone' | 'fallbackChannel'>;
export type Draft = { readonly [K in ListName]: readonly (Organisation[K][number] | undefined)[] } & {
  readonly zone?: string | undefined;
  readonly fallbackChannel?: string | undefined;
  readonly names: Readonly<Record<ListName, readonly (string | undefined)[]>>;
};

export type Path = readonly (string | number)[];
export interface Finding {
  path: Path;
  /** What is wrong, in words. */
  wrong: string;
  /** What would be right. */
  right: string;
}

export const LISTS: readonly ListName[] = [
  'people',
  'channels',
  'teams',
  'workspaces',
  'endpoints',
  'schedules',
  'escalationPolicies',
  'approvalPolicies',
];

const ONE_OF: Record<ListName, string> = {
  people: 'person',
  channels: 'channel',
  teams: 'team',
  workspaces: 'workspace',
  endpoints: 'endpoint',
  schedules: 'schedule',
  escalationPolicies: 'escalation policy',
  approvalPolicies: 'approval policy',
};

export function findings(draft: Draft): Finding[] {
  return [
    ...duplicates(draft),
    ...references(draft),
    ...zones(draft),
    ...teams(draft),
    ...schedules(draft),
    ...escalations(draft),
    ...approvals(draft),
    ...currencies(draft),
  ];
}

/** The entries of a list that have the right shape, each with its path. */
function* entries<K extends ListName>(draft: Draft, list: K): Generator<[Organisation[K][number], Path]> {
  for (const [index, entry] of draft[list].entries()) {
    if (entry !== undefined) yield [entry as Organisation[K][number], [list, index]];
  }
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

function* references(draft: Draft): Generator<Finding> {
  const check = function* (list: ListName, id: string | undefined, path: Path): Generator<Finding> {
    const known = draft.names[list].filter((name) => name !== undefined);
    if (id === undefined || known.includes(id)) return;
    yield { path, wrong: `there is no ${ONE_OF[list]} "${id}"`, right: suggest(id, known, `add it under ${list}`) };
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
  for (const [policy, path] of entries(draft, 'approvalPolicies')) {
    for (const [index, id] of policy.voters.people.entries()) {
      yield* check('people', id, [...path, 'voters', 'people', index]);
    }
  }
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
}

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

const gone = (draft: Draft, id: string): Person | undefined =>
  draft.people.find((person) => person?.id === id && !person.active);

function* teams(draft: Draft): Generator<Finding> {
  for (const [team, path] of entries(draft, 'teams')) {
    if (team.members.every((id) => gone(draft, id))) {
      yield {
        path: [...path, 'members'],
        wrong: `nobody in the team ${team.id} is active`,
        right: 'add somebody who is, or give what the team owns to another team and remove it',
      };
    }
  }
}

function* scheduled(schedule: Schedule): Generator<[string, Path]> {
  for (const [index, id] of schedule.rotation.people.entries()) yield [id, ['rotation', 'people', index]];
  for (const [index, { person }] of schedule.hours.entries()) yield [person, ['hours', index, 'person']];
  for (const [index, { person, insteadOf }] of schedule.overrides.entries()) {
    if (person !== undefined) yield [person, ['overrides', index, 'person']];
    if (insteadOf !== undefined) yield [insteadOf, ['overrides', index, 'insteadOf']];
  }
}

function* schedules(draft: Draft): Generator<Finding> {
  for (const [schedule, path] of entries(draft, 'schedules')) {
    for (const [id, at] of scheduled(schedule)) {
      const person = gone(draft, id);
      if (person && at.at(-1) !== 'insteadOf') {
        const wrong = `${person.name} is not active and would be called all the same`;
        yield { path: [...path, ...at], wrong, right: 'put somebody active in their place' };
      }
    }
    const overrides = schedule.overrides.map((override, index) => ({
      ...override,
      index,
      start: Temporal.Instant.from(override.from).epochMilliseconds,
      end: Temporal.Instant.from(override.to).epochMilliseconds,
    }));
    for (const [place, one] of overrides.entries()) {
      if (one.end <= one.start) {
        const wrong = 'this override ends before it starts';
        yield { path: [...path, 'overrides', one.index, 'to'], wrong, right: `write a time after ${one.from}` };
      }
      const other = overrides.slice(0, place).find((earlier) => earlier.start < one.end && one.start < earlier.end);
      if (other) {
        yield {
          path: [...path, 'overrides', one.index],
          wrong: `this override overlaps the one from ${other.from} to ${other.to}`,
          right: 'let one end where the other starts, so that it is plain who is on call',
        };
      }
    }
  }
}

function* escalations(draft: Draft): Generator<Finding> {
  for (const [policy, path] of entries(draft, 'escalationPolicies')) {
    for (const [step, { notify }] of policy.steps.entries()) {
      for (const [index, target] of notify.entries()) {
        const at = [...path, 'steps', step, 'notify', index];
        if ('person' in target && gone(draft, target.person)) {
          const wrong = `${target.person} is not active and cannot be called`;
          yield { path: [...at, 'person'], wrong, right: 'name somebody active, a schedule or a role' };
        }
        if ('role' in target && holders(draft, target.role).length === 0) {
          const wrong = `nobody active holds the role ${target.role}, so this step would tell nobody`;
          yield { path: [...at, 'role'], wrong, right: `give somebody the role ${target.role}, or name a person` };
        }
      }
    }
    const way = handsRound(draft, policy.id);
    if (way) {
      const wrong = `these policies hand to each other without an end: ${way.join(' → ')}`;
      yield { path: [...path, 'handTo'], wrong, right: 'let one of them end; use `repeat` to go round again' };
    }
  }
}

/** The way from a policy back to itself. Only its first policy in the file reports a circle. */
function handsRound(draft: Draft, start: string): string[] | undefined {
  const order = draft.escalationPolicies.map((policy) => policy?.id);
  const way = [start];
  for (;;) {
    const next = draft.escalationPolicies.find((policy) => policy?.id === way.at(-1))?.handTo;
    if (next === undefined) return undefined;
    if (next === start) {
      const first = order.find((id) => id !== undefined && way.includes(id));
      return first === start ? [...way, start] : undefined;
    }
    if (way.includes(next)) return undefined;
    way.push(next);
  }
}

/** Active people with this role; everybody active is a viewer. */
const holders = (draft: Draft, role: Role): Person[] =>
  draft.people.filter((person) => person?.active && (role === 'viewer' || person.roles.includes(role))) as Person[];

function* approvals(draft: Draft): Generator<Finding> {
  // While a person's entry is broken nobody can say what it would grant; that entry is reported by itself.
  if (draft.people.some((person) => person === undefined)) return;
  for (const [policy, path] of entries(draft, 'approvalPolicies')) {
    const voters = new Map<string, Person>();
    for (const role of policy.voters.roles) for (const person of holders(draft, role)) voters.set(person.id, person);
    for (const id of policy.voters.people) {
      const person = draft.people.find((candidate) => candidate?.id === id);
      if (person?.active) voters.set(id, person);
    }
    for (const [index, role] of policy.requiredRoles.entries()) {
      const may = [...voters.values()].some((person) => role === 'viewer' || person.roles.includes(role));
      if (may) continue;
      const held = holders(draft, role).length > 0;
      yield {
        path: [...path, 'requiredRoles', index],
        wrong: held
          ? `nobody with the role ${role} is among the voters, so no request could ever be approved`
          : `nobody active holds the role ${role}, so no request could ever be approved`,
        right: held ? `add ${role} to the voters' roles` : `give somebody active the role ${role}`,
      };
    }
    if (voters.size < policy.minApprovals) {
      yield {
        path: [...path, policy.minApprovals > 2 ? 'minApprovals' : 'voters'],
        wrong: `${policy.minApprovals} approvals are needed and ${voters.size} active people may vote`,
        right: 'name more voters, or ask for fewer approvals',
      };
    }
    const [part = 0, whole = 1] = policy.threshold.split('/').map(Number);
    if (part > whole) {
      const wrong = `${policy.threshold} of the votes is more than all of them`;
      yield { path: [...path, 'threshold'], wrong, right: 'write a fraction up to "1/1"' };
    }
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
