import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { startHouse } from './house.ts';
import { cast } from './people.ts';
import { launch } from './room/browser.ts';

/** What the newcomer does at each step beside the tour's own button, and what they then see. */
const STEPS: readonly { title: string; by?: (page: Page) => Promise<void> }[] = [
  { title: 'Welcome to the Room' },
  { title: 'Something goes wrong' },
  { title: 'One card, in the right channel', by: (page) => sees(page, 'SEV 1 · firing', 'Ann Berg') },
  { title: 'Nobody acts' },
  {
    title: 'Ben acknowledges',
    async by(page) {
      await press(page, 'Acknowledge');
      await sees(page, 'SEV 1 · acknowledged', 'Ben Okafor');
    },
  },
  {
    title: 'Roll back',
    async by(page) {
      await press(page, 'Roll back to blue');
      await sees(page, 'REQ-101', '0 of 2 approvals');
    },
  },
  {
    title: 'Cara votes for risk',
    async by(page) {
      await press(page, 'Approve');
      await sees(page, 'REQ-101', '1 of 2 approvals', 'You approved');
    },
  },
  {
    title: 'Dev gives the last vote',
    async by(page) {
      await press(page, 'Approve');
      await sees(page, 'REQ-101', /being carried out|done/);
    },
  },
  {
    title: 'The change lands, the alert ends',
    async by(page) {
      await page.locator('[data-endpoint="ep-fraud"]', { hasText: 'blue 100 %' }).waitFor();
      await page.locator('[data-endpoint="ep-fraud"]', { hasText: 'healthy' }).waitFor();
    },
  },
  {
    title: 'Who did what, when and why',
    async by(page) {
      await page.locator('#compose').press('Enter');
      await sees(page, 'What happened', 'The change is done', 'Resolved by itself');
    },
  },
  {
    title: 'Prove it',
    async by(page) {
      await page.locator('#compose').press('Enter');
      await sees(page, 'The audit log is whole');
    },
  },
];

const card = (page: Page, ...words: (string | RegExp)[]) =>
  words.reduce((found, hasText) => found.filter({ hasText }), page.locator('#chat article[data-message]')).last();

const sees = (page: Page, ...words: (string | RegExp)[]) => card(page, ...words).waitFor();

const press = (page: Page, button: string) =>
  page.locator('#chat article').getByRole('button', { name: button, exact: true }).last().click();

it('the tour leads through the whole story, each step to something that is there', async () => {
  const [house, browser] = await Promise.all([startHouse(), launch()]);
  try {
    const { page } = await cast(browser, house.url).person('kim', 'personal');
    await page.getByRole('button', { name: 'Tour', exact: true }).click();
    const tour = page.getByRole('region', { name: 'Tour' });
    for (const [index, { title, by }] of STEPS.entries()) {
      await tour.getByRole('heading', { name: title }).waitFor();
      expect(await tour.locator('.tour-count').textContent()).toBe(`${index + 1} of ${STEPS.length}`);
      expect(await page.locator('.tour-ring').count(), `what step “${title}” points to`).toBe(1);
      const does = tour.locator('footer .primary:not(.tour-next)');
      if (await does.isVisible()) {
        await does.click();
        await tour.locator('.done').waitFor();
      }
      await by?.(page);
      await tour.locator('.tour-next.primary').click();
    }
    await tour.waitFor({ state: 'hidden' });
  } finally {
    await browser.close();
    await house.stop();
  }
}, 240_000);
