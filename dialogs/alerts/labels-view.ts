import { Temporal } from 'temporal-polyfill';
import type { LabelsView } from '../../cards/alerts/labels.ts';
import type { CheckRow, LabelsReading } from '../../services/models/index.ts';
import type { Rooms } from '../rooms.ts';

type Stored = LabelsReading & {
  predictions: number;
  labelled: number;
  strangers: number;
  days: { day: string; predictions: number; labelled: number }[];
  lag?: { median: number; p90: number; most: number };
  source: string;
  cut: number;
  expectedWithin: number;
};

export function labelsView(rooms: Rooms, row: CheckRow, now: Temporal.Instant): LabelsView {
  const result = row.result as Stored | null;
  const asked = row.asked as { source: string; days: number };
  const source = rooms.organisation.labels.find(({ id }) => id === asked.source);
  return {
    now,
    id: row.id,
    endpoint: row.endpoint,
    state: row.state,
    note: row.note,
    percent: row.percent,
    days: asked.days,
    source: source?.asset ?? asked.source,
    ...(result ? { result } : {}),
    asOf: row.finished_at ? Temporal.Instant.from(row.finished_at) : now,
  };
}
