import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { atLeast, fractionOf, needed } from '../../../services/approvals/fraction.rules.ts';
import {
  type Ballot,
  type Choice,
  decide,
  type Member,
  type Vote,
  type VotePolicy,
  whyNot,
} from '../../../services/approvals/votes.rules.ts';

const T0 = Temporal.Instant.from('2026-11-23T16:00:00Z');
const at = (minutes: number) => T0.add({ minutes });
const later = at(60);

const policy = (over: Partial<VotePolicy> = {}): VotePolicy => ({
  minApprovals: 2,
  requiredRoles: ['risk'],
  vetoRoles: [],
  threshold: '2/3',
  deadline: 240,
  ...over,
});
const MEMBERS: Member[] = [
  { person: 'cara', roles: ['approver', 'risk'] },
  { person: 'dev', roles: ['approver', 'engineering'] },
  { person: 'eva', roles: ['approver', 'domain'] },
  { person: 'ines', roles: ['risk', 'approver'] },
  { person: 'lea', roles: ['approver'] },
];
/** "cara+" approves, "dev-" rejects, "eva0" abstains; one a minute, in this order. */
const votes = (...written: string[]): Vote[] =>
  written.map((text, index) => ({
    voter: text.slice(0, -1),
    choice: ({ '+': 'approve', '-': 'reject', '0': 'abstain' } as Record<string, Choice>)[text.slice(-1)] ?? 'abstain',
    at: at(index + 1),
    seq: index + 1,
  }));
const ballot = (cast: Vote[], rules: Partial<VotePolicy> = {}, over: Partial<Ballot> = {}): Ballot => ({
  policy: policy(rules),
  openedAt: T0,
  requester: 'ann',
  members: MEMBERS,
  excluded: [],
  votes: cast,
  ...over,
});

describe('a rollback needs two, one of them from risk', () => {
  it.each<[string, string[], string, string[]]>([
    ['nobody voted', [], 'open', ['2 more approvals', 'a vote from risk']],
    ['one of engineering', ['dev+'], 'open', ['1 more approval', 'a vote from risk']],
    ['two without risk', ['dev+', 'eva+'], 'open', ['a vote from risk']],
    ['one of risk', ['cara+'], 'open', ['1 more approval']],
    ['one of risk and another', ['dev+', 'cara+'], 'approved', []],
    ['risk abstains: it has voted', ['dev+', 'eva+', 'cara0'], 'approved', []],
    ['one against two is two thirds', ['lea-', 'dev+', 'cara+'], 'approved', []],
    ['one for, one against', ['cara+', 'dev-'], 'open', ['1 more approval']],
    ['two against of five', ['cara-', 'dev-'], 'rejected', ['2 more approvals']],
    ['two for, then a second against', ['dev+', 'lea-', 'eva+', 'ines-'], 'rejected', []],
    ['everybody abstains but one', ['cara0', 'dev0', 'eva0', 'ines0'], 'rejected', ['2 more approvals']],
    ['nobody twice', ['dev+', 'dev+', 'dev+'], 'open', ['1 more approval', 'a vote from risk']],
    ['the last vote of a person counts', ['dev-', 'dev+', 'cara+'], 'approved', []],
    ['also when it takes an approval back', ['dev+', 'dev0', 'cara+'], 'open', ['1 more approval']],
    ['the requester does not count', ['ann+', 'dev+', 'lea+'], 'open', ['a vote from risk']],
    ['a stranger does not count', ['jon+', 'cara+'], 'open', ['1 more approval']],
  ])('%s', (_what, cast, state, missing) => {
    const found = decide(later, ballot(votes(...cast)));
    expect(found.state).toBe(state);
    if (state === 'open') expect(found.missing).toEqual(missing);
    expect(found.reason).toMatch(/\w/);
  });

  it('is settled by the last needed vote, and what comes after changes nothing', () => {
    const found = decide(later, ballot(votes('dev+', 'cara+', 'ines-', 'dev-')));
    expect(found).toMatchObject({ state: 'approved', by: 'votes', reason: 'Approved, 2 for, 0 against.' });
    expect(found.at?.equals(at(2))).toBe(true);
    expect(found.tally.ignored.map(({ vote, why }) => [vote.voter, why])).toEqual([
      ['ines', 'cast after it was settled'],
      ['dev', 'cast after it was settled'],
    ]);
  });

  it('lists the counting votes in the order in which they were cast', () => {
    const { tally } = decide(later, ballot(votes('dev-', 'lea0', 'dev+')));
    expect(tally.counted.map(({ voter, choice }) => [voter, choice])).toEqual([
      ['lea', 'abstain'],
      ['dev', 'approve'],
    ]);
    expect(tally.outstanding).toEqual(['cara', 'eva', 'ines']);
  });

  it('counts one vote for every role its voter holds', () => {
    const rules = { requiredRoles: ['risk' as const, 'engineering' as const] };
    const both: Member[] = [{ person: 'cara', roles: ['risk', 'engineering'] }, ...MEMBERS.slice(1)];
    expect(decide(later, ballot(votes('cara+', 'lea+'), rules, { members: both })).state).toBe('approved');
    expect(decide(later, ballot(votes('cara+', 'lea+'), rules)).missing).toEqual(['a vote from engineering']);
  });

  it('never counts the requester nor an author, even one who is listed as a member', () => {
    const excluded = [{ person: 'dev', why: 'You wrote the training code.' }];
    const found = decide(later, ballot(votes('cara+', 'dev+'), {}, { requester: 'cara', excluded }));
    expect(found.state).toBe('open');
    expect(found.tally.eligible).toEqual(['eva', 'ines', 'lea']);
    expect(found.tally.ignored.map(({ why }) => why)).toEqual([
      'You asked for this approval, so you cannot vote on it.',
      'You wrote the training code.',
    ]);
  });
});

