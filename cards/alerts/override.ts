import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { named } from '../parts/person.ts';
import { state } from '../parts/state.ts';
import { clean, plain } from '../parts/text.ts';
import { between, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import type { Gap } from './oncall.ts';

export interface OverrideView {
  now: Temporal.Instant;
  number: number;
  schedule: string;
  /** "Ben Okafor for everybody" */
  words: string;
  from: Temporal.Instant;
  to: Temporal.Instant;
  by: string;
  reason?: string;
  /** Who took it back. */
  removedBy?: string;
  /** Within it, with nobody on call. */
  gaps: readonly Gap[];
}

/** A change of who is on call for a while, for whoever made it and for whom it touches. */
export function overrideCard(view: OverrideView): Card {
  const { now, number, schedule, words, from, to, removedBy, gaps } = view;
  const removed = removedBy !== undefined;
  const over = to.epochMilliseconds <= now.epochMilliseconds;
  const running = !over && from.epochMilliseconds <= now.epochMilliseconds;
  const head = `${clean(schedule, 63)}: ${clean(words, 160)}`;
  return card({
    summary: removed ? `Removed: ${head}` : `${head}${running ? ', now' : ''}`,
    state: state({
      ...(removed || over
        ? { tone: 'quiet' as const, word: removed ? 'removed' : 'over' }
        : gaps.length > 0
          ? { tone: 'warning' as const, word: 'leaves a gap' }
          : { tone: 'info' as const, word: running ? 'in force' : 'ahead', icon: 'Person' }),
      id: `override ${number}`,
    }),
    headline: headline(plain(head)),
    soWhat: soWhat(meaning(view, over)),
    facts: facts([
      ['From', when(from)],
      ['To', `${when(to)} (${between(from, to)})`],
      ['By', named(view.by)],
      ['Why', view.reason && plain(view.reason)],
      ['Removed by', removedBy && named(removedBy)],
    ]),
    actions: actions([
      !removed && !over && act({ title: 'Remove', verb: 'alerts.remove-override', ids: { override: String(number) } }),
      act({ title: 'Two weeks', verb: 'alerts.schedule', ids: { schedule } }),
    ]),
    foot: foot(now, 'overrides made in chat'),
  });
}

function meaning({ removedBy, gaps }: OverrideView, over: boolean): string {
  const [gap] = gaps;
  if (gap) return `Nobody can be reached from ${when(gap.start)} ${gap.end ? `until ${when(gap.end)}` : 'on'}.`;
  if (over && removedBy === undefined) return 'Pages of that time followed it; the rotation decides again.';
  return removedBy === undefined
    ? 'Pages of that time follow it; the rotation goes on as planned.'
    : 'The rotation decides again who is paged.';
}
