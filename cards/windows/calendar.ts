import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { percentage } from '../parts/numbers.ts';
import { stacked } from '../parts/stacked.ts';
import { state } from '../parts/state.ts';
import { counted, plain } from '../parts/text.ts';
import { caption, headline, soWhat } from '../parts/words.ts';
import { dayName, type EntryKind, KIND_LOOKS, ownTime } from './words.ts';

export interface CalendarView {
  now: Temporal.Instant;
  /** An endpoint, or everything. */
  about: string;
  /** Endpoints that are frozen now, of how many. */
  frozenNow: readonly string[];
  endpoints: number;
  days: readonly { date: string; open: number; closed: number; frozen: number; what: readonly string[] }[];
  entries: readonly {
    id: string;
    name: string;
    kind: EntryKind;
    scope: string;
    zone: string;
    /** Now, or the next time. */
    from?: Temporal.Instant;
    until?: Temporal.Instant;
    active: boolean;
    /** It cannot be read, and so closes what it is about. */
    invalid?: string;
  }[];
  zone: string;
}

const ENTRIES_SHOWN = 8;

/** A fortnight at a glance: how many hours of each day are open, and which entries make it so. */
export function calendarCard(view: CalendarView): Card {
  const { about, frozenNow, days, entries } = view;
  const frozen = frozenNow.length > 0;
  const invalid = entries.filter((entry) => entry.invalid);
  const looks = frozen ? KIND_LOOKS.deny : KIND_LOOKS.allow;
  const words = calendarWords(view);
  return card({
    summary: words,
    state: state({
      tone: invalid.length > 0 ? 'bad' : looks.tone,
      icon: looks.icon,
      word:
        invalid.length > 0
          ? 'an entry cannot be read'
          : frozen
            ? `frozen now · ${counted(frozenNow.length, 'endpoint')}`
            : 'no freeze now',
    }),
    headline: headline(plain(words)),
    soWhat: frozen && about === 'everything' ? soWhat(plain(`Frozen: ${frozenNow.join(', ')}`)) : undefined,
    picture: stacked({
      caption: `Hours of each day, ${view.zone}`,
      xTitle: 'Hours (h)',
      yTitle: 'Day',
      unit: 'h',
      parts: [
        { name: 'open', tone: 'good' },
        { name: 'closed', tone: 'quiet' },
        { name: 'frozen', tone: 'bad' },
      ],
      rows: days.map(({ date, open, closed, frozen: cold }) => ({
        label: dayName(date),
        values: [open, closed, cold],
      })),
    }),
    details: [
      entries.length > 0 && caption(counted(entries.length, 'entry', 'entries')),
      list(
        entries.map((entry) => ({
          text: `${KIND_LOOKS[entry.kind].mark} **${plain(entry.name, 80)}** · ${KIND_LOOKS[entry.kind].word}${entry.active ? ' · now' : ''}`,
          detail: detailOf(entry),
          select: act({ title: `Show ${entry.id}`, verb: 'windows.show', ids: { entry: entry.id } }),
        })),
        { shown: ENTRIES_SHOWN },
      ),
    ],
    actions: actions([act({ title: 'Changes planned', verb: 'windows.changes' })]),
    foot: foot(view.now, 'wardroom.yaml and what was said in chat'),
    wide: true,
  });
}

export const calendarWords = ({ about, frozenNow, endpoints, days }: CalendarView): string => {
  const open = days.reduce((sum, day) => sum + day.open, 0);
  const all = days.reduce((sum, day) => sum + day.open + day.closed + day.frozen, 0);
  const share = all > 0 ? Math.round((open / all) * 100) : 0;
  const place = about === 'everything' ? `${frozenNow.length} of ${counted(endpoints, 'endpoint')} frozen now` : about;
  return `${place}: changes may run in ${percentage(share)} of the next ${counted(days.length, 'day')}`;
};

function detailOf(entry: CalendarView['entries'][number]): string {
  if (entry.invalid) return plain(`${entry.id}: ${entry.invalid}`);
  const when = entry.from
    ? `${ownTime(entry.from, entry.zone)}${entry.until ? ` to ${ownTime(entry.until, entry.zone)}` : ', without an end'}`
    : 'not within 400 days';
  return `${plain(entry.scope, 120)} · ${when} · ${plain(entry.id, 40)}`;
}
