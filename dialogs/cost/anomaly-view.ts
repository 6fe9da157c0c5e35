import type { Temporal } from 'temporal-polyfill';
import type { AnomalyView } from '../../cards/cost/anomaly.ts';
import { Refused } from '../../services/core/errors.ts';
import { type Costs, type Dimension, dayFrom } from '../../services/cost/index.ts';
import type { Actor } from '../capability.ts';
import type { Rooms } from '../rooms.ts';
import { sourceOf } from './view.ts';

type Row = NonNullable<Awaited<ReturnType<Costs['anomalies']['find']>>>;

export async function neededAnomaly(rooms: Rooms, id: string, actor?: Actor): Promise<Row> {
  const row = await rooms.cost.anomalies.find(rooms.db, id, actor);
  if (!row)
    throw new Refused(`There is no cost anomaly ${id}.`, 'Say “cost anomalies” for the list.', 'unknown-anomaly');
  return row;
}

/** How it stands now; the history is read from the store. */
export async function anomalyView(
  rooms: Rooms,
  row: Row,
  now: Temporal.Instant,
  withHistory = true,
): Promise<AnomalyView> {
  const [what = '', name = ''] = row.key.split(':');
  const day = dayFrom(row.day);
  const everything = { all: true, teams: new Set<string>(), departments: new Set<string>() };
  const series = withHistory
    ? await rooms.cost.series({ dimension: what as Dimension, value: name }, everything, {
        from: day.subtract({ days: 27 }),
        to: day,
      })
    : { byDay: new Map() };
  const standing = await rooms.cost.standing(undefined, 'actual', rooms.db);
  return {
    source: sourceOf(rooms, now, { ...standing, warnings: [] }, { currency: row.currency, scope: name }),
    id: row.id,
    what,
    name,
    day: day.toString(),
    value: Number(row.value),
    expected: Number(row.expected),
    currency: row.currency,
    kind: row.kind,
    course: row.course,
    state: row.state,
    drivers: row.drivers,
    ...(row.cause ? { cause: row.cause } : {}),
    ...(row.decided_by
      ? { decided: `${rooms.people.nameOf(row.decided_by)}${row.reason ? `: ${row.reason}` : ''}` }
      : row.reason
        ? { decided: row.reason }
        : {}),
    history: [...series.byDay].map(([each, amount]) => ({ day: each, amount: amount.toNumber() })),
  };
}
