import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Fact } from '../../../infra/sandbox/teams/facts.ts';
import type { State } from '../../../infra/sandbox/teams/state.ts';
import { openStore } from '../../../infra/sandbox/teams/store.ts';
import { movableClock } from '../../../services/core/clock.ts';
import { FRAUD, START } from './stage.ts';

const message = fc.integer({ min: 1, max: 6 }).map(String);
const person = fc.constantFrom('ann', 'ben');
const text = fc.string({ maxLength: 8 });

/** One thing that can happen, small enough ids that things happen to the same message. */
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.tuple(fc.constantFrom('create', 'edit', 'delete', 'typing'), message, fc.boolean(), text).map(
    ([operation, id, delivered, said]): Fact => ({
      kind: 'call',
      call: {
        number: 0,
        at: START.toString(),
        operation: operation as 'create',
        place: FRAUD,
        root: id,
        message: id,
        status: delivered ? 201 : 500,
        delivered,
        body: { type: 'message', text: said },
        mentions: [],
      },
    }),
  ),
  fc
    .tuple(message, person, text)
    .map(([id, who, card]): Fact => ({ kind: 'view', message: id, person: who, view: { card, at: 1 } })),
  fc.tuple(message, person).map(([upTo, who]): Fact => ({ kind: 'read', place: FRAUD, person: who, upTo })),
  fc
    .tuple(message, person, fc.boolean())
    .map(([id, who, on]): Fact => ({ kind: 'reacted', message: id, person: who, reaction: 'like', on })),
  fc.boolean().map((on): Fact => ({ kind: 'installed', scope: 'team', on })),
  fc.tuple(message, fc.integer({ min: 1, max: 3 })).map(
    ([id, left]): Fact => ({
      kind: 'fault',
      fault: { id, answer: 500, delivered: false, operations: ['edit'], left },
    }),
  ),
  message.map((id): Fact => ({ kind: 'fault-used', id })),
  message.map((id): Fact => ({ kind: 'failed', message: id, why: 'x' })),
);

const meaning = ({ sequence: _, ...state }: State) => structuredClone(state);

it('whatever happens, the journal means the same after a restart, rewritten or not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'teams-'));
  const clock = movableClock({ start: START, frozen: true });
  let run = 0;
  try {
    fc.assert(
      fc.property(
        fc.array(fact, { maxLength: 60 }),
        fc.constantFrom(1, 500, 5_000, 1e9),
        (facts, compactAboveBytes) => {
          run += 1;
          const options = {
            clock,
            journal: join(folder, `${run}.jsonl`),
            keep: { messages: 4, calls: 10 },
            compactAboveBytes,
          };
          const first = openStore(options);
          facts.forEach((one, index) => {
            first.write(one.kind === 'call' ? { ...one, call: { ...one.call, number: index + 1 } } : one);
          });
          const second = openStore(options);
          expect(meaning(second.state)).toEqual(meaning(first.state));
          expect(second.state.sequence).toBe(first.state.sequence);
          first.close();
          second.close();
        },
      ),
      { numRuns: 200 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
