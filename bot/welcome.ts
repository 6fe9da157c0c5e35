import { summaryOf } from '../cards/parts/card.ts';
import { welcomeCard } from '../cards/welcome.ts';
import type { Drawn, Notice } from '../dialogs/capability.ts';
import { thingsToTry } from '../dialogs/try.ts';
import type { Outbox } from '../services/core/outbox.ts';
import type { Roster } from '../services/core/roster.ts';
import type { Store } from '../services/store/store.ts';
import { inTransaction } from '../services/store/transaction.ts';
import type { Places } from './places.ts';
import type { Registry } from './registry.ts';
import type { Inbound } from './wire.ts';

/** Said once where Wardroom is installed: in a person's chat, and in a team's first channel or a group. */
export async function welcome(deps: { store: Store; outbox: Outbox; places: Places }, inbound: Inbound): Promise<void> {
  const conversation = await deps.places.seen(inbound.conversation, inbound.from.entraId);
  await inTransaction(deps.store.db, (tx) =>
    deps.outbox.say(tx, {
      key: `welcome:${conversation}`,
      kind: 'wardroom.welcome',
      ids: { conversation, name: inbound.conversation.name ?? '' },
      conversation,
      priority: 8,
    }),
  );
}

export async function drawWelcome(registry: Registry, people: Roster, { ids }: Notice): Promise<Drawn> {
  const person = ids['conversation']?.startsWith('person:') ? people.byId(ids['conversation'].slice(7)) : undefined;
  const member = (await people.members())?.find(({ id }) => id === person?.id);
  const card = welcomeCard({
    to: person ? { kind: 'person', name: person.name } : { kind: 'place', name: ids['name'] || 'this conversation' },
    examples: thingsToTry(registry.allowedFor(member?.roles ?? ['viewer'])),
  });
  return { card, summary: summaryOf(card) };
}
