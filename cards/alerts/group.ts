import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { list } from '../parts/list.ts';
import { number } from '../parts/numbers.ts';
import { state } from '../parts/state.ts';
import { clean, plain } from '../parts/text.ts';
import { caption, headline } from '../parts/words.ts';
import { type AlertLine, alertEntries } from './alert-lines.ts';
import { type Severity, severityWord } from './words.ts';

export interface GroupView {
  now: Temporal.Instant;
  incident: string;
  severity: Severity;
  headline: string;
  /** Why it speaks: new alerts, some are over, a repeat, all is over. */
  what: 'new' | 'over' | 'repeat' | 'resolved';
  firing: readonly AlertLine[];
  firingTotal?: number;
  over: readonly AlertLine[];
  overTotal?: number;
  /** What keeps quiet: silenced, inhibited. */
  muted?: number;
}

const WORDS = { new: 'more alerts', over: 'some are over', repeat: 'still firing', resolved: 'resolved' } as const;

/** A reply under the card of a group of alerts: what fires now, and what is over since its last message. */
export function groupCard(view: GroupView): Card {
  const { firing, over, counts } = countsOf(view);
  const done = view.what === 'resolved';
  return card({
    summary: groupSummary(view),
    state: state({
      tone: done ? 'good' : view.what === 'over' && firing === 0 ? 'good' : 'bad',
      word: `${severityWord(view.severity)} · ${WORDS[view.what]}`,
      id: view.incident,
    }),
    headline: headline(`${counts || 'Nothing fires'}: ${plain(view.headline, 160)}`),
    details: [
      list(alertEntries([...view.firing, ...view.over]), { total: firing + over }),
      view.muted
        ? caption(`${view.muted} more ${view.muted > 1 ? 'keep' : 'keeps'} quiet: silenced or inhibited`)
        : undefined,
    ],
    actions: done
      ? undefined
      : actions([act({ title: `Show ${view.incident}`, verb: 'alerts.show', ids: { incident: view.incident } })]),
  });
}

/** "INC-142: 5 firing, 1 over: p95 of ep-fraud is 431 ms" */
export function groupSummary({ incident, headline: text, what, ...view }: GroupView): string {
  const { counts } = countsOf(view);
  return `${incident} ${WORDS[what]}: ${counts ? `${counts}: ` : ''}${clean(text, 120)}`;
}

/** "5 firing, 1 over", and both as numbers. */
function countsOf(view: Pick<GroupView, 'firing' | 'firingTotal' | 'over' | 'overTotal'>) {
  const firing = Math.max(view.firing.length, view.firingTotal ?? 0);
  const over = Math.max(view.over.length, view.overTotal ?? 0);
  const counts = [firing > 0 && `${number(firing)} firing`, over > 0 && `${number(over)} over`];
  return { firing, over, counts: counts.filter(Boolean).join(', ') };
}
