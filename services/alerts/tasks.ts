import type { Temporal } from 'temporal-polyfill';
import { Refused } from '../core/errors.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { lockIncident } from './incidents.store.ts';
import { addTask, endTask, lockTask, markReminded, openTasks, type TaskRow, tasksOf } from './tasks.store.ts';

export const TASK_DUE = 'alerts-task-due';
const MOST_OPEN = 50;

export const taskName = (id: number): string => `TSK-${id}`;
const numberOf = (name: string): number => Number(name.replace(/^TSK-/i, ''));

/** What somebody has to do: for an incident, beside ending it, or for nothing in particular. It outlives the incident until it is done. */
export function tasks(deps: Pick<AlertsDeps, 'clock' | 'outbox' | 'jobs' | 'people'>) {
  const { clock, outbox, jobs, people } = deps;

  const tell = (tx: Tx, row: Pick<TaskRow, 'id' | 'incident'>, person: string, what: 'given' | 'due' | 'left') =>
    outbox.say(tx, {
      key: `task:${row.id}:${what}:${person}`,
      kind: 'alerts.task',
      ids: { task: String(row.id), person, what },
      conversation: `person:${person}`,
    });

  return {
    async add(
      tx: Tx,
      incident: string | undefined,
      wish: { text: string; assignee?: string | undefined; due?: Temporal.Instant | undefined },
      by: string,
    ): Promise<TaskRow> {
      const now = clock.now();
      const row = incident === undefined ? undefined : await lockIncident(tx, incident);
      if (incident !== undefined && !row)
        throw new Refused(`There is no incident ${incident}.`, 'Say “incidents” for the list.', 'unknown-incident');
      if (wish.assignee !== undefined && !people.byId(wish.assignee)?.active)
        throw new Refused(`${people.nameOf(wish.assignee)} is not here any more.`, 'Name somebody else.');
      if (wish.due && wish.due.epochMilliseconds <= now.epochMilliseconds)
        throw new Refused('That time is over already.', 'Give a time ahead, such as by tomorrow 16:00.');
      const person = wish.assignee ?? by;
      const open = await openTasks(tx, incident === undefined ? { person } : { incident });
      if (open.length >= MOST_OPEN)
        throw new Refused(
          `${incident ?? people.nameOf(person)} has ${open.length} open tasks.`,
          incident ? `Say “tasks of ${incident}”.` : 'Say “my tasks” for yours.',
        );
      const id = numberOf(await nextNumber(tx, 'TSK'));
      const task = {
        id,
        incident: incident ?? null,
        text: wish.text,
        assignee: wish.assignee ?? null,
        due_at: wish.due?.toString() ?? null,
        created_by: by,
      };
      await addTask(tx, task, now);
      if (wish.assignee !== undefined && wish.assignee !== by) await tell(tx, task, wish.assignee, 'given');
      if (wish.due) await jobs.enqueue(tx, TASK_DUE, { task: id }, { at: wish.due });
      if (incident) await outbox.refresh(tx, `incident:${incident}`);
      const made = await lockTask(tx, id);
      if (!made) throw new Error(`task ${id} is not there after it was made`);
      return made;
    },

    async done(tx: Tx, name: string, who: { id: string; roles: readonly string[] }): Promise<TaskRow> {
      const by = who.id;
      const row = await lockTask(tx, numberOf(name));
      if (!row) throw new Refused(`There is no task ${name}.`, 'Say “my tasks” for yours.', 'unknown-task');
      const responds = who.roles.some((role) => role === 'responder' || role === 'admin');
      if (!responds && (row.incident !== null || ![row.assignee, row.created_by].includes(by)))
        throw new Refused(`${name} is not yours to end.`, 'Say “my tasks” for yours.', 'not-yours');
      if (row.done_at)
        throw new Refused(`${people.nameOf(row.done_by ?? '')} has done ${name} already.`, '', 'task-done');
      await endTask(tx, row.id, by, clock.now());
      if (row.incident) await outbox.refresh(tx, `incident:${row.incident}`);
      return { ...row, done_at: clock.now().toString(), done_by: by };
    },

    /** Due and not done: whoever has it hears of it once; without anybody whoever wrote it down. */
    async due(tx: Tx, id: number): Promise<void> {
      const row = await lockTask(tx, id);
      if (!row || row.done_at || row.reminded) return;
      await markReminded(tx, id);
      await tell(tx, row, row.assignee ?? row.created_by, 'due');
    },

    /** The incident is over and these are not: whoever has them is told. */
    async left(tx: Tx, incident: string): Promise<void> {
      for (const row of await openTasks(tx, { incident })) await tell(tx, row, row.assignee ?? row.created_by, 'left');
    },

    open: (db: Db | Tx, of: { incident?: string; person?: string }) => openTasks(db, of),
    all: (db: Db | Tx, incident: string) => tasksOf(db, incident),
    find: (db: Db | Tx, id: number) =>
      db.selectFrom('incident_tasks').selectAll().where('id', '=', id).executeTakeFirst(),
  };
}
