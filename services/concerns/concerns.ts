import { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import type { ConcernPath } from '../core/organisation.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { ConcernsDeps } from './deps.ts';
import { aboutOf, pathOf, wholeHour } from './paths.rules.ts';

export const REMIND = 'concerns-remind';
export const concernCardOf = (id: string): string => `concern:${id}`;

export interface NewConcern {
  about: string;
  text: string;
  /** Left out: nobody knows, and nothing that is kept leads to who it was. */
  by?: string | undefined;
}

/** Ethical concerns: anybody may raise one, also anonymously; each reaches the people of its path and is answered. */
export function concerns(deps: ConcernsDeps) {
  const { clock, audit, outbox, jobs, organisation } = deps;

  /** Who hears what is stored: the people of its use case, or those whom the organisation names. */
  const pathFor = async (
    db: Db | Tx,
    { endpoint, use_case }: { endpoint: string | null; use_case: string | null },
  ): Promise<ConcernPath | undefined> => {
    const about = { ...(endpoint ? { endpoint } : {}), ...(use_case ? { useCase: use_case } : {}) };
    return (await deps.ownPath?.(db, about))?.path ?? pathOf(organisation.concernPaths, endpoint ?? undefined);
  };

  jobs.handle(REMIND, async (tx, batch) => {
    for (const { concern } of batch as { concern: string }[]) await remind(tx, concern);
  });

  async function remind(tx: Tx, id: string): Promise<void> {
    const row = await find(tx, id);
    if (row?.state !== 'open') return;
    const path = await pathFor(tx, row);
    await audit.append(tx, { actor: 'wardroom', action: 'concerns.reminded', objects: [id] });
    for (const person of path?.people ?? [])
      await outbox.say(tx, {
        key: `concern:${id}:reminded:${person}:${clock.ms()}`,
        kind: 'alerts.concern-reminder',
        ids: { concern: id },
        conversation: `person:${person}`,
        priority: 2,
      });
    if (path) await jobs.enqueue(tx, REMIND, { concern: id }, { at: clock.now().add({ minutes: path.answerWithin }) });
  }

  async function note(
    tx: Tx,
    concern: string,
    what: 'raised' | 'answered' | 'closed' | 'contained',
    text: string,
    by?: string,
  ): Promise<void> {
    const at = by === undefined ? wholeHour(clock.ms()) : clock.ms();
    const instant = Temporal.Instant.fromEpochMilliseconds(at).toString();
    await tx
      .insertInto('concern_notes')
      .values({ concern, at: instant, by: by ?? null, what, text })
      .execute();
    await outbox.refresh(tx, concernCardOf(concern));
  }

  const locked = async (tx: Tx, id: string) => {
    const row = await tx.selectFrom('concerns').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (!row) throw new Refused(`There is no concern ${id}.`, 'Say “concerns” for the list.', 'unknown-concern');
    if (row.state === 'closed') throw new Refused(`${id} is closed already.`, '', 'finished');
    return row;
  };

  return {
    async raise(tx: Tx, { about, text, by }: NewConcern): Promise<{ id: string; people: readonly string[] }> {
      const subject = aboutOf(organisation, about);
      if (subject.useCase) await deps.mustKnow?.(tx, subject.useCase);
      const own = await deps.ownPath?.(tx, { endpoint: subject.endpoint, useCase: subject.useCase });
      const path = own?.path ?? pathOf(organisation.concernPaths, subject.endpoint);
      if (!path)
        throw new Refused(
          'Nobody is named to hear concerns yet.',
          'Ask an administrator to add concernPaths to wardroom.yaml; your works council or compliance office is the way until then.',
          'no-path',
        );
      const id = await nextNumber(tx, 'CON');
      const at = by === undefined ? Temporal.Instant.fromEpochMilliseconds(wholeHour(clock.ms())) : clock.now();
      await tx
        .insertInto('concerns')
        .values({
          id,
          about: subject.words,
          endpoint: subject.endpoint ?? null,
          use_case: own?.useCase ?? subject.useCase ?? null,
          text,
          raised_by: by ?? null,
          state: 'open',
          channel: `channel:${path.channel}`,
          raised_at: at.toString(),
        })
        .execute();
      await note(tx, id, 'raised', text, by);
      await audit.append(tx, {
        actor: by ?? 'anonymous',
        action: 'concerns.raised',
        objects: [id, ...[subject.endpoint, own?.useCase ?? subject.useCase].flatMap((each) => (each ? [each] : []))],
        why: 'a concern was raised',
        detail: { about: subject.words, path: path.id },
      });
      const live = { card: concernCardOf(id), kind: 'alerts.concern', ids: { concern: id }, priority: 2 };
      await outbox.show(tx, { ...live, conversation: `channel:${path.channel}` });
      for (const person of path.people) await outbox.show(tx, { ...live, conversation: `person:${person}` });
      await jobs.enqueue(tx, REMIND, { concern: id }, { at: clock.now().add({ minutes: path.answerWithin }) });
      return { id, people: path.people };
    },

    /** Answers it; whoever raised it under their name is told. */
    async answer(tx: Tx, id: string, by: string, text: string): Promise<void> {
      const row = await locked(tx, id);
      await tx
        .updateTable('concerns')
        .set({ state: 'answered', answered_at: clock.now().toString() })
        .where('id', '=', id)
        .execute();
      await note(tx, id, 'answered', text, by);
      await tell(tx, row);
    },

    async close(tx: Tx, id: string, by: string, text: string): Promise<void> {
      const row = await locked(tx, id);
      await tx
        .updateTable('concerns')
        .set({ state: 'closed', closed_at: clock.now().toString() })
        .where('id', '=', id)
        .execute();
      await note(tx, id, 'closed', text, by);
      await tell(tx, row);
    },

    note,
    find,
    notes: (db: Db | Tx, id: string) =>
      db.selectFrom('concern_notes').selectAll().where('concern', '=', id).orderBy('id').execute(),
    list: (db: Db, options: { open: boolean; most: number }) =>
      db
        .selectFrom('concerns')
        .selectAll()
        .$if(options.open, (query) => query.where('state', '<>', 'closed'))
        .orderBy('raised_at', 'desc')
        .limit(options.most)
        .execute(),
    /** Whether this person hears this concern; answers and closings are theirs. */
    mayAnswer: async (db: Db | Tx, person: string, row: ConcernRow): Promise<boolean> =>
      (await pathFor(db, row))?.people.includes(person) ?? false,
    pathFor,
    /** Those about a use case or an endpoint, the newest first: which, and how they stand. */
    about: async (
      db: Db | Tx,
      { useCase, endpoints }: { useCase: string; endpoints: readonly string[] },
      most: number,
    ) =>
      db
        .selectFrom('concerns')
        .select(['id', 'state'])
        .where((where) =>
          where.or([
            where('use_case', '=', useCase),
            ...(endpoints.length > 0 ? [where('endpoint', 'in', [...endpoints])] : []),
          ]),
        )
        .orderBy('raised_at', 'desc')
        .limit(most)
        .execute(),
  };

  async function tell(tx: Tx, row: { id: string; raised_by: string | null }): Promise<void> {
    if (!row.raised_by) return;
    await outbox.say(tx, {
      key: `concern:${row.id}:told:${clock.ms()}`,
      kind: 'alerts.concern',
      ids: { concern: row.id },
      conversation: `person:${row.raised_by}`,
    });
  }
}

const find = (db: Db | Tx, id: string) => db.selectFrom('concerns').selectAll().where('id', '=', id).executeTakeFirst();
export type ConcernRow = NonNullable<Awaited<ReturnType<typeof find>>>;
export type Concerns = ReturnType<typeof concerns>;
