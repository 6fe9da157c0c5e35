import { Refused } from '../core/errors.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { Concerns } from './concerns.ts';
import type { ConcernsDeps, Traffic } from './deps.ts';
import { type ChecklistItem, checklistFor, stateOf } from './paths.rules.ts';

export const misuseCardOf = (id: string): string => `misuse:${id}`;

export const DECISIONS = ['restore', 'keep-stopped', 'retire'] as const;
export type MisuseDecision = (typeof DECISIONS)[number];

/**
 * The runbook of misuse: contain (traffic to zero, by two people), assess (a checklist with owners), decide (the board, by
 * two people), lessons. Every step is on the record, and a case cannot be closed with one left out.
 */
export function misuse(deps: ConcernsDeps, concerns: Concerns) {
  const { clock, audit, outbox, organisation } = deps;

  const locked = async (tx: Tx, id: string): Promise<MisuseRow> => {
    const row = await tx.selectFrom('misuse_cases').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    if (!row) throw new Refused(`There is no case ${id}.`, 'Say “misuse cases” for the list.', 'unknown-case');
    if (row.state === 'closed') throw new Refused(`${id} is closed already.`, '', 'finished');
    return row;
  };

  /** Stores what changed and the state that follows from it. */
  async function settle(
    tx: Tx,
    row: MisuseRow,
    set: Partial<Pick<MisuseRow, 'decision' | 'decided_by' | 'lessons' | 'closed_by' | 'change'>> & {
      checklist?: ChecklistItem[];
    },
    contained = row.state !== 'containing',
  ): Promise<void> {
    const { checklist = row.checklist as ChecklistItem[], ...rest } = set;
    const after = { ...row, ...rest };
    const state = stateOf({ contained, checklist, decided: after.decision !== null, lessons: after.lessons !== null });
    await tx
      .updateTable('misuse_cases')
      .set({
        ...rest,
        state,
        checklist: JSON.stringify(checklist),
        ...(state === 'closed' ? { closed_at: clock.now().toString() } : {}),
      })
      .where('id', '=', row.id)
      .execute();
    await outbox.refresh(tx, misuseCardOf(row.id));
  }

  return {
    /** Stops an endpoint; in the transaction of the second person's yes. */
    async contain(
      tx: Tx,
      wish: {
        endpoint: string;
        before: Traffic;
        why: string;
        by: string;
        confirmedBy: string;
        concern?: string | undefined;
        incident?: string | undefined;
      },
    ): Promise<string> {
      const { endpoint: name, before, why, by, confirmedBy, concern, incident } = wish;
      const endpoint = organisation.endpoints.find(({ id }) => id === name);
      if (!endpoint) throw new Refused(`I do not know the endpoint ${name}.`, 'Say “endpoints” for the list.');
      if (by === confirmedBy) throw new Refused('This needs a second person.', 'Ask a colleague to confirm it.');
      const open = await tx
        .selectFrom('misuse_cases')
        .select('id')
        .where('endpoint', '=', name)
        .where('state', '<>', 'closed')
        .executeTakeFirst();
      if (open) throw new Refused(`${open.id} about ${name} is open already.`, `Say “misuse ${open.id}”.`, 'open-case');
      const path = await concerns.pathFor(tx, { endpoint: name, use_case: null });
      const team = organisation.teams.find(({ id }) => id === endpoint.owner);
      const id = await nextNumber(tx, 'MIS');
      const stopped = Object.fromEntries(Object.keys(before).map((deployment) => [deployment, 0]));
      const change = await deps.move(tx, {
        endpoint: name,
        workspace: endpoint.workspace,
        from: before,
        to: stopped,
        what: `${name} stopped (${id})`,
      });
      const channel = `channel:${path?.channel ?? team?.channel ?? organisation.fallbackChannel}`;
      await tx
        .insertInto('misuse_cases')
        .values({
          id,
          endpoint: name,
          concern: concern ?? null,
          incident: incident ?? null,
          state: 'containing',
          why,
          opened_by: by,
          confirmed_by: confirmedBy,
          opened_at: clock.now().toString(),
          before: JSON.stringify(before),
          change,
          checklist: JSON.stringify(checklistFor(team?.members ?? [], path?.people ?? [])),
          decision: null,
          decided_by: null,
          lessons: null,
          closed_by: null,
          channel,
        })
        .execute();
      const live = { card: misuseCardOf(id), kind: 'alerts.misuse', ids: { misuse: id }, priority: 1 };
      for (const conversation of new Set([
        channel,
        ...(team ? [`channel:${team.channel}`] : []),
        ...(path?.people ?? []).map((person) => `person:${person}`),
      ]))
        await outbox.show(tx, { ...live, conversation });
      if (concern) await concerns.note(tx, concern, 'contained', `${name} was stopped: ${id}`, by);
      return id;
    },

    /** A change of traffic has ended: of a case, or of nobody here. */
    async changeEnded(tx: Tx, change: string, outcome: 'succeeded' | 'failed', words: string): Promise<void> {
      const row = await tx
        .selectFrom('misuse_cases')
        .selectAll()
        .where('change', '=', change)
        .forUpdate()
        .executeTakeFirst();
      if (!row) return;
      const action = row.state === 'containing' ? 'contained' : 'restored';
      await audit.append(tx, {
        actor: 'wardroom',
        action: `concerns.${action}${outcome === 'failed' ? '-failed' : ''}`,
        objects: [row.id, row.endpoint, change],
        outcome: outcome === 'failed' ? 'failed' : 'ok',
        why: words,
      });
      if (outcome === 'succeeded') return settle(tx, row, {}, true);
      await outbox.refresh(tx, misuseCardOf(row.id));
      await outbox.say(tx, {
        key: `misuse:${row.id}:failed:${change}`,
        kind: 'alerts.misuse',
        ids: { misuse: row.id },
        conversation: row.channel,
        priority: 0,
      });
    },

    /** One point of the checklist is answered. */
    async tick(tx: Tx, id: string, item: number, by: string, words: string): Promise<void> {
      const row = await locked(tx, id);
      const checklist = row.checklist as ChecklistItem[];
      const found = checklist.find((each) => each.id === item);
      if (!found)
        throw new Refused(`${id} has no point ${item}.`, `Its points are 1 to ${checklist.length}.`, 'unknown-item');
      if (found.done) throw new Refused(`Point ${item} of ${id} was answered already.`, '', 'done');
      const done = { by, at: clock.now().toString(), note: words };
      await settle(tx, row, { checklist: checklist.map((each) => (each.id === item ? { ...each, done } : each)) });
    },

    /** The board's decision, by two people who did not stop it alone. `restore` gives the traffic back. */
    async decide(tx: Tx, id: string, decision: MisuseDecision, by: string, confirmedBy: string): Promise<void> {
      const row = await locked(tx, id);
      if (row.decision) throw new Refused(`${id} is decided already: ${row.decision}.`, '', 'decided');
      if (row.state !== 'board')
        throw new Refused(
          row.state === 'containing' ? `${row.endpoint} is not stopped yet.` : `${id} is still being assessed.`,
          `Say “misuse ${id}” to see what is missing.`,
          'too-early',
        );
      const workspace = organisation.endpoints.find((each) => each.id === row.endpoint)?.workspace ?? '';
      const before = row.before as Traffic;
      const stopped = Object.fromEntries(Object.keys(before).map((deployment) => [deployment, 0]));
      const change =
        decision === 'restore'
          ? await deps.move(tx, {
              endpoint: row.endpoint,
              workspace,
              from: stopped,
              to: before,
              what: `${row.endpoint} serves again (${id})`,
            })
          : row.change;
      await settle(tx, row, { decision, decided_by: `${by},${confirmedBy}`, change });
    },

    /** What is learnt closes the case. */
    async learn(tx: Tx, id: string, by: string, words: string): Promise<void> {
      const row = await locked(tx, id);
      if (row.state !== 'lessons')
        throw new Refused(`${id} is not decided yet.`, `Say “misuse ${id}” to see what is missing.`, 'too-early');
      await settle(tx, row, { lessons: words, closed_by: by });
    },

    find: findCase,
    list: (db: Db, most: number) =>
      db.selectFrom('misuse_cases').selectAll().orderBy('opened_at', 'desc').limit(most).execute(),
  };
}

const findCase = (db: Db | Tx, id: string) =>
  db.selectFrom('misuse_cases').selectAll().where('id', '=', id).executeTakeFirst();
export type MisuseRow = NonNullable<Awaited<ReturnType<typeof findCase>>>;
export type Misuse = ReturnType<typeof misuse>;
