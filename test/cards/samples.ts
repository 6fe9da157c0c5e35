import type { Card } from '../../cards/card.ts';
import { gallery } from '../../cards/gallery.ts';

/** A card of the gallery by its name. */
export function sample(name: string): Card {
  const found = gallery().find((one) => one.name === name);
  if (!found) throw new Error(`the gallery has no ${name}`);
  return found.card;
}

export const incidentSample = (): Card => sample('alerts/incident-firing');
