import type { Tx } from '../store/store.ts';
import { acknowledgements, HOLD } from './acknowledgements.ts';
import type { AlertsDeps } from './deps.ts';
import type { Escalations } from './escalations.ts';
import { addFollower, followersOf, removeFollower } from './followers.store.ts';
import { personal } from './personal.ts';
import { CALL } from './telling.ts';

/** How people answer an incident: acknowledge, snooze, hand over, follow; and how they want to be called. */
export function responding(deps: AlertsDeps, pages: Escalations) {
  const { clock, jobs } = deps;
  const acks = acknowledgements(deps, pages);
  jobs.handle(HOLD, async (tx, batch) => {
    for (const timer of batch) await acks.due(tx, timer as Parameters<typeof acks.due>[1]);
  });
  jobs.handle(CALL, async (tx, batch) => {
    for (const call of batch) await pages.tell.due(tx, call as Parameters<typeof pages.tell.due>[1]);
  });
  return {
    acknowledge: acks.acknowledge,
    snooze: acks.snooze,
    assign: acks.assign,
    escalate: pages.byHand,
    swapPolicy: pages.swap,
    next: pages.next,
    follow: (tx: Tx, incident: string, person: string) => addFollower(tx, incident, person, clock.now()),
    unfollow: removeFollower,
    followers: followersOf,
    personal: personal(deps),
  };
}
