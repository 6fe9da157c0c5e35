/** The subset of Adaptive Cards 1.5 and Teams elements that Wardroom writes; builders are in cards/parts/. */
export interface Card {
  type: 'AdaptiveCard';
  version: '1.5';
  $schema?: string;
  fallbackText?: string;
  speak?: string;
  body: Element[];
  actions?: Action[];
  refresh?: { action: Action; userIds: string[] };
  msteams?: { width?: 'full'; entities?: MentionEntity[] };
}

/** Any element: its type and its properties. The schema test holds every card to the documented ones. */
export type Element = { type: string; fallback?: Element | 'drop' } & Record<string, unknown>;

export type Action = { type: string; title?: string } & Record<string, unknown>;

/** A person to be notified: the text carries `<at>Name</at>`. `id` is the Entra object id. */
export interface Mention {
  id: string;
  name: string;
}

export interface MentionEntity {
  type: 'mention';
  text: string;
  mentioned: Mention;
}
