import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { type State, state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { between, fromNow } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface HeartbeatsView {
  now: Temporal.Instant;
  /** Missing ones first. */
  heartbeats: readonly {
    id: string;
    state: 'waiting' | 'alive' | 'late' | 'missing';
    /** "every 24 h", in words. */
    every: string;
    lastAt?: Temporal.Instant;
    /** Silence after this alerts. */
    silentAt?: Temporal.Instant;
    /** An endpoint or a team. */
    of?: string;
  }[];
  total?: number;
}

const WORDS = { waiting: '○ never heard', alive: '● alive', late: '▲ late', missing: '✖ missing' } as const;

/** The jobs that call us as long as they live: which are heard, and since when one is not. */
export function heartbeatsCard({ now, heartbeats, total }: HeartbeatsView): Card {
  const all = Math.max(total ?? 0, heartbeats.length);
  const words = all === 0 ? 'No heartbeat is expected' : counted(all, 'heartbeat');
  const never = heartbeats.filter(({ state }) => state === 'waiting').length;
  return card({
    summary: words,
    state: state(badge(heartbeats)),
    headline: headline(words),
    soWhat:
      all === 0
        ? soWhat('Name them under heartbeats in wardroom.yaml.')
        : never > 0
          ? soWhat('One that was never heard alerts nobody: it counts from its first call on.')
          : undefined,
    details: [
      list(
        heartbeats.map((each) => ({
          text: `${WORDS[each.state]} · **${plain(each.id, 80)}**${each.of ? ` · ${plain(each.of, 80)}` : ''}`,
          detail: [
            `every ${plain(each.every, 40)}`,
            each.lastAt && `last heard ${between(each.lastAt, now)} ago`,
            each.silentAt && each.state !== 'missing' && `alerts ${fromNow(now, each.silentAt)}`,
          ]
            .filter(Boolean)
            .join(' · '),
        })),
        { total: all, shown: 12, spacing: 'Medium' },
      ),
    ],
    foot: foot(now, 'Wardroom'),
  });
}

function badge(heartbeats: HeartbeatsView['heartbeats']): State {
  const count = (wanted: string) => heartbeats.filter(({ state }) => state === wanted).length;
  if (count('missing') > 0) return { tone: 'bad', word: `${count('missing')} missing`, icon: 'HeartBroken' };
  if (count('late') > 0) return { tone: 'warning', word: `${count('late')} late`, icon: 'HeartPulse' };
  if (count('alive') > 0) return { tone: 'good', word: 'all heard', icon: 'HeartPulse' };
  return { tone: 'info', word: heartbeats.length === 0 ? 'none set up' : 'nothing heard yet', icon: 'HeartPulse' };
}
