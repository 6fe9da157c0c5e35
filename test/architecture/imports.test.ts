import { expect, it } from 'vitest';
import { type Import, type Source, sources } from './sources.ts';

/**
 * Who may import whom (architecture, section 2), on every file: arrows only point down. The composition root is the only
 * place that knows which parts are real and which are simulated.
 */
const ROOT = /^bot\/(app(\.[a-z]+)?|main|console|console-line)\.ts$|^infra\/playground\/run\.ts$/;
const DOMAIN = /^services\/(?!core\/|store\/|azure\/)([a-z]+)\//;

type Rule = (to: string, link: Import, from: string) => boolean;
const domainIn = (path: string): string | undefined => DOMAIN.exec(path)?.[1];
const any =
  (...rules: Rule[]): Rule =>
  (...link) =>
    rules.some((rule) => rule(...link));
const inside =
  (...folders: string[]): Rule =>
  (to) =>
    folders.some((folder) => to.startsWith(`${folder}/`));
const exactly =
  (...paths: string[]): Rule =>
  (to) =>
    paths.includes(to);
const types =
  (rule: Rule): Rule =>
  (to, link, from) =>
    link.typeOnly && rule(to, link, from);
const index: Rule = (to) => DOMAIN.test(to) && to.split('/').length === 3 && to.endsWith('/index.ts');

