import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  type Ballot,
  type Choice,
  type Delegation,
  decide,
  type Member,
  type Vote,
  whyNot,
} from '../../../services/approvals/votes.rules.ts';

const T0 = Temporal.Instant.from('2026-11-23T16:00:00Z');
const at = (minutes: number) => T0.add({ minutes });
const MEMBERS: Member[] = [
  { person: 'cara', roles: ['risk'] },
  { person: 'dev', roles: ['engineering'] },
  { person: 'eva', roles: ['domain'] },
];
const CHOICES: Record<string, Choice> = { '+': 'approve', '-': 'reject', '0': 'abstain' };
const votes = (...written: string[]): Vote[] =>
  written.map((text, index) => ({
    voter: text.slice(0, -1),
    choice: CHOICES[text.slice(-1)] ?? 'abstain',
    at: at(index + 1),
    seq: index + 1,
    reason: 'said so',
  }));
const away = (from: string, to: string, since = 0, until = 200): Delegation => ({
  from,
  to,
  since: at(since),
  until: at(until),
});
const ballot = (cast: Vote[], delegations: Delegation[], over: Partial<Ballot> = {}): Ballot => ({
  policy: { minApprovals: 2, requiredRoles: ['risk'], vetoRoles: [], threshold: '2/3', deadline: 240 },
  openedAt: T0,
  requester: 'ann',
  members: MEMBERS,
  excluded: [],
  votes: cast,
  delegations,
  ...over,
});

describe('a delegated seat', () => {
  it.each<[string, string[], Delegation[], Partial<Ballot>, string, string[]]>([
    ['is filled by whom it went to', ['ines+', 'dev+'], [away('cara', 'ines')], {}, 'approved', []],
    [
      'not by its owner meanwhile',
      ['cara+', 'dev+'],
      [away('cara', 'ines')],
      {},
      'open',
      ['1 more approval', 'a vote from risk'],
    ],
    [
      'by its owner again when it has ended',
      ['ines0', 'dev+', 'eva+'],
      [away('cara', 'ines', 0, 1)],
      {},
      'open',
      ['a vote from risk'],
    ],
    ['counts once with the own seat of the delegate', ['dev+'], [away('cara', 'dev')], {}, 'open', ['1 more approval']],
    ['in the roles of both', ['dev+', 'eva+'], [away('cara', 'dev')], {}, 'approved', []],
    [
      'goes one hop and no further',
      ['eva+', 'dev+'],
      [away('cara', 'ines'), away('ines', 'eva')],
      {},
      'open',
      ['a vote from risk'],
    ],
    [
      'never to somebody excluded',
      ['cara+', 'dev+'],
      [away('cara', 'hugo')],
      { excluded: [{ person: 'hugo', why: 'an author' }] },
      'approved',
      [],
    ],
    [
      'never to the requester',
      ['ann+', 'dev+'],
      [away('cara', 'ann')],
      {},
      'open',
      ['1 more approval', 'a vote from risk'],
    ],
    [
      'cannot come from somebody excluded',
      ['ines+', 'dev+'],
      [away('cara', 'ines')],
      { excluded: [{ person: 'cara', why: 'an author' }] },
      'rejected',
      [],
    ],
  ])('%s', (_what, cast, delegations, over, state, missing) => {
    const found = decide(at(60), ballot(votes(...cast), delegations, over));
    expect(found.state).toBe(state);
    if (state === 'open') expect(found.missing).toEqual(missing);
  });

  it('tells for whom a vote stands', () => {
    const { tally } = decide(at(60), ballot(votes('ines+'), [away('cara', 'ines')]));
    expect(tally).toMatchObject({ inPlaceOf: { ines: ['cara'] }, outstanding: ['dev', 'eva'], approvals: 1 });
  });

  it('an owner who comes back takes the vote over, and it is not counted twice', () => {
    const delegations = [away('cara', 'ines', 0, 2)];
    const { tally } = decide(at(60), ballot(votes('ines+', 'cara0'), delegations));
    expect(tally.counted.map(({ voter, choice }) => [voter, choice])).toEqual([['cara', 'abstain']]);
    expect([tally.approvals, tally.abstentions]).toEqual([0, 1]);
  });

  it('is explained to its owner', () => {
    const open = ballot([], [away('cara', 'ines')], {
      nameOf: (person) => ({ ines: 'Inês Duarte' })[person] ?? person,
    });
    expect(whyNot(at(1), open, { voter: 'cara', choice: 'approve' })).toBe(
      'You have delegated to Inês Duarte, who votes in your place.',
    );
    expect(whyNot(at(1), open, { voter: 'ines', choice: 'approve' })).toBeUndefined();
  });

  it('carries the veto of its roles', () => {
    const rules = { ...ballot([], []).policy, vetoRoles: ['risk' as const] };
    const found = decide(at(60), ballot(votes('ines-'), [away('cara', 'ines')], { policy: rules }));
    expect(found).toMatchObject({ state: 'rejected', by: 'veto', reason: 'Vetoed by ines: said so' });
  });
});

describe('the quorum', () => {
  const quorum = (members: number, rules: object) => {
    const many = Array.from({ length: members }, (_, index) => ({ person: `p${index}`, roles: ['risk'] }));
    const policy = { ...ballot([], []).policy, minApprovals: 1, ...rules };
    return decide(at(1), ballot(votes('p0+'), [], { members: many, policy })).missing;
  };
  it.each([
    [5, { quorum: '3/5' }, '2 more votes for the quorum of 3'],
    [6, { quorum: '3/5' }, '3 more votes for the quorum of 4'],
    [6, { quorum: '0.6' }, '3 more votes for the quorum of 4'],
    [10, { quorum: '0.6' }, '5 more votes for the quorum of 6'],
    [4, { quorum: '1/2', minVotes: 3 }, '2 more votes for the quorum of 3'],
  ])('of %i people by %j', (members, rules, missing) => {
    expect(quorum(members, rules)).toEqual([missing]);
  });
  it('fails closed when fewer are left than the least', () => {
    const policy = { ...ballot([], []).policy, minVotes: 4 };
    expect(decide(at(1), ballot([], [], { policy }))).toMatchObject({
      state: 'rejected',
      reason: 'Only 3 may vote on this and 4 are needed.',
    });
  });
});

it('five thousand votes on one request are counted in one pass', () => {
  const members = Array.from({ length: 5000 }, (_, index) => ({ person: `p${index}`, roles: ['risk'] }));
  const cast = members.map(({ person }, seq): Vote => ({ voter: person, choice: 'approve', at: at(1), seq }));
  const policy = { ...ballot([], []).policy, close: 'when-certain' as const, threshold: '1/1', quorum: '1/1' };
  const found = decide(at(2), ballot(cast, [], { members, policy }));
  expect(found).toMatchObject({ state: 'approved', tally: { approvals: 5000, rejections: 0 } });
});
