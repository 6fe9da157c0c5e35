import type { Clock } from '../services/core/clock.ts';
import type { Organisation } from '../services/core/organisation.ts';
import type { Roster } from '../services/core/roster.ts';
import type { Store } from '../services/store/store.ts';
import { wakeConversation } from './delivery.ts';
import type { ConversationReference } from './wire.ts';

/**
 * Conversation references: where people can be reached. Teams gives them on installation and with every activity;
 * proactive messages need them later, so they are kept in the database under our own names.
 */
export interface Places {
  /** The key of a conversation something was said in; remembered when it is new or has moved. */
  seen(reference: ConversationReference, entraId: string | undefined): Promise<string>;
  /** True when Wardroom was not there before. */
  installed(
    reference: ConversationReference,
    entraId: string | undefined,
    what: 'added' | 'removed' | 'renamed',
    name: string | undefined,
  ): Promise<boolean>;
  /** The reference turned out to be void (bot/send.ts): what is heard from there next makes it good again. */
  forget(conversation: string): void;
}

/** Other processes may learn that a reference is void: what this one wrote is believed for so long. */
const BELIEVED_MS = 60_000;

export function places(deps: { store: Store; clock: Clock; organisation: Organisation; people: Roster }): Places {
  const { store, clock, organisation, people } = deps;
  /** What this process last wrote, so that a question costs no write. */
  const known = new Map<string, { mark: string; at: number }>();

  function keyOf(reference: ConversationReference, entraId: string | undefined, name?: string): string {
    if (reference.kind === 'personal') {
      const person = entraId ? people.byEntraId(entraId) : undefined;
      return person ? `person:${person.id}` : `chat:${reference.id}`;
    }
    const channel =
      organisation.channels.find(({ conversation }) => conversation === reference.id) ??
      // A channel listed without its id is learnt by its name on installation.
      organisation.channels.find((entry) => !entry.conversation && entry.name === (name ?? reference.name));
    return reference.kind === 'channel' && channel ? `channel:${channel.id}` : `chat:${reference.id}`;
  }

  async function write(
    key: string,
    reference: ConversationReference,
    installed: boolean,
    name?: string,
  ): Promise<boolean> {
    const before = await store.db
      .selectFrom('conversations')
      .select('installed')
      .where('key', '=', key)
      .executeTakeFirst();
    const row = {
      conversation_id: reference.id,
      kind: reference.kind,
      service_url: reference.serviceUrl,
      tenant_id: reference.tenantId ?? null,
      team_id: reference.teamId ?? null,
      name: name ?? reference.name ?? null,
      installed,
      updated_at: clock.now().toString(),
    };
    await store.db
      .insertInto('conversations')
      .values({ key, ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute();
    if (installed) await wakeConversation(store, clock, key);
    return installed && !before?.installed;
  }

  /** Asking costs a third of writing, and almost always nothing has changed. */
  async function isAsKept(key: string, reference: ConversationReference): Promise<boolean> {
    const row = await store.db
      .selectFrom('conversations')
      .select(['conversation_id', 'service_url', 'installed'])
      .where('key', '=', key)
      .executeTakeFirst();
    return Boolean(row?.installed) && row?.conversation_id === reference.id && row.service_url === reference.serviceUrl;
  }

  return {
    async seen(reference, entraId) {
      const key = keyOf(reference, entraId);
      const mark = `${reference.id}|${reference.serviceUrl}`;
      const last = known.get(key);
      if (last?.mark !== mark || clock.monotonic() - last.at > BELIEVED_MS) {
        if (!(await isAsKept(key, reference))) await write(key, reference, true);
        known.set(key, { mark, at: clock.monotonic() });
      }
      return key;
    },
    forget: (conversation) => void known.delete(conversation),
    async installed(reference, entraId, what, name) {
      const key = keyOf(reference, entraId, name);
      known.delete(key);
      return write(key, reference, what !== 'removed', name);
    },
  };
}
