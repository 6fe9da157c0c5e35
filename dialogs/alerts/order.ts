import { z } from 'zod/v4';
import { orderCard, orderSummary } from '../../cards/alerts/order.ts';
import { orderCardOf } from '../../services/models/index.ts';
import { orderId } from '../arguments.ts';
import { capability } from '../capability.ts';
import { neededOrder, orderView } from './order-view.ts';

export const order = capability({
  id: 'alerts.order',
  summary: 'Show what became of something ordered from Azure',
  phrases: ['order {order}', 'show order {order}'],
  examples: ['order ORD-101'],
  input: z.object({ order: orderId }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }, { order: id }) => {
    const row = await neededOrder(rooms, id);
    const view = orderView(rooms, row, now);
    return {
      text: orderSummary(view),
      card: orderCard(view),
      data: { order: id, what: row.what, state: row.state, note: row.note, payload: row.payload },
      live: { card: orderCardOf(id), kind: 'alerts.order', ids: { order: id } },
    };
  },
});
