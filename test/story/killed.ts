import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import type { Child, Driven } from '../child.ts';
import type { Call, Outcome } from '../driver.ts';

const LOCKS_FREE_MS = 1_200;

/**
 * A person at a house that may die at any moment. What was under way when it died is done again only when it never
 * happened: Teams delivers a message again by itself, and who gets no answer to a click looks at the card before clicking
 * once more.
 */
export function stubborn(house: Child & { drive: Driven }, restarted: (ms: number) => void): Driven {
  const { drive } = house;
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${house.url}${path}`, {
      ...(body ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const now = async () => Temporal.Instant.from(((await ask('/sandbox/clock')) as { now: string }).now);
  /** It may die in its own time as well, while somebody only looks: whoever looks then looks again. */
  async function read<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      const answer = await survive(async () => ({ is: await work() }));
      if (answer) return answer.is;
    }
  }

  /** What the work answered, or `undefined` when the process died of it and lives again. */
  async function survive<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const dead = await Promise.race([house.died().then(() => true), pause(500).then(() => false)]);
      if (!dead) throw error;
    }
    restarted(await startAgain(house));
    // What somebody was at is left to them for half a minute: another process might be alive.
    await survive(() => ask('/sandbox/advance', { by: 'PT35S' }));
    // PostgreSQL gives the dead process's locks back when it notices the death; the next round then finds them free. And
    // what the house does in its own time is done by then.
    await pause(LOCKS_FREE_MS);
    await survive(() => ask('/sandbox/advance', { by: 'PT1S' }));
    return undefined;
  }

  const fileOf = (name: string) => readFileSync(join(house.home, 'sandbox', name), 'utf8');
  async function again<T>(work: () => Promise<T>, happened: () => Promise<boolean>): Promise<T | undefined> {
    for (;;) {
      const answer = await survive(async () => ({ is: await work() }));
      if (answer || (await happened())) return answer?.is;
    }
  }

  return {
    ...drive,
    messages: (as, conversation) => read(() => drive.messages(as, conversation)),
    transcript: (after) => read(() => drive.transcript(after)),
    event: (name, more) =>
      again(
        () => drive.event(name, more),
        async () => fileOf('estate.jsonl').includes(`"scenario":"${name}"`),
      ),
    say: (as, conversation, text) =>
      again(
        () => drive.say(as, conversation, text),
        async () => (await drive.messages(as, conversation)).some((message) => message.text === text),
      ),
    async click(as, message, action, inputs) {
      // Only at this moment of death the click has had its effect.
      const committed = () => fileOf('kill.json').split('turn-committed').length;
      const before = committed();
      const lost: Outcome = { outcome: { kind: 'lost' } };
      let clicks = 0;
      const click = () => {
        clicks += 1;
        // Clicked before, and now the button is gone: it had its effect.
        const gone = (error: unknown) => {
          if (clicks > 1 && /NoSuchAction/.test(String(error))) return lost;
          throw error;
        };
        return drive.click(as, message, action, inputs).catch(gone);
      };
      return (await again(click, async () => committed() < before)) ?? lost;
    },
    async advance(by) {
      const to = (await read(now)).add(Temporal.Duration.from(by));
      const done = { yet: false };
      while (!done.yet) {
        await survive(async () => {
          // Coming back takes its time, too, and may have taken all of this.
          if (Temporal.Instant.compare(await now(), to) < 0) await ask('/sandbox/advance', { to: to.toString() });
          done.yet = true;
        });
      }
    },
  };
}

/** It may be killed again while it starts. */
async function startAgain(house: Child): Promise<number> {
  for (;;) {
    try {
      return await house.start();
    } catch (error) {
      if (house.alive()) throw error;
    }
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What people were told, as a sorted list: place and words of every message that really was posted. */
export const told = (calls: readonly Call[]): string[] =>
  calls
    .filter(({ operation, delivered }) => operation === 'create' && delivered === true)
    .map(({ place, body }) => `${place}: ${wordsOf(body as { summary?: string; text?: string })}`)
    .sort();

/**
 * Waiting for a process to come back takes its time: how long something took is no part of what was said, nor whether Azure
 * had been asked for the details when the first card was due.
 */
const wordsOf = ({ summary, text }: { summary?: string; text?: string }): string =>
  (summary ?? text ?? '')
    .replace(/\d+ (min|s|h)\b/g, 'N $1')
    .replace(/\d+ entries checked, head \w+/, 'entries')
    .replace(/PSI of amount on ep-fraud is .* \(2 features over their limit\)/, 'drift on ep-fraud')
    .replace(/Model monitor \S+ found drift on ep-fraud \(data_drift\)/, 'drift on ep-fraud');

/** Tries until it holds; for what several processes do in their own time. */
export async function eventually<T>(check: () => Promise<T>, withinMs = 30_000): Promise<T> {
  for (const until = performance.now() + withinMs; ; ) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(100);
    }
  }
}
