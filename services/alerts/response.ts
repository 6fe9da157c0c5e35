import type { Tx } from '../store/store.ts';
import { acknowledgements, HOLD } from './acknowledgements.ts';
import type { AlertsDeps } from './deps.ts';
import type { Escalations } from './escalations.ts';
import { feeds } from './feeds.ts';
import { addFollower, followersOf, removeFollower } from './followers.store.ts';
import { incidentChanges } from './incident-changes.ts';
import { personal } from './personal.ts';
import { searchIncidents } from './search.store.ts';
import { statistics } from './statistics.ts';
import { TASK_DUE, tasks } from './tasks.ts';
import { CALL } from './telling.ts';
import { watchdog } from './watchdog.ts';

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
  const todo = tasks(deps);
  jobs.handle(TASK_DUE, async (tx, batch) => {
    for (const { task } of batch as { task: number }[]) await todo.due(tx, task);
  });
  return {
    tasks: todo,
    changes: incidentChanges(deps, pages, acks),
    search: searchIncidents,
    statistics: statistics(deps),
    feeds: feeds(deps),
    watch: watchdog(deps, pages),
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
