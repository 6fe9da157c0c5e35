import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { confirmCard } from '../../../cards/confirm.ts';
import { answerCard } from '../../../cards/governance/answer.ts';
import { auditCard } from '../../../cards/governance/audit.ts';
import { deniedCard } from '../../../cards/governance/denied.ts';
import { errorCard } from '../../../cards/governance/error.ts';
import { helpCard } from '../../../cards/governance/help.ts';
import { buttonsOf, textOf } from '../seen.ts';

const now = Temporal.Instant.from('2026-11-23T14:20:00Z');

describe('the audit log', () => {
  it('that is whole says how much was checked and gives the last hash in groups', () => {
    const text = textOf(auditCard({ now, checked: 12_408, head: 'abcdef0123456789' }));
    expect(text).toContain('12,408 entries checked');
    expect(text).toContain('abcdef01 23456789');
  });
  it('that was altered names the entry and says what to do', () => {
    const card = auditCard({
      now,
      checked: 41,
      broken: { entry: 42, action: 'approvals.vote by cara', why: 'Its hash is wrong.' },
    });
    expect(textOf(card)).toContain('Entry 42 of the audit log was altered');
    expect(textOf(card)).toContain('approvals.vote by cara');
    expect(textOf(card)).toContain('call your security team');
  });
});

describe('help', () => {
  const groups = [
    {
      name: 'alerts',
      entries: Array.from({ length: 7 }, (_, index) => ({
        example: `say ${index}`,
        summary: 'does it',
        effect: 'dangerous' as const,
      })),
    },
  ];
  it('shows five of a domain, counts the others and warns of what asks first', () => {
    const text = textOf(helpCard({ groups }));
    expect(text).toContain('2 more about alerts');
    expect(text).toContain('asks before it happens');
  });
  it('can be searched', () => expect(buttonsOf(helpCard({ groups }))).toEqual(['Search help: governance.help {}']));
  it('that finds nothing says what else to try, and does not obey the word', () => {
    expect(textOf(helpCard({ groups: [], searched: '**x**' }))).toContain('Nothing about “\\*\\*x\\*\\*”');
  });
});

describe('a refusal', () => {
  it('is shown word for word with the way on', () => {
    const card = deniedCard({ why: 'You cannot vote on it.', next: 'Ask Cara Lindt.' });
    expect(textOf(card)).toContain('You cannot vote on it\nAsk Cara Lindt.');
    expect(card.fallbackText).toBe('You cannot vote on it. Ask Cara Lindt.');
  });
});

describe('a fault', () => {
  it('gives a reference and what to do', () => {
    const text = textOf(errorCard({ now, reference: 'K7QX-2M', tried: 'roll back ep-fraud' }));
    expect(text).toContain('K7QX-2M');
    expect(text).toContain('Try again');
  });
  it('of something else names it and says when to come back', () => {
    const text = textOf(
      errorCard({ now, reference: 'K7QX-2M', unavailable: { service: 'Azure Monitor', retryAfterSeconds: 90 } }),
    );
    expect(text).toContain('Azure Monitor does not answer');
    expect(text).toContain('in 2 min');
  });
});

describe('a confirmation', () => {
  const view = {
    confirmation: 'CNF-1',
    title: 'Roll back an endpoint',
    preview: 'All traffic goes to blue.',
    by: 'Ben Okafor',
    secondPerson: true,
    expiresAt: '2026-11-23T14:33:00.5Z',
  };
  it('says what will happen and that nothing has', () => {
    expect(textOf(confirmCard(view))).toContain('All traffic goes to blue\nNothing has changed so far.');
    expect(buttonsOf(confirmCard(view))).toEqual([
      'Roll back an endpoint: wardroom.confirm {"confirmation":"CNF-1"} dangerous',
      'Cancel: wardroom.cancel {"confirmation":"CNF-1"}',
    ]);
  });
  it('says that a second person is needed', () => {
    expect(textOf(confirmCard(view))).toContain('a second person: Ben Okafor cannot confirm it');
    expect(textOf(confirmCard({ ...view, secondPerson: false }))).not.toContain('second person');
  });
  it.each(['cancelled', 'expired'] as const)('that was %s says that it was not done', (state) => {
    const card = confirmCard({ ...view, state, finished: { at: '2026-11-23T14:33:00Z' } });
    expect(textOf(card)).toContain('Not done: All traffic goes to blue');
    expect(buttonsOf(card)).toEqual([]);
  });
});

describe('an answer in words', () => {
  it('keeps its lines and obeys none of them', () => {
    expect(textOf(answerCard({ text: 'one *a*\n\n- two' }))).toBe('one \\*a\\*\n\u200B- two');
  });
  it('is still a card when there is nothing to say', () =>
    expect(answerCard({ text: '' }).fallbackText).toBe('Wardroom'));
});
