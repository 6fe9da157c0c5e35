import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { movableClock } from '../../../services/core/clock.ts';
import { isRefused, type Refused } from '../../../services/core/errors.ts';
import { loadOrganisation } from '../../../services/core/organisation.load.ts';
import type { Person } from '../../../services/core/organisation.ts';
import { people } from '../../../services/core/people.ts';
import { fileRoles, groupRoles } from '../../../services/core/roles.ts';
import { roster } from '../../../services/core/roster.ts';

const northwind = loadOrganisation(readFileSync('infra/sandbox/northwind.yaml', 'utf8'), 'northwind.yaml');
const everybody = people(northwind);
const person = (id: string) => everybody.byId(id) as Person;

function refusal(run: () => unknown): Refused {
  try {
    run();
  } catch (error) {
    if (isRefused(error)) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('finding a person', () => {
  it.each([
    ['ann', 'ann'],
    ['Ann', 'ann'],
    ['ANN BERG', 'ann'],
    ['@Ann Berg', 'ann'],
    ['<at>Ann Berg</at>', 'ann'],
    ['Berg, Ann', 'ann'],
    ['  ann   berg ', 'ann'],
    ['ann.berg@northwind.example', 'ann'],
    ['00000000-0000-4000-8000-00000000000C', 'lea'],
    ['ines', 'ines'],
    ['Inês Duarte', 'ines'],
    ['Ine\u0302s', 'ines'],
    ['lea novak', 'lea'],
    ['jon sigurdsson', undefined],
    ['Jón', 'jon'],
    ["o'hara", 'finn'],
    ['O’Hara', 'finn'],
    ['Okaf', 'ben'],
  ])('%s', (words, id) => {
    if (id === undefined) expect(refusal(() => everybody.find(words)).text).toContain('Jón Sigurðsson');
    else expect(everybody.find(words).id).toBe(id);
  });

  it('names the candidates when several fit', () => {
    const two = people({ people: [person('ann'), { ...person('ben'), name: 'Ann Smith' }] });
    const refused = refusal(() => two.find('An'));
    expect(refused.text).toBe('"An" could be Ann Berg (ann) or Ann Smith (ben). Write the full name or the id.');
    expect(two.find('Ann S').id).toBe('ben');
    // An id is exact and wins over somebody else's name.
    expect(two.find('ann').id).toBe('ann');
  });

  it('offers the nearest name for a slip, and nothing for a stranger', () => {
    expect(refusal(() => everybody.find('Morau')).text).toBe('I do not know "Morau". Did you mean Eva Moreau?');
    expect(refusal(() => everybody.find('Zebedee')).next).not.toContain('Did you mean');
  });

  it('says that somebody left, and does not find them for a task', () => {
    expect(refusal(() => everybody.find('Max Stone')).text).toContain('Max Stone is not here any more');
    expect(everybody.byId('max')?.name).toBe('Max Stone');
    expect(everybody.byEntraId('00000000-0000-4000-8000-00000000000D')?.id).toBe('max');
  });

  it('stays short and on one line with whatever was written', () => {
    const refused = refusal(() => everybody.find(`x\u202e\n${'y'.repeat(200_000)}`));
    expect(refused.text.length).toBeLessThan(200);
    expect(refused.text).not.toMatch(/[\n\u202e]/);
    expect(refusal(() => everybody.find('  ')).code).toBe('person-empty');
  });

  it('knows an account by its object id, never by its display name', () => {
    const account = { id: '29:1abc', aadObjectId: '00000000-0000-4000-8000-000000000001', name: 'Cara Lindt' };
    expect(everybody.byAccount(account)?.id).toBe('ann');
    expect(everybody.byAccount({ id: '8:orgid:00000000-0000-4000-8000-000000000003' })?.id).toBe('cara');
    expect(everybody.byAccount({ id: '29:1abc' })).toBeUndefined();
    expect(everybody.byAccount({})).toBeUndefined();
  });
});

describe('roles from the file', () => {
  const roles = fileRoles(everybody);

  it('make everybody a viewer and add what is granted', async () => {
    expect(await roles.rolesOf(person('jon'))).toEqual(['viewer']);
    expect(await roles.rolesOf(person('cara'))).toEqual(['viewer', 'approver', 'risk']);
    expect((await roles.withRole('risk')).map(({ id }) => id)).toEqual(['cara', 'ines']);
    expect(await roles.withRole('viewer')).toHaveLength(12);
  });

  it('give nothing to somebody who left', async () => {
    expect(await roles.rolesOf(person('max'))).toEqual([]);
    expect((await roles.withRole('approver')).map(({ id }) => id)).not.toContain('max');
  });

  it('give a stranger with a known name nothing but sight', async () => {
    expect(await roles.rolesOf({ ...person('cara'), id: 'mallory', roles: ['admin'] })).toEqual(['viewer']);
  });
});

describe('roles from Entra groups', () => {
  const RISK = '11111111-0000-4000-8000-000000000001';
  const APPROVERS = '11111111-0000-4000-8000-000000000002';
  function house() {
    const clock = movableClock({ frozen: true });
    const members: Record<string, string[]> = {
      [RISK]: [person('cara').entraId.toUpperCase(), person('max').entraId],
      [APPROVERS]: [person('cara').entraId, person('dev').entraId],
    };
    const state = { asked: 0, down: false };
    const reader = {
      transitiveMembers: async (group: string) => {
        state.asked += 1;
        if (state.down) throw new Error('graph answers 503');
        return members[group] ?? [];
      },
    };
    const groups = { risk: [RISK], approver: [APPROVERS] };
    const roles = groupRoles({ people: everybody, groups, reader, clock, ttlMinutes: 5 });
    const minutes = (count: number) => clock.moveTo(clock.now().add({ seconds: Math.round(count * 60) }));
    return { roles, state, members, minutes };
  }

  it('come from membership only; what the file grants does not count', async () => {
    const { roles } = house();
    expect(await roles.rolesOf(person('cara'))).toEqual(['viewer', 'risk', 'approver']);
    expect(await roles.rolesOf(person('ines'))).toEqual(['viewer']);
    expect((await roles.withRole('approver')).map(({ id }) => id)).toEqual(['cara', 'dev']);
    expect(await roles.withRole('admin')).toEqual([]);
  });

  it('give nothing to somebody who left, whatever group they are still in', async () => {
    const { roles } = house();
    expect(await roles.rolesOf(person('max'))).toEqual([]);
    expect((await roles.withRole('risk')).map(({ id }) => id)).toEqual(['cara']);
  });

  it('are asked for once while many ask, and again when they are too old', async () => {
    const { roles, state, members, minutes } = house();
    await Promise.all(Array.from({ length: 20 }, () => roles.rolesOf(person('cara'))));
    expect(state.asked).toBe(2);
    members[RISK] = [];
    await minutes(4.9);
    expect(await roles.rolesOf(person('cara'))).toContain('risk');
    await minutes(0.1);
    expect(await roles.rolesOf(person('cara'))).not.toContain('risk');
  });

  it('that a turn sees are those of now, though they are put together once', async () => {
    const { roles, state, members, minutes } = house();
    const everyone = roster(everybody, roles);
    const cara = async () => (await everyone.members())?.find(({ id }) => id === 'cara')?.roles;
    expect(await cara()).toContain('risk');
    expect(await everyone.members()).toBe(await everyone.members());
    members[RISK] = [];
    await minutes(5);
    expect(await cara()).not.toContain('risk');
    state.down = true;
    await minutes(5);
    expect(await everyone.members()).toBeUndefined();
  });

  it('are refused when Graph is down and what was read is too old, and come back with Graph', async () => {
    const { roles, state, minutes } = house();
    await roles.rolesOf(person('cara'));
    state.down = true;
    expect(await roles.rolesOf(person('cara'))).toContain('risk');
    await minutes(5);
    const refused = await roles.rolesOf(person('cara')).catch((error: unknown) => error);
    expect(isRefused(refused) && refused.code).toBe('no-roles');
    await expect(roles.withRole('risk')).rejects.toThrow('cannot look up');
    state.down = false;
    expect(await roles.rolesOf(person('cara'))).toContain('risk');
  });
});
