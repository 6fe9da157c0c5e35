import type { Temporal } from 'temporal-polyfill';
import type { Card } from '../card.ts';
import { act, actions } from '../parts/actions.ts';
import { card } from '../parts/card.ts';
import { facts } from '../parts/facts.ts';
import { foot } from '../parts/foot.ts';
import { type State, state } from '../parts/state.ts';
import { plain } from '../parts/text.ts';
import { between, clock, when } from '../parts/time.ts';
import { headline, soWhat } from '../parts/words.ts';
import { type Severity, severityWord } from './words.ts';

export interface ReminderView {
  now: Temporal.Instant;
  id: string;
  severity: Severity;
  headline: string;
  /** When the reader acknowledged it. */
  since: Temporal.Instant;
  /** `over`: it is resolved, or somebody else has it. */
  state: 'asked' | 'confirmed' | 'lapsed' | 'over';
  /** Without an answer by then the escalation goes on. */
  until?: Temporal.Instant;
}

const LOOKS: Readonly<Record<ReminderView['state'], State>> = {
  asked: { tone: 'warning', word: 'are you still at it?', icon: 'Clock' },
  confirmed: { tone: 'good', word: 'confirmed' },
  lapsed: { tone: 'bad', word: 'not confirmed' },
  over: { tone: 'quiet', word: 'nothing to confirm' },
};

const MEANS: Readonly<Record<ReminderView['state'], string>> = {
  asked: 'Without an answer it is open again and the next step is called.',
  confirmed: 'You are at it; I ask again later.',
  lapsed: 'It is open again, and the escalation goes on.',
  over: 'It is resolved or with somebody else by now.',
};

/** Asks whoever acknowledged whether they are still at it. */
export function reminderCard(view: ReminderView): Card {
  const { now, id, severity, since, state: is, until } = view;
  const ids = { incident: id };
  const asked = is === 'asked';
  return card({
    summary: asked ? `Are you still at ${id}?` : `${id}: ${LOOKS[is].word}`,
    state: state({ ...LOOKS[is], id }),
    headline: headline(`${severityWord(severity)}: ${plain(view.headline)}`),
    soWhat: soWhat(MEANS[is]),
    facts: facts([
      ['Yours since', `${when(since)} (${between(since, now)})`],
      ['Answer by', asked && until ? clock(until) : undefined],
    ]),
    actions: asked
      ? actions(
          [
            act({ title: 'Still at it', verb: 'alerts.acknowledge', ids, main: true }),
            act({ title: 'Resolve', verb: 'alerts.resolve', ids }),
          ],
          [
            act({ title: 'Escalate now', verb: 'alerts.escalate', ids }),
            act({ title: 'Show the incident', verb: 'alerts.show', ids }),
          ],
        )
      : actions([act({ title: 'Show the incident', verb: 'alerts.show', ids })]),
    foot: foot(now, 'the escalation policy'),
  });
}
