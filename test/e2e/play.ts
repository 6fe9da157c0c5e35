import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startHouse } from './house.ts';
import { type Cast, cast } from './people.ts';
import { launch } from './room/browser.ts';
import { type Picture, story } from './story.ts';

/** What a failure leaves behind; not in git. */
const OUT = join(import.meta.dirname, 'out');

/**
 * Plays the story in a browser against the real program in a process of its own. A failure is thrown with its scene;
 * what every window showed at that moment and what the program wrote are in `test/e2e/out`.
 */
export async function play(tell: (line: string) => void, pictures?: (cast: Cast, url: string) => Picture) {
  await rm(join(OUT, 'failed'), { recursive: true, force: true });
  const [house, browser] = await Promise.all([startHouse(), launch()]);
  const people = cast(browser, house.url);
  let scene = 'before the first scene';
  const began = performance.now();
  try {
    for (const { name, play: act } of story(people, pictures?.(people, house.url))) {
      scene = name;
      await act();
      tell(`✔ ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    }
    scene = 'what the browser complained about';
    const complaints = people.windows.flatMap(({ id, complaints: said }) => said.map((line) => `${id}: ${line}`));
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  } catch (error) {
    await keep(people, house.log());
    throw new Error(`✖ ${scene}: ${(error as Error).message}\nWhat was seen then is in ${join(OUT, 'failed')}.`, {
      cause: error,
    });
  } finally {
    await browser.close();
    await house.stop();
  }
}

async function keep({ windows }: Cast, log: string): Promise<void> {
  const folder = join(OUT, 'failed');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'house.log'), log);
  for (const [index, { id, page }] of windows.entries())
    await page.screenshot({ path: join(folder, `${index + 1}-${id}.png`) }).catch(() => undefined);
}
