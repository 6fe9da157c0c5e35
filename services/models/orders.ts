import type { MonitorSpec } from '../azure/ml.monitor-body.ts';
import type { MonitorChange } from '../azure/ml.schedules-write.ts';
import { messageOf, Refused } from '../core/errors.ts';
import { nextNumber } from '../store/numbers.ts';
import type { Db, Tx } from '../store/store.ts';
import type { ModelsDeps } from './deps.ts';

export const ORDER = 'models-order';
const LEASE_SECONDS = 60;
const POLL_SECONDS = 10;
const MOST_ATTEMPTS = 30;
export const orderCardOf = (id: string): string => `order:${id}`;

/** What is done in Azure, by kind, with all it needs. */
export type OrderBody =
  | { kind: 'monitor-create'; name: string; spec: MonitorSpec }
  | { kind: 'monitor-change'; name: string; change: MonitorChange }
  | { kind: 'monitor-delete'; name: string }
  | { kind: 'collect'; endpoint: string; deployments: readonly string[]; collections: readonly string[] };

export interface NewOrder {
  body: OrderBody;
  /** "pause the monitor ep-fraud-monitor" */
  what: string;
  workspace: string;
  endpoint?: string | undefined;
  by: string;
  why?: string | undefined;
  conversation?: string | undefined;
}

/**
 * Changes of Azure that somebody confirmed: recorded with the decision, carried out after it, so that a process that dies
 * in between loses nothing. Each can be repeated: what was taken already is recognised and not made twice.
 */
export function orders(deps: ModelsDeps) {
  const { store, clock, jobs, outbox, audit, azure, ref } = deps;

  jobs.handleOutside(ORDER, LEASE_SECONDS, async (data) => {
    const { order: id } = data as { order: string };
    const row = await findOrder(store.db, id);
    if (!row || row.state === 'done' || row.state === 'failed') return async () => undefined;
    try {
      if (row.operation) return await follow(row, row.operation);
      const operation = await carryOut(row.workspace, { ...(row.payload as OrderBody) });
      if (operation === undefined) return (tx) => finish(tx, row, 'done', 'Azure has taken it.');
      return (tx) => again(tx, row, { state: 'running', operation, note: 'Azure is at it' }, POLL_SECONDS);
    } catch (error) {
      // A refusal will not pass on the next try; anything else is Azure having a bad minute.
      if (error instanceof Refused) {
        const { text } = error;
        return (tx) => finish(tx, row, 'failed', text);
      }
      const note = `Azure did not answer (${messageOf(error).slice(0, 160)})`;
      if (row.attempts >= MOST_ATTEMPTS) return (tx) => finish(tx, row, 'failed', note);
      return (tx) =>
        again(
          tx,
          row,
          { note: `${note}; trying again`, attempts: row.attempts + 1 },
          Math.min(60, 5 + row.attempts * 5),
        );
    }
  });

  async function follow(row: OrderRow, operation: string) {
    const { status, percent, error, retryAfterSeconds } = await azure.ml.pollOperation(operation);
    if (status === 'succeeded' || error?.code === 'OperationExpired')
      return (tx: Tx) => finish(tx, row, 'done', 'Azure says it is done.');
    if (status === 'failed')
      return (tx: Tx) => finish(tx, row, 'failed', `Azure refused: ${error?.message ?? 'no reason given'}`);
    return (tx: Tx) => again(tx, row, { percent: percent ?? row.percent }, retryAfterSeconds ?? POLL_SECONDS);
  }

  async function carryOut(workspace: string, body: OrderBody): Promise<string | undefined> {
    switch (body.kind) {
      case 'monitor-create':
        await azure.ml.createMonitor(ref(workspace), body.name, body.spec).catch((error: unknown) => {
          // It was not there when it was ordered, so it is what an attempt before this one has made.
          if (!(error instanceof Refused) || error.code !== 'exists') throw error;
        });
        return undefined;
      case 'monitor-change':
        await azure.ml.changeMonitor(ref(workspace), body.name, body.change);
        return undefined;
      case 'monitor-delete':
        await azure.ml.deleteMonitor(ref(workspace), body.name);
        return undefined;
      case 'collect': {
        let last: string | undefined;
        for (const deployment of body.deployments)
          last = (
            await azure.ml.startCollection({ ...ref(workspace), endpoint: body.endpoint }, deployment, body.collections)
          ).operationUrl;
        return last;
      }
    }
  }

  type Update = Partial<Pick<OrderRow, 'state' | 'operation' | 'note' | 'percent' | 'attempts'>>;

  async function again(tx: Tx, row: OrderRow, set: Update, seconds: number): Promise<void> {
    await tx.updateTable('orders').set(set).where('id', '=', row.id).execute();
    await jobs.enqueue(tx, ORDER, { order: row.id }, { at: clock.now().add({ seconds }) });
    await outbox.refresh(tx, orderCardOf(row.id));
  }

  async function finish(tx: Tx, row: OrderRow, state: 'done' | 'failed', note: string): Promise<void> {
    await tx
      .updateTable('orders')
      .set({ state, note, finished_at: clock.now().toString(), percent: state === 'done' ? 100 : row.percent })
      .where('id', '=', row.id)
      .execute();
    await audit.append(tx, {
      actor: 'wardroom',
      action: `models.order.${state}`,
      objects: [row.id, ...(row.endpoint ? [row.endpoint] : [])],
      outcome: state === 'done' ? 'ok' : 'failed',
      why: note,
      detail: { what: row.what, payload: row.payload },
    });
    await outbox.refresh(tx, orderCardOf(row.id));
  }

  return {
    async place(tx: Tx, { body, what, workspace, endpoint, by, why, conversation }: NewOrder): Promise<string> {
      const id = await nextNumber(tx, 'ORD');
      await tx
        .insertInto('orders')
        .values({
          id,
          kind: body.kind,
          what,
          endpoint: endpoint ?? null,
          workspace,
          payload: JSON.stringify(body),
          asked_by: by,
          why: why ?? null,
          state: 'waiting',
          note: 'about to start',
          operation: null,
          created_at: clock.now().toString(),
          conversation: conversation ?? null,
        })
        .execute();
      await jobs.enqueue(tx, ORDER, { order: id });
      return id;
    },
    find: findOrder,
  };
}

export const findOrder = (db: Db | Tx, id: string) =>
  db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
export type OrderRow = NonNullable<Awaited<ReturnType<typeof findOrder>>>;
export type Orders = ReturnType<typeof orders>;
