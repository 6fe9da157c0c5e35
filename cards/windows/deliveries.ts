import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { counted, plain } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline } from '../parts/words.ts';

export interface DeliveriesView {
  now: Temporal.Instant;
  automations: number;
  deliveries: readonly {
    id: number;
    automation: string;
    event: string;
    state: 'open' | 'sent' | 'dead';
    attempts: number;
    at: Temporal.Instant;
    error?: string;
    replayOf?: number;
  }[];
}

const MARKS = { open: '●', sent: '✔', dead: '▲' } as const;
const WORDS = { open: 'is tried', sent: 'was sent', dead: 'was given up' } as const;

/** What automations were sent, the newest first; one that is over can be sent again. */
export function deliveriesCard(view: DeliveriesView): Card {
  return card({
    summary: deliveriesWords(view),
    headline: headline(plain(deliveriesWords(view))),
    details: [
      list(
        view.deliveries.map(({ id, automation, event, state, attempts, at, error, replayOf }) => ({
          text: `${MARKS[state]} **${id}** ${plain(event, 80)} to ${plain(automation, 60)} ${WORDS[state]}${replayOf ? ` (again, after ${replayOf})` : ''}`,
          detail: `${when(at)} · ${counted(attempts, 'try', 'tries')}${error ? ` · ${plain(error, 160)}` : ''}`,
          ...(state === 'open'
            ? {}
            : { select: act({ title: `Send ${id} again`, verb: 'windows.replay', ids: { delivery: String(id) } }) }),
        })),
        { shown: 12 },
      ),
    ],
    foot: foot(view.now, 'the delivery log'),
  });
}

export const deliveriesWords = ({
  automations,
  deliveries,
}: Pick<DeliveriesView, 'automations' | 'deliveries'>): string => {
  if (automations === 0) return 'No automation is named in wardroom.yaml';
  const dead = deliveries.filter(({ state }) => state === 'dead').length;
  return `${counted(deliveries.length, 'delivery', 'deliveries')} to ${counted(automations, 'automation')}${dead > 0 ? `, ${dead} given up` : ''}`;
};
