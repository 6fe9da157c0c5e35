import type { Organisation } from '../core/organisation.ts';
import type { Outbox } from '../core/outbox.ts';
import type { Tx } from '../store/store.ts';
import { targetOf } from './places.rules.ts';
import { matchesScope, type Scope } from './scope.rules.ts';
import type { CalendarStore } from './windows.ts';

export interface AnnounceDeps {
  outbox: Outbox;
  organisation: Organisation;
}

export const entryCardOf = (entry: string): string => `window:${entry}`;

/** Tells those who are concerned, and keeps what they were told up to date. */
export function announcements({ outbox, organisation }: AnnounceDeps, store: CalendarStore) {
  /** Where the teams of a scope talk; the change board's channel hears of everything. */
  function channelsOf(scope: Scope): string[] {
    const owners = organisation.endpoints
      .filter(({ id }) => matchesScope(scope, targetOf(organisation, id)))
      .map(({ owner }) => organisation.teams.find(({ id }) => id === owner)?.channel ?? organisation.fallbackChannel);
    const board = organisation.changes.channel ?? organisation.fallbackChannel;
    return [...new Set([...owners, board])].map((channel) => `channel:${channel}`);
  }

  return {
    /** Everybody whose changes it holds up reads it; where it was said it stands already. */
    async announce(tx: Tx, entry: string, scope: Scope, saidIn?: string): Promise<void> {
      for (const conversation of channelsOf(scope)) {
        if (conversation === saidIn) continue;
        await outbox.show(tx, { card: entryCardOf(entry), kind: 'windows.entry', ids: { entry }, conversation });
      }
    },
    async end(tx: Tx, id: string, by: string, why?: string): Promise<string[]> {
      const ended = await store.end(tx, id, by, why);
      for (const entry of ended) await outbox.refresh(tx, entryCardOf(entry));
      return ended;
    },
  };
}
