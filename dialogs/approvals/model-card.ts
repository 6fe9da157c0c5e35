import { Temporal } from 'temporal-polyfill';
import { z } from 'zod/v4';
import { type ModelCardView, modelCardCard } from '../../cards/approvals/model-card.ts';
import { CARD_PARTS, type CardVersion, PART_WORDS, partsMissing } from '../../services/approvals/index.ts';
import { Refused } from '../../services/core/errors.ts';
import type { RiskClass, Role } from '../../services/core/organisation.ts';
import { freeText } from '../arguments.ts';
import { capability } from '../capability.ts';
import type { Rooms } from '../rooms.ts';

export const modelCard = capability({
  id: 'approvals.model-card',
  summary: 'Show what is written down about a model',
  phrases: ['model card of {model}'],
  examples: ['model card of fraud-detector'],
  input: z.object({ model: freeText(255) }),
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now, actor }, { model }) => {
    const name = knownModel(rooms, model);
    const card = await rooms.approvals.latestCard(rooms.db, name);
    const view = modelCardView(rooms, name, card, now, actor.roles);
    const lines = view.parts.map((part) => `${part.name}: ${part.text}`);
    return {
      text: lines.join('\n') || `Nobody has written a model card of ${name}. Say “edit model card of ${name}”.`,
      card: modelCardCard(view),
      data: card ?? { model: name, version: 0 },
    };
  },
});

/** A model that some endpoint serves; its name alone or with a version. */
export function knownModel(rooms: Pick<Rooms, 'organisation'>, text: string): string {
  const name = text.trim().replace(/:\d+$/, '');
  const known = rooms.organisation.endpoints.flatMap(({ models }) => models);
  const found = modelAsServed(rooms, name);
  if (!known.includes(found))
    throw new Refused(
      `No endpoint serves a model called "${name.slice(0, 60)}".`,
      `I know ${known.slice(0, 8).join(', ')}.`,
    );
  return found;
}

/** A name as wardroom.yaml writes it; Azure finds models whatever the case, the record does not. */
export const modelAsServed = ({ organisation }: Pick<Rooms, 'organisation'>, name: string): string =>
  organisation.endpoints.flatMap(({ models }) => models).find((each) => each.toLowerCase() === name.toLowerCase()) ??
  name;

const EDITORS: readonly Role[] = ['requester', 'engineering', 'risk', 'domain', 'privacy', 'admin'];
const ORDER: readonly RiskClass[] = ['minimal', 'limited', 'high'];

export function modelCardView(
  rooms: Pick<Rooms, 'organisation' | 'people'>,
  model: string,
  card: CardVersion | undefined,
  now: Temporal.Instant,
  roles: readonly Role[],
): ModelCardView {
  const classes = rooms.organisation.endpoints
    .filter(({ models }) => models.includes(model))
    .map(({ business }) => business.riskClass);
  const risk = ORDER.filter((each) => classes.includes(each)).at(-1) ?? 'minimal';
  return {
    now,
    model,
    version: card?.version ?? 0,
    ...(card ? { author: rooms.people.nameOf(card.author), at: Temporal.Instant.from(card.at) } : {}),
    parts: CARD_PARTS.flatMap((part) => {
      const text = card?.body[part];
      return text ? [{ name: PART_WORDS[part], text }] : [];
    }),
    missing: partsMissing(card?.body ?? {}, risk).map((part) => PART_WORDS[part]),
    risk,
    mayEdit: roles.some((role) => EDITORS.includes(role)),
  };
}
