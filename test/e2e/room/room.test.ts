import type { TurnContext } from 'botbuilder';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_PICTURES } from '../../../cards/gallery/pictures.ts';
import { gallery } from '../../../cards/gallery.ts';
import type { Ground } from '../../../cards/pictures/ink.ts';
import { draw } from '../../../cards/pictures/picture.ts';
import { EXTENSION_COMMANDS } from '../../../infra/teams-app/extension.ts';
import { type Stage, startStage } from '../../infra/teams/stage.ts';
import { launch, openWindow, seriousFindings } from './browser.ts';
import { everyElement, INCIDENT, incidentCard } from './cards.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';
const attachment = (content: unknown) => ({ contentType: CARD, content });
const said = (activity: object) => activity as never;

/** A bot that posts the incident when asked, and shows everybody who took it. */
async function turn(context: TurnContext): Promise<void> {
  const { type, text, value, from, replyToId } = context.activity;
  if (type === 'message' && text?.includes('incident')) {
    await context.sendActivity(said({ type: 'message', summary: 'SEV 1', attachments: [attachment(incidentCard())] }));
  } else if (type === 'message') await context.sendActivity(`You said **${text?.trim()}** <b>plainly</b>`);
  if (type !== 'invoke') return;
  if (context.activity.name?.startsWith('composeExtension/')) {
    await context.sendActivity(said({ type: 'invokeResponse', value: { status: 200, body: extended(context) } }));
    return;
  }
  const answer = (body: object) => context.sendActivity(said({ type: 'invokeResponse', value: { status: 200, body } }));
  if (value.action.verb === 'refuse') {
    const message = 'You asked for this, so you cannot vote on it. Ask Cara.';
    await answer({ statusCode: 400, type: 'application/vnd.microsoft.error', value: { code: 'Refused', message } });
    return;
  }
  await context.updateActivity(
    said({ type: 'message', id: replyToId, attachments: [attachment(incidentCard(from.name))] }),
  );
  await answer({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Acknowledged.' });
}

/** A search that finds the incident, and an action that asks one thing about a message and says it back. */
function extended({ activity: { name, value } }: TurnContext): object {
  if (name === 'composeExtension/query') {
    const preview = { content: { title: 'INC-101 · drift', text: 'incident, open' } };
    return {
      composeExtension: { type: 'result', attachments: [{ ...attachment(incidentCard()), preview }] },
    };
  }
  if (name === 'composeExtension/submitAction')
    return { task: { type: 'message', value: `Noted: ${value.data.what}` } };
  const card = {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [{ type: 'Input.Text', id: 'what', label: 'What is to be done', value: value.messagePayload.body.content }],
    actions: [{ type: 'Action.Submit', title: 'Write down', data: {} }],
  };
  return { task: { type: 'continue', value: { title: 'New task', card: attachment(card) } } };
}

/** The stage has no house behind it that would draw the pictures of the gallery. */
const drawPictures = (page: Page) =>
  page.route('**/pictures/*/*.png', (route) => {
    const [ground, name] = new URL(route.request().url()).pathname.replace('.png', '').split('/').slice(2);
    const picture = SAMPLE_PICTURES[name ?? ''];
    return picture
      ? route.fulfill({ contentType: 'image/png', body: draw(picture, ground as Ground) })
      : route.fulfill({ status: 404 });
  });

let stage: Stage;
let browser: Browser;
const at = (path: string) => stage.base + path;

beforeAll(async () => {
  const cards = [
    { name: 'every-element', group: 'parts', card: everyElement },
    ...gallery().map(({ name, card }) => ({ name: name.replace('/', '-'), group: name.split('/')[0] ?? '', card })),
  ];
  [stage, browser] = await Promise.all([
    startStage(turn, { gallery: async () => cards, extension: EXTENSION_COMMANDS }),
    launch(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await stage?.stop();
});

describe('a card', () => {
  it('draws every Teams element and every chart, keeps text from outside text, and is usable by everybody', async () => {
    const { page, complaints } = await openWindow(browser, at('/gallery?theme=light#every-element'), {}, drawPictures);
    const card = page.locator('#every-element .card');
    await card.waitFor();
    const charts = card.locator('[data-chart]');
    expect(await charts.count()).toBe(8);
    for (const chart of await charts.all()) await chart.scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelectorAll('#every-element [data-drawn] svg path').length > 8);
    expect(await card.locator('[data-chart]:not([data-drawn])').count()).toBe(0);
    for (const chart of await charts.all()) expect(await chart.getAttribute('aria-label')).toMatch(/\d/);
    for (const drawn of ['.badge', '.code', '.progress', '.ring', '.icon-element', '.compound', '.rating'])
      expect(await card.locator(drawn).count(), drawn).toBeGreaterThan(0);
    expect(await card.locator('.mention').textContent()).toBe('Ann Berg');
    expect(await card.locator('script, img, a[href^="javascript"]').count()).toBe(0);
    expect(await card.innerText()).toContain('<img src=x onerror=alert(1)>');
    expect(await card.getByText('only when narrow').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Phone width' }).click();
    await expect.poll(() => card.getByText('only when narrow').isVisible()).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Dark' }).click();
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('checks its inputs before it sends, and opens menus, details and popovers by keyboard', async () => {
    const { page } = await openWindow(browser, at('/gallery'));
    const card = page.locator('#every-element .card');
    await card.getByRole('button', { name: 'Save' }).click();
    expect(await card.getByText('Say why').isVisible()).toBe(true);
    await card.getByLabel('Reason').fill('because');
    await card.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => page.locator('#status').textContent()).toContain('"reason":"because"');
    await card.getByRole('button', { name: 'More actions' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#status').textContent()).toContain('Second');
    await card.getByRole('button', { name: 'Why' }).click();
    expect(await page.getByRole('dialog', { name: 'Why' }).innerText()).toContain('passed its limit');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });
});

describe('the Room', () => {
  it('shows two people in two windows the same change of a card', async () => {
    const ann = await openWindow(browser, at('/?as=ann&c=fraud-ops&theme=light'));
    const ben = await openWindow(browser, at('/?as=ben&c=fraud-ops&theme=dark'));
    await ann.page.getByLabel('Message', { exact: true }).fill('incident please');
    await ann.page.keyboard.press('Enter');
    for (const { page } of [ann, ben]) await page.getByText(INCIDENT).first().waitFor();
    expect(await seriousFindings(ann.page)).toEqual([]);
    expect(await seriousFindings(ben.page)).toEqual([]);
    await ben.page.getByRole('button', { name: 'Acknowledge' }).click();
    await ben.page.locator('.toast', { hasText: 'Acknowledged.' }).waitFor();
    for (const { page } of [ann, ben]) await page.getByText('Taken by Ben Okafor').waitFor();
    expect(await ann.page.getByText('Edited').count()).toBe(1);
    await ann.page.getByRole('button', { name: 'Roll back' }).click();
    await ann.page.getByRole('alert').getByText('Ask Cara').waitFor();
    expect([...ann.complaints, ...ben.complaints]).toEqual([]);
  });

  it('marks what is unread for a person who looks elsewhere, until they look', async () => {
    const { page } = await openWindow(browser, at('/?as=cara&c=personal'));
    const row = page.getByRole('button', { name: /Fraud war room/ });
    await row.waitFor();
    await stage.teams.say('ann', '19:fraud-war-room@thread.v2', '@Cara Lindt can you look?');
    await page.getByRole('button', { name: /^Fraud war room.*1 mention, 1 unread$/ }).waitFor();
    await row.click();
    await expect.poll(() => row.textContent()).not.toContain('unread');
    expect(page.url()).toContain('/?as=cara&c=fraud-war-room');
  });

  it('is used without a mouse: suggestions, sending, history', async () => {
    const { page, complaints } = await openWindow(browser, at('/?as=dev&c=personal'));
    await page.locator('.row[aria-current]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('/hel');
    await page.getByRole('option', { name: /help/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.locator('.message .text', { hasText: 'You said help' }).waitFor();
    expect(await page.locator('.message .text', { hasText: 'You said' }).innerText()).toBe(
      'You said help <b>plainly</b>',
    );
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('#compose').inputValue()).toBe('help');
    expect(complaints).toEqual([]);
  });

  it('makes something of a message by its menu, and drops a card that was searched for, by keyboard', async () => {
    const { page, complaints } = await openWindow(browser, at('/?as=ann&c=fraud-war-room'));
    await page.locator('.row[aria-current]').waitFor();
    await page.getByLabel('Message', { exact: true }).fill('Please call the vendor & ask');
    await page.keyboard.press('Enter');
    const message = page.locator('#chat .mine', { hasText: 'call the vendor' });
    await message.getByRole('button', { name: 'More options' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('menuitem').allTextContents()).toEqual(['Make a use case of it', 'Make a task of it']);
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New task' });
    expect(await dialog.getByLabel('What is to be done').inputValue()).toContain('call the vendor');
    await dialog.getByLabel('What is to be done').fill('Call them');
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Write down' }).click();
    await page.locator('.toast', { hasText: 'Noted: Call them' }).waitFor();
    await page.getByRole('button', { name: 'Actions and apps' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.type('drift');
    await page.getByRole('button', { name: /INC-101 · drift/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.chip', { hasText: 'INC-101' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#chat .mine .card', { hasText: INCIDENT }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('moves the clock, and fits a phone', async () => {
    const { page } = await openWindow(browser, at('/?as=ann&c=fraud-ops'));
    await page.getByRole('button', { name: '+10 min' }).click();
    await expect.poll(() => page.locator('.clock-now').textContent()).toBe('15:10:00');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByText(INCIDENT).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.locator('#chat').getByRole('button', { name: 'Conversations' }).click();
    expect(await page.getByRole('button', { name: /Fraud operations/ }).isVisible()).toBe(true);
  });
});
