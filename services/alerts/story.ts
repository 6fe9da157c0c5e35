import type { Tx } from '../store/store.ts';
import type { AlertsDeps } from './deps.ts';
import { awakeFollowers } from './followers.store.ts';
import type { IncidentRow } from './incidents.store.ts';

/** What became of an incident, as its thread and its followers hear it. */
export interface Chapter {
  /** `acknowledged`, `resolved`, …: the dialog has the words. */
  what: string;
  /** Makes saying it twice say it once. */
  key: string;
  ids?: Record<string, string>;
  priority?: number;
  /** Did it, and so needs no word of it. */
  by?: string;
  /** Only to followers: the thread has said it otherwise, or it is not worth a reply that notifies everybody. */
  quiet?: boolean;
}

/** Tells a change in the incident's thread, once, and one to one to whoever follows it. */
export function story({ outbox, clock }: Pick<AlertsDeps, 'outbox' | 'clock'>) {
  return async function tell(tx: Tx, incident: Pick<IncidentRow, 'id' | 'channel'>, chapter: Chapter): Promise<void> {
    const { what, key, priority } = chapter;
    const { id } = incident;
    const common = { kind: 'alerts.said', ids: { ...chapter.ids, incident: id, what } };
    const urgent = priority === undefined ? {} : { priority };
    if (!chapter.quiet)
      await outbox.say(tx, {
        ...common,
        ...urgent,
        key,
        conversation: incident.channel,
        under: `incident:${id}`,
      });
    for (const person of await awakeFollowers(tx, id, clock.now())) {
      if (person === chapter.by) continue;
      const ids = { ...common.ids, follower: person };
      await outbox.say(tx, { ...common, ids, key: `${key}:${person}`, conversation: `person:${person}` });
    }
  };
}

export type Story = ReturnType<typeof story>;
