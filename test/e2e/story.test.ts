import { expect, it } from 'vitest';
import { play } from './play.ts';

it('the story of ep-fraud runs in the Room, by mouse and keyboard alone', async () => {
  const told: string[] = [];
  await play((line) => told.push(line));
  expect(told).toHaveLength(6);
}, 240_000);
