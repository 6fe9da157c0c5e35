import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { type Fact, facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, joined, plain } from '../parts/text.ts';
import { fromNow, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import { missingWords } from './words.ts';

export interface AgendaView {
  now: Temporal.Instant;
  board: { id: string; name: string; chair: string; members: readonly string[] };
  /** Left out when it decides asynchronously. */
  next?: Temporal.Instant;
  /** A meeting that is going on. */
  meeting?: { id: string; since: Temporal.Instant; present: readonly string[]; notes: number };
  items: readonly {
    id: string;
    what: string;
    missing: readonly string[];
    deadline: Temporal.Instant;
    lacking: number;
  }[];
}

/** What a board has to decide, and when it meets. */
export function agendaCard(view: AgendaView): Card {
  const { board, items, meeting, next } = view;
  const words =
    items.length === 0
      ? `${board.name} has nothing to decide`
      : `${board.name} has ${counted(items.length, 'request')} to decide`;
  const rows: Fact[] = [
    ['Chair', named(board.chair)],
    ['Members', joined(board.members.map(named))],
    ['Meets', meeting ? undefined : next ? `${when(next)} (${fromNow(view.now, next)})` : 'asynchronously'],
    ['Present', meeting && joined(meeting.present.map(named))],
    ['Since', meeting && when(meeting.since)],
  ];
  return card({
    summary: words,
    state: state({
      tone: meeting ? 'info' : items.length > 0 ? 'warning' : 'good',
      icon: 'PeopleTeam',
      word: meeting ? 'meeting now' : items.length > 0 ? 'agenda' : 'nothing waits',
      id: meeting?.id ?? board.id,
    }),
    headline: headline(plain(`${words}.`)),
    soWhat: meeting ? soWhat(`${counted(meeting.notes, 'note')} taken so far.`) : undefined,
    facts: facts(rows),
    details: [
      list(
        items.map(({ id, what, missing, deadline, lacking }) => ({
          text: `**${id}** · ${plain(what, 160)}`,
          detail: [
            lacking > 0 ? `${counted(lacking, 'finding')} missing` : plain(missingWords(missing), 200),
            `closes ${fromNow(view.now, deadline)}`,
          ].join(' · '),
          select: act({ title: `Show ${id}`, verb: 'approvals.show', ids: { request: id } }),
        })),
        { spacing: 'Medium' },
      ),
    ],
    actions: actions(
      meeting
        ? [act({ title: 'Close the meeting', verb: 'approvals.adjourn', ids: { board: board.id } })]
        : [act({ title: 'Open a meeting', verb: 'approvals.meet', ids: { board: board.id } })],
      [act({ title: 'Minutes', verb: 'approvals.minutes', ids: { board: board.id } })],
    ),
    foot: foot(view.now, 'Wardroom'),
  });
}