describe('it fails closed', () => {
  it.each<[string, Partial<Ballot>, Partial<VotePolicy>, string]>([
    [
      'nobody of the required role is left',
      { requester: 'cara', excluded: [{ person: 'ines', why: 'left' }] },
      {},
      'Nobody who may vote on this holds the required role risk (excluded: cara, ines).',
    ],
    ['too few are left', { members: MEMBERS.slice(0, 1) }, {}, 'Only 1 may vote on this and 2 are needed.'],
    ['the quorum cannot be met', {}, { quorum: 6 }, 'Only 5 may vote on this and 6 are needed.'],
    [
      'one person is listed twice',
      { members: [...MEMBERS.slice(0, 1), ...MEMBERS.slice(0, 1)] },
      {},
      'Only 1 may vote on this and 2 are needed.',
    ],
  ])('when %s', (_what, over, rules, reason) => {
    const found = decide(T0, ballot(votes('dev+'), rules, over));
    expect(found).toMatchObject({ state: 'rejected', by: 'nobody-left', reason });
  });

  it('when the policy is not a fraction', () => {
    expect(() => decide(T0, ballot([], { threshold: '2:3' }))).toThrow(RangeError);
    expect(() => fractionOf('1/0')).toThrow(RangeError);
  });
});

describe('a veto', () => {
  const rules = { vetoRoles: ['risk' as const] };
  it('ends it at once, with its reason', () => {
    const cast = votes('dev+', 'cara-').map((vote) =>
      vote.voter === 'cara' ? { ...vote, reason: 'No bias report.' } : vote,
    );
    const found = decide(later, ballot(cast, rules));
    expect(found).toMatchObject({ state: 'rejected', by: 'veto', reason: 'Vetoed by cara: No bias report.' });
  });
  it('needs a reason: without one it is a rejection like any other', () => {
    expect(decide(later, ballot(votes('dev+', 'cara-'), rules)).state).toBe('open');
    expect(whyNot(later, ballot([], rules), { voter: 'cara', choice: 'reject', reason: ' ' })).toBe(
      'A rejection by risk stops the request, so it needs a reason.',
    );
    expect(whyNot(later, ballot([], rules), { voter: 'dev', choice: 'reject' })).toBeUndefined();
  });
});

