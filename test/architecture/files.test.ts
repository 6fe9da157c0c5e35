import { expect, it } from 'vitest';
import { files, textOf } from './sources.ts';

const LONGEST_FILE_LINES = 400;
const WRITTEN = /\.(ts|js|mjs|css|html|kql|sh)$/;
/** Names that somebody else's tools look for. */
const GIVEN = /^((README|CONTRIBUTING|SECURITY)\.md|LICENSE|Dockerfile(\.dockerignore)?|docker-compose\.yaml)$|^\./;

it('no file is longer than four hundred lines', () => {
  const long = files
    .filter((path) => WRITTEN.test(path) && !path.includes('/vendor/') && !path.startsWith('test/data/'))
    .map((path) => ({ path, lines: textOf(path).split('\n').length - 1 }))
    .filter(({ lines }) => lines > LONGEST_FILE_LINES);
  expect(long).toEqual([]);
});

it('file names are in kebab case, with dots for the kind', () => {
  const odd = files
    .filter((path) => !path.startsWith('test/data/') && !path.includes('/data/') && !path.includes('/vendor/'))
    .map((path) => path.split('/').at(-1) ?? path)
    .filter((name) => !GIVEN.test(name) && !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(name));
  expect(odd).toEqual([]);
});
