import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  castAt,
  decidePilot,
  type PilotBallot,
  type PilotChoice,
  whyNotPilot,
} from '../../../services/intake/pilot-vote.rules.ts';

const T0 = Temporal.Instant.from('2026-11-23T14:00:00Z');
const minutesOn = (minutes: number) => T0.add({ minutes });
const MEMBERS = [
  { person: 'eva', roles: ['domain'] },
  { person: 'ann', roles: ['engineering'] },
  { person: 'dev', roles: ['engineering'] },
  { person: 'cara', roles: ['risk'] },
];
type Said = [voter: string, choice: PilotChoice, until?: Temporal.Instant];

const ballot = (votes: readonly Said[], policy: Partial<PilotBallot['policy']> = {}): PilotBallot => ({
  policy: {
    minApprovals: 2,
    requiredRoles: ['domain'],
    vetoRoles: ['risk'],
    threshold: '2/3',
    quorum: 2,
    close: 'when-met',
    deadline: 3 * 1440,
    ...policy,
  },
  openedAt: T0,
  members: MEMBERS,
  requester: 'wardroom',
  excluded: [],
  votes: votes.map(([voter, choice, until], index) => ({
    voter,
    choice,
    reason: `${voter} says so`,
    ...(until ? { until } : {}),
    at: minutesOn(index + 1),
    seq: index + 1,
  })),
});
const LATER = minutesOn(100);

describe('what follows from a pilot', () => {
  it.each<[string, Said[], object, object]>([
    ['nobody has voted', [], {}, { state: 'open' }],
    [
      'two for going live, the business among them',
      [
        ['eva', 'go'],
        ['ann', 'go'],
      ],
      {},
      { state: 'decided', course: 'go', reason: '2 to go live.' },
    ],
    [
      'two for going live without the business',
      [
        ['dev', 'go'],
        ['ann', 'go'],
      ],
      {},
      { state: 'open' },
    ],
    [
      'two for stopping',
      [
        ['eva', 'stop'],
        ['cara', 'stop'],
      ],
      {},
      { state: 'decided', course: 'stop' },
    ],
    [
      'one each',
      [
        ['eva', 'go'],
        ['ann', 'stop'],
      ],
      {},
      { state: 'open' },
    ],
    [
      'somebody changed their mind',
      [
        ['eva', 'go'],
        ['ann', 'stop'],
        ['ann', 'go'],
      ],
      {},
      { state: 'decided', course: 'go', reason: '2 to go live.' },
    ],
    [
      'risk stops a go: going live is out, the others are not',
      [
        ['cara', 'stop'],
        ['eva', 'go'],
      ],
      {},
      { state: 'open' },
    ],
    [
      'risk stops a go, and nothing else can pass any more',
      [
        ['cara', 'stop'],
        ['eva', 'go'],
        ['ann', 'go'],
      ],
      {},
      { state: 'undecided', reason: 'Vetoed by cara: cara says so' },
    ],
    [
      'an abstention counts for the quorum only',
      [
        ['eva', 'abstain'],
        ['ann', 'stop'],
        ['dev', 'stop'],
      ],
      {},
      { state: 'decided', course: 'stop' },
    ],
    [
      'a quorum that is not there yet',
      [
        ['eva', 'go'],
        ['ann', 'go'],
      ],
      { quorum: 3 },
      { state: 'open' },
    ],
    [
      'nobody holds the required role',
      [['ann', 'go']],
      { requiredRoles: ['privacy'] },
      { state: 'undecided', reason: 'Nobody who may vote on this holds the required role privacy.' },
    ],
    [
      'all three courses at odds',
      [
        ['eva', 'go'],
        ['ann', 'stop'],
        ['dev', 'extend', LATER],
        ['cara', 'abstain'],
      ],
      {},
      { state: 'undecided', reason: 'No course has enough votes: 1 to go live, 1 to stop, 1 to extend.' },
    ],
  ])('%s', (_name, votes, policy, expected) => {
    expect(decidePilot(LATER, ballot(votes, policy))).toMatchObject(expected);
  });

  it('is extended to the earliest day that those who extend it gave', () => {
    const decision = decidePilot(
      LATER,
      ballot([
        ['eva', 'extend', minutesOn(9000)],
        ['ann', 'extend', minutesOn(6000)],
      ]),
    );
    expect(decision).toMatchObject({ state: 'decided', course: 'extend' });
    expect(decision.until?.toString()).toBe(minutesOn(6000).toString());
  });

  it('is the same whenever it is asked, and ends without a decision at the deadline', () => {
    const votes: Said[] = [
      ['eva', 'go'],
      ['ann', 'go'],
      ['dev', 'stop'],
      ['cara', 'stop'],
    ];
    expect(decidePilot(LATER, ballot(votes)).course).toBe('go');
    expect(decidePilot(minutesOn(99_999), ballot(votes)).course).toBe('go');
    expect(decidePilot(minutesOn(99_999), ballot([['eva', 'go']]))).toMatchObject({ state: 'undecided' });
  });

  it('says who may not vote, and which course is out', () => {
    const why = (voter: string, choice: PilotChoice, votes: Said[] = []) =>
      whyNotPilot(LATER, ballot(votes), { voter, choice, reason: 'so' });
    expect(why('eva', 'go')).toBeUndefined();
    expect(why('jon', 'go')).toBe('You are not among those who may vote on this request.');
    expect(why('eva', 'go', [['cara', 'stop']])).toContain('Going live is out already. Vetoed by cara');
    expect(why('eva', 'stop', [['cara', 'stop']])).toBeUndefined();
    expect(why('dev', 'abstain', [['cara', 'stop']])).toBeUndefined();
    expect(
      why('cara', 'stop', [
        ['eva', 'go'],
        ['ann', 'go'],
      ]),
    ).toContain('already');
  });
});

it('a vote is never earlier than the one before it, whatever the clock says', () => {
  const open = ballot([
    ['eva', 'stop'],
    ['ann', 'go'],
  ]);
  expect(castAt(LATER, open)).toEqual(LATER);
  expect(castAt(T0.subtract({ hours: 2 }), open)).toEqual(minutesOn(2));
  expect(castAt(T0.subtract({ hours: 2 }), ballot([]))).toEqual(T0);
  // So somebody who changes their mind while the clock stands back is counted by what they said last.
  const at = castAt(T0.subtract({ hours: 2 }), open);
  const changed = {
    ...open,
    votes: [...open.votes, { voter: 'eva', choice: 'go' as const, reason: 'now', at, seq: 3 }],
  };
  expect(decidePilot(at, changed)).toMatchObject({ state: 'decided', course: 'go', reason: '2 to go live.' });
});
