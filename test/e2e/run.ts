import { readmePictures } from './pictures.ts';
import { play } from './play.ts';

/** `npm run e2e`: the whole story in a browser; with `--screenshots` it also takes the pictures of the README. */
const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  await play(say, process.argv.includes('--screenshots') ? readmePictures : undefined);
  say('The story runs in the browser.');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
