import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { between, fromNow } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import type { SilenceLook, SilenceView } from './silence.ts';

export interface SilencesView {
  now: Temporal.Instant;
  /** Those in force and ahead first, then the latest that are over. */
  silences: readonly (Pick<SilenceView, 'id' | 'kind' | 'state' | 'what' | 'from' | 'until' | 'by' | 'reason'> & {
    holds: number;
  })[];
  total: number;
}

const MARKS: Readonly<Record<SilenceLook, string>> = { 'in force': '◐', ahead: '○', over: '✔', ended: '✔' };
const SHOWN = 12;

/** What keeps quiet now, what will, and what did. */
export function silencesCard({ now, silences, total }: SilencesView): Card {
  const live = silences.filter((each) => each.state === 'in force');
  const holding = live.reduce((sum, { holds }) => sum + holds, 0);
  const words = live.length === 0 ? 'Nothing is silenced' : `${counted(live.length, 'silence')} in force`;
  return card({
    summary: words,
    state: state(
      live.length === 0
        ? { tone: 'good', word: 'everything speaks' }
        : { tone: 'warning', word: holding > 0 ? `${holding} held back` : 'some keep quiet', icon: 'SpeakerMute' },
    ),
    headline: headline(words),
    soWhat: soWhat(holding > 0 ? `${counted(holding, 'alert')} held back now.` : 'Nothing is held back now.'),
    details: [
      list(
        silences.map((each) => ({
          text: `${MARKS[each.state]} **${each.id}** · ${plain(each.what, 120)}${each.holds > 0 ? ` · holds back ${each.holds}` : ''}`,
          detail: `${timing(each, now)} · ${named(each.by)}: ${plain(each.reason, 120)}`,
          select: act({ title: `Show ${each.id}`, verb: 'alerts.silences', ids: { [each.kind]: each.id } }),
        })),
        { total, shown: SHOWN, spacing: 'Medium' },
      ),
    ],
    foot: foot(now, 'Wardroom'),
  });
}

function timing({ state: is, from, until, kind }: SilencesView['silences'][number], now: Temporal.Instant): string {
  if (is === 'in force') return `${kind} ends ${fromNow(now, until)}`;
  if (is === 'ahead') return `${kind} begins ${fromNow(now, from)}, for ${between(from, until)}`;
  return `${kind} ${is === 'ended' ? 'ended early' : 'over'} ${fromNow(now, until)}`;
}
