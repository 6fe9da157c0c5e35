import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { split } from '../parts/charts.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { textInput } from '../parts/inputs.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { clean, counted, plain, sentence } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';

export interface DeviationView {
  now: Temporal.Instant;
  id: string;
  state: 'open' | 'put-back' | 'accepted' | 'replaced';
  endpoint: string;
  /** Each difference in words. */
  words: readonly string[];
  /** Who, by the Activity log. */
  by?: string;
  at?: Temporal.Instant;
  /** The request that approved what should serve. */
  approvedBy?: string;
  found: readonly { label: string; percent: number }[];
  /** Only traffic can be moved back; another model in a deployment cannot. */
  movable: boolean;
  closed?: { at: Temporal.Instant; by?: string; why: string };
  source: string;
}

const LOOKS = {
  open: { word: 'changed past Wardroom', tone: 'warning', icon: 'ShieldError' },
  'put-back': { word: 'put back', tone: 'good', icon: 'CheckmarkCircle' },
  accepted: { word: 'accepted', tone: 'quiet', icon: 'Checkmark' },
  replaced: { word: 'changed once more', tone: 'quiet', icon: 'ArrowSwap' },
} as const;

/** An endpoint that serves something else than was approved: what, who, and what to do. */
export function deviationCard(view: DeviationView): Card {
  const open = view.state === 'open';
  return card({
    summary: deviationSummary(view),
    state: state({ ...LOOKS[view.state], id: view.id }),
    headline: headline(
      plain(
        `${view.endpoint} does not serve what ${view.approvedBy ? `${view.approvedBy} approved` : 'it did'}: ${view.words[0] ?? ''}`,
        400,
      ),
    ),
    soWhat: soWhat(
      open
        ? view.movable
          ? 'Put it back, or accept it with a reason: until then it is reported here.'
          : 'Another model version serves in the same deployment. Ask for an approval of it, or have it deployed as it was.'
        : sentence(plain(view.closed?.why ?? '')),
    ),
    picture: split(
      'Live traffic as it is now',
      'Traffic',
      view.found.map(({ label, percent }) => ({ label, percent })),
    ),
    facts: facts([
      ['Changed by', view.by ? plain(view.by, 80) : 'unknown: the Activity log names nobody'],
      ['When', view.at ? when(view.at) : undefined],
      ['Approved by', view.approvedBy ? plain(view.approvedBy) : 'nobody here: found so when it was looked at first'],
      [
        'Ended',
        view.closed ? `${view.closed.by ? `${plain(view.closed.by, 60)}, ` : ''}${when(view.closed.at)}` : undefined,
      ],
    ]),
    details: [
      list(view.words.slice(1).map((words) => ({ text: sentence(plain(words, 200)) }))),
      open &&
        textInput({
          id: 'reason',
          label: 'Reason, for the record',
          error: 'Give a reason: it goes into the record',
          required: true,
          placeholder: 'agreed with the platform team',
        }),
    ],
    actions: open
      ? actions(
          [
            view.movable &&
              act({
                title: 'Put it back',
                verb: 'approvals.put-back',
                ids: { deviation: view.id },
                main: true,
                inputs: 'auto',
              }),
            act({ title: 'Accept it', verb: 'approvals.accept', ids: { deviation: view.id }, inputs: 'auto' }),
          ],
          [act({ title: `Show ${view.endpoint}`, verb: 'fleet.endpoint', ids: { endpoint: view.endpoint } })],
        )
      : undefined,
    foot: foot(view.now, view.source),
  });
}

export const deviationSummary = ({
  id,
  state: now,
  endpoint,
  words,
  by,
}: Pick<DeviationView, 'id' | 'state' | 'endpoint' | 'words' | 'by'>): string =>
  `${id} ${LOOKS[now].word}: ${clean(endpoint)}, ${clean(words[0] ?? '', 160)}${by ? ` (${clean(by, 60)})` : ''}`;

export interface DeviationListView {
  now: Temporal.Instant;
  deviations: readonly (Pick<DeviationView, 'id' | 'state' | 'endpoint' | 'words' | 'by'> & {
    reportedAt: Temporal.Instant;
  })[];
  source: string;
}

export function deviationListCard(view: DeviationListView): Card {
  const open = view.deviations.filter((each) => each.state === 'open').length;
  const words =
    open > 0
      ? `${counted(open, 'endpoint serves', 'endpoints serve')} something else than approved`
      : 'Every endpoint serves what was approved';
  return card({
    summary: words,
    state: state({ tone: open > 0 ? 'warning' : 'good', word: open > 0 ? `${open} open` : 'as approved' }),
    headline: headline(words),
    details: [
      list(
        view.deviations.map((each) => ({
          text: `**${plain(each.id)}** ${plain(each.endpoint)}: ${LOOKS[each.state].word}`,
          detail: `${when(each.reportedAt)} · ${plain(each.words[0] ?? '', 160)}`,
          select: act({ title: each.id, verb: 'approvals.deviation', ids: { deviation: each.id } }),
        })),
      ),
    ],
    foot: foot(view.now, view.source),
  });
}
