import type { Tx } from '../store/store.ts';

/**
 * Makes earlier timers of the schedule void and gives the generation of the next one. Who is on call is written when
 * the schedule is new here, or when they are `known` to have been told; otherwise the timer finds out who is new.
 */
export async function bumpWatch(
  tx: Tx,
  schedule: string,
  first: readonly string[],
  known?: readonly string[],
): Promise<number> {
  const { generation } = await tx
    .insertInto('oncall_watch')
    .values({ schedule, people: JSON.stringify(first), generation: 1 })
    .onConflict((conflict) =>
      conflict.column('schedule').doUpdateSet((e) => ({
        generation: e('oncall_watch.generation', '+', 1),
        ...(known ? { people: JSON.stringify(known) } : {}),
      })),
    )
    .returning('generation')
    .executeTakeFirstOrThrow();
  return generation;
}

/** Locked until the transaction ends: of two processes with the same timer one finds it void. */
export const watchOf = (tx: Tx, schedule: string) =>
  tx.selectFrom('oncall_watch').selectAll().where('schedule', '=', schedule).forUpdate().executeTakeFirst();

export const keepWatch = (tx: Tx, schedule: string, people: readonly string[]) =>
  tx
    .updateTable('oncall_watch')
    .set({ people: JSON.stringify(people) })
    .where('schedule', '=', schedule)
    .execute();
