import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openWindow, type Watched } from './room/browser.ts';

/** How long a person waits for something to appear before they call it broken; a busy machine is slow, not broken. */
const PATIENCE_MS = 40_000;

/** A person at a window of the Room; does only what hands can do there. */
export interface Person {
  id: string;
  page: Page;
  /** Opens a conversation by the name on the left, when it is not open. */
  go: (conversation: string) => Promise<void>;
  say: (text: string) => Promise<void>;
  /** The message with a card that says all of this, the newest when there are several. */
  card: (...words: (string | RegExp)[]) => Locator;
  /** Waits until the card says all of this. */
  sees: (...words: (string | RegExp)[]) => Promise<Locator>;
  press: (card: Locator, button: string) => Promise<void>;
  /** Something of the strip on the right: drift, latency. */
  causes: (deed: string) => Promise<void>;
  /** Moves the clock by the buttons of the strip on the right. */
  waits: (minutes: number) => Promise<void>;
}

export interface Cast {
  person: (id: string, conversation: string, look?: Look) => Promise<Person>;
  /** Every window that was opened, for pictures of a failure and for what the browser complained about. */
  windows: readonly (Watched & { id: string })[];
  close: () => Promise<void>;
}

export interface Look extends BrowserContextOptions {
  theme?: 'light' | 'dark';
}

export function cast(browser: Browser, url: string): Cast {
  const windows: (Watched & { id: string })[] = [];
  return {
    windows,
    async person(id, conversation, { theme = 'light', ...options } = {}) {
      const address = `${url}/?as=${id}&c=${conversation}&theme=${theme}`;
      const opened = await openWindow(browser, address, { reducedMotion: 'reduce', ...options });
      windows.push({ ...opened, id });
      opened.page.setDefaultTimeout(PATIENCE_MS);
      await opened.page.locator('#compose:not([disabled])').waitFor();
      return at(opened.page, id);
    },
    close: async () => {
      for (const { page } of windows) await page.context().close();
    },
  };
}

function at(page: Page, id: string): Person {
  const chat = page.locator('#chat');
  const row = (name: string) => page.locator('.row', { has: page.locator('.row-name', { hasText: name }) });
  const card: Person['card'] = (...words) =>
    words.reduce<Locator>(
      (found, hasText) => found.filter({ hasText }),
      chat.locator('article[data-message]').filter({ has: page.locator('.card') }),
    );
  const strip = async (button: Locator) => {
    await button.click();
    await page.locator('#side .busy').waitFor({ state: 'detached' });
  };
  return {
    id,
    page,
    card,
    async go(conversation) {
      if ((await row(conversation).getAttribute('aria-current')) !== 'page') await row(conversation).click();
      await chat.getByRole('heading', { level: 1, name: conversation, exact: true }).waitFor();
    },
    async say(text) {
      const box = chat.getByLabel('Message', { exact: true });
      await box.fill(text);
      await box.press('Enter');
    },
    async sees(...words) {
      const found = card(...words).last();
      await found.waitFor();
      return found;
    },
    async press(where, button) {
      await where.getByRole('button', { name: button, exact: true }).click();
    },
    causes: (deed) => strip(page.locator(`[data-deed="${deed}"]`)),
    async waits(minutes) {
      const quick = { 1: '+1 min', 10: '+10 min', 60: '+1 h' }[minutes];
      if (quick) return strip(page.getByRole('button', { name: quick, exact: true }));
      await page.getByLabel('How many').fill(String(minutes));
      await page.getByLabel('Unit').selectOption('minutes');
      await strip(page.getByRole('button', { name: 'Move', exact: true }));
    },
  };
}