const RULES: readonly (readonly [from: RegExp, name: string, may: Rule])[] = [
  [ROOT, 'the composition root', () => true],
  [
    /^bot\//,
    'the Teams edge',
    any(
      inside('bot', 'cards', 'services/core', 'services/store'),
      (to) => DOMAIN.test(to),
      // The language of dialogs; which dialogs there are, only the composition root knows.
      (to) => /^dialogs\/[a-z-]+\.ts$/.test(to),
    ),
  ],
  [
    /^dialogs\//,
    'a dialog',
    any(
      (to, _link, from) => {
        const [, own, file] = /^dialogs\/([a-z]+)\/(.+)$/.exec(from) ?? [];
        return /^dialogs\/[a-z-]+\.ts$/.test(to) || (file !== undefined && to.startsWith(`dialogs/${own}/`));
      },
      inside('cards'),
      index,
      exactly('services/core/errors.ts'),
      types(inside('services/core', 'services/store')),
    ),
  ],
  [/^cards\//, 'a card', any(inside('cards'), types(inside('services')))],
  [
    DOMAIN,
    'a domain',
    any(
      (to, _link, from) => domainIn(to) === domainIn(from),
      index,
      inside('services/core', 'services/store'),
      types(inside('services/azure')),
    ),
  ],
  [/^services\/(core|store)\//, 'core and store', inside('services/core', 'services/store')],
  [/^services\/azure\//, 'an Azure client', inside('services/azure', 'services/core', 'services/store')],
  [
    /^infra\/sandbox\//,
    'the sandbox',
    any(
      inside('infra/sandbox'),
      exactly('services/core/clock.ts', 'services/azure/wire.ts'),
      types(exactly('services/core/ids.ts')),
    ),
  ],
  // Tools that are run by hand and make something from the capabilities or from Northwind.
  [/^infra\//, 'a tool', any(inside('infra'), exactly('bot/app.domains.ts', 'bot/help.ts'), inside('services/core'))],
];

const wrong = (source: Source): string[] => {
  const rule = RULES.find(([from]) => from.test(source.path));
  if (!rule) return [`${source.path} lives in no known room`];
  const [, name, may] = rule;
  return source.imports
    .filter(({ to }) => to.includes('.ts') && !may(to, { ...linkOf(source, to) }, source.path))
    .map(({ to }) => `${source.path} (${name}) imports ${to}`);
};
const linkOf = (source: Source, to: string): Import => {
  const all = source.imports.filter((link) => link.to === to);
  return { ...(all[0] as Import), typeOnly: all.every(({ typeOnly }) => typeOnly) };
};

it('every arrow points down', () => {
  expect(sources.length).toBeGreaterThan(200);
  expect(sources.flatMap(wrong)).toEqual([]);
});

/** One home for each package: when an SDK is replaced by its successor, one file changes. */
const HOMES: Readonly<Record<string, RegExp>> = {
  botbuilder: /^bot\/teams\.ts$/,
  'botframework-connector': /^bot\/teams\.ts$/,
  '@microsoft/teams-ai': /^bot\/(teams|planner)\.ts$/,
  restify: /^bot\/server\.ts$/,
  // The sandbox's issuer signs what the others check.
  jose: /^(bot\/hooks|infra\/sandbox\/entra\/issuer)\.ts$/,
  'openid-client': /^services\/azure\/sign-in\.ts$/,
  // Elsewhere its query builder is used through `Db` and `Tx`. The others are the statements of the hot path and of
  // pg-boss's own tables, which are the point of their files.
  kysely: /^services\/store\/|\.store\.ts$|^services\/core\/(audit|jobs|outbox)\.ts$|^bot\/(ledger|lanes)\.ts$/,
  pg: /^services\/store\//,
  '@electric-sql/pglite': /^services\/store\//,
  'pg-boss': /^services\/(core\/jobs|store\/[a-z]+)\.ts$/,
  // The root hands the clients their credential; the estate answers at the SDKs' own wire.
  '@azure/identity': /^(services\/azure\/|bot\/app\.ts$)/,
  // The Connector's client brings its pipeline; bot/teams-send.ts writes its requests.
  '@azure/core-rest-pipeline': /^((services|infra\/sandbox)\/azure\/|bot\/teams-send\.ts$)/,
  '@azure/core-auth': /^(services|infra\/sandbox)\/azure\//,
  '@azure/arm-machinelearning': /^services\/azure\//,
  '@azure/monitor-query': /^services\/azure\//,
  cockatiel: /^services\/azure\/resilience\.ts$/,
  pino: /^services\/core\/log\.ts$/,
  'prom-client': /^services\/core\/metrics\.ts$/,
  '@opentelemetry/api': /^bot\/traces\.ts$/,
  '@opentelemetry/exporter-trace-otlp-http': /^bot\/traces\.ts$/,
  '@opentelemetry/resources': /^bot\/traces\.ts$/,
  '@opentelemetry/sdk-trace-node': /^bot\/traces\.ts$/,
  yaml: /^services\/core\/organisation\.load\.ts$|^infra\//,
  '@microsoft/app-manifest': /^infra\/teams-app\//,
  jszip: /^infra\/teams-app\//,
  echarts: /^infra\/sandbox\/teams\/room\//,
  adaptivecards: /^infra\/sandbox\/teams\/room\//,
  '@duckdb/node-api': /^services\/store\/duck\.ts$/,
  'decimal.js': /^(services|cards)\//,
  '@azure/storage-blob': /^services\/azure\//,
  '@octokit/rest': /^services\/azure\//,
  'rrule-temporal': /^services\//,
  croner: /^services\//,
  'ical.js': /^services\//,
  'ical-generator': /^services\//,
  'windows-iana': /^services\//,
  'temporal-polyfill': /./,
  zod: /./,
};

it('every package is used where it lives, and nowhere else', () => {
  const strays = sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ to, typeOnly }) => !to.endsWith('.ts') && !to.startsWith('node:') && !(to === 'kysely' && typeOnly))
      .filter(({ to }) => !HOMES[to]?.test(path))
      .map(({ to }) => (to in HOMES ? `${path} uses ${to}` : `${path} uses ${to}, which has no home yet`)),
  );
  expect(strays).toEqual([]);
});

it('what is heavy or rarely wanted is loaded when it is wanted', () => {
  const lazy = ['bot/planner.ts', 'bot/traces.ts'];
  const early = sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ to, typeOnly, dynamic }) => lazy.includes(to) && !typeOnly && !dynamic)
      .map(({ to }) => [path, to]),
  );
  expect(early).toEqual([]);
});

it('a folder has no other barrel than the index of a domain', () => {
  const barrels = sources.filter(({ path }) => path.endsWith('/index.ts')).map(({ path }) => path);
  expect(barrels.filter((path) => !/^(dialogs|services)\/[a-z]+\/index\.ts$/.test(path))).toEqual([]);
});
