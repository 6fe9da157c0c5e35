import { crc32, inflateSync } from 'node:zlib';
import { AppManifestUtils } from '@microsoft/app-manifest';
import JSZip from 'jszip';
import { expect, test } from 'vitest';
import { DOMAINS } from '../../../bot/app.domains.ts';
import { commandList } from '../../../bot/help.ts';
import { type AppDetails, teamsManifest } from '../../../infra/teams-app/manifest.ts';
import { detailsFrom, packageApp } from '../../../infra/teams-app/package.ts';

const capabilities = DOMAINS.flatMap((domain) => domain.capabilities);
const APP = '6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001';
const details = detailsFrom(['--app-id', APP, '--domain', 'wardroom.example.com'], commandList(capabilities), '1.2.3');
const valid = (of: AppDetails) => AppManifestUtils.validateAgainstSchema(teamsManifest(of));

test("the manifest is valid by Microsoft's schema 1.30", async () => {
  expect(await valid(details)).toEqual([]);
  expect(teamsManifest(details)).toMatchObject({ manifestVersion: '1.30', id: APP, version: '1.2.3' });
});

test('the same judge refuses a manifest that is wrong', async () => {
  expect(await valid({ ...details, botId: 'not-a-guid' })).not.toEqual([]);
  const many = Array.from({ length: 13 }, () => ({ title: 'help', description: 'help' }));
  expect(await valid({ ...details, commands: many })).not.toEqual([]);
});

test('the command menu holds what the capabilities can do, in every place the bot can be added to', () => {
  const [bot] = teamsManifest(details).bots ?? [];
  const [list] = bot?.commandLists ?? [];
  expect(list?.scopes).toEqual(bot?.scopes);
  expect(list?.commands.length).toBeGreaterThan(5);
  const examples = capabilities.flatMap((capability) => capability.examples);
  for (const { title } of list?.commands ?? []) expect(examples).toContain(title);
});

test('it asks for reading what it posted and for nothing else', () => {
  const manifest = teamsManifest(details);
  expect(manifest.authorization?.permissions?.resourceSpecific?.map(({ name }) => name)).toEqual([
    'ChannelMessage.Read.Group',
    'ChatMessage.Read.Chat',
  ]);
  expect(manifest.permissions).toBeUndefined();
});

test('the zip holds the manifest and two icons in the sizes that Teams asks for', async () => {
  const bytes = await packageApp(details);
  const zip = await JSZip.loadAsync(bytes);
  expect(Object.keys(zip.files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
  expect(JSON.parse((await zip.file('manifest.json')?.async('string')) ?? '')).toEqual(teamsManifest(details));
  const [colour, outline] = await Promise.all(
    ['color.png', 'outline.png'].map(async (name) =>
      decode((await zip.file(name)?.async('uint8array')) ?? Buffer.of()),
    ),
  );
  expect(colour).toMatchObject({ width: 192, height: 192 });
  expect(outline).toMatchObject({ width: 32, height: 32 });
  // Full colour to the edges; the letter stays in the middle 96 x 96, because Teams crops to a circle.
  expect(colour?.pixel(0, 0)).toEqual([0x5b, 0x5f, 0xc7, 255]);
  const letter = colour?.where(([red]) => red > 0x5b) ?? [];
  expect(letter.length).toBeGreaterThan(500);
  for (const [x, y] of letter) expect(Math.max(Math.abs(x - 95.5), Math.abs(y - 95.5))).toBeLessThanOrEqual(48);
  // White or nothing, and a border of nothing.
  expect(outline?.where(([red, green, blue]) => red + green + blue < 765)).toEqual([]);
  expect(outline?.pixel(0, 0)?.[3]).toBe(0);
  expect(outline?.where(([, , , alpha]) => alpha === 255).length).toBeGreaterThan(50);
  expect(await packageApp(details)).toEqual(bytes);
});

test('a wrong command line is told what is wrong', () => {
  const from = (...args: string[]) => detailsFrom(args, [], '1.0.0');
  expect(() => from('--domain', 'https://wardroom.example.com')).toThrow(
    /--app-id must be the app id[^\n]*\n--domain must be a host name/,
  );
  expect(() => from('--app-id', APP, '--domain', 'wardroom.example.com', '--version', '1.0')).toThrow('three numbers');
  expect(() => from('--app-id', APP, '--domain', 'x.example', '--privacy', 'http://x.example')).toThrow('https');
  expect(() => from('--colour', 'red')).toThrow('--colour');
});

type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

/** A small reader of unfiltered PNG, written from the standard and not from the writer. */
function decode(bytes: Uint8Array) {
  const data = Buffer.from(bytes);
  expect(data.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < data.length; ) {
    const length = data.readUInt32BE(at);
    const body = data.subarray(at + 4, at + 8 + length);
    expect(data.readUInt32BE(at + 8 + length)).toBe(crc32(body));
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
    at += 12 + length;
  }
  expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  const header = chunks.get('IHDR') ?? Buffer.of();
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  expect([...header.subarray(8)]).toEqual([8, 6, 0, 0, 0]);
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.of());
  expect(rows.length).toBe(height * (1 + width * 4));
  const pixel = (x: number, y: number): Pixel => {
    expect(rows[y * (1 + width * 4)]).toBe(0);
    const at = y * (1 + width * 4) + 1 + x * 4;
    return [rows[at] ?? 0, rows[at + 1] ?? 0, rows[at + 2] ?? 0, rows[at + 3] ?? 0];
  };
  const where = (is: (pixel: Pixel) => boolean) =>
    Array.from({ length: width * height }, (_, index) => [index % width, Math.floor(index / width)] as const).filter(
      ([x, y]) => is(pixel(x, y)),
    );
  return { width, height, pixel, where };
}
