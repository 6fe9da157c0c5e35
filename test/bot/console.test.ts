import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOMAINS } from '../../bot/app.domains.ts';
import { type House, openHouse } from '../house.ts';
import { copyTemplate } from '../template.ts';
import { terminal } from '../terminal.ts';

const NORTHWIND = fileURLToPath(new URL('../../infra/sandbox/northwind.yaml', import.meta.url));

describe('the terminal client', () => {
  let house: House;
  let home: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'wardroom-'));
    house = await openHouse({ home });
  });
  afterAll(async () => {
    await house.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const env = () => ({ WARDROOM_HOME: home });

  it('finds the Wardroom that has this home open, and asks as Ann in the sandbox', async () => {
    expect(await terminal(['my requests'], { env: env() })).toEqual({
      code: 0,
      out: expect.stringContaining('No open request'),
      err: '',
    });
  });

  it('prints the stable shape with --json', async () => {
    const { code, out } = await terminal(['--json', 'audit', 'verify'], { env: env() });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      kind: 'answer',
      text: expect.stringContaining('The audit log is whole'),
      data: { ok: true, rows: expect.any(Number), head: expect.stringMatching(/^[0-9a-f]{64}$/) },
      capability: 'governance.audit',
    });
    const refused = await terminal(['--json', '--as', 'jon', 'ack INC-1'], { env: env() });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.out)).toMatchObject({ kind: 'refused', capability: 'alerts.acknowledge' });
  });

  it('asks before a dangerous thing and says how somebody else confirms it', async () => {
    const { code, out } = await terminal(['--yes', 'emergency rollback ep-fraud because v7 drifts'], { env: env() });
    expect(code).toBe(1);
    expect(out).toMatch(/all traffic of ep-fraud goes to blue/);
    const [, question] = /confirm (CNF-\S+)/.exec(out) ?? [];
    const own = await terminal(['confirm', question ?? ''], { env: env() });
    expect(own).toMatchObject({ code: 1, err: expect.stringContaining('second person') });
    const done = await terminal(['--as', 'ben', 'confirm', question ?? ''], { env: env() });
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('emergency') });
  });

  it('goes on line by line without words, as one person and then as another', async () => {
    const input = 'endpoint ep-credit\nas finn\ndead letters\nas jon\ndead letters\nexit\nincidents\n';
    const { code, out, err } = await terminal([], { env: env(), input });
    expect(out).toMatch(/ep-credit answers well/);
    expect(out).toMatch(/Every message was delivered/i);
    expect(err).toMatch(/is for administrators/);
    expect(out).not.toMatch(/open incident/);
    expect(code).toBe(1);
  });

  it('says what was asked wrongly, and ends with 2', async () => {
    expect(await terminal(['--nonsense'])).toMatchObject({ code: 2, err: expect.stringContaining('--nonsense') });
    expect(await terminal(['--url', 'ftp://x', 'help'])).toMatchObject({ code: 2 });
    expect(await terminal(['check-config'])).toMatchObject({ code: 2 });
    const nobody = await terminal(['--as', 'zoe', 'incidents'], { env: env() });
    expect(nobody).toMatchObject({ code: 2, out: '', err: expect.stringContaining('"zoe" is nobody here') });
    expect(await terminal(['incidents'], { env: { PORT: 'many' } })).toMatchObject({
      code: 2,
      err: expect.stringContaining('PORT must be'),
    });
  });

  it('says when nobody answers at the address that was given', async () => {
    const { code, err } = await terminal(['--url', 'http://127.0.0.1:9', 'incidents']);
    expect(code).toBe(1);
    expect(err).toMatch(/^http:\/\/127\.0\.0\.1:9 does not answer/);
  });

  it('judges a wardroom.yaml', async () => {
    expect(await terminal(['check-config', NORTHWIND])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/is fine/),
    });
    const bad = join(home, 'bad.yaml');
    writeFileSync(bad, 'name: X\npeople: 7\n');
    expect(await terminal(['check-config', bad])).toMatchObject({ code: 1, out: '' });
    expect(await terminal(['check-config', join(home, 'none.yaml')])).toMatchObject({ code: 2 });
  });

  it('prints the JSON Schema of every capability', async () => {
    const { out } = await terminal(['--capabilities']);
    const ids = (JSON.parse(out) as { id: string; parameters: { type: string } }[]).map(({ id, parameters }) => {
      expect(parameters.type).toBe('object');
      return id;
    });
    expect(ids).toEqual(DOMAINS.flatMap(({ capabilities }) => capabilities.map(({ id }) => id)));
  });
});

describe('when no Wardroom runs', () => {
  it('opens the store itself, and what it changes is there for the next one', async () => {
    const home = mkdtempSync(join(tmpdir(), 'wardroom-'));
    const env = { WARDROOM_HOME: home, WARDROOM_SANDBOX_CLOCK: 'frozen' };
    try {
      await copyTemplate(home);
      const asked = await terminal(['--as', 'dev', 'rollback ep-fraud because v7 drifts'], { env });
      expect(asked).toMatchObject({ code: 0, err: '', out: expect.stringContaining('REQ-101') });
      const voted = await terminal(['--as', 'eva', 'approve REQ-101'], { env });
      expect(voted).toMatchObject({ code: 0, out: expect.stringContaining('a vote from risk') });
      const house = await openHouse({ home });
      try {
        await house.advance('PT1M');
        expect(JSON.stringify(await house.messages('cara', 'personal'))).toContain('REQ-101');
      } finally {
        await house.stop();
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