describe('the quorum', () => {
  it.each<[VotePolicy['quorum'], string[], string[]]>([
    [3, ['cara+', 'dev+'], ['1 more vote for the quorum of 3']],
    ['3/5', ['cara+', 'dev+'], ['1 more vote for the quorum of 3']],
    ['4/5', ['cara+', 'dev+'], ['2 more votes for the quorum of 4']],
    [3, ['cara+', 'dev+', 'eva0'], []],
  ])('of %s counts abstentions', (quorum, cast, missing) => {
    const found = decide(later, ballot(votes(...cast), { quorum }));
    expect([found.state, found.missing]).toEqual([missing.length > 0 ? 'open' : 'approved', missing]);
  });
});

describe('closing only when certain', () => {
  const rules = { close: 'when-certain' as const };
  it.each<[string, string[], Partial<VotePolicy>, string]>([
    ['two of five could be overturned', ['cara+', 'dev+'], {}, 'open'],
    ['three of five could still be overturned', ['cara+', 'dev+', 'eva+'], { threshold: '2/3' }, 'open'],
    ['four of five cannot', ['cara+', 'dev+', 'eva+', 'ines+'], {}, 'approved'],
    ['three of five are enough for one half', ['cara+', 'dev+', 'eva+'], { threshold: '1/2' }, 'approved'],
    ['a veto is still possible', ['cara+', 'dev+', 'eva+', 'lea+'], { vetoRoles: ['risk'] }, 'open'],
    ['everybody has voted', ['cara+', 'dev+', 'eva+', 'lea-', 'ines+'], { vetoRoles: ['risk'] }, 'approved'],
    ['it cannot pass any more', ['cara-', 'dev-'], {}, 'rejected'],
  ])('%s', (_what, cast, over, state) => {
    expect(decide(later, ballot(votes(...cast), { ...rules, ...over })).state).toBe(state);
  });

  it('what stands at the deadline is approved then', () => {
    const found = decide(at(240), ballot(votes('cara+', 'dev+'), rules));
    expect(found).toMatchObject({ state: 'approved', by: 'deadline' });
    expect(found.at?.equals(at(240))).toBe(true);
  });
});

describe('the deadline', () => {
  it('expires what is not settled, says what was missing, and counts no vote from then on', () => {
    const cast = votes('dev+');
    expect(decide(at(239), ballot(cast)).state).toBe('open');
    const found = decide(at(240), ballot([...cast, { ...votes('cara+')[0], at: at(240), seq: 9 } as Vote]));
    expect(found).toMatchObject({
      state: 'expired',
      by: 'deadline',
      reason: 'The deadline passed. Still needed was: 1 more approval; a vote from risk.',
    });
    expect(found.tally.ignored[0]?.why).toBe('cast after the deadline');
  });
});

describe('a click is answered', () => {
  it.each<[string, string, Partial<Ballot>, string | undefined]>([
    ['the requester', 'ann', {}, 'You asked for this approval, so you cannot vote on it.'],
    ['a stranger', 'jon', {}, 'You are not among those who may vote on this request.'],
    ['a voter', 'lea', {}, undefined],
    [
      'a voter on a finished request',
      'lea',
      { votes: votes('dev+', 'cara+') },
      'This request is already approved. Approved, 2 for, 0 against.',
    ],
  ])('to %s', (_who, voter, over, expected) => {
    expect(whyNot(later, ballot([], {}, over), { voter, choice: 'approve' })).toBe(expected);
  });
});

