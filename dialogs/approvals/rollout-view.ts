import { Temporal } from 'temporal-polyfill';
import { type RolloutView, rolloutCard, rolloutSummary } from '../../cards/approvals/rollout.ts';
import { sentence } from '../../cards/parts/text.ts';
import {
  type GuardReading,
  type Held,
  looksLeft,
  nextOf,
  type PromotePlan,
  type RolloutRow,
  stepWords,
  type Tallies,
  trafficOf,
  watchedUntil,
} from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { Traffic } from '../../services/fleet/index.ts';
import type { Answer, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

export async function neededRollout(rooms: Rooms, id: string): Promise<RolloutRow> {
  const row = await rooms.rollouts.find(rooms.db, id);
  if (!row) throw new Refused(`There is no rollout ${id}.`, 'Say “rollouts” for the list.', 'unknown-rollout');
  return row;
}

interface Reading {
  guards: GuardReading[];
}

/** The rollout as it stands. */
export async function rolloutView(rooms: Rooms, row: RolloutRow, now: Temporal.Instant): Promise<RolloutView> {
  const plan = row.plan as PromotePlan;
  const looks = await rooms.rollouts.looks(rooms.db, row.id);
  const change = row.change ? await rooms.fleet.find(rooms.db, row.change) : undefined;
  const running = change && change.state !== 'succeeded' && change.state !== 'failed' ? change : undefined;
  const step = plan.steps[row.step];
  const shares = sharesOf(row, step && trafficOf(plan, step).traffic);
  const held = row.held as Held | null;
  const since = row.step_since ? Temporal.Instant.from(row.step_since) : undefined;
  const started = Temporal.Instant.from(row.started_at ?? row.created_at);
  return {
    now,
    id: row.id,
    state: row.state,
    model: `${row.model}:${row.version}`,
    endpoint: row.endpoint,
    deployment: plan.deployment,
    request: row.request,
    note: running?.note ? `${row.note.replace(/\.$/, '')}. ${sentence(running.note)}` : row.note,
    steps: plan.steps.map((each) => ({ words: stepWords(each), minutes: each.minutes })),
    at: row.step,
    ...(since ? { since } : {}),
    ...(since && step
      ? {
          until: watchedUntil(step, {
            since,
            looked: lastLook(looks, row.step, since),
            left: looksLeft(step, row.tallies as Tallies),
          }),
        }
      : {}),
    shares: Object.entries(shares)
      .filter(([name, percent]) => percent > 0 || (name === plan.deployment && !row.finished_at))
      .map(([name, percent]) => ({
        label: name === plan.deployment ? `${name} (${row.model}:${row.version})` : name,
        percent,
        candidate: name === plan.deployment,
      })),
    guards: (row.reading as Reading | null)?.guards ?? [],
    nearness: (['errors', 'latency'] as const).map((guard) => ({
      guard,
      points: looks.flatMap(({ at, reading }) => {
        const nearness = (reading as Reading).guards.find((each) => each.guard === guard)?.nearness;
        const minute = Math.round(Temporal.Instant.from(at).since(started).total('minutes'));
        return nearness === undefined ? [] : [{ minute, percent: Math.max(0, Math.round(nearness * 100)) }];
      }),
    })),
    ...(running ? { change: { id: running.id, ...(running.percent > 0 ? { done: running.percent } : {}) } } : {}),
    ...(held
      ? {
          held: {
            why: held.why,
            kind: held.kind,
            at: Temporal.Instant.from(held.at),
            ...(held.by ? { by: held.by === 'wardroom' ? 'Wardroom' : rooms.people.nameOf(held.by) } : {}),
          },
        }
      : {}),
    ...(row.started_at ? { startedAt: started } : {}),
    ...(row.finished_at ? { finishedAt: Temporal.Instant.from(row.finished_at) } : {}),
    source: 'Wardroom; Azure ML and Azure Monitor',
  };
}

/** The newest look at this step; one from before it was put right, or of an earlier try, is older than the step. */
function lastLook(looks: readonly { step: number; at: string }[], step: number, since: Temporal.Instant) {
  const at = looks.findLast((each) => each.step === step)?.at;
  const looked = at === undefined ? undefined : Temporal.Instant.from(at);
  return looked && Temporal.Instant.compare(looked, since) > 0 ? looked : undefined;
}

/** What it went back to when it did; nothing when somebody else moved the traffic, and only Azure knows what is. */
function sharesOf({ state, plan }: RolloutRow, atStep: Traffic | undefined): Traffic {
  if (state === 'overtaken') return {};
  if (state === 'rolled-back' || state === 'aborted') return (plan as PromotePlan).from;
  return atStep ?? (plan as PromotePlan).from;
}

/** What a machine reads of it. */
export const rolloutData = (row: RolloutRow) => ({
  id: row.id,
  state: row.state,
  request: row.request,
  endpoint: row.endpoint,
  model: `${row.model}:${row.version}`,
  step: row.step,
  next: nextOf(row),
  plan: row.plan,
  reading: row.reading,
  note: row.note,
});

/** The answer of whatever changes a rollout: its card as it is now. */
export async function shownRollout(turn: Turn, row: RolloutRow, why: string): Promise<Answer> {
  const view = await rolloutView({ ...turn.rooms, db: turn.tx }, row, turn.now);
  return {
    text: rolloutSummary(view),
    card: rolloutCard(view),
    data: rolloutData(row),
    objects: [row.id, row.request, row.endpoint],
    why,
  };
}
