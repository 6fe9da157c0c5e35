import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { FIRST_DRAFT, QUESTIONS } from '../../services/intake/index.ts';
import { openStore, type Store } from '../../services/store/store.ts';
import { openHouse } from '../house.ts';

/**
 * Use cases: `rank` over 5,000 of them from the question to the card, through the database, and the round trip of a step of a
 * form over HTTP, kept in the database. `npm run bench -- --only intake [--quick]`.
 */
export async function benchIntake(quick: boolean): Promise<string> {
  const count = quick ? 1_000 : 5_000;
  const home = mkdtempSync(join(tmpdir(), 'wardroom-bench-intake-'));
  const store = await openStore({ directory: home });
  await fill(store, count);
  await store.close();
  const house = await openHouse({ home });
  try {
    const ask = (text: string, set: Record<string, string> = {}) => house.app.console.ask({ text, as: 'ann', set });
    const ranked = await timed(quick ? 5 : 20, async () => {
      const { body } = await ask('rank with 240 person-months');
      if (!('data' in body)) throw new Error(JSON.stringify(body));
    });
    const what = await timed(quick ? 3 : 10, () => ask('rank with value 50 feasibility 20 data 20 strategic 10'));
    const steps = await formSteps(house, quick ? 20 : 100);
    const line = (name: string, took: number[]) =>
      `  ${name}: p50 ${at(took, 0.5)} ms, p95 ${at(took, 0.95)} ms (${took.length} times)`;
    return [
      `Use cases: ${count} in the store`,
      line('rank, from the question to the card', ranked),
      line('rank with other weights', what),
      line('a step of the form, click to next screen over HTTP', steps),
    ].join('\n');
  } finally {
    await house.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** First drafts by clicks in the personal chat: each step is validated, kept, and answered with the next screen. */
async function formSteps(house: Awaited<ReturnType<typeof openHouse>>, drafts: number): Promise<number[]> {
  const took: number[] = [];
  const click = async (action: string, inputs: object) => {
    const message = (await house.messages('ann', 'personal')).filter(({ from }) => from.kind === 'bot').at(-1);
    const from = performance.now();
    await house.click('ann', message?.id ?? '', action, inputs);
    took.push(performance.now() - from);
  };
  for (let draft = 0; draft < drafts; draft += 1) {
    await house.say('ann', 'personal', `new use case Bench ${draft}`);
    await click('Next', {
      title: `Bench ${draft} ${'xyzw'[draft % 4]}${draft}`,
      problem: 'slow',
      owner: 'Ann',
      department: 'Retail',
    });
    await click('Next', { baselineMetric: 'minutes', baseline: '10', target: '5' });
    // Nobody is faster: the guard against floods would answer otherwise.
    await house.advance('PT20S');
  }
  return took;
}

async function timed(rounds: number, work: () => Promise<unknown>): Promise<number[]> {
  await work();
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    await work();
    took.push(performance.now() - from);
  }
  return took;
}

const at = (took: readonly number[], share: number): string =>
  ([...took].sort((a, b) => a - b)[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0).toFixed(1);

/** Complete answers, so that all are scored and ranked; every twentieth lacks its data and is held. */
async function fill(store: Store, count: number): Promise<void> {
  const now = Temporal.Instant.from('2026-11-23T14:05:00Z').toString();
  const answer = (value: string) => ({ value, by: 'ann', at: now });
  await store.db.transaction().execute(async (tx) => {
    for (let begin = 0; begin < count; begin += 500) {
      const rows = Array.from({ length: Math.min(500, count - begin) }, (_, index) => {
        const number = begin + index;
        const given: Record<string, string> = Object.fromEntries(
          QUESTIONS.filter(({ kind, id }) => kind === 'rating' && (number % 20 !== 0 || id !== 'availability')).map(
            ({ id }, place) => [id, String(1 + ((number * 7 + place * 3) % 5))],
          ),
        );
        for (const id of FIRST_DRAFT) given[id] ??= 'something that somebody wrote about it, in a sentence';
        Object.assign(given, {
          title: `Use case ${number} about subject ${number % 97}`,
          owner: 'ann',
          department: 'Retail',
          baseline: '1',
          target: '2',
          currency: 'EUR',
          benefitLow: String(10_000 + number * 37),
          benefitLikely: String(20_000 + number * 73),
          benefitHigh: String(40_000 + number * 111),
          effort: String(1 + (number % 24)),
          confidence: ['measured', 'estimated', 'guessed'][number % 3],
        });
        return {
          id: `UC-${100_000 + number}`,
          title: given['title'] ?? '',
          state: 'idea' as const,
          answers: JSON.stringify(Object.fromEntries(Object.entries(given).map(([id, value]) => [id, answer(value)]))),
          revision: 1,
          created_by: 'ann',
          created_at: now,
          updated_at: now,
        };
      });
      await tx.insertInto('use_cases').values(rows).execute();
    }
  });
}
