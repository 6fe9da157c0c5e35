import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import JSZip from 'jszip';
import { z } from 'zod/v4';
import { DOMAINS } from '../../bot/app.domains.ts';
import { commandList } from '../../bot/help.ts';
import { colourIcon, outlineIcon } from './icons.ts';
import { type AppDetails, teamsManifest } from './manifest.ts';

/**
 * `npm run package-app -- --app-id GUID --domain HOST`: writes dist/wardroom-teams-app.zip, to be uploaded in the Teams
 * admin centre, and dist/manifest.json to look at.
 */
const USAGE = `npm run package-app -- --app-id GUID --domain HOST [options]

  --app-id GUID     MicrosoftAppId of the bot (app registration, or client id of the managed identity)
  --domain HOST     host name under which Wardroom is reached, such as wardroom.example.com
  --teams-app GUID  id of the Teams app, when it shall differ from the bot's
  --version 1.2.3   version of the package; Teams offers an update when it grows (default: package.json)
  --developer NAME  your organisation (default: Wardroom)
  --website URL     page about the app, also --privacy URL and --terms URL (default: https://HOST)
`;

const https = (text: string) => text.startsWith('https://') && URL.canParse(text);
const page = z.string().refine(https, 'must be an https address').optional();
const options = z.object({
  'app-id': z.guid('must be the app id of the bot, such as 6f3c1d2e-1b7a-4c55-9a10-3d5e7f90a001').toLowerCase(),
  domain: z
    .string('is missing: the host name under which Wardroom is reached')
    .regex(
      /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i,
      'must be a host name without https://',
    ),
  'teams-app': z.guid('must be a GUID').toLowerCase().optional(),
  version: z
    .string()
    .regex(/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/, 'must be three numbers such as 1.2.3')
    .optional(),
  developer: z.string().min(1).max(32, 'may have 32 characters').default('Wardroom'),
  website: page,
  privacy: page,
  terms: page,
});

/** What the command line asks for, or every problem with it in one error. */
export function detailsFrom(args: readonly string[], commands: AppDetails['commands'], ownVersion: string): AppDetails {
  const names = Object.keys(options.shape);
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const read = options.safeParse(values);
  if (!read.success) {
    throw new Error(read.error.issues.map(({ path, message }) => `--${path[0]?.toString()} ${message}`).join('\n'));
  }
  const { domain, developer: name, 'app-id': botId, 'teams-app': appId, version, ...pages } = read.data;
  const website = pages.website ?? `https://${domain}`;
  const developer = { name, website, privacy: pages.privacy ?? website, terms: pages.terms ?? website };
  return { appId: appId ?? botId, botId, domain, version: version ?? ownVersion, developer, commands };
}

/** The zip that Teams takes: manifest and icons at its top level. The same details give the same bytes. */
export async function packageApp(details: AppDetails): Promise<Uint8Array> {
  const zip = new JSZip();
  // A fixed date (the first that zip can hold), else two packages of one version would differ.
  const date = new Date('1980-01-01T00:00:00Z');
  zip.file('manifest.json', `${JSON.stringify(teamsManifest(details), undefined, 2)}\n`, { date });
  zip.file('color.png', colourIcon(), { date });
  zip.file('outline.png', outlineIcon(), { date });
  return zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' });
}

if (import.meta.main) {
  const own = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const commands = commandList(DOMAINS.flatMap(({ capabilities }) => capabilities));
  try {
    const details = detailsFrom(process.argv.slice(2), commands, own.version);
    mkdirSync('dist', { recursive: true });
    const file = join('dist', 'wardroom-teams-app.zip');
    writeFileSync(file, await packageApp(details));
    writeFileSync(join('dist', 'manifest.json'), `${JSON.stringify(teamsManifest(details), undefined, 2)}\n`);
    process.stdout.write(
      `${file}: version ${details.version}, ${commands.length} commands, bot ${details.botId}\n` +
        'Upload it in the Teams admin centre (Teams apps > Manage apps > Upload), then add it to a team.\n',
    );
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 2;
  }
}
