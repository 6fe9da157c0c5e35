import { describe, expect, test } from 'vitest';
import { authorize, type Member, mayRun } from '../../bot/authorize.ts';
import { ROLES, type Role } from '../../services/core/organisation.ts';
import { declare, PEOPLE } from './house.ts';

const member = (id: string): Member => PEOPLE.find((person) => person.id === id) as Member;
const actor = (id: string) => ({ id, roles: member(id).roles as readonly Role[] });
const vote = declare({ id: 'approvals.vote', summary: 'Vote on a request', roles: ['approver', 'risk'] });
const ack = declare({ id: 'alerts.ack', summary: 'Acknowledge an incident', roles: ['responder'] });
const show = declare({ id: 'alerts.show', roles: ['viewer'] });

const refusal = (...args: Parameters<typeof authorize>): string => {
  const permission = authorize(...args);
  return permission.ok ? 'allowed' : permission.refused.text;
};

describe('permission', () => {
  test('follows the role', () => {
    expect(authorize(ack, actor('ann'), PEOPLE)).toEqual({ ok: true });
    expect(authorize(vote, actor('cara'), PEOPLE)).toEqual({ ok: true });
  });

  test('to look is for every known active person', () => {
    for (const { id, active } of PEOPLE) expect(authorize(show, actor(id), PEOPLE).ok).toBe(active);
  });

  test('is refused with the names of those who may', () => {
    expect(refusal(vote, actor('ann'), PEOPLE)).toBe(
      '"Vote on a request" is for approvers and risk officers. Ask Cara Lindt, Dev Patel or Léa Novák.',
    );
    expect(refusal(ack, actor('jon'), PEOPLE)).toBe(
      '"Acknowledge an incident" is for responders. Ask Ann Berg, Ben Okafor or one of 2 others.',
    );
  });

  test('never follows from nothing: no people, no actor, a stranger, a person who left', () => {
    expect(refusal(show, actor('ann'), undefined)).toContain('cannot look up roles');
    expect(refusal(show, undefined, PEOPLE)).toBe("I do not know you. Ask Finn O'Hara to add you.");
    expect(refusal(show, { id: 'mallory', roles: ['admin'] }, PEOPLE)).toContain('I do not know you');
    expect(refusal(ack, actor('max'), PEOPLE)).toContain('Your access to Wardroom has ended');
  });

  test('needs the role to be held now, not only when the actor was built', () => {
    expect(authorize(ack, { id: 'jon', roles: ['responder'] }, PEOPLE).ok).toBe(false);
    expect(authorize(ack, { id: 'ann', roles: [] }, PEOPLE).ok).toBe(false);
  });

  test('unknown roles open nothing', () => {
    const odd = { ...ack, roles: ['captain'] as unknown as readonly Role[] };
    expect(mayRun(odd, ['captain', 'admin'])).toBe(false);
    expect(mayRun({ ...ack, roles: [] }, ['admin'])).toBe(false);
  });
});

describe('an administrator', () => {
  test('may run whatever any role outside voting may run', () => {
    for (const role of ROLES.filter((one) => !['approver', 'risk', 'engineering', 'domain', 'privacy'].includes(one)))
      expect(mayRun({ ...ack, roles: [role] }, ['admin'])).toBe(true);
    expect(mayRun({ ...ack, roles: ['approver', 'responder'] }, ['admin'])).toBe(true);
  });

  test('does not gain a vote', () => {
    expect(mayRun(vote, ['admin'])).toBe(false);
    expect(mayRun(vote, ['admin', 'risk'])).toBe(true);
    expect(refusal(vote, actor('finn'), PEOPLE)).toContain('Ask Cara Lindt');
  });
});
