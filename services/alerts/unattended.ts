import { Temporal } from 'temporal-polyfill';
import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import * as rows from './incidents.store.ts';
import { secondsOf } from './routes.rules.ts';

export const UNATTENDED = 'alerts-unattended';

/**
 * Incidents that nobody acknowledged are closed when their route's `closeAfter` has passed: a list of what nobody will
 * ever look at hides what somebody should. Looked for at the start, because the setting may be newer than the incident.
 */
export function unattended(
  { clock, jobs, organisation }: Pick<AlertsDeps, 'clock' | 'jobs' | 'organisation'>,
  close: (tx: Tx, incident: string, why: string) => Promise<void>,
) {
  const base = organisation.routes.find(({ id }) => id === 'default')?.closeAfter;
  const limitOf = (route: string | null): number | undefined =>
    organisation.routes.find(({ id }) => id === route)?.closeAfter ?? base;
  const wanted = organisation.routes.some(({ closeAfter }) => closeAfter !== undefined);

  return {
    /** Closes what is due, and looks again when the next one is. */
    async due(tx: Tx): Promise<void> {
      if (!wanted) return;
      const now = clock.ms();
      let next = Number.POSITIVE_INFINITY;
      for (const { id, route, opened_at } of await rows.unacknowledged(tx)) {
        const limit = limitOf(route);
        if (limit === undefined) continue;
        const at = Date.parse(opened_at) + limit;
        if (at <= now) await close(tx, id, `Nobody acknowledged it within ${secondsOf(limit)}.`);
        else next = Math.min(next, at);
      }
      if (next === Number.POSITIVE_INFINITY) return;
      await jobs.enqueue(tx, UNATTENDED, {}, { at: Temporal.Instant.fromEpochMilliseconds(next) });
    },
    /** The first look, at the start. */
    async begin(tx: Tx): Promise<void> {
      if (wanted) await jobs.enqueue(tx, UNATTENDED, {}, { at: Temporal.Instant.fromEpochMilliseconds(clock.ms()) });
    },
  };
}
