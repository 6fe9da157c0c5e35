import { Temporal } from 'temporal-polyfill';
import { type Draft, entries, type Finding, scheduled } from './organisation.draft.ts';
import type { Person, Role } from './organisation.ts';
import { conflict } from './schedule.rules.ts';

/** Checks that somebody is there: everyone who would be called or asked is active, and enough of them to decide. */
export function peopleFindings(draft: Draft): Finding[] {
  return [...teams(draft), ...schedules(draft), ...escalations(draft)];
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

function* schedules(draft: Draft): Generator<Finding> {
  for (const [schedule, path] of entries(draft, 'schedules')) {
    for (const [id, at] of scheduled(schedule)) {
      const person = gone(draft, id);
      if (person && at.at(-1) !== 'insteadOf') {
        const wrong = `${person.name} is not active and would be called all the same`;
        yield { path: [...path, ...at], wrong, right: 'put somebody active in their place' };
      }
    }
    for (const [place, one] of schedule.overrides.entries()) {
      if (Temporal.Instant.compare(one.to, one.from) <= 0) {
        const wrong = 'this override ends before it starts';
        yield { path: [...path, 'overrides', place, 'to'], wrong, right: `write a time after ${one.from}` };
      }
      const other = schedule.overrides.slice(0, place).find((earlier) => conflict(earlier, one));
      if (other) {
        yield {
          path: [...path, 'overrides', place],
          wrong: `this override contradicts the one from ${other.from} to ${other.to}`,
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
export const holders = (draft: Draft, role: Role): Person[] =>
  draft.people.filter((person) => person?.active && (role === 'viewer' || person.roles.includes(role))) as Person[];
