import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../../services/core/clock.ts';
import { progressText } from './mailroom.ts';
import type { RoomClock, RoomEvent } from './room-types.ts';
import type { Change, Store } from './store.ts';
import type { Views } from './views.ts';
import type { Place, World } from './world.ts';

/** The live event streams of the open Rooms (server-sent events, WHATWG HTML section 9.2). */
export interface Events {
  /** Starts a stream for this person with everything after `after`, and goes on until the client leaves. */
  open(res: ServerResponse, who: string, after: number | undefined): void;
  typing(place: Place, from: string, thread: string | undefined, text?: string): void;
  clock(clock: RoomClock): void;
  reset(): void;
  close(): void;
}

const HEARTBEAT_MS = 20_000;
/** A client this far behind starts afresh instead of being fed message by message. */
const MAX_CATCH_UP = 500;
/** A client that does not read is let go; it comes back by itself. */
const MAX_BUFFERED_BYTES = 8_388_608;

export function createEvents({
  store,
  world,
  views,
  clock,
}: {
  store: Store;
  world: World;
  views: Views;
  clock: Clock;
}): Events {
  const open = new Map<ServerResponse, string>();
  let heartbeat: Timer | undefined;

  const push = (res: ServerResponse, event: RoomEvent, id?: number) => {
    if (res.writableLength > MAX_BUFFERED_BYTES) {
      res.destroy();
      return;
    }
    res.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const all = (event: RoomEvent) => {
    for (const res of open.keys()) push(res, event);
  };
  const among = (place: Place, event: (who: string) => RoomEvent, id?: number) => {
    for (const [res, who] of open) if (place.members.includes(who)) push(res, event(who), id);
  };

  const changed = ({ fact, sequence, message }: Change) => {
    if (open.size === 0) return;
    const place = world.place(message?.place ?? placeIn(fact));
    if (message && place) {
      for (const [res, who] of open) {
        // A view belongs to one person; the others have nothing new to see.
        if (!views.visible(message, who) || (fact.kind === 'view' && fact.person !== who)) continue;
        push(res, messageEvent(message, place, who), sequence);
      }
    } else if (fact.kind === 'read' && place) {
      for (const [res, who] of open)
        if (who === fact.person)
          push(res, { kind: 'conversation', conversation: views.conversation(place, who) }, sequence);
    } else if (fact.kind === 'installed') {
      for (const at of world.places.filter(({ scope }) => scope === fact.scope))
        among(at, (who) => ({ kind: 'conversation', conversation: views.conversation(at, who) }), sequence);
    } else if (fact.kind === 'call' && fact.call.operation === 'typing' && fact.call.delivered && place) {
      typing(place, 'bot', fact.call.root || undefined, progressText(fact.call.body));
    }
  };

  const messageEvent = (message: NonNullable<Change['message']>, place: Place, who: string): RoomEvent => ({
    kind: 'message',
    message: views.message(message, who),
    conversation: views.conversation(place, who),
  });

  const catchUp = (res: ServerResponse, who: string, after: number) => {
    const { state } = store;
    const missed = [...state.messages.values()]
      .filter((message) => message.revision > after && views.visible(message, who))
      .sort((a, b) => a.revision - b.revision);
    if (after > state.sequence || missed.length > MAX_CATCH_UP) {
      push(res, { kind: 'reset', sequence: state.sequence });
      return;
    }
    for (const message of missed) {
      const place = world.place(message.place);
      if (place) push(res, messageEvent(message, place, who), message.revision);
    }
  };

  const beat = () => {
    for (const res of open.keys()) res.write(': alive\n\n');
    heartbeat = open.size > 0 ? clock.timeout(beat, HEARTBEAT_MS) : undefined;
  };

  const typing: Events['typing'] = (place, from, thread, text) => {
    for (const [res, who] of open) {
      if (who === from || !place.members.includes(who)) continue;
      push(res, {
        kind: 'typing',
        conversation: place.id,
        from,
        ...(thread ? { thread } : {}),
        ...(text ? { text } : {}),
      });
    }
  };

  const stop = store.onChange(changed);
  return {
    open(res, who, after) {
      res.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      });
      res.write('retry: 1000\n\n');
      if (after !== undefined) catchUp(res, who, after);
      open.set(res, who);
      res.on('close', () => {
        open.delete(res);
        if (open.size > 0) return;
        heartbeat?.cancel();
        heartbeat = undefined;
      });
      heartbeat ??= clock.timeout(beat, HEARTBEAT_MS);
    },
    typing,
    clock: (now) => all({ kind: 'clock', clock: now }),
    reset: () => all({ kind: 'reset', sequence: store.state.sequence }),
    close() {
      stop();
      heartbeat?.cancel();
      for (const res of open.keys()) res.end();
      open.clear();
    },
  };
}

const placeIn = (fact: Change['fact']): string =>
  fact.kind === 'read' ? fact.place : fact.kind === 'call' ? fact.call.place : '';
