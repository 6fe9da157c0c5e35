import type { Card } from '../cards/card.ts';
import { PERSONAL_VIEWS_MAX, withPersonalViews } from '../cards/parts/card.ts';
import type { OwnViews } from '../dialogs/capability.ts';
import type { Clock } from '../services/core/clock.ts';
import { messageOf } from '../services/core/errors.ts';
import type { Log } from '../services/core/log.ts';
import type { Roster } from '../services/core/roster.ts';
import type { Store } from '../services/store/store.ts';
import type { Address, Inbound, Transport } from './wire.ts';

/**
 * Cards of which some people see a view of their own (Universal Actions, "User-specific views"): Teams then asks for it by
 * the card's `refresh`, naming people by ids that only Teams gives out. They are learnt from whoever writes or clicks, and
 * from the roster of the conversation for the others, and kept.
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views
 */
export interface OwnViewers {
  /** Remembers the Teams id of who wrote. Costs nothing when it is known. */
  seen(from: Inbound['from']): Promise<void>;
  /** The card with the views it offers; without those whose ids cannot be found, who then see what everybody sees. */
  offer(card: Card, own: OwnViews | undefined, to: Address): Promise<Card>;
}

/** A roster that did not know somebody is not asked again at once: it is their right not to be a member. */
const ASK_AGAIN_MS = 3_600_000;
/** After a fault sooner. */
const RETRY_MS = 60_000;
const MOST_REMEMBERED = 1_000;

export function ownViewers(deps: {
  store: Store;
  clock: Clock;
  log: Log;
  people: Roster;
  transport: () => Pick<Transport, 'members'>;
}): OwnViewers {
  const { clock, log, people } = deps;
  const { db } = deps.store;
  const known = new Map<string, string>();
  let recallAgain = 0;
  /** When the roster of a conversation may be asked again. */
  const askAgain = new Map<string, number>();

  async function learn(found: readonly { entraId: string | undefined; id: string }[]): Promise<void> {
    const fresh = found.flatMap(({ entraId, id }) => {
      const person = entraId && id ? people.byEntraId(entraId)?.id : undefined;
      return person && known.get(person) !== id ? [{ person, account: id, learnt_at: clock.now().toString() }] : [];
    });
    if (fresh.length === 0) return;
    await db
      .insertInto('accounts')
      .values(fresh)
      .onConflict((conflict) =>
        conflict.column('person').doUpdateSet((e) => ({
          account: e.ref('excluded.account'),
          learnt_at: e.ref('excluded.learnt_at'),
        })),
      )
      .execute();
    for (const { person, account } of fresh) known.set(person, account);
  }

  async function recall(wanted: readonly string[]): Promise<void> {
    const missing = wanted.filter((person) => !known.has(person));
    // Another process may learn them, too.
    if (missing.length === 0 || clock.monotonic() < recallAgain) return;
    recallAgain = clock.monotonic() + RETRY_MS;
    const rows = await db.selectFrom('accounts').selectAll().where('person', 'in', missing).execute();
    for (const { person, account } of rows) known.set(person, account);
  }

  async function ask(to: Address): Promise<void> {
    if (clock.monotonic() < (askAgain.get(to.conversationId) ?? 0)) return;
    let pauseMs = ASK_AGAIN_MS;
    try {
      await learn(await deps.transport().members(to));
    } catch (error) {
      // The card matters more than the views: it goes out as everybody sees it, and its next edit tries again.
      log.warn({ conversation: to.conversationId, error: messageOf(error) }, 'the roster could not be read');
      pauseMs = RETRY_MS;
    }
    if (askAgain.size >= MOST_REMEMBERED) askAgain.clear();
    askAgain.set(to.conversationId, clock.monotonic() + pauseMs);
  }

  return {
    seen: (from) => learn([from]),
    async offer(card, own, to) {
      if (!own) return card;
      const wanted = own.people.slice(0, PERSONAL_VIEWS_MAX);
      await recall(wanted);
      if (wanted.some((person) => !known.has(person))) await ask(to);
      const ids = wanted.flatMap((person) => known.get(person) ?? []);
      return ids.length === 0 ? card : withPersonalViews(card, own.verb, own.ids, ids);
    },
  };
}