describe('agrees with the collected cases', () => {
  const cases: { id: string; given: Record<string, unknown>; then: Record<string, unknown> }[] = JSON.parse(
    readFileSync(new URL('../../data/approvals/golden.json', import.meta.url), 'utf8'),
  );
  const given = (id: string) => {
    const found = cases.find((entry) => entry.id === id);
    if (!found) throw new Error(`no case ${id}`);
    return found;
  };
  const members = (...people: string[]) => people.map((person) => ({ person, roles: [person] }));
  const cast = (choices: Record<string, Choice>): Vote[] =>
    Object.entries(choices).map(([voter, choice], seq) => ({ voter, choice, at: at(seq), seq, reason: 'said so' }));
  const open = { requiredRoles: [], minApprovals: 1 };

  it('one of six reviewers suffices', () => {
    const { given: it } = given('gh-one-of-six');
    const who = members(...(it.required_reviewers as string[]));
    const approving = Object.fromEntries((it.approvals as string[]).map((person) => [person, 'approve' as const]));
    expect(decide(later, ballot(cast(approving), open, { members: who })).state).toBe('approved');
  });

  it.each(['cab-quorum-met', 'cab-veto-role', 'cab-abstain-counts-for-quorum-only'])('%s', (id) => {
    const { given: it, then } = given(id);
    const choices = it.votes as Record<string, Choice>;
    const who = members(...new Set([...Object.keys(choices), 'd', 'e'])).slice(0, 5);
    const rules = {
      ...open,
      quorum: it.quorum as number,
      threshold: '1/2',
      vetoRoles: (it.veto_roles ?? []) as VotePolicy['vetoRoles'],
    };
    const found = decide(later, ballot(cast(choices), rules, { members: who }));
    expect(found.state).toBe(then.result);
    if (then.by) expect(found.by).toBe(then.by);
  });

  it('an approval of an older revision does not count', () => {
    const { given: it, then } = given('cab-approval-stale-after-edit');
    const stale = cast({ a: 'approve' }).map((vote) => ({ ...vote, revision: String(it.approved_rev) }));
    const found = decide(later, ballot(stale, open, { members: members('a', 'b'), revision: String(it.change_rev) }));
    expect([found.state, then.result]).toEqual(['open', 'pending']);
    expect(found.tally.ignored[0]?.why).toBe('the request was changed after this vote');
    const fresh = stale.map((vote) => ({ ...vote, revision: String(it.change_rev) }));
    expect(
      decide(later, ballot(fresh, open, { members: members('a', 'b'), revision: String(it.change_rev) })).state,
    ).toBe('approved');
  });

  it('a request without votes ends at its timeout', () => {
    const { given: it, then } = given('ado-timeout');
    const openedAt = Temporal.Instant.from(it.created as string);
    const now = Temporal.Instant.from(it.now as string);
    const found = decide(now, ballot([], { deadline: it.timeout_min as number }, { openedAt }));
    expect([found.state, then.check]).toEqual(['expired', 'failed']);
  });
});

