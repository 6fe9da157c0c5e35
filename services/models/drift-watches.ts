import type { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Checks } from './checks.ts';
import { endpointOf, type ModelsDeps } from './deps.ts';

export const WATCH = 'models-watch';

/** Endpoints whose collected data is compared by itself, for those that no monitor of Azure ML watches. */
export function driftWatches(deps: ModelsDeps, checks: Checks) {
  const { clock, jobs, organisation } = deps;

  jobs.handle(WATCH, async (tx, batch) => {
    for (const timer of batch as { endpoint: string; generation: number }[]) await due(tx, timer);
  });

  async function due(tx: Tx, { endpoint, generation }: { endpoint: string; generation: number }): Promise<void> {
    const row = await locked(tx, endpoint);
    if (!row || row.generation !== generation) return;
    const asked = { baseline: row.baseline, hours: Math.max(1, Math.round(row.every_minutes / 60)), scheduled: true };
    if (organisation.endpoints.some(({ id }) => id === endpoint))
      await checks.open(tx, { kind: 'drift', asked }, endpoint, { id: 'wardroom' });
    await arm(tx, { ...row, generation: row.generation + 1 });
  }

  async function arm(
    tx: Tx,
    row: { endpoint: string; every_minutes: number; generation: number },
  ): Promise<Temporal.Instant> {
    const at = clock.now().add({ minutes: row.every_minutes });
    await tx
      .updateTable('drift_watches')
      .set({ generation: row.generation, next_at: at.toString() })
      .where('endpoint', '=', row.endpoint)
      .execute();
    await jobs.enqueue(tx, WATCH, { endpoint: row.endpoint, generation: row.generation }, { at });
    return at;
  }

  const locked = (tx: Tx, endpoint: string) =>
    tx.selectFrom('drift_watches').selectAll().where('endpoint', '=', endpoint).forUpdate().executeTakeFirst();

  return {
    async set(
      tx: Tx,
      watch: { endpoint: string; everyMinutes: number; baseline: string; by: string },
    ): Promise<{ next: Temporal.Instant }> {
      const { endpoint, everyMinutes, baseline, by } = watch;
      endpointOf(organisation, endpoint);
      if (everyMinutes < 60)
        throw new Refused(
          'Collected data comes by the hour, so an hour is the shortest.',
          'Say “every 1 hour” or longer.',
        );
      const before = await locked(tx, endpoint);
      // A watch that was stopped leaves its timer behind: a new one never has the number of an older one.
      const generation = Math.max((before?.generation ?? 0) + 1, Math.floor(clock.ms() / 1000));
      const row = {
        endpoint,
        every_minutes: everyMinutes,
        baseline,
        generation,
        set_by: by,
        set_at: clock.now().toString(),
        next_at: clock.now().toString(),
      };
      await tx
        .insertInto('drift_watches')
        .values(row)
        .onConflict((conflict) => conflict.column('endpoint').doUpdateSet(row))
        .execute();
      return { next: await arm(tx, row) };
    },
    async stop(tx: Tx, endpoint: string): Promise<void> {
      const gone = await tx
        .deleteFrom('drift_watches')
        .where('endpoint', '=', endpoint)
        .returning('endpoint')
        .executeTakeFirst();
      if (!gone)
        throw new Refused(
          `I do not watch the collected data of ${endpoint}.`,
          'Say “monitors” to see what is watched.',
        );
    },
    all: (db: Db) => db.selectFrom('drift_watches').selectAll().orderBy('endpoint').execute(),
  };
}

export type DriftWatches = ReturnType<typeof driftWatches>;
