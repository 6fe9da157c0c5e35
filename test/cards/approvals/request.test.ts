import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { requestListCard } from '../../../cards/approvals/list.ts';
import { type RequestView, requestCard, requestSummary } from '../../../cards/approvals/request.ts';
import { missingWords, type RequestState } from '../../../cards/approvals/words.ts';
import { buttonsOf, textOf } from '../seen.ts';

const at = (time: string) => Temporal.Instant.from(`2026-11-23T${time}:00Z`);
const open: RequestView = {
  now: at('14:24'),
  id: 'REQ-101',
  state: 'open',
  what: 'Roll back ep-fraud: all traffic to blue',
  why: 'green answers slowly',
  digest: `sha256:${'5c1f0a9b'.repeat(8)}`,
  requester: 'Ben Okafor',
  askedAt: at('14:18'),
  deadline: at('18:18'),
  votes: [{ voter: 'Dev Patel', roles: ['approver'], choice: 'approve', at: at('14:24'), reason: 'seen it' }],
  needed: 2,
  missing: ['1 more approval', 'a vote from risk'],
  source: 'Wardroom',
};
const finished = { at: at('14:34'), by: 'Cara Lindt', why: 'the report is missing' };

describe('what is missing', () => {
  it.each([
    [['1 more approval', 'a vote from risk'], 'needs 1 more approval, and a vote from risk'],
    [['2 more approvals'], 'needs 2 more approvals'],
    [['a', 'b', 'c'], 'needs a, b, and c'],
    [[], 'has every vote it needs; votes still to come could turn it'],
  ])('%j is said as "%s"', (missing, words) => expect(missingWords(missing)).toBe(words));
});

describe('an open request', () => {
  const text = textOf(requestCard(open));
  it('says what is asked, why, of which plan, and until when', () => {
    for (const words of [
      'Roll back ep-fraud',
      'Ben Okafor asks: green answers slowly',
      'sha256:5c1f0a9b5c1f…',
      'in 3 h 54 min',
    ]) {
      expect(text).toContain(words);
    }
  });
  it('says who voted what and when, and what is still missing', () => {
    expect(text).toContain('1 of 2 approvals');
    expect(text).toContain('Needs 1 more approval, and a vote from risk.');
    expect(text).toContain('✔ **Dev Patel** (approver) approved at {{TIME(2026-11-23T14:24:00Z)}}');
    expect(text).toContain('seen it');
  });
  it('can be approved with a click and rejected with a reason', () => {
    expect(buttonsOf(requestCard(open)).slice(0, 2)).toEqual([
      'Approve: approvals.vote {"request":"REQ-101","choice":"approve"}',
      'Reject > Reject REQ-101: approvals.vote {"request":"REQ-101","choice":"reject"}',
    ]);
    expect(JSON.stringify(requestCard(open))).toMatch(/"id":"reason".*"isRequired":true/);
  });
  it('tells everybody nothing about one reader', () => expect(text).not.toMatch(/\byou\b/i));
  it('says in the notification what it waits for', () => {
    expect(requestSummary(open)).toBe(
      'REQ-101 needs 1 more approval, and a vote from risk: Roll back ep-fraud: all traffic to blue',
    );
  });
});

describe('my view of it', () => {
  it('asks for my vote', () =>
    expect(textOf(requestCard({ ...open, mine: { kind: 'may-vote' } }))).toContain('Your vote is still missing'));
  it('tells me how I voted and lets me change it', () => {
    const card = requestCard({ ...open, mine: { kind: 'voted', choice: 'approve', at: at('14:24') } });
    expect(textOf(card)).toContain('You approved at');
    expect(buttonsOf(card)[0]).toContain('Reject');
    expect(buttonsOf(card).join()).not.toContain('Approve');
  });
  it('tells me why I may not, and offers the requester to withdraw', () => {
    const mine = { kind: 'may-not' as const, why: 'You asked for it.' };
    expect(textOf(requestCard({ ...open, mine }))).toContain('You asked for it.');
    expect(buttonsOf(requestCard({ ...open, mine }))).toEqual([]);
    expect(buttonsOf(requestCard({ ...open, mine: { ...mine, withdraw: true } }))).toEqual([
      'Withdraw: approvals.withdraw {"request":"REQ-101"}',
    ]);
  });
});

describe('a request that is not open any more', () => {
  const states: [RequestState, string][] = [
    ['approved', 'approved'],
    ['rejected', 'rejected'],
    ['expired', 'expired'],
    ['withdrawn', 'withdrawn'],
    ['done', 'done'],
    ['failed', 'failed'],
  ];
  it.each(states)('%s has no buttons and says who, when and why', (state, word) => {
    const card = requestCard({ ...open, state, finished });
    const text = textOf(card);
    expect(buttonsOf(card)).toEqual([]);
    expect(text.split('\n')[0]).toBe(word);
    expect(text).toContain('Cara Lindt, {{DATE(2026-11-23T14:34:00Z, SHORT)}}');
    expect(text).toContain('the report is missing');
    expect(text).not.toContain('Needs');
  });
  it('shows how far it is while it is carried out', () => {
    const card = requestCard({ ...open, state: 'executing', change: { step: 'Azure moves the traffic', done: 40 } });
    expect(textOf(card)).toContain('Azure moves the traffic: 40 %');
    expect(buttonsOf(card)).toEqual([]);
  });
  it('shows the step alone while nobody knows how far it is', () => {
    const card = requestCard({ ...open, state: 'executing', change: { step: 'about to start' } });
    expect(textOf(card)).toContain('About to start');
    expect(JSON.stringify(card)).not.toContain('ProgressBar');
  });
});

describe('the list of requests', () => {
  const two = [
    { ...open, waitsForMe: true },
    { ...open, id: 'REQ-99' },
  ];
  it('says first how many wait for me', () => {
    const card = requestListCard({ now: open.now, requests: two, source: 'Wardroom' });
    expect(textOf(card).split('\n').slice(0, 2)).toEqual(['1 waiting for you', '2 open requests']);
    expect(card.fallbackText).toBe('2 open requests, 1 waiting for your vote');
  });
  it('does not call a finished one open', () => {
    const done = { ...open, state: 'done' as const };
    const texts = (requests: (typeof open)[]) =>
      textOf(requestListCard({ now: open.now, requests, source: 'Wardroom' }))
        .split('\n')
        .slice(0, 2);
    expect(texts([done])).toEqual(['nothing waits', '1 request, none open']);
    expect(texts([done, open])).toEqual(['waiting for others', '2 requests, 1 open']);
  });
  it('is calm when nothing waits', () => {
    expect(textOf(requestListCard({ now: open.now, requests: [], source: 'Wardroom' }))).toContain(
      'Nobody waits for a vote.',
    );
  });
});
