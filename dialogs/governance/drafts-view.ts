import { Temporal } from 'temporal-polyfill';
import type { DraftsView } from '../../cards/governance/drafts.ts';
import type { Verb } from '../../cards/parts/actions.ts';
import type { DraftRow } from '../../services/core/drafts.ts';

/** More than anybody has begun at once. */
export const MOST_DRAFTS = 20;

export const draftsView = (now: Temporal.Instant, rows: readonly DraftRow[]): DraftsView => ({
  now,
  drafts: rows.map((row) => ({
    id: row.id,
    form: row.form as Verb,
    title: row.values['title'] ?? row.values['name'] ?? row.subject ?? 'no title yet',
    step: row.at + 1,
    answers: Object.keys(row.values).length,
    touched: Temporal.Instant.from(row.updated_at),
  })),
});
