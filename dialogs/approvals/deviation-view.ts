import { Temporal } from 'temporal-polyfill';
import type { DeviationView } from '../../cards/approvals/deviation.ts';
import type { DeviationRow, Found } from '../../services/approvals/index.ts';
import type { Rooms } from '../rooms.ts';

export async function deviationView(rooms: Rooms, row: DeviationRow, now: Temporal.Instant): Promise<DeviationView> {
  const { serves, words, gone, approvedBy } = row.found as Found;
  const closing = row.closing as { by?: string; why?: string } | null;
  return {
    now,
    id: row.id,
    state: row.state,
    endpoint: row.endpoint,
    words,
    ...(row.by_whom ? { by: row.by_whom } : {}),
    ...(row.happened_at ? { at: Temporal.Instant.from(row.happened_at) } : {}),
    ...(approvedBy ? { approvedBy } : {}),
    found: Object.entries(serves.traffic).map(([name, percent]) => ({
      label: serves.models[name] ? `${name} (${serves.models[name]})` : name,
      percent,
    })),
    movable: !gone && !words.some((each) => / serves /.test(each)),
    ...(row.closed_at
      ? {
          closed: {
            at: Temporal.Instant.from(row.closed_at),
            why: closing?.why ?? '',
            ...(closing?.by ? { by: rooms.people.nameOf(closing.by) } : {}),
          },
        }
      : {}),
    source: 'Azure ML and the Activity log',
  };
}