describe('whatever happens', () => {
  const anyVotes = fc
    .array(
      fc.record({
        voter: fc.constantFrom('ann', 'cara', 'dev', 'eva', 'ines', 'lea', 'jon'),
        choice: fc.constantFrom<Choice>('approve', 'reject', 'abstain'),
        minute: fc.integer({ min: 0, max: 300 }),
        reason: fc.constantFrom(undefined, 'because'),
      }),
      { maxLength: 10 },
    )
    .map((list) => list.map(({ minute, ...vote }, seq): Vote => ({ ...vote, at: at(minute), seq })));
  const anyRules = fc.record({
    minApprovals: fc.integer({ min: 1, max: 4 }),
    threshold: fc.constantFrom('1/2', '2/3', '3/4', '1/1'),
    quorum: fc.constantFrom(undefined, 2, '3/5'),
    vetoRoles: fc.constantFrom<VotePolicy['vetoRoles']>([], ['risk']),
    close: fc.constantFrom<VotePolicy['close']>('when-met', 'when-certain'),
  });

  it('neither the order in which votes are read nor a repeated delivery changes the outcome', () => {
    fc.assert(
      fc.property(
        anyVotes,
        anyRules,
        fc.integer({ min: 0, max: 320 }),
        fc.infiniteStream(fc.nat()),
        (cast, rules, now, stream) => {
          const shuffled = [...cast, ...cast]
            .map((vote) => ({ vote, key: stream.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ vote }) => vote);
          expect(decide(at(now), ballot(shuffled, rules))).toEqual(decide(at(now), ballot(cast, rules)));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('an outcome once reached stays, and everything is settled at the deadline', () => {
    fc.assert(
      fc.property(
        anyVotes,
        anyRules,
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 300 }),
        (cast, rules, early, more) => {
          const first = decide(at(early), ballot(cast, rules));
          const second = decide(at(early + more), ballot(cast, rules));
          if (first.state !== 'open')
            expect([second.state, String(second.at)]).toEqual([first.state, String(first.at)]);
          expect(decide(at(240), ballot(cast, rules)).state).not.toBe('open');
        },
      ),
      { numRuns: 400 },
    );
  });

  it('an approval always meets every condition, and never by the requester or a stranger', () => {
    fc.assert(
      fc.property(anyVotes, anyRules, (cast, rules) => {
        const { state, missing, tally } = decide(at(300), ballot(cast, rules));
        if (state !== 'approved') return;
        expect(missing).toEqual([]);
        expect(tally.approvals).toBeGreaterThanOrEqual(rules.minApprovals);
        expect(tally.roles.every(({ voted }) => voted)).toBe(true);
        expect(tally.counted.map(({ voter }) => voter)).not.toContain('ann');
        expect(tally.counted.map(({ voter }) => voter)).not.toContain('jon');
        expect(new Set(tally.counted.map(({ voter }) => voter)).size).toBe(tally.counted.length);
      }),
      { numRuns: 400 },
    );
  });

  it('closing when certain agrees with every way the outstanding votes could fall', () => {
    const choices: (Choice | undefined)[] = ['approve', 'reject', 'abstain', undefined];
    const first = fc.shuffledSubarray(['cara', 'dev', 'eva', 'ines', 'lea'], { minLength: 2 });
    const each = fc.array(fc.constantFrom<Choice>('approve', 'reject', 'abstain'), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(first, each, anyRules, (people, chosen, rules) => {
        const certain = { ...rules, close: 'when-certain' as const };
        const cast = people.map(
          (voter, seq): Vote => ({ voter, choice: chosen[seq] ?? 'abstain', at: at(seq), seq, reason: 'r' }),
        );
        const found = decide(at(10), ballot(cast, certain));
        let ways: Vote[][] = [cast];
        for (const voter of ['cara', 'dev', 'eva', 'ines', 'lea'].filter((person) => !people.includes(person))) {
          ways = ways.flatMap((way) =>
            choices.map((choice) =>
              choice ? [...way, { voter, choice, at: at(20 + way.length), seq: way.length, reason: 'r' }] : way,
            ),
          );
        }
        const ends = new Set(
          ways.map((way) => (decide(at(240), ballot(way, certain)).state === 'approved' ? 'approved' : 'not')),
        );
        if (found.state === 'approved') expect([...ends]).toEqual(['approved']);
        else if (found.state === 'rejected') expect([...ends]).toEqual(['not']);
        else expect(ends.size).toBe(2);
      }),
      { numRuns: 150 },
    );
  });
});

describe('fractions are exact', () => {
  it('where floating point is not', () => {
    expect(atLeast(2, 3, fractionOf('2/3'))).toBe(true);
    expect(atLeast(333_333_333, 1_000_000_000, fractionOf('1/3'))).toBe(false);
    expect(atLeast(0, 0, fractionOf('1/2'))).toBe(false);
    expect([needed(5, fractionOf('3/5')), needed(6, fractionOf('3/5')), needed(0, fractionOf('1/2'))]).toEqual([
      3, 4, 0,
    ]);
  });
});
