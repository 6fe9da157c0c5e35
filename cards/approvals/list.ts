import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { counted, joined, plain } from '../parts/text.ts';
import { fromNow } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import { lookOf, missingWords, type RequestState } from './words.ts';

export interface RequestListView {
  now: Temporal.Instant;
  /** The nearest deadline first. */
  requests: readonly {
    id: string;
    state: RequestState;
    what: string;
    requester: string;
    /** What an approval still needs, each in words; empty when nothing is. */
    missing: readonly string[];
    deadline: Temporal.Instant;
    /** Started without votes. */
    withoutVotes?: boolean;
    /** On the view of one person: their vote is missing. */
    waitsForMe?: boolean;
    /** Whose votes this person gives, besides their own if they have one. */
    inPlaceOf?: readonly string[];
  }[];
  total?: number;
  source: string;
}

export function requestListCard(view: RequestListView): Card {
  const total = Math.max(view.total ?? 0, view.requests.length);
  const mine = view.requests.filter((request) => request.waitsForMe).length;
  const open = view.requests.filter((request) => request.state === 'open').length;
  const words = headlineOf(total, open, view.requests.length);
  return card({
    summary: mine > 0 ? `${words}, ${mine} waiting for your vote` : words,
    state: state(
      mine > 0
        ? { tone: 'warning', word: `${mine} waiting for you`, icon: 'Vote' }
        : { tone: open > 0 ? 'info' : 'good', word: open > 0 ? 'waiting for others' : 'nothing waits' },
    ),
    headline: headline(words),
    soWhat: total === 0 ? soWhat('Nobody waits for a vote.') : undefined,
    details: [
      list(
        view.requests.map(
          ({ id, state: now, what, requester, missing, deadline, waitsForMe, inPlaceOf, withoutVotes }) => ({
            text: `**${id}** · ${plain(what, 160)}`,
            detail: [
              waitsForMe
                ? `waits for your vote${inPlaceOf ? ` for ${joined(inPlaceOf.map(named))}` : ''}`
                : now === 'open'
                  ? undefined
                  : lookOf(now, withoutVotes).word,
              now === 'open' ? `${plain(missingWords(missing))}, closes ${fromNow(view.now, deadline)}` : undefined,
              `asked by ${named(requester)}`,
            ]
              .filter(Boolean)
              .join(' · '),
            select: act({ title: `Show ${id}`, verb: 'approvals.show', ids: { request: id } }),
          }),
        ),
        { total, spacing: 'Medium' },
      ),
    ],
    foot: foot(view.now, view.source),
  });
}

/** "2 open requests", "5 requests, none open". Of those that were not handed over only their number is known. */
function headlineOf(total: number, open: number, listed: number): string {
  if (total === 0) return 'No open request';
  if (open === listed) return counted(total, 'open request');
  return `${counted(total, 'request')}, ${open === 0 ? 'none' : open.toLocaleString('en-GB')} open`;
}
