import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { state } from '../parts/state.ts';
import { counted, plain, sentence } from '../parts/text.ts';
import { when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import { type RolloutView, rolloutWord } from './rollout.ts';

export interface RolloutListView {
  now: Temporal.Instant;
  rollouts: readonly (Pick<RolloutView, 'id' | 'state' | 'model' | 'endpoint' | 'note'> & {
    open: boolean;
    createdAt: Temporal.Instant;
    step: string;
  })[];
  source: string;
}

/** Rollouts on their way, and the last ones that ended. */
export function rolloutListCard(view: RolloutListView): Card {
  const open = view.rollouts.filter((each) => each.open).length;
  return card({
    summary: listWords(view),
    state: state({ tone: open > 0 ? 'info' : 'quiet', word: open > 0 ? `${open} under way` : 'none under way' }),
    headline: headline(listWords(view)),
    soWhat:
      view.rollouts.length === 0
        ? soWhat('An approved promotion appears here by itself. Say “help request” to see how one is asked for.')
        : undefined,
    details: [
      list(
        view.rollouts.map((each) => ({
          text: `**${plain(each.id)}** ${plain(`${each.model} on ${each.endpoint}`, 120)}: ${rolloutWord(each.state)}${each.open ? `, ${plain(each.step)}` : ''}`,
          detail: `${when(each.createdAt)} · ${plain(sentence(each.note), 160)}`,
          select: act({ title: each.id, verb: 'approvals.rollout', ids: { rollout: each.id } }),
        })),
        { shown: 8 },
      ),
    ],
    foot: foot(view.now, view.source),
  });
}

export const listWords = ({ rollouts }: RolloutListView): string => {
  const open = rollouts.filter((each) => each.open).length;
  return open > 0
    ? `${counted(open, 'rollout')} under way`
    : rollouts.length > 0
      ? 'No rollout is under way'
      : 'There was no rollout yet';
};
