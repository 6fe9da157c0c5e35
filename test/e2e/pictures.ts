import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Cast, Person } from './people.ts';
import type { Picture } from './story.ts';

/** The pictures of the README. */
const IMAGES = join(import.meta.dirname, '../../docs/images');
/** Above a card, so that it does not stick to the edge. */
const AIR_PX = 14;

/** Takes the README's pictures at their moments of the story; every other moment is passed over. */
export function readmePictures({ person }: Cast, url: string): Picture {
  const shoot = async (page: Page, name: string) => {
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  };
  const moments: Record<string, (who: Person) => Promise<void>> = {
    async 'incident-firing'(who) {
      await quiet(who.page);
      await toTop(await who.sees('INC-101'));
      await shoot(who.page, 'room-incident');
      await who.page.getByRole('button', { name: 'Dark theme' }).click();
      await drawn(await who.sees('INC-101'));
      await shoot(who.page, 'room-incident-dark');
      await who.page.getByRole('button', { name: 'Light theme' }).click();

      const phone = await person('ann', 'fraud-ops', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
      const card = await phone.sees('INC-101');
      // Charts are drawn when they come into sight.
      await toTop(card);
      await drawn(card);
      await shoot(phone.page, 'room-phone');
      await phone.page.close();

      await who.page.evaluate(() => {
        const list = document.querySelector('#chat .messages');
        if (list) list.scrollTop = list.scrollHeight;
      });
      const { page } = await person('ann', 'fraud-ops', {});
      await page.goto(`${url}/gallery?theme=light`);
      await page.locator('.card').first().waitFor();
      await page.locator('[data-chart] svg').first().waitFor();
      await shoot(page, 'gallery');
      await page.close();
    },
    async 'request-open'(who) {
      await quiet(who.page);
      await shoot(who.page, 'room-vote');
    },
    async timeline(who) {
      await quiet(who.page);
      await toTop(await who.sees('What happened'));
      await shoot(who.page, 'room-timeline');
    },
  };
  return async (name, who) => {
    await mkdir(IMAGES, { recursive: true });
    await moments[name]?.(who);
  };
}

/** Closes what was said for a moment. */
async function quiet(page: Page): Promise<void> {
  const close = page.locator('#toasts').getByRole('button', { name: 'Close' }).first();
  while (await close.isVisible()) await close.click();
}

const toTop = (card: Locator): Promise<void> =>
  card.evaluate((one, air) => {
    const list = one.closest('.messages');
    const post = one.closest('.post') ?? one;
    if (list) list.scrollTop += post.getBoundingClientRect().top - list.getBoundingClientRect().top - air;
  }, AIR_PX);

/** Until every chart that there is room for is drawn. */
async function drawn(where: Locator): Promise<void> {
  for (const chart of await where.locator('[data-chart]').all()) {
    if (await chart.isVisible()) await chart.locator('svg').waitFor();
  }
}
