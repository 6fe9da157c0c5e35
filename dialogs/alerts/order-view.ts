import { Temporal } from 'temporal-polyfill';
import { type OrderView, orderCard, orderSummary } from '../../cards/alerts/order.ts';
import { Refused } from '../../services/core/errors.ts';
import { type KnownMonitor, type OrderRow, orderCardOf } from '../../services/models/index.ts';
import type { Answer, Draw, Turn } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

export async function neededOrder(rooms: Rooms, id: string): Promise<OrderRow> {
  const row = await rooms.models.orders.find(rooms.db, id);
  if (!row)
    throw new Refused(
      `There is no order ${id}.`,
      'Its number is on the card of the change that was confirmed.',
      'unknown-order',
    );
  return row;
}

export const orderView = (rooms: Rooms, row: OrderRow, now: Temporal.Instant): OrderView => ({
  now,
  id: row.id,
  state: row.state,
  what: row.what,
  by: rooms.people.nameOf(row.asked_by),
  ...(row.why ? { why: row.why } : {}),
  note: row.note,
  percent: row.percent,
  askedAt: Temporal.Instant.from(row.created_at),
  ...(row.finished_at ? { finishedAt: Temporal.Instant.from(row.finished_at) } : {}),
});

/** The answer that lives on until Azure has done it. */
export async function orderAnswer(turn: Turn, id: string): Promise<Answer> {
  const { rooms, tx, now } = turn;
  const row = await neededOrder({ ...rooms, db: tx }, id);
  const view = orderView(rooms, row, now);
  return {
    text: orderSummary(view),
    card: orderCard(view),
    data: { order: id, what: row.what, state: row.state },
    live: { card: orderCardOf(id), kind: 'alerts.order', ids: { order: id } },
    objects: [id, ...(row.endpoint ? [row.endpoint] : [])],
    ...(row.why ? { why: row.why } : {}),
  };
}

export const orderNotice: Draw = async (rooms, { ids }, now) => {
  const view = orderView(rooms, await neededOrder(rooms, ids['order'] ?? ''), now);
  return { card: orderCard(view), summary: orderSummary(view) };
};

/** Where a turn was said; the terminal has no conversation that could be posted to. */
export const conversationOf = ({ place }: Turn): string | undefined =>
  place.kind === 'console' ? undefined : place.conversation;

type Body = Parameters<Turn['rooms']['models']['orders']['place']>[1]['body'];

/** Orders a change of one monitor. */
export async function orderFor(
  turn: Turn,
  monitor: KnownMonitor,
  body: Body,
  what: string,
  why?: string,
): Promise<Answer> {
  const id = await turn.rooms.models.orders.place(turn.tx, {
    body,
    what,
    workspace: monitor.workspace,
    endpoint: monitor.endpoint,
    by: turn.actor.id,
    why,
    conversation: conversationOf(turn),
  });
  return orderAnswer(turn, id);
}
