import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HomeTaken, runningIn, takeHome } from '../../bot/running.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'wardroom-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('refuses a home that a living process has open, and takes it when that one is dead', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(other, 'spawn');
  writeFileSync(join(home, 'running.json'), JSON.stringify({ pid: other.pid, url: 'http://127.0.0.1:4000' }));
  expect(runningIn(home)?.url).toBe('http://127.0.0.1:4000');
  expect(() => takeHome(home)).toThrow(HomeTaken);
  expect(() => takeHome(home)).toThrow(`is open in process ${other.pid} at http://127.0.0.1:4000`);
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(runningIn(home)).toBeUndefined();
  expect(() => takeHome(home)).not.toThrow();
});

it('tells its address, and leaves nothing behind', () => {
  const mine = takeHome(home);
  expect(runningIn(home)).toEqual({ pid: process.pid, url: '' });
  mine.announce('http://127.0.0.1:4001');
  expect(runningIn(home)?.url).toBe('http://127.0.0.1:4001');
  mine.release();
  expect(readdirSync(home)).toEqual([]);
});

it.each(['', '{"pid":', '7', '{"pid":"x","url":1}'])('takes a home whose note says %j', (text) => {
  writeFileSync(join(home, 'running.json'), text);
  expect(runningIn(home)).toBeUndefined();
  takeHome(home).release();
});
