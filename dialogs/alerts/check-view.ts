import { Temporal } from 'temporal-polyfill';
import { type CheckView, checkCard, checkSummary } from '../../cards/alerts/check.ts';
import { labelsCard, labelsSummary } from '../../cards/alerts/labels.ts';
import { Refused } from '../../services/core/errors.ts';
import { type CheckRow, checkCardOf, type DriftResult, judgeDrift } from '../../services/models/index.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { labelsView } from './labels-view.ts';

export async function neededCheck(rooms: Rooms, id: string): Promise<CheckRow> {
  const row = await rooms.models.checks.find(rooms.db, id);
  if (!row)
    throw new Refused(`There is no check ${id}.`, 'Say “check drift of ep-fraud” to begin one.', 'unknown-check');
  return row;
}

export function checkView(rooms: Rooms, row: CheckRow, now: Temporal.Instant, explain: boolean): CheckView {
  const result = row.result as DriftResult | null;
  const alarming = (result?.features ?? []).flatMap(({ feature, value, limit, state }) =>
    state === 'alarm' && value !== null && limit !== null ? [{ feature, value, limit }] : [],
  );
  const judged = alarming.length > 0 ? judgeDrift(rooms.organisation, row.endpoint, alarming) : undefined;
  return {
    now,
    id: row.id,
    endpoint: row.endpoint,
    state: row.state,
    note: row.note,
    percent: row.percent,
    explain,
    ...(judged ? { business: `SEV ${judged.severity + 1}: ${judged.because}.` } : {}),
    ...(result
      ? {
          result: {
            baseline: result.baseline,
            deployments: result.deployments,
            from: Temporal.Instant.from(result.from),
            to: Temporal.Instant.from(result.to),
            rows: { reference: result.n_ref, current: result.n_cur },
            features: result.features.map(({ value, limit, also: _, ...rest }) => ({
              ...rest,
              ...(value === null ? {} : { value }),
              ...(limit === null ? {} : { limit }),
            })),
          },
        }
      : {}),
  };
}

/** The card of a check as it stands, whatever it computes. */
export function drawCheck(rooms: Rooms, row: CheckRow, now: Temporal.Instant, explain = false) {
  if (row.kind === 'labels') {
    const view = labelsView(rooms, row, now);
    return { card: labelsCard(view), summary: labelsSummary(view) };
  }
  const view = checkView(rooms, row, now, explain);
  return { card: checkCard(view), summary: checkSummary(view) };
}

/** The answer that lives on until the check has ended. */
export async function checkAnswer(turn: Turn, id: string): Promise<Answer> {
  const row = await neededCheck({ ...turn.rooms, db: turn.tx }, id);
  const { card, summary } = drawCheck(turn.rooms, row, turn.now);
  return {
    text: summary,
    card,
    data: { check: id, endpoint: row.endpoint, asked: row.asked },
    live: { card: checkCardOf(id), kind: 'alerts.check', ids: { check: id } },
    objects: [id, row.endpoint],
  };
}

export const checkNotice: Draw = async (rooms, { ids }, now) =>
  drawCheck(rooms, await neededCheck(rooms, ids['check'] ?? ''), now);
