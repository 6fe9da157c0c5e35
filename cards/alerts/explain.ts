import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { list } from '../parts/list.ts';
import { type State, state } from '../parts/state.ts';
import { plain } from '../parts/text.ts';
import { headline } from '../parts/words.ts';

export type EventState = 'new' | 'done' | 'unknown' | 'malformed';

export interface ExplainView {
  now: Temporal.Instant;
  id: string;
  state: EventState;
  /** Outside text. */
  headline: string;
  incident?: string;
  facts: readonly (readonly [title: string, value: string])[];
  /** Each rule in the order in which it looked at the event: what it did, and why. */
  steps: readonly { rule: string; what: string; why?: string }[];
}

export const EVENT_LOOKS: Readonly<Record<EventState, Omit<State, 'id'>>> = {
  new: { tone: 'info', word: 'not looked at yet', icon: 'Clock' },
  done: { tone: 'good', word: 'looked at', icon: 'CheckmarkCircle' },
  unknown: { tone: 'warning', word: 'of a type nobody knows', icon: 'Question' },
  malformed: { tone: 'bad', word: 'does not fit', icon: 'ErrorCircle' },
};
const STEPS_SHOWN = 12;

/** What each rule did with one message that came by webhook. */
export const explainCard = (view: ExplainView): Card =>
  card({
    summary: `${view.id}: ${EVENT_LOOKS[view.state].word}`,
    state: state({ ...EVENT_LOOKS[view.state], id: view.id }),
    headline: headline(plain(view.headline, 200)),
    facts: facts(view.facts.map(([title, value]) => [title, plain(value, 160)])),
    details: [
      list(
        view.steps.map(({ rule, what, why }) => ({
          text: `**${plain(rule, 40)}** · ${plain(what, 200)}`,
          ...(why ? { detail: plain(why, 300) } : {}),
        })),
        { shown: STEPS_SHOWN, spacing: 'Medium' },
      ),
    ],
    actions: actions([
      view.incident !== undefined &&
        act({ title: `Show ${view.incident}`, verb: 'alerts.show', ids: { incident: view.incident } }),
    ]),
    foot: foot(view.now, 'Wardroom'),
  });
