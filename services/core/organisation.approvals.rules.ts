import { type Draft, entries, type Finding, type ListName, type Path } from './organisation.draft.ts';
import { holders } from './organisation.people.rules.ts';
import type { ApprovalPolicy, Person } from './organisation.ts';

/** Every mention of something else in policies, boards and promotions, to be looked up by organisation.rules.ts. */
export function* approvalReferences(draft: Draft): Generator<{ list: ListName; id: string | undefined; path: Path }> {
  for (const [policy, path] of entries(draft, 'approvalPolicies')) {
    for (const [index, id] of policy.voters.people.entries())
      yield { list: 'people', id, path: [...path, 'voters', 'people', index] };
    for (const [index, id] of policy.voters.boards.entries())
      yield { list: 'boards', id, path: [...path, 'voters', 'boards', index] };
    yield { list: 'businessHours', id: policy.hours, path: [...path, 'hours'] };
    yield { list: 'approvalPolicies', id: policy.nextStage, path: [...path, 'nextStage'] };
  }
  for (const [board, path] of entries(draft, 'boards')) {
    for (const [index, id] of board.members.entries()) yield { list: 'people', id, path: [...path, 'members', index] };
    yield { list: 'people', id: board.chair, path: [...path, 'chair'] };
    yield { list: 'channels', id: board.channel, path: [...path, 'channel'] };
  }
  for (const [promotion, path] of entries(draft, 'promotions'))
    yield { list: 'approvalPolicies', id: promotion.policy, path: [...path, 'policy'] };
}

/** Whether every policy can be met by the people that there are. */
export function approvalFindings(draft: Draft): Finding[] {
  return [...policies(draft), ...stages(draft), ...boards(draft), ...hours(draft), ...repositories(draft)];
}

/** GitHub names a repository by two words, Azure DevOps by three. */
function* repositories(draft: Draft): Generator<Finding> {
  for (const [each, path] of entries(draft, 'repositories')) {
    const parts = each.repository.split('/').length;
    const [wanted, form] = each.host === 'github' ? [2, 'owner/name'] : [3, 'organisation/project/repository'];
    if (parts === wanted) continue;
    const host = each.host === 'github' ? 'GitHub' : 'Azure DevOps';
    yield {
      path: [...path, 'repository'],
      wrong: `${each.repository} is no repository of ${host}`,
      right: `write ${form}`,
    };
  }
}

function* stages(draft: Draft): Generator<Finding> {
  const byId = new Map([...entries(draft, 'approvalPolicies')].map(([policy]) => [policy.id, policy]));
  for (const [policy, path] of entries(draft, 'approvalPolicies')) {
    const seen = new Set([policy.id]);
    for (let next = policy.nextStage; next !== undefined; next = byId.get(next)?.nextStage) {
      if (!seen.has(next)) {
        seen.add(next);
        continue;
      }
      const wrong = `the stages of ${policy.id} come back to ${next}, so they would never end`;
      yield { path: [...path, 'nextStage'], wrong, right: 'let the last stage have no nextStage' };
      break;
    }
  }
}

function* boards(draft: Draft): Generator<Finding> {
  for (const [board, path] of entries(draft, 'boards')) {
    if (!board.members.includes(board.chair)) {
      const wrong = `${board.chair} chairs ${board.id} and is not among its members`;
      yield { path: [...path, 'chair'], wrong, right: `add ${board.chair} to members, or name another chair` };
    }
  }
}

function* hours(draft: Draft): Generator<Finding> {
  for (const [each, path] of entries(draft, 'businessHours')) {
    if (each.from !== each.to) continue;
    const wrong = `work begins and ends at ${each.from}`;
    yield { path: [...path, 'to'], wrong, right: 'write when it ends, such as "17:00"' };
  }
}

function* policies(draft: Draft): Generator<Finding> {
  // While a person's entry is broken nobody can say what it would grant; that entry is reported by itself.
  if (draft.people.some((person) => person === undefined)) return;
  for (const [policy, path] of entries(draft, 'approvalPolicies')) {
    const voters = votersOf(draft, policy);
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
    const asked = Math.max(policy.minVotes, typeof policy.quorum === 'number' ? policy.quorum : 0);
    if (voters.size >= policy.minApprovals && voters.size < asked) {
      yield {
        path: [...path, policy.minVotes === asked ? 'minVotes' : 'quorum'],
        wrong: `${asked} votes are needed and ${voters.size} active people may vote`,
        right: 'name more voters, or ask for fewer votes',
      };
    }
    const [part = 0, whole = 1] = policy.threshold.split('/').map(Number);
    if (part > whole) {
      const wrong = `${policy.threshold} of the votes is more than all of them`;
      yield { path: [...path, 'threshold'], wrong, right: 'write a fraction up to "1/1"' };
    }
  }
}

function votersOf(draft: Draft, policy: ApprovalPolicy): Map<string, Person> {
  const voters = new Map<string, Person>();
  for (const role of policy.voters.roles) for (const person of holders(draft, role)) voters.set(person.id, person);
  const members = [...entries(draft, 'boards')]
    .filter(([board]) => policy.voters.boards.includes(board.id))
    .flatMap(([board]) => board.members);
  for (const id of [...policy.voters.people, ...members]) {
    const person = draft.people.find((candidate) => candidate?.id === id);
    if (person?.active) voters.set(id, person);
  }
  return voters;
}
